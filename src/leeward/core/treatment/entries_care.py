"""What the state knows beside the drug: rescue, oxygen, comfort, calls, emergencies, hand-over."""

from dataclasses import dataclass
from decimal import Decimal

from .entries import Said


@dataclass(frozen=True, slots=True)
class Rescue:
    """Another medicine, its amount in `unit`."""

    said: Said
    drug: str
    amount: Decimal
    unit: str
    route: str
    reason: str
    ordered_by: str


@dataclass(frozen=True, slots=True)
class Oxygen:
    """Oxygen from one setting to the next [L/min]; None is off."""

    said: Said
    flow_l_per_min: Decimal | None
    device: str


@dataclass(frozen=True, slots=True)
class Comfort:
    """Something done for comfort."""

    said: Said
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the patient, and who came."""

    said: Said
    call_id: str
    via: str
    words: str
    answered: Said | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency, from its declaration to its end."""

    said: Said
    emergency_id: str
    words: str
    ended: Said | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class HandOverEntry:
    """The care passed on."""

    said: Said
    to_id: str
    to_name: str
    words: str
