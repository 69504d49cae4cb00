"""Decisions about what is charted: vital signs, observations, effects, and taking back."""

from decimal import Decimal

from leeward.core.quantities import Refusal

from . import commands as c
from . import events as e
from .context import Context, Decision, refuse_blank, refuse_closed, refuse_not_positive
from .gates import VITAL_NAMES
from .state import SessionState

# Lowest and highest value of each observer scale, by its definition.
SCALES = {"moaas": (0, 5), "dissociation": (0, 3), "pain_nrs": (0, 10)}
GRADES = ("mild", "moderate", "severe", "serious")

_BEFORE_START = (e.PatientIdentified, e.CheckAnswered, e.CheckOverridden)
_BEFORE_DISCHARGE = (
    e.RecoveryScored,
    e.CriterionConfirmed,
    e.EscortArrived,
    e.InstructionsGiven,
    e.DischargeOverridden,
    e.EffectEnded,
)
_EFFECTS = (e.EffectStarted, e.EffectChanged, e.EffectEnded)
_ALWAYS = (
    e.VitalsRecorded,
    e.Observed,
    e.EffectStarted,
    e.EffectChanged,
    e.BolusGiven,
    e.LineFlushed,
    e.RescueGiven,
    e.ComfortGiven,
)


def record_vitals(state: SessionState, command: c.RecordVitals, context: Context) -> Decision:
    values = {name: getattr(command, name) for name in VITAL_NAMES}
    if all(value is None for value in values.values()):
        return Refusal("vitals.empty", "Enter at least one vital sign.")
    refused = (
        refuse_closed(state, context) or refuse_not_positive(values) or _refuse_impossible(values)
    )
    if refused:
        return refused
    return (e.VitalsRecorded(_context(state, context), **values, source=command.source),)


def _context(state: SessionState, context: Context) -> str:
    if state.started is None or context.at < state.started.at:
        return "baseline"
    if state.stopped is None or context.at < state.stopped.at:
        return "session"
    return "recovery"


def _refuse_impossible(values: dict[str, Decimal | None]) -> Refusal | None:
    spo2, upper, lower = values["spo2_pct"], values["sbp_mmhg"], values["dbp_mmhg"]
    if spo2 is not None and spo2 > 100:
        because = "A saturation can't be above 100 %. Check the field and enter it again."
        return Refusal("vitals.impossible", because, field="spo2_pct")
    if upper is not None and lower is not None and lower >= upper:
        because = "The diastolic pressure is not below the systolic. Were they swapped?"
        return Refusal("vitals.swapped", because, field="dbp_mmhg")
    return None


def observe(state: SessionState, command: c.Observe, context: Context) -> Decision:
    if command.scale not in SCALES:
        because = f"“{command.scale}” is not a scale observed in a session."
        return Refusal("scale.unknown", because, field="scale")
    low, high = SCALES[command.scale]
    if not low <= command.value <= high:
        because = f"This scale runs from {low} to {high}."
        return Refusal("scale.out_of_range", because, field="value")
    return refuse_closed(state, context) or (e.Observed(command.scale, command.value),)


def start_effect(state: SessionState, command: c.StartEffect, context: Context) -> Decision:
    if any(course.effect == command.effect for course in state.open_effects):
        because = f"{command.effect} is going on already. Change its grade, or end it."
        return Refusal("effect.already_open", because, field="effect")
    return (
        refuse_closed(state, context)
        or refuse_blank(command.effect, field="effect", what="which effect")
        or _refuse_grade(command.grade)
        or (e.EffectStarted(command.effect, command.grade),)
    )


def change_effect(state: SessionState, command: c.ChangeEffect, context: Context) -> Decision:
    refused = refuse_closed(state, context) or _refuse_not_open(state, command.effect, context)
    if refused:
        return refused
    if any(c_.effect == command.effect and c_.grade == command.grade for c_ in state.open_effects):
        because = f"{command.effect} is {command.grade} already."
        return Refusal("effect.unchanged", because, field="grade")
    changed = e.EffectChanged(command.effect, command.grade)
    return _refuse_grade(command.grade) or (changed,)


