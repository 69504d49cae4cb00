"""What events beside the drug make of a state."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import entries_care as k
from . import events as e
from .entries import Said
from .state import SessionState


def _rescue(state: SessionState, said: Said, event: e.RescueGiven) -> SessionState:
    rescue = k.Rescue(
        said=said,
        drug=event.drug,
        amount=event.amount,
        unit=event.unit,
        route=event.route,
        reason=event.reason,
        ordered_by=event.ordered_by,
    )
    return replace(state, rescues=(*state.rescues, rescue))


def _oxygen(state: SessionState, said: Said, event: e.OxygenSet) -> SessionState:
    setting = k.Oxygen(said, event.flow_l_per_min, event.device)
    return replace(state, oxygen=(*state.oxygen, setting))


def _oxygen_off(state: SessionState, said: Said, event: e.OxygenStopped) -> SessionState:
    return replace(state, oxygen=(*state.oxygen, k.Oxygen(said, None, "")))


def _comfort(state: SessionState, said: Said, event: e.ComfortGiven) -> SessionState:
    comfort = k.Comfort(said, event.kind, event.words)
    return replace(state, comforts=(*state.comforts, comfort))


def _called(state: SessionState, said: Said, event: e.PatientCalled) -> SessionState:
    call = k.Call(said, event.call_id, event.via, event.words)
    return replace(state, calls={**state.calls, event.call_id: call})


def _answered(state: SessionState, said: Said, event: e.CallAnswered) -> SessionState:
    call = replace(state.calls[event.call_id], answered=said, answer=event.words)
    return replace(state, calls={**state.calls, event.call_id: call})


def _emergency(state: SessionState, said: Said, event: e.EmergencyDeclared) -> SessionState:
    emergency = k.Emergency(said, event.emergency_id, event.words)
    return replace(state, emergencies={**state.emergencies, event.emergency_id: emergency})


def _emergency_over(state: SessionState, said: Said, event: e.EmergencyEnded) -> SessionState:
    over = replace(state.emergencies[event.emergency_id], ended=said, outcome=event.outcome)
    return replace(state, emergencies={**state.emergencies, event.emergency_id: over})


def _handed_over(state: SessionState, said: Said, event: e.HandedOver) -> SessionState:
    entry = k.HandOverEntry(said, event.to_id, event.to_name, event.words)
    return replace(state, hand_overs=(*state.hand_overs, entry))


STEPS: dict[type, Callable[[SessionState, Said, Any], SessionState]] = {
    e.RescueGiven: _rescue,
    e.OxygenSet: _oxygen,
    e.OxygenStopped: _oxygen_off,
    e.ComfortGiven: _comfort,
    e.PatientCalled: _called,
    e.CallAnswered: _answered,
    e.EmergencyDeclared: _emergency,
    e.EmergencyEnded: _emergency_over,
    e.HandedOver: _handed_over,
}
