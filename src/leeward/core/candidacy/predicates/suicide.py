"""Suicide risk as the candidacy page sees it; the triage itself is `suicide_risk`."""

from decimal import Decimal

from leeward.core.candidacy.evidence import Case, Item, Support, newest, once, weigh_conditions
from leeward.core.candidacy.facts import Fact, FactKind
from leeward.core.candidacy.findings import Status
from leeward.core.candidacy.rules import Rule
from leeward.core.candidacy.suicide_risk import Level, Screen, Triage, triage
from leeward.core.candidacy.timing import Standing, standing

from .substances import months_before
from .verdict import Verdict, settle

_QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "behaviour_ever", "behaviour_recent")


def suicide_risk(case: Case, rule: Rule) -> Verdict:
    """Present when the screen, or a recent attempt on record, means high risk.

    A screen counts on its own day. Ideation or an older attempt on record asks for one.
    """
    asked, answers = _screen_of(case)
    items = [*_attempts(case, rule), *_ideation(case, rule), *_item9(case, rule)]
    result = triage(asked)
    if answers and result.level is Level.HIGH:
        items += [Item(fact, Support.FOR, "screen: high risk") for fact in answers]
    elif answers and result.level not in (Level.UNKNOWN,):
        support = Support.AGAINST if result.level is Level.NONE else Support.ASK
        items += [Item(fact, support, f"screen: {result.level}") for fact in answers[:1]]
    verdict = settle(once(items))
    note = _told(result) if answers else ""
    if verdict.status is Status.PRESENT:
        return Verdict(verdict.status, verdict.items, note, (), verdict.contradictions)
    missing = tuple(result.missing) if answers else (rule.settle,)
    return Verdict(verdict.status, verdict.items, note, missing, verdict.contradictions)


def suicide_screen_today(case: Case, rule: Rule) -> Verdict:
    """Present when the answers of the day mean high risk; absent once the screen is complete.

    A lower level does not hold the session by itself; what it asks for stands in the reason.
    """
    asked, answers = _screen_of(case)
    result = triage(asked)
    if result.level is Level.UNKNOWN:
        items = tuple(Item(fact, Support.ASK, "screen not finished") for fact in answers)
        missing = tuple(f"Open today: {name}" for name in result.missing)
        return Verdict(Status.UNKNOWN, items, missing=missing)
    support = Support.FOR if result.hold_session else Support.AGAINST
    status = Status.PRESENT if result.hold_session else Status.ABSENT
    items = tuple(Item(fact, support, f"screen: {result.level}") for fact in answers)
    return Verdict(status, items, _told(result))


def _told(result: Triage) -> str:
    return " ".join((f"Screen today: {result.level}. {result.because}", *result.actions))


def _screen_of(case: Case) -> tuple[Screen, list[Fact]]:
    """Collect the answers of the day to the screener."""
    held: dict[str, bool | None] = {}
    used = []
    for question in _QUESTIONS:
        for fact in case.answers(f"cssrs.{question}"):
            if fact.recorded is not None and fact.recorded.last == case.as_of:
                yes = fact.value is True or held.get(question) is True
                held[question] = yes if isinstance(fact.value, bool) else held.get(question)
                used.append(fact)
    return Screen(**held), used


def _attempts(case: Case, rule: Rule) -> list[Item]:
    cutoff = months_before(case.as_of, int(rule.figures["recent"].value))
    items = []
    for match in case.of((*rule.reads["attempt"], *rule.reads["attempt_history"])):
        held = standing(match.fact, case.as_of)
        if match.fact.kind is not FactKind.CONDITION or held in (Standing.VOID, Standing.FUTURE):
            continue
        if held is Standing.DENIED:
            items.append(Item(match.fact, Support.AGAINST, "the record refutes it", match))
            continue
        when = match.fact.when()
        fresh = match.concept in rule.reads["attempt"] and when and when.last >= cutoff
        sure = held is not Standing.UNSURE and not match.doubt
        if fresh and sure:
            items.append(Item(match.fact, Support.FOR, "behaviour within three months", match))
        else:
            items.append(Item(match.fact, Support.ASK, "behaviour on record: screen", match))
    return items


def _ideation(case: Case, rule: Rule) -> list[Item]:
    found = weigh_conditions(
        case, (*rule.reads["ideation"], *rule.reads["ask"]), course="lasting", only_ask=True
    )
    return [Item(i.fact, i.support, "on record: screen", i.match, i.others) for i in found]


def _item9(case: Case, rule: Rule) -> list[Item]:
    """From 1 on, the newest PHQ-9 item 9 calls for the screener; a zero clears nothing."""
    last = newest(
        match.fact
        for match in case.of(rule.reads["item9"])
        if match.fact.kind is FactKind.OBSERVATION
        and standing(match.fact, case.as_of) is Standing.CURRENT
        and isinstance(match.fact.value, Decimal)
    )
    if last is None or not isinstance(last.value, Decimal) or last.value < 1:
        return []
    return [Item(last, Support.ASK, f"PHQ-9 item 9 is {last.value}: screen at once")]
