"""The one gate into a session's log: a command becomes events, or a reason why not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from leeward.core.quantities import LeewardError, Refusal

from . import commands as c
from . import decide_care as care
from . import decide_chart as chart
from . import decide_doses as doses
from . import decide_drug as drug
from . import decide_ending as ending
from . import decide_infusion as infusion
from . import decide_monitoring as monitoring
from . import decide_preparation as preparation
from .commands import Command
from .context import Context, Decision
from .events import Actor
from .state import SessionState


def decide(
    state: SessionState | None,
    command: Command,
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
) -> Decision:
    """What a command does to a session.

    Parameters
    ----------
    state : SessionState or None
        State so far; None before the session is opened.
    command : Command
        What is asked.
    actor : Actor
        Who asks; whether their role may is settled before.
    now : datetime
        The present, aware.
    occurred_at : datetime or None
        When it happened, aware; None means now.

    Returns
    -------
    tuple of Event, or Refusal
        What to append to the log, in order; or why nothing is.

    Raises
    ------
    LeewardError
        If a time has no zone.
    """
    at = now if occurred_at is None else occurred_at
    if now.tzinfo is None or at.tzinfo is None:
        raise LeewardError("times need their zone")
    context = Context(actor, now, at)
    if refused := _refuse_outright(state, command, context):
        return refused
    if isinstance(command, c.OpenSession):
        return preparation.open_session(command)
    assert state is not None
    return _DECISIONS[type(command)](state, command, context)


def _refuse_outright(
    state: SessionState | None, command: Command, context: Context
) -> Refusal | None:
    if context.at > context.now:
        because = "That lies in the future. Enter the time at which it happened."
        return Refusal("time.future", because, field="occurred_at")
    patient_calls = context.actor.kind == "patient" and isinstance(command, PATIENT_COMMANDS)
    if (
        context.actor.kind != "staff"
        and not isinstance(command, MACHINE_COMMANDS)
        and not patient_calls
    ):
        because = "This is done by a person of the clinic, by name."
        return Refusal("actor.not_staff", because)
    opening = isinstance(command, c.OpenSession)
    if state is None:
        because = "This session has not been opened."
        return None if opening else Refusal("session.not_opened", because)
    if opening:
        return Refusal("session.already_open", "This session has been opened already.")
    if context.at < state.opened.at:
        because = "That was before this session was opened. Check the time."
        return Refusal("time.before_opening", because, field="occurred_at")
    return None


MACHINE_COMMANDS = (
    c.StartMonitoring,
    c.RecordMonitoringGap,
    c.RaiseAlarm,
    c.EndAlarm,
    c.EscalateAlarm,
    c.SealSamples,
    c.NoteWeight,
)
# What a patient may do in their own session.
PATIENT_COMMANDS = (c.CallForHelp,)

_DECISIONS: dict[type, Callable[[SessionState, Any, Context], Decision]] = {
    c.IdentifyPatient: preparation.identify,
    c.AnswerCheck: preparation.answer_check,
    c.OverrideCheck: preparation.override_check,
    c.RecordTimeOutFirst: preparation.time_out_first,
    c.RecordTimeOutSecond: preparation.time_out_second,
    c.StartInfusion: infusion.start,
    c.ChangeRate: infusion.change_rate,
    c.PauseInfusion: infusion.pause,
    c.ResumeInfusion: infusion.resume,
    c.StopInfusion: infusion.stop,
    c.DrawDrug: drug.draw,
    c.GiveBolus: drug.bolus,
    c.ChangeSyringe: drug.change_syringe,
    c.FlushLine: drug.flush,
    c.WasteDrug: drug.waste,
    c.ExtendOrder: drug.extend,
    c.NoteWeight: drug.note_weight,
    c.GiveInjection: doses.inject,
    c.TakeDevices: doses.take_devices,
    c.GiveDevice: doses.give_device,
    c.WasteDevices: doses.waste_devices,
    c.EndDosing: doses.end,
    c.GiveRescue: care.rescue,
    c.SetOxygen: care.set_oxygen,
    c.StopOxygen: care.stop_oxygen,
    c.GiveComfort: care.comfort,
    c.CallForHelp: care.call,
    c.AnswerCall: care.answer,
    c.DeclareEmergency: care.declare,
    c.EndEmergency: care.end_emergency,
    c.HandOver: care.hand_over,
    c.RecordVitals: chart.record_vitals,
    c.Observe: chart.observe,
    c.StartEffect: chart.start_effect,
    c.ChangeEffect: chart.change_effect,
    c.EndEffect: chart.end_effect,
    c.WithdrawEntry: chart.withdraw,
    c.BindDevice: monitoring.bind,
    c.UnbindDevice: monitoring.unbind,
    c.SealSamples: monitoring.seal,
    c.StartMonitoring: monitoring.start_monitoring,
    c.RecordMonitoringGap: monitoring.record_gap,
    c.RaiseAlarm: monitoring.raise_alarm,
    c.EndAlarm: monitoring.end_alarm,
    c.AcknowledgeAlarm: monitoring.acknowledge,
    c.PauseAlarmAudio: monitoring.pause_audio,
    c.EscalateAlarm: monitoring.escalate,
    c.ScoreRecovery: ending.score,
    c.ConfirmCriterion: ending.confirm,
    c.RecordEscort: ending.record_escort,
    c.GiveInstructions: ending.instruct,
    c.OverrideDischarge: ending.override,
    c.Discharge: ending.discharge,
    c.Depart: ending.depart,
    c.SignNote: ending.sign,
    c.WriteAddendum: ending.addendum,
}
