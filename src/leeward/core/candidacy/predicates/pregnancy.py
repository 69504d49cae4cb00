"""Pregnancy: diagnoses, tests, recorded sex and answers together."""

from leeward.core.candidacy.evidence import Case, Item, Support, newest, weigh_conditions
from leeward.core.candidacy.facts import Fact, FactKind, demographic
from leeward.core.candidacy.findings import Status
from leeward.core.candidacy.reading import words_of
from leeward.core.candidacy.rules import Rule
from leeward.core.candidacy.timing import Standing, standing

from .verdict import Verdict, with_answers

_NEGATIVE = ("negative", "not detected", "absent", "not pregnant", "negativo", "negativa")
_POSITIVE = ("positive", "detected", "present", "pregnant", "positivo", "positiva")


def pregnancy(case: Case, rule: Rule) -> Verdict:
    """Present for a current pregnancy record or a positive newest test.

    A negative test settles the question on its own day only, unless the clinic has set how
    long it holds. A pregnancy that has ended says nothing about today.
    """
    items = weigh_conditions(case, rule.reads["concepts"], course="episodic")
    items += weigh_conditions(case, rule.reads["ask"], course="episodic", only_ask=True)
    items += _tested(case, rule)
    items += _sex(case)
    verdict = with_answers(case, rule, items)
    if verdict.status is Status.UNKNOWN and not verdict.missing:
        return Verdict(
            Status.UNKNOWN, verdict.items, verdict.note, (rule.settle,), verdict.contradictions
        )
    return verdict


def _tested(case: Case, rule: Rule) -> list[Item]:
    tests = [
        match.fact
        for match in case.of(rule.reads["tests"])
        if match.fact.kind is FactKind.OBSERVATION
        and standing(match.fact, case.as_of) is Standing.CURRENT
        and _reading(match.fact, rule) is not None
    ]
    last = newest(tests)
    if last is None:
        return []
    if _reading(last, rule):
        return [Item(last, Support.FOR, "the newest test or status says pregnant")]
    when = last.when()
    age_days = (case.as_of - when.last).days if when else None
    limit = case.limits.get(rule.limit_ids["test_age"])
    if age_days is not None and age_days <= (0 if limit is None else int(limit)):
        return [Item(last, Support.AGAINST, "the newest test or status says not pregnant")]
    note = f"negative {age_days} days ago: too old to settle it, repeat"
    return [Item(last, Support.ASK, note)]


def _reading(fact: Fact, rule: Rule) -> bool | None:
    """Read a test: True pregnant, False not, None when it says neither."""
    codes = {coding.code for coding in fact.value_codings}
    if codes & set(rule.reads["pregnant_answers"]):
        return True
    if codes & set(rule.reads["not_pregnant_answers"]):
        return False
    said = [fact.value] if isinstance(fact.value, str) else []
    said += [coding.display for coding in fact.value_codings]
    text = " ".join(words_of(" ".join(said)))
    if any(word in text for word in _NEGATIVE):
        return False
    return True if any(word in text for word in _POSITIVE) else None


def _sex(case: Case) -> list[Item]:
    """Male sex at birth settles it; administrative gender alone does not."""
    born = demographic(case.facts, "birth_sex")
    if born is not None and born.value == "M":
        return [Item(born, Support.AGAINST, "recorded as male at birth")]
    return []
