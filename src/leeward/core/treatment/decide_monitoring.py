"""Decisions about devices, the alarm engine and its alarms."""

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import show

from . import commands as c
from . import events as e
from .context import Context, Decision, refuse_closed
from .entries import AlarmRecord
from .state import PRESENT, SessionState


def bind(state: SessionState, command: c.BindDevice, context: Context) -> Decision:
    if command.binding_id in state.bindings:
        because = "This binding has been used already. A device is bound anew each time."
        return Refusal("device.binding_used", because, field="binding_id")
    for binding in state.open_bindings:
        if binding.device == command.device:
            because = f"{binding.label} is bound to this patient already."
            return Refusal("device.already_bound", because, field="device")
    bound = e.DeviceBound(command.binding_id, command.device, command.kind, command.label)
    return _refuse_absent(state) or (bound,)


def unbind(state: SessionState, command: c.UnbindDevice, context: Context) -> Decision:
    if command.binding_id not in {b.binding_id for b in state.open_bindings}:
        because = "This device is not bound to this patient."
        return Refusal("device.not_bound", because, field="binding_id")
    return (e.DeviceUnbound(command.binding_id),)


def seal(state: SessionState, command: c.SealSamples, context: Context) -> Decision:
    if command.binding_id not in state.bindings:
        because = "These samples come from a device that was never bound to this patient."
        return Refusal("device.not_bound", because, field="binding_id")
    if (command.binding_id, command.minute) in state.sealed:
        because = f"The minute {command.minute:%H:%M} of this device is sealed already."
        return Refusal("samples.already_sealed", because, field="minute")
    sealed = e.SamplesSealed(command.binding_id, command.minute, command.digest, command.count)
    return (sealed,)


def start_monitoring(
    state: SessionState, command: c.StartMonitoring, context: Context
) -> Decision:
    return _refuse_absent(state) or (e.MonitoringStarted(command.engine_id),)


def record_gap(state: SessionState, command: c.RecordMonitoringGap, context: Context) -> Decision:
    if command.to_at < command.from_at:
        because = "A gap can't end before it begins."
        return Refusal("gap.backwards", because, field="to_at")
    gap = e.MonitoringGap(command.from_at, command.to_at, command.because)
    return refuse_closed(state, context) or (gap,)


def raise_alarm(state: SessionState, command: c.RaiseAlarm, context: Context) -> Decision:
    if command.alarm_id in state.alarms:
        because = "This alarm has been raised already."
        return Refusal("alarm.already_raised", because, field="alarm_id")
    raised = e.AlarmRaised(
        alarm_id=command.alarm_id,
        condition=command.condition,
        channel=command.channel,
        priority=command.priority,
        limit=command.limit,
        value=command.value,
        unit=command.unit,
    )
    return _refuse_absent(state) or (raised,)


def end_alarm(state: SessionState, command: c.EndAlarm, context: Context) -> Decision:
    alarm = _alarm(state, command.alarm_id)
    if isinstance(alarm, Refusal):
        return alarm
    if not alarm.present:
        return Refusal("alarm.already_ended", "This alarm has ended.", field="alarm_id")
    return (e.AlarmEnded(command.alarm_id),)


def acknowledge(state: SessionState, command: c.AcknowledgeAlarm, context: Context) -> Decision:
    alarm = _alarm(state, command.alarm_id)
    if isinstance(alarm, Refusal):
        return alarm
    if alarm.acknowledged is not None:
        because = f"{alarm.acknowledged.by.name} has acknowledged this alarm."
        return Refusal("alarm.already_acknowledged", because, field="alarm_id")
    # Whoever has seen this one has seen the earlier, ended ones of the same condition.
    earlier = tuple(
        e.AlarmAcknowledged(other.alarm_id)
        for other in state.unanswered_alarms
        if other.condition == alarm.condition
        and not other.present
        and other.alarm_id != alarm.alarm_id
    )
    return (*earlier, e.AlarmAcknowledged(command.alarm_id))


def pause_audio(state: SessionState, command: c.PauseAlarmAudio, context: Context) -> Decision:
    alarm = _alarm(state, command.alarm_id)
    if isinstance(alarm, Refusal):
        return alarm
    if not alarm.present or alarm.acknowledged is not None:
        return Refusal("alarm.silent", "This alarm makes no sound now.", field="alarm_id")
    longest_s = state.monitoring.alarms.audio_pause_max_s
    if longest_s is None:
        because = "The clinic has not set how long a sound may be paused, so it can't be."
        return Refusal("alarm.pause_not_set", because, field="seconds")
    if not 0 < command.seconds <= longest_s:
        because = f"A sound is paused for {show(longest_s, 's')} at most."
        return Refusal("alarm.pause_too_long", because, field="seconds")
    return (e.AlarmAudioPaused(command.alarm_id, command.seconds),)


def escalate(state: SessionState, command: c.EscalateAlarm, context: Context) -> Decision:
    alarm = _alarm(state, command.alarm_id)
    if isinstance(alarm, Refusal):
        return alarm
    if absent := _refuse_absent(state):
        return absent
    if not alarm.unanswered or command.step <= alarm.escalated_step:
        because = "This alarm has been answered, or has gone that far already."
        return Refusal("alarm.not_escalated", because, field="step")
    return (e.AlarmEscalated(command.alarm_id, command.step, command.to),)


def _alarm(state: SessionState, alarm_id: str) -> AlarmRecord | Refusal:
    if alarm_id in state.alarms:
        return state.alarms[alarm_id]
    return Refusal("alarm.unknown", "There is no such alarm in this session.", field="alarm_id")


def _refuse_absent(state: SessionState) -> Refusal | None:
    if state.stage in PRESENT:
        return None
    return Refusal("session.departed", "The patient has left; nothing is monitored any more.")
