"""The two gates of a session: what is missing for the start, and for the discharge.

Every item is listed by name. An override answers one item, and only as long as nothing newer has
been said about that item.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from leeward.core.quantities.formatting import show

from .entries import Override
from .events import TimeOutFirstRecorded, TimeOutSecondRecorded
from .plan import BaselineLimit, DevicePlan, DosePlan, ScoreRule
from .state import SessionState

VITAL_NAMES = {
    "spo2_pct": ("SpO2", "%"),
    "hr_per_min": ("heart rate", "/min"),
    "sbp_mmhg": ("systolic pressure", "mm[Hg]"),
    "dbp_mmhg": ("diastolic pressure", "mm[Hg]"),
    "rr_per_min": ("breathing rate", "/min"),
    "temp_cel": ("temperature", "Cel"),
}
FIGURES = (
    "drug",
    "concentration_mg_per_ml",
    "dose_mg",
    "volume_ml",
    "rate_ml_per_h",
    "duration_min",
    "devices",
)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands in the way.

    Attributes
    ----------
    item : str
        Stable id, which an override names.
    because : str
        What is missing, in plain words.
    overridable : bool
        Whether a named person may go on without it.
    since_seq : int
        Last entry about the item; an older override no longer counts.
    """

    item: str
    because: str
    overridable: bool = True
    since_seq: int = 0


def missing_for_start(state: SessionState, now: datetime) -> tuple[Missing, ...]:
    """What holds the start of the infusion, overridden items left out."""
    return _standing(_start_items(state, now), state.start_overrides)


def missing_for_discharge(state: SessionState, now: datetime) -> tuple[Missing, ...]:
    """What holds the discharge, overridden items left out; nothing if no drug was given."""
    if state.started is None:
        return ()
    return _standing(_discharge_items(state, now), state.discharge_overrides)


def in_words(missing: tuple[Missing, ...]) -> str:
    """What is missing as sentences, one after the other."""
    return " ".join(
        m.because if m.because.endswith((".", "?")) else f"{m.because}." for m in missing
    )


def unlike_figures(
    one: TimeOutFirstRecorded | DosePlan | TimeOutSecondRecorded,
    other: TimeOutFirstRecorded | DosePlan | TimeOutSecondRecorded,
) -> tuple[str, ...]:
    """Names of the time-out figures in which two computations differ."""
    # A plan has the figures of its own route only; the rest is nobody's to work out.
    return tuple(
        name for name in FIGURES if getattr(one, name, None) != getattr(other, name, None)
    )


def _standing(items: Iterator[Missing], overrides: dict[str, Override]) -> tuple[Missing, ...]:
    def overridden(missing: Missing) -> bool:
        override = overrides.get(missing.item)
        return (
            missing.overridable and override is not None and override.said.seq > missing.since_seq
        )

    return tuple(missing for missing in items if not overridden(missing))


def _start_items(state: SessionState, now: datetime) -> Iterator[Missing]:
    required = state.monitoring.identifiers_required
    given = state.identification.identifiers if state.identification else ()
    if len(set(given)) < required:
        because = f"The patient has given {len(set(given))} of {required} identifiers."
        yield Missing("identity", because, overridable=False)
    yield from _unpassed_checks(state)
    yield from _weight(state, now)
    yield from _baseline(state, now)
    yield from _time_out(state)


def _unpassed_checks(state: SessionState) -> Iterator[Missing]:
    for check in state.monitoring.checks:
        answer = state.checks.get(check.item)
        if answer is None:
            yield Missing(check.item, f"Not answered: {check.label}", check.overridable)
        elif answer.answer not in check.passes_with:
            because = f"Answered “{answer.answer}”: {check.label}"
            yield Missing(check.item, because, check.overridable, answer.said.seq)


def _weight(state: SessionState, now: datetime) -> Iterator[Missing]:
    """A course is ordered once and given over weeks: the dose may rest on a weight of then."""
    plan, newer = state.plan, state.charted_weight
    if isinstance(plan, DevicePlan):
        return
    oldest_d = state.monitoring.weight_max_age_d
    age_d = (now.date() - plan.weight_measured_on).days
    ordered = show(plan.weight_kg, "kg")
    if newer is not None and _is_other_weight(state, plan.weight_kg, newer.weight_kg):
        because = (
            f"The dose rests on {ordered}; the chart has {show(newer.weight_kg, 'kg')} of "
            f"{newer.measured_on.isoformat()}. Have the order worked out anew."
        )
        yield Missing("weight", because, since_seq=newer.said.seq)
    elif oldest_d is not None and age_d > oldest_d:
        because = (
            f"The dose rests on {ordered}, {age_d} d old. "
            "Weigh the patient and have the order confirmed."
        )
        yield Missing("weight", because)


def _is_other_weight(state: SessionState, ordered_kg: Decimal, newer_kg: Decimal) -> bool:
    """Whether a weight differs by more than the clinic lets pass; without a limit, at all."""
    asks_pct = state.monitoring.weight_change_asks_pct or Decimal(0)
    return abs(newer_kg - ordered_kg) * 100 > asks_pct * ordered_kg


def _baseline(state: SessionState, now: datetime) -> Iterator[Missing]:
    rules, max_age_min = state.monitoring, state.monitoring.baseline_max_age_min
    needed = dict.fromkeys((*rules.baseline_required, *(r.vital for r in rules.baseline_limits)))
    for vital in needed:
        found = state.latest_vital(vital)
        label, unit = VITAL_NAMES.get(vital, (vital, ""))
        item = f"baseline.{vital}"
        if found is None:
            if vital in rules.baseline_required:
                yield Missing(item, f"No baseline {label}.")
            continue
        value, entry = found
        if max_age_min is not None and not _fresh(entry.said.at, now, max_age_min):
            yield Missing(item, f"The baseline {label} is too old.", since_seq=entry.said.seq)
        for limit in rules.baseline_limits:
            if limit.vital == vital and (because := _beyond(limit, value, label, unit)):
                yield Missing(f"{item}.limit", because, since_seq=entry.said.seq)


