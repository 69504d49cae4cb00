"""Decisions beside the drug: rescue, oxygen, comfort, calls, emergencies, hand-over."""

from leeward.core.quantities import Refusal

from . import commands as c
from . import events as e
from .context import Context, Decision, refuse_blank, refuse_closed, refuse_not_positive
from .state import PRESENT, SessionState


def rescue(state: SessionState, command: c.GiveRescue, context: Context) -> Decision:
    return (
        refuse_closed(state, context)
        or refuse_blank(command.drug, field="drug", what="which medicine")
        or refuse_not_positive({"amount": command.amount})
        or refuse_blank(command.unit, field="unit", what="the unit")
        or refuse_blank(command.route, field="route", what="by which route")
        or refuse_blank(command.reason, field="reason", what="why it was given")
        or (
            e.RescueGiven(
                drug=command.drug.strip(),
                amount=command.amount,
                unit=command.unit.strip(),
                route=command.route.strip(),
                reason=command.reason.strip(),
                ordered_by=command.ordered_by.strip(),
            ),
        )
    )


def set_oxygen(state: SessionState, command: c.SetOxygen, context: Context) -> Decision:
    now = state.oxygen_now
    unchanged = now is not None and (now.flow_l_per_min, now.device) == (
        command.flow_l_per_min,
        command.device.strip(),
    )
    if unchanged:
        return Refusal("oxygen.unchanged", "Oxygen is set so already.", field="flow_l_per_min")
    return (
        refuse_closed(state, context)
        or refuse_not_positive({"flow_l_per_min": command.flow_l_per_min})
        or refuse_blank(command.device, field="device", what="by mask or cannula")
        or (e.OxygenSet(command.flow_l_per_min, command.device.strip()),)
    )


def stop_oxygen(state: SessionState, command: c.StopOxygen, context: Context) -> Decision:
    now = state.oxygen_now
    if now is None:
        return Refusal("oxygen.not_on", "Oxygen is not on.")
    if context.at < now.said.at:
        because = "Oxygen was set later than that."
        return Refusal("oxygen.out_of_order", because, field="occurred_at")
    return refuse_closed(state, context) or (e.OxygenStopped(),)


def comfort(state: SessionState, command: c.GiveComfort, context: Context) -> Decision:
    return (
        refuse_closed(state, context)
        or refuse_blank(command.kind, field="kind", what="what was done")
        or (e.ComfortGiven(command.kind.strip(), command.words.strip()),)
    )


def call(state: SessionState, command: c.CallForHelp, context: Context) -> Decision:
    if context.actor.kind == "patient" and context.actor.id != state.patient_id:
        return Refusal("call.other_patient", "This is not your session.")
    if state.stage not in PRESENT:
        because = "The visit is over. Telephone the clinic, or the emergency number if you must."
        return Refusal("session.departed", because)
    if command.call_id in state.calls:
        return Refusal("call.known", "This call has been made already.", field="call_id")
    called = e.PatientCalled(command.call_id, command.via, command.words.strip())
    return refuse_blank(command.call_id, field="call_id", what="which call") or (called,)


def answer(state: SessionState, command: c.AnswerCall, context: Context) -> Decision:
    open_call = next((k for k in state.open_calls if k.call_id == command.call_id), None)
    if open_call is None:
        return Refusal("call.not_open", "That call was answered already.", field="call_id")
    if context.at < open_call.said.at:
        because = "The patient called later than that."
        return Refusal("call.out_of_order", because, field="occurred_at")
    answered = e.CallAnswered(command.call_id, command.words.strip())
    return refuse_closed(state, context) or (answered,)


def declare(state: SessionState, command: c.DeclareEmergency, context: Context) -> Decision:
    if state.open_emergency is not None:
        return Refusal("emergency.open", "An emergency is declared already.")
    if command.emergency_id in state.emergencies:
        return Refusal("emergency.known", "This emergency has been declared already.")
    declared = e.EmergencyDeclared(command.emergency_id, command.words.strip())
    return (
        refuse_closed(state, context)
        or refuse_blank(command.emergency_id, field="emergency_id", what="which emergency")
        or (declared,)
    )


def end_emergency(state: SessionState, command: c.EndEmergency, context: Context) -> Decision:
    lasting = state.open_emergency
    if lasting is None or lasting.emergency_id != command.emergency_id:
        return Refusal("emergency.not_open", "No such emergency is going on.")
    if context.at < lasting.said.at:
        because = "The emergency was declared later than that."
        return Refusal("emergency.out_of_order", because, field="occurred_at")
    ended = e.EmergencyEnded(command.emergency_id, command.outcome.strip())
    return (
        refuse_closed(state, context)
        or refuse_blank(command.outcome, field="outcome", what="how it ended")
        or (ended,)
    )


def hand_over(state: SessionState, command: c.HandOver, context: Context) -> Decision:
    to = command.to
    if to.kind != "staff" or not to.id:
        because = "The care is handed to a named person of the staff."
        return Refusal("hand_over.nobody", because, field="login")
    if to.id == state.in_charge.id:
        return Refusal("hand_over.same", f"{to.name} has the care already.", field="login")
    handed = e.HandedOver(to.id, to.name, command.words.strip())
    return refuse_closed(state, context) or (handed,)
