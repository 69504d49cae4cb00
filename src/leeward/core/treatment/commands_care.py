"""What people ask beside the drug: rescue, oxygen, comfort, calls, emergencies, hand-over."""

from dataclasses import dataclass
from decimal import Decimal

from .envelope import Actor


@dataclass(frozen=True, slots=True)
class GiveRescue:
    """Record another medicine that was given: amount in `unit`."""

    drug: str
    amount: Decimal
    unit: str
    route: str
    reason: str
    ordered_by: str = ""


@dataclass(frozen=True, slots=True)
class SetOxygen:
    """Begin or change oxygen [L/min]."""

    flow_l_per_min: Decimal
    device: str


@dataclass(frozen=True, slots=True)
class StopOxygen:
    """Take oxygen off."""


@dataclass(frozen=True, slots=True)
class GiveComfort:
    """Record something done for comfort."""

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class CallForHelp:
    """The patient calls; asked by the patient, or by staff for a bell they heard."""

    call_id: str
    via: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """Come to a call, with what the patient said."""

    call_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class DeclareEmergency:
    """Declare an emergency."""

    emergency_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class EndEmergency:
    """Say that an emergency is over, and how it ended."""

    emergency_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Pass the care to a named person, who has just confirmed who they are."""

    to: Actor
    words: str = ""


CARE_COMMANDS = (
    GiveRescue
    | SetOxygen
    | StopOxygen
    | GiveComfort
    | CallForHelp
    | AnswerCall
    | DeclareEmergency
    | EndEmergency
    | HandOver
)
