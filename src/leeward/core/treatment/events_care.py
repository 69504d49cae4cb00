"""What is done for the patient beside the drug: rescue, oxygen, comfort, calls, emergencies."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RescueGiven:
    """Another medicine was given: amount in `unit`, by a route, and why."""

    drug: str
    amount: Decimal
    unit: str
    route: str
    reason: str
    ordered_by: str = ""


@dataclass(frozen=True, slots=True)
class OxygenSet:
    """Oxygen was begun or changed [L/min]."""

    flow_l_per_min: Decimal
    device: str


@dataclass(frozen=True, slots=True)
class OxygenStopped:
    """Oxygen was taken off."""


@dataclass(frozen=True, slots=True)
class ComfortGiven:
    """Something for comfort: ``"music"``, ``"light"``, ``"talk"`` and the like."""

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class PatientCalled:
    """The patient called, with the words if there were any; `via` is the bell or the phone."""

    call_id: str
    via: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """Somebody came to a call, and what the patient said or wanted."""

    call_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyDeclared:
    """Somebody declared an emergency."""

    emergency_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyEnded:
    """An emergency was over, and how it ended."""

    emergency_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The care passed to a named person of the staff, who took it over."""

    to_id: str
    to_name: str
    words: str = ""


CARE_EVENTS = (
    RescueGiven
    | OxygenSet
    | OxygenStopped
    | ComfortGiven
    | PatientCalled
    | CallAnswered
    | EmergencyDeclared
    | EmergencyEnded
    | HandedOver
)