def _beyond(limit: BaselineLimit, value: Decimal, label: str, unit: str) -> str | None:
    shown = show(value, unit)
    if limit.high is not None and value > limit.high:
        return f"The {label} is {shown}, above the clinic's {show(limit.high, unit)}."
    if limit.low is not None and value < limit.low:
        return f"The {label} is {shown}, below the clinic's {show(limit.low, unit)}."
    return None


def _time_out(state: SessionState) -> Iterator[Missing]:
    first, second = state.time_out_first, state.time_out_second
    if first is None:
        yield Missing("time_out.first", "The first person has not read the time-out.", False)
        return
    if unlike := unlike_figures(first.figures, state.plan):
        because = f"The first person's {_named(unlike)} is not what was ordered. Read it again."
        yield Missing("time_out.order", because, False, first.said.seq)
    if second is None:
        because = "No second person has worked the dose out."
        yield Missing("time_out.second", because, since_seq=first.said.seq)
    elif not second.figures.agrees:
        unlike = unlike_figures(first.figures, second.figures)
        because = f"The two persons differ in {_named(unlike)}. Both work it out again."
        yield Missing("time_out.agreement", because, False, second.said.seq)


def _named(figures: tuple[str, ...]) -> str:
    words = {
        "drug": "drug",
        "concentration_mg_per_ml": "concentration",
        "dose_mg": "dose",
        "volume_ml": "volume",
        "rate_ml_per_h": "rate",
        "duration_min": "duration",
        "devices": "number of devices",
    }
    return ", ".join(words[name] for name in figures)


def _discharge_items(state: SessionState, now: datetime) -> Iterator[Missing]:
    rules, ended_at = state.monitoring, state.infusion_ended_at
    if ended_at is None:
        yield Missing("infusion", "The dose has not ended.", overridable=False)
    elif now < (ready_at := ended_at + _minutes(rules.min_observation_min)):
        left_min = -(-(ready_at - now) // timedelta(minutes=1))
        shortest = show(rules.min_observation_min, "min")
        because = f"The shortest observation is {shortest}; {left_min} min are left."
        yield Missing("min_observation", because)
    for rule in rules.scores:
        yield from _score(state, rule, now)
    for criterion in rules.criteria:
        confirmed = state.confirmations.get(criterion.item)
        if confirmed is None:
            yield Missing(criterion.item, f"Not confirmed: {criterion.label}")
        elif not _fresh(confirmed.said.at, now, criterion.max_age_min):
            because = f"Confirmed too long ago, look again: {criterion.label}."
            yield Missing(criterion.item, because, since_seq=confirmed.said.seq)
    yield from _homeward(state)
    yield from _unsettled(state)


def _score(state: SessionState, rule: ScoreRule, now: datetime) -> Iterator[Missing]:
    item, name = f"score.{rule.instrument}", rule.instrument
    score = state.latest_score(rule.instrument)
    if score is None or score.version != rule.version:
        yield Missing(item, f"No {name} score in version {rule.version}.")
    elif not _fresh(score.said.at, now, rule.max_age_min):
        because = f"The {name} score is older than {show(rule.max_age_min, 'min')}. Score again."
        yield Missing(item, because, since_seq=score.said.seq)
    elif unanswered := sorted(set(rule.items) - {i.item for i in score.items}):
        because = f"The {name} score lacks {', '.join(unanswered)}."
        yield Missing(item, because, since_seq=score.said.seq)
    elif score.total < rule.ready_total:
        because = f"The {name} score is {score.total}; ready from {rule.ready_total}."
        yield Missing(item, because, since_seq=score.said.seq)


def _homeward(state: SessionState) -> Iterator[Missing]:
    rules, instructions = state.monitoring, state.instructions
    if rules.escort_required and state.escort is None:
        yield Missing("escort", "No escort has arrived and been named.")
    if rules.instructions_required and instructions is None:
        yield Missing("instructions", "The instructions have not been given.")
    elif rules.instructions_required and instructions and not instructions.teach_back:
        because = "The patient or escort has not said the instructions back."
        yield Missing("instructions", because, since_seq=instructions.said.seq)


def _unsettled(state: SessionState) -> Iterator[Missing]:
    for effect in state.open_effects:
        because = f"Still going on: {effect.effect} ({effect.grade})."
        yield Missing(f"effect.{effect.effect}", because, since_seq=effect.last_seq)
    if (oxygen := state.oxygen_now) is not None:
        yield Missing("oxygen", "Oxygen is still on.", since_seq=oxygen.said.seq)
    if (emergency := state.open_emergency) is not None:
        because = "An emergency is not over."
        yield Missing("emergency", because, since_seq=emergency.said.seq)
    for call in state.open_calls:
        because = "The patient called and nobody has answered."
        yield Missing(f"call.{call.call_id}", because, since_seq=call.said.seq)
    for alarm in state.unanswered_alarms:
        if alarm.priority == "high":
            because = f"An alarm of high priority is not acknowledged: {alarm.condition}."
            yield Missing(f"alarm.{alarm.alarm_id}", because, since_seq=alarm.said.seq)


def _fresh(at: datetime, now: datetime, max_age_min: Decimal) -> bool:
    return timedelta(0) <= now - at < _minutes(max_age_min)


def _minutes(minutes: Decimal) -> timedelta:
    return timedelta(microseconds=int(minutes * 60_000_000))
