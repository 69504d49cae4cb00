"""Blood pressure against a limit of the clinic or a figure of a label."""

from decimal import Decimal

from leeward.core.candidacy.evidence import Case, Item, Support, newest, weigh_conditions
from leeward.core.candidacy.facts import Fact, FactKind
from leeward.core.candidacy.findings import Status
from leeward.core.candidacy.rules import Rule
from leeward.core.candidacy.timing import Standing, standing

from .verdict import Verdict, with_answers

_UNIT = ("mm[Hg]", "mmHg", "mm Hg")
_SIDES = ("systolic", "diastolic")


def pressure_over_limit(case: Case, rule: Rule) -> Verdict:
    """Present when the newest reading is over the clinic's limit; unknown while none is set."""
    limits = {side: case.limits.get(rule.limit_ids[side]) for side in _SIDES}
    unset = [rule.limit_ids[side] for side in _SIDES if limits[side] is None]
    verdict = _verdict(case, rule, limits)
    if not unset or verdict.status is Status.PRESENT:
        return verdict
    missing = (f"Limit not set by the clinic: {', '.join(unset)}.", *verdict.missing)
    return Verdict(Status.UNKNOWN, verdict.items, verdict.note, missing, verdict.contradictions)


def pressure_over_figure(case: Case, rule: Rule) -> Verdict:
    """Present when the newest reading is over the published figure of the rule."""
    return _verdict(case, rule, {side: rule.figures[side].value for side in _SIDES})


def _verdict(case: Case, rule: Rule, limits: dict[str, Decimal | None]) -> Verdict:
    hints = weigh_conditions(case, rule.reads.get("ask", ()), course="lasting", only_ask=True)
    readings = {side: _newest_reading(case, rule, side) for side in _SIDES}
    absent = [side for side in _SIDES if readings[side] is None]
    items = [
        _compare(fact, limits[side], side, case, rule)
        for side, fact in readings.items()
        if fact is not None
    ]
    if any(item.support is Support.FOR for item in items):
        # One side over its limit is enough; the other side then says nothing against it.
        items = [item for item in items if item.support is Support.FOR]
    settled = with_answers(case, rule, [*hints, *items])
    if settled.status is Status.PRESENT:
        return settled
    if absent:
        missing = (f"No {' and no '.join(absent)} blood pressure is on record.",)
        return Verdict(Status.UNKNOWN, settled.items, missing=missing)
    return settled


def _newest_reading(case: Case, rule: Rule, side: str) -> Fact | None:
    """Find the newest usable value; a zero is no value, another unit is none that we can read."""
    return newest(
        match.fact
        for match in case.of(rule.reads[side])
        if match.fact.kind is FactKind.OBSERVATION
        and standing(match.fact, case.as_of) is Standing.CURRENT
        and isinstance(match.fact.value, Decimal)
        and match.fact.value > 0
        and match.fact.unit in _UNIT
    )


def _compare(fact: Fact, limit: Decimal | None, side: str, case: Case, rule: Rule) -> Item:
    when = fact.when()
    age_days = (case.as_of - when.last).days if when else None
    value = format(fact.value, "f") if isinstance(fact.value, Decimal) else ""
    if limit is None:
        return Item(fact, Support.ASK, f"{side} {value} mm[Hg]; no limit is set")
    if isinstance(fact.value, Decimal) and fact.value > limit:
        note = f"{side} {value} mm[Hg] is over {limit} mm[Hg]"
        return Item(fact, Support.FOR, note)
    oldest = case.limits.get(rule.limit_ids.get("reading_age", ""), Decimal(0))
    if age_days is not None and age_days <= oldest:
        return Item(fact, Support.AGAINST, f"{side} {value} is not over {limit} mm[Hg]")
    note = (
        f"{side} {value} is not over {limit} mm[Hg], but was measured {age_days} days ago: "
        "measure again"
    )
    return Item(fact, Support.ASK, note)
