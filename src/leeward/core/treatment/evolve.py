"""From events to the state of a session.

`evolve` is total over a log that `decide` wrote: it never judges, it only records. A withdrawn
entry is left out by folding the log again without it, so that nothing of it remains.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from leeward.core.quantities import LeewardError

from . import entries as s
from . import events as e
from . import evolve_care, evolve_drug
from .entries import Said
from .events import Event, Recorded
from .gates import VITAL_NAMES, missing_for_start
from .state import PREPARING, SessionState, Stage


class BrokenLog(LeewardError):
    """A log has a hole or does not begin with the opening of its session."""


def fold(log: Iterable[Recorded]) -> SessionState:
    """The state a log amounts to.

    Parameters
    ----------
    log : iterable of Recorded
        All events of one session in the order of `seq`.

    Returns
    -------
    SessionState

    Raises
    ------
    BrokenLog
        If the log is empty, has a hole, or does not begin with `SessionOpened`.
    """
    state: SessionState | None = None
    for recorded in log:
        state = evolve(state, recorded)
    if state is None:
        raise BrokenLog("a session without events has no state")
    return state


def evolve(state: SessionState | None, recorded: Recorded) -> SessionState:
    """The state after one more event; an event that is already in it changes nothing.

    Parameters
    ----------
    state : SessionState or None
        State so far, None before the first event.
    recorded : Recorded
        The next event.

    Returns
    -------
    SessionState

    Raises
    ------
    BrokenLog
        If the event leaves a hole, or the first is not `SessionOpened`.
    """
    seq = recorded.envelope.seq
    if state is None:
        return _open(recorded)
    if seq <= state.seq:
        return state
    if seq != state.seq + 1:
        raise BrokenLog(f"event {seq} follows event {state.seq}")
    if isinstance(recorded.event, e.EntryWithdrawn):
        return _without(state, recorded, recorded.event)
    return _next(state, recorded)


def _open(recorded: Recorded) -> SessionState:
    event, envelope = recorded.event, recorded.envelope
    if not isinstance(event, e.SessionOpened) or envelope.seq != 1:
        raise BrokenLog("a session's log begins with its opening, as event 1")
    return SessionState(
        opened=_said(recorded),
        patient_id=event.patient_id,
        chair_id=event.chair_id,
        order_id=event.order_id,
        plan=event.plan,
        monitoring=event.monitoring,
        content_digest=event.content_digest,
        limits_digest=event.limits_digest,
        stage=Stage.OPENED,
        seq=1,
        log=(recorded,),
        command_ids=frozenset({envelope.command_id}),
    )


def _next(state: SessionState, recorded: Recorded) -> SessionState:
    state = _STEPS[type(recorded.event)](state, _said(recorded), recorded.event)
    envelope = recorded.envelope
    state = replace(
        state,
        seq=envelope.seq,
        log=(*state.log, recorded),
        command_ids=state.command_ids | {envelope.command_id},
    )
    return _preparing(state, recorded) if state.stage in PREPARING else state


def _preparing(state: SessionState, recorded: Recorded) -> SessionState:
    if state.discharged is not None:
        return state
    ready = not missing_for_start(state, recorded.envelope.recorded_at)
    prepared = state.identification or state.checks or state.vitals or state.time_out_first
    stage = Stage.READY if ready else Stage.CHECKING if prepared else Stage.OPENED
    return replace(state, stage=stage)


def _without(state: SessionState, recorded: Recorded, event: e.EntryWithdrawn) -> SessionState:
    withdrawal = s.Withdrawal(_said(recorded), event.of_seq, event.reason)
    withdrawn = {**state.withdrawn, event.of_seq: withdrawal}
    log = (*state.log, recorded)
    again = _open(log[0])
    for entry in log[1:]:
        taken_back = entry.envelope.seq in withdrawn or isinstance(entry.event, e.EntryWithdrawn)
        again = _pass_over(again, entry) if taken_back else _next(again, entry)
    return replace(again, withdrawn=withdrawn)


def _pass_over(state: SessionState, recorded: Recorded) -> SessionState:
    envelope = recorded.envelope
    state = replace(
        state,
        seq=envelope.seq,
        log=(*state.log, recorded),
        command_ids=state.command_ids | {envelope.command_id},
    )
    return _preparing(state, recorded) if state.stage in PREPARING else state


def _said(recorded: Recorded) -> Said:
    envelope = recorded.envelope
    return Said(envelope.seq, envelope.occurred_at, envelope.recorded_at, envelope.actor)


def _identified(state: SessionState, said: Said, event: e.PatientIdentified) -> SessionState:
    return replace(state, identification=s.Identification(said, event.identifiers))


def _answered(state: SessionState, said: Said, event: e.CheckAnswered) -> SessionState:
    answer = s.CheckAnswer(said, event.item, event.answer, event.note)
    return replace(state, checks={**state.checks, event.item: answer})


def _check_overridden(state: SessionState, said: Said, event: e.CheckOverridden) -> SessionState:
    override = s.Override(said, event.item, event.reason)
    return replace(state, start_overrides={**state.start_overrides, event.item: override})


def _vitals(state: SessionState, said: Said, event: e.VitalsRecorded) -> SessionState:
    given = {name: getattr(event, name) for name in VITAL_NAMES}
    values = {name: value for name, value in given.items() if value is not None}
    entry = s.VitalSigns(said, event.context, event.source, values)
    return replace(state, vitals=(*state.vitals, entry))


def _observed(state: SessionState, said: Said, event: e.Observed) -> SessionState:
    entry = s.Observation(said, event.scale, event.value)
    return replace(state, observations=(*state.observations, entry))


def _first(state: SessionState, said: Said, event: e.TimeOutFirstRecorded) -> SessionState:
    return replace(state, time_out_first=s.TimeOutFirst(said, event), time_out_second=None)


def _second(state: SessionState, said: Said, event: e.TimeOutSecondRecorded) -> SessionState:
    return replace(state, time_out_second=s.TimeOutSecond(said, event))


def _bound(state: SessionState, said: Said, event: e.DeviceBound) -> SessionState:
    binding = s.Binding(said, event.binding_id, event.device, event.kind, event.label)
    return replace(state, bindings={**state.bindings, event.binding_id: binding})


def _unbound(state: SessionState, said: Said, event: e.DeviceUnbound) -> SessionState:
    ended = replace(state.bindings[event.binding_id], ended_at=said.at)
    return replace(state, bindings={**state.bindings, event.binding_id: ended})


def _effect_started(state: SessionState, said: Said, event: e.EffectStarted) -> SessionState:
    course = s.EffectCourse(event.effect, ((said, event.grade),))
    return replace(state, effects=(*state.effects, course))


def _effect_changed(state: SessionState, said: Said, event: e.EffectChanged) -> SessionState:
    return _with_effect(
        state, event.effect, lambda c: replace(c, grades=(*c.grades, (said, event.grade)))
    )


def _effect_ended(state: SessionState, said: Said, event: e.EffectEnded) -> SessionState:
    return _with_effect(state, event.effect, lambda c: replace(c, ended=said))


def _with_effect(
    state: SessionState, effect: str, change: Callable[[s.EffectCourse], s.EffectCourse]
) -> SessionState:
    courses = tuple(
        change(c) if c.effect == effect and c.ended is None else c for c in state.effects
    )
    return replace(state, effects=courses)


def _monitoring(state: SessionState, said: Said, event: e.MonitoringStarted) -> SessionState:
    return replace(state, monitoring_engine=event.engine_id)


def _gap(state: SessionState, said: Said, event: e.MonitoringGap) -> SessionState:
    gap = s.Gap(event.from_at, event.to_at, event.because)
    return replace(state, gaps=(*state.gaps, gap))


def _alarm_raised(state: SessionState, said: Said, event: e.AlarmRaised) -> SessionState:
    alarm = s.AlarmRecord(
        said=said,
        alarm_id=event.alarm_id,
        condition=event.condition,
        channel=event.channel,
        priority=event.priority,
        limit=event.limit,
        value=event.value,
        unit=event.unit,
    )
    return replace(state, alarms={**state.alarms, event.alarm_id: alarm})


def _alarm_ended(state: SessionState, said: Said, event: e.AlarmEnded) -> SessionState:
    return _with_alarm(state, event.alarm_id, ended_at=said.at)


def _alarm_acknowledged(
    state: SessionState, said: Said, event: e.AlarmAcknowledged
) -> SessionState:
    return _with_alarm(state, event.alarm_id, acknowledged=said)


def _audio_paused(state: SessionState, said: Said, event: e.AlarmAudioPaused) -> SessionState:
    until = said.at + timedelta(microseconds=int(event.seconds * 1_000_000))
    return _with_alarm(state, event.alarm_id, audio_paused_until=until)


def _alarm_escalated(state: SessionState, said: Said, event: e.AlarmEscalated) -> SessionState:
    return _with_alarm(state, event.alarm_id, escalated_step=event.step)


def _with_alarm(state: SessionState, alarm_id: str, **changes: Any) -> SessionState:
    alarm = replace(state.alarms[alarm_id], **changes)
    return replace(state, alarms={**state.alarms, alarm_id: alarm})


def _sealed(state: SessionState, said: Said, event: e.SamplesSealed) -> SessionState:
    key = (event.binding_id, event.minute)
    return replace(state, sealed={**state.sealed, key: event.digest})


def _scored(state: SessionState, said: Said, event: e.RecoveryScored) -> SessionState:
    score = s.RecoveryScore(said, event.instrument, event.version, event.items, event.total)
    return replace(state, scores=(*state.scores, score))


def _confirmed(state: SessionState, said: Said, event: e.CriterionConfirmed) -> SessionState:
    confirmation = s.Confirmation(said, event.item, event.note)
    return replace(state, confirmations={**state.confirmations, event.item: confirmation})


def _escort(state: SessionState, said: Said, event: e.EscortArrived) -> SessionState:
    return replace(state, escort=s.Escort(said, event.name, event.phone, event.relation))


def _instructed(state: SessionState, said: Said, event: e.InstructionsGiven) -> SessionState:
    given = s.Instructions(said, event.language, event.version, event.teach_back)
    return replace(state, instructions=given)


def _discharge_overridden(
    state: SessionState, said: Said, event: e.DischargeOverridden
) -> SessionState:
    override = s.Override(said, event.item, event.reason)
    overrides = {**state.discharge_overrides, event.item: override}
    return replace(state, discharge_overrides=overrides)


def _discharged(state: SessionState, said: Said, event: e.Discharged) -> SessionState:
    return replace(state, stage=Stage.DISCHARGED, discharged=said, discharged_to=event.to)


def _departed(state: SessionState, said: Said, event: e.Departed) -> SessionState:
    return replace(state, stage=Stage.DEPARTED, departed=said)


def _signed(state: SessionState, said: Said, event: e.NoteSigned) -> SessionState:
    signature = s.Signature(said, event.digest, event.meaning, event.key_id, event.signature)
    return replace(state, stage=Stage.SIGNED, signatures=(*state.signatures, signature))


def _addendum(state: SessionState, said: Said, event: e.AddendumWritten) -> SessionState:
    return replace(state, addenda=(*state.addenda, s.Addendum(said, event.text)))


def _opened_again(state: SessionState, said: Said, event: Event) -> SessionState:
    raise BrokenLog("a session is opened once, by its first event")


_STEPS: dict[type, Callable[[SessionState, Said, Any], SessionState]] = {
    e.SessionOpened: _opened_again,
    e.PatientIdentified: _identified,
    e.CheckAnswered: _answered,
    e.CheckOverridden: _check_overridden,
    e.VitalsRecorded: _vitals,
    e.Observed: _observed,
    e.TimeOutFirstRecorded: _first,
    e.TimeOutSecondRecorded: _second,
    e.DeviceBound: _bound,
    e.DeviceUnbound: _unbound,
    e.EffectStarted: _effect_started,
    e.EffectChanged: _effect_changed,
    e.EffectEnded: _effect_ended,
    e.MonitoringStarted: _monitoring,
    e.MonitoringGap: _gap,
    e.AlarmRaised: _alarm_raised,
    e.AlarmEnded: _alarm_ended,
    e.AlarmAcknowledged: _alarm_acknowledged,
    e.AlarmAudioPaused: _audio_paused,
    e.AlarmEscalated: _alarm_escalated,
    e.SamplesSealed: _sealed,
    e.RecoveryScored: _scored,
    e.CriterionConfirmed: _confirmed,
    e.EscortArrived: _escort,
    e.InstructionsGiven: _instructed,
    e.DischargeOverridden: _discharge_overridden,
    e.Discharged: _discharged,
    e.Departed: _departed,
    e.NoteSigned: _signed,
    e.AddendumWritten: _addendum,
    **evolve_drug.STEPS,
    **evolve_care.STEPS,
}