def end_effect(state: SessionState, command: c.EndEffect, context: Context) -> Decision:
    refused = refuse_closed(state, context) or _refuse_not_open(state, command.effect, context)
    return refused or (e.EffectEnded(command.effect),)


def _refuse_grade(grade: str) -> Refusal | None:
    if grade in GRADES:
        return None
    return Refusal("effect.grade", f"The grade is one of {', '.join(GRADES)}.", field="grade")


def _refuse_not_open(state: SessionState, effect: str, context: Context) -> Refusal | None:
    course = next((c_ for c_ in state.open_effects if c_.effect == effect), None)
    if course is None:
        return Refusal("effect.not_open", f"{effect} is not going on.", field="effect")
    if context.at < course.grades[-1][0].at:
        because = f"The last entry about {effect} is later than that."
        return Refusal("effect.out_of_order", because, field="occurred_at")
    return None


def withdraw(state: SessionState, command: c.WithdrawEntry, context: Context) -> Decision:
    if blank := refuse_blank(command.reason, field="reason", what="why it is taken back"):
        return blank
    if not 1 <= command.of_seq <= state.seq:
        because = f"There is no entry {command.of_seq} in this session."
        return Refusal("entry.unknown", because, field="of_seq")
    if command.of_seq in state.withdrawn:
        who = state.withdrawn[command.of_seq].said.by.name
        because = f"{who} has taken entry {command.of_seq} back already."
        return Refusal("entry.already_withdrawn", because, field="of_seq")
    event = state.log[command.of_seq - 1].event
    return (
        refuse_closed(state, context)
        or _refuse_standing(state, event, command.of_seq)
        or _refuse_not_last(state, event, command.of_seq)
        or (e.EntryWithdrawn(command.of_seq, command.reason),)
    )


def _refuse_standing(state: SessionState, event: e.Event, seq: int) -> Refusal | None:
    for rests, step, what in (
        (_start_rests_on(event) and state.started is not None, "start", "The start"),
        (isinstance(event, _BEFORE_DISCHARGE) and state.discharged is not None, "discharge",
         "The discharge"),
        (isinstance(event, e.BolusGiven) and state.stopped is not None
         and state.stopped.seq > seq, "stop", "What was given in all"),
    ):  # fmt: skip
        if rests:
            because = f"{what} rested on this entry, so it stands. Chart what is right beside it."
            return Refusal(f"entry.{step}_rests_on_it", because, field="of_seq")
    if isinstance(event, (*_ALWAYS, *_BEFORE_START, *_BEFORE_DISCHARGE)):
        return None
    because = "This is not an entry that can be taken back. Chart what is right as a new entry."
    return Refusal("entry.not_withdrawable", because, field="of_seq")


def _start_rests_on(event: e.Event) -> bool:
    baseline = isinstance(event, e.VitalsRecorded) and event.context == "baseline"
    return isinstance(event, _BEFORE_START) or baseline


def _refuse_not_last(state: SessionState, event: e.Event, seq: int) -> Refusal | None:
    if not isinstance(event, _EFFECTS):
        return None
    course = next(
        (
            c_
            for c_ in state.effects
            if seq in {said.seq for said, _ in c_.grades} or (c_.ended and c_.ended.seq == seq)
        ),
        None,
    )
    if course is None or course.last_seq != seq:
        because = f"There are later entries about {event.effect}. Take those back first."
        return Refusal("entry.not_the_last", because, field="of_seq")
    reopened = isinstance(event, e.EffectEnded) and any(
        c_.effect == event.effect for c_ in state.open_effects
    )
    if reopened:
        because = f"{event.effect} has begun again since. Take that back first."
        return Refusal("entry.not_the_last", because, field="of_seq")
    return None
