"""Predicates over medicines and allergies."""

from collections.abc import Iterable

from leeward.core.candidacy.evidence import (
    Case,
    Item,
    Support,
    once,
    weigh_answers,
    weigh_conditions,
)
from leeward.core.candidacy.facts import FactKind
from leeward.core.candidacy.reading import Sense
from leeward.core.candidacy.recognition import Match
from leeward.core.candidacy.rules import Effect, Rule
from leeward.core.candidacy.timing import Standing, days_since_end, ended_within, standing

from .verdict import Verdict, answer_names, settle

COMPLETE_LIST = "medication_list_complete"


def weigh_medicines(case: Case, concepts: Iterable[str]) -> list[Item]:
    """Weigh medicines of some classes; refills of one ingredient count once."""
    items = []
    for match in case.of(concepts):
        if match.fact.kind is FactKind.MEDICATION:
            item = _judge(match, case)
            if item is not None:
                items.append(item)
    return once(items)


def current_members(case: Case, concepts: Iterable[str]) -> list[Item]:
    """Medicines of some classes that count on the date."""
    return [item for item in weigh_medicines(case, concepts) if item.support is Support.FOR]


def _judge(match: Match, case: Case) -> Item | None:
    fact = match.fact
    held = standing(fact, case.as_of)
    if held in (Standing.VOID, Standing.FUTURE):
        return None
    if match.sense is Sense.NEGATED:
        return Item(fact, Support.ASK, "the text seems to deny it: confirm", match)
    if held is Standing.CURRENT:
        return Item(
            fact, Support.FOR, f"{match.ingredient or match.by}: on the current list", match
        )
    if held is Standing.CURRENT_UNSTATED:
        return Item(fact, Support.ASK, "no status recorded: is it taken?", match)
    return _after_stopping(match, case)


def _after_stopping(match: Match, case: Case) -> Item | None:
    tail = case.concepts[match.concept].tail
    if tail is None:
        return None
    window_days = int(tail.value)
    within = ended_within(match.fact, case.as_of, window_days)
    if within is None:
        note = f"stopped, no end date: it counts for {window_days} days after the last dose"
        return Item(match.fact, Support.ASK, note, match)
    if not within:
        return None
    passed = days_since_end(match.fact, case.as_of)
    note = f"stopped {passed} days ago: it counts for {window_days} days after the last dose"
    return Item(match.fact, Support.FOR, note, match)


def medication(case: Case, rule: Rule) -> Verdict:
    """Present when a medicine of the rule's classes is taken, or stopped too recently."""
    return settle(_with_list(case, rule, weigh_medicines(case, rule.reads["concepts"])))


def medication_count(case: Case, rule: Rule) -> Verdict:
    """Like `medication`; a DECISION from the rule's number of different ingredients on."""
    verdict = medication(case, rule)
    counted = {
        item.match.ingredient
        for item in verdict.items
        if item.match is not None and item.support is Support.FOR
    }
    if len(counted) < rule.figures["several"].value:
        return verdict
    note = f"{len(counted)} of them together: {', '.join(sorted(counted))}."
    return Verdict(
        verdict.status, verdict.items, note, contradictions=verdict.contradictions,
        effect=Effect.DECISION,
    )  # fmt: skip


def _with_list(case: Case, rule: Rule, items: list[Item]) -> list[Item]:
    hints = weigh_conditions(case, rule.reads.get("ask", ()), course="lasting", only_ask=True)
    answered = weigh_answers(case, *answer_names(rule))
    held = [*items, *hints, *answered]
    if any(item.support is not Support.AGAINST for item in held):
        return held
    return [*held, *_complete(case)]


def _complete(case: Case) -> list[Item]:
    """An answer that the list of medicines is complete speaks against what is not on it."""
    return [
        Item(fact, Support.AGAINST, "not on a list confirmed as complete")
        for fact in case.answers(COMPLETE_LIST)
        if fact.value is True
    ]


def allergy(case: Case, rule: Rule) -> Verdict:
    """Present for a recorded allergy or intolerance to the rule's substances."""
    items = []
    for match in case.of(rule.reads["concepts"]):
        if match.fact.kind is FactKind.ALLERGY:
            items.extend(_allergy_item(match, case))
    items.extend(
        weigh_conditions(case, rule.reads.get("ask", ()), course="lasting", only_ask=True)
    )
    items.extend(weigh_answers(case, *answer_names(rule)))
    if not any(item.support is Support.FOR for item in items):
        items.extend(_none_known(case, rule))
    return settle(once(items))


def _allergy_item(match: Match, case: Case) -> list[Item]:
    held = standing(match.fact, case.as_of)
    if held in (Standing.VOID, Standing.FUTURE):
        return []
    if held is Standing.DENIED:
        return [Item(match.fact, Support.AGAINST, "the record refutes it", match)]
    if match.sense is Sense.NEGATED:
        return [Item(match.fact, Support.ASK, "the text seems to deny it: confirm", match)]
    if held is Standing.UNSURE:
        return [Item(match.fact, Support.ASK, "recorded as unconfirmed", match)]
    if held is Standing.PAST:
        return [Item(match.fact, Support.ASK, "recorded as past: confirm", match)]
    weight = match.fact.criticality or "not recorded"
    return [Item(match.fact, Support.FOR, f"allergy or intolerance, criticality {weight}", match)]


def _none_known(case: Case, rule: Rule) -> list[Item]:
    return [
        Item(match.fact, Support.AGAINST, "the record says that no allergy is known", match)
        for match in case.of(rule.reads.get("none", ()))
        if match.fact.kind is FactKind.ALLERGY
        and standing(match.fact, case.as_of) in (Standing.CURRENT, Standing.CURRENT_UNSTATED)
    ]
