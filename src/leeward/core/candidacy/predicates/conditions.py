"""Predicates over diagnoses."""

from leeward.core.candidacy.evidence import (
    Case,
    Item,
    Support,
    once,
    weigh_answers,
    weigh_conditions,
)
from leeward.core.candidacy.facts import FactKind
from leeward.core.candidacy.findings import Status
from leeward.core.candidacy.reading import Sense
from leeward.core.candidacy.recognition import Match, Surety
from leeward.core.candidacy.rules import Rule
from leeward.core.candidacy.timing import Standing, began_within, standing

from .medications import current_members
from .verdict import Verdict, described, settle, with_answers


def diagnosis_items(case: Case, rule: Rule) -> list[Item]:
    """Weigh the diagnoses a rule names: its own, those that hint, and current ones that hint."""
    return [
        *weigh_conditions(case, rule.reads.get("concepts", ()), course=rule.course),
        *weigh_conditions(case, rule.reads.get("ask", ()), course=rule.course, only_ask=True),
        *weigh_conditions(
            case, rule.reads.get("ask_current", ()), course="episodic", only_ask=True
        ),
    ]


def condition(case: Case, rule: Rule) -> Verdict:
    """Present when a diagnosis of the rule's concepts stands, read by the rule's course."""
    return with_answers(case, rule, diagnosis_items(case, rule))


def on_the_day(case: Case, rule: Rule) -> Verdict:
    """Present when a record of the very day says so; an older one only asks."""
    items = [
        _only_today(item, case)
        for item in weigh_conditions(case, rule.reads.get("concepts", ()), course="episodic")
    ]
    answers = [
        item
        for item in with_answers(case, rule, ()).items
        if item.fact.recorded is not None and item.fact.recorded.last == case.as_of
    ]
    verdict = with_answers(case, rule, items)
    if verdict.status is Status.ABSENT and not answers:
        return Verdict(Status.UNKNOWN, verdict.items, "An earlier answer does not cover today.")
    return verdict


def _only_today(item: Item, case: Case) -> Item:
    when = item.fact.when()
    if item.support is not Support.FOR or (when is not None and when.last == case.as_of):
        return item
    note = "recorded on another day: ask about today"
    return Item(item.fact, Support.ASK, note, item.match, item.others)


def recent_event(case: Case, rule: Rule) -> Verdict:
    """Present for an unstable condition, or an event within the clinic's interval.

    An event still recorded as active counts. One that has ended counts within the interval that
    the clinic has set; while none is set it must be asked about.
    """
    interval = case.limits.get(rule.limit_ids["interval"])
    days = None if interval is None else int(interval)
    items = diagnosis_items(case, rule)
    for match in case.of(rule.reads["events"]):
        if match.fact.kind is FactKind.CONDITION and match.sense is not Sense.FAMILY:
            items.extend(_event(match, case, days))
    return with_answers(case, rule, once(items))


def _event(match: Match, case: Case, interval_days: int | None) -> list[Item]:
    held = standing(match.fact, case.as_of)
    if held in (Standing.VOID, Standing.FUTURE) or match.sense is Sense.NEGATED:
        return []
    if held is Standing.DENIED:
        return [Item(match.fact, Support.AGAINST, "the record refutes it", match)]
    sure = held is not Standing.UNSURE and match.surety is not Surety.TEXT
    current = held is Standing.CURRENT and match.sense is Sense.AFFIRMED
    within = None if interval_days is None else began_within(match.fact, case.as_of, interval_days)
    support, note = _recency(within, current=current, interval_days=interval_days)
    if support is Support.FOR and not sure:
        support, note = Support.ASK, "not confirmed: ask when it was"
    return [] if support is None else [Item(match.fact, support, note, match)]


def _recency(
    within: bool | None, *, current: bool, interval_days: int | None
) -> tuple[Support | None, str]:
    if within:
        return Support.FOR, f"within {interval_days} days"
    if within is None and current:
        return Support.FOR, "still recorded as current"
    if current:
        return Support.ASK, "still recorded as current: confirm when it was"
    if within is None and interval_days is not None:
        return Support.ASK, "no date recorded: how long ago?"
    return (None, "") if within is False else (
        Support.ASK, "how long ago? the clinic has set no interval"
    )  # fmt: skip


def family_history(case: Case, rule: Rule) -> Verdict:
    """Present when a relative's history names one of the rule's concepts."""
    items = []
    for match in case.of(rule.reads["concepts"]):
        told = match.fact.kind is FactKind.FAMILY_HISTORY or match.sense is Sense.FAMILY
        if not told or standing(match.fact, case.as_of) in (Standing.VOID, Standing.FUTURE):
            continue
        who = match.fact.relation or "relative not named: first degree?"
        items.append(Item(match.fact, Support.FOR, who, match))
    items.extend(
        weigh_conditions(case, rule.reads.get("ask", ()), course="lasting", only_ask=True)
    )
    answered = weigh_answers(case, rule.id, *rule.reads.get("answers", ()))
    return settle([*once(items), *answered])


def bipolar(case: Case, rule: Rule) -> Verdict:
    """Present for bipolar disorder; says whether a mood stabiliser is on record."""
    verdict = condition(case, rule)
    if verdict.status is Status.ABSENT:
        return verdict
    held = current_members(case, rule.reads["stabilisers"])
    if held:
        note = "Mood stabiliser on record: " + "; ".join(described(item) for item in held) + "."
        missing: tuple[str, ...] = ("Mania screen at every visit.",)
    else:
        note = "No mood stabiliser is on record."
        missing = ("Is a mood stabiliser taken?", "Mania screen at every visit.")
    return Verdict(
        verdict.status,
        (*verdict.items, *held),
        note if verdict.status is Status.PRESENT else "",
        missing if verdict.status is Status.PRESENT else (),
        verdict.contradictions,
    )
