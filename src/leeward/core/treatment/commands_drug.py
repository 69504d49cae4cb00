"""What people ask of the drug: draw, give, change, waste, and go beyond the order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .envelope import Actor


@dataclass(frozen=True, slots=True)
class DrawDrug:
    """Prepare a syringe [mL] at a concentration [mg/mL], of so much from the vial [mL]."""

    volume_ml: Decimal
    concentration_mg_per_ml: Decimal
    lot: str
    expiry: date
    stock_ml: Decimal | None = None
    presentation_id: str = ""
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class GiveBolus:
    """Give a bolus [mL] that a prescriber allowed; by ``"pump"`` or ``"hand"``."""

    volume_ml: Decimal
    reason: str
    by: str = "pump"
    syringe_id: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSyringe:
    """Go on from another syringe; `left_ml` is what the old one still holds [mL], if read."""

    to_syringe_id: str
    left_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FlushLine:
    """Flush the line with a fluid [mL]."""

    fluid: str
    volume_ml: Decimal


@dataclass(frozen=True, slots=True)
class WasteDrug:
    """Destroy drug [mL] of a syringe before a second person."""

    syringe_id: str
    volume_ml: Decimal
    witness: Actor
    reason: str
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class GiveInjection:
    """Give an injection [mL] into a site; lot and expiry name the syringe if none was drawn."""

    volume_ml: Decimal
    site: str
    syringe_id: str = ""
    lot: str = ""
    expiry: date | None = None


@dataclass(frozen=True, slots=True)
class TakeDevices:
    """Take single-use devices for this patient."""

    count: int
    lot: str
    expiry: date
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class GiveDevice:
    """Have one device used; lot and expiry name the devices if none were taken."""

    package_id: str = ""
    lot: str = ""
    expiry: date | None = None


@dataclass(frozen=True, slots=True)
class WasteDevices:
    """Destroy devices, or set them aside, before a second person."""

    package_id: str
    count: int
    witness: Actor
    reason: str
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class EndDosing:
    """Give no further injection or device, although some of the order is left."""

    reason: str


@dataclass(frozen=True, slots=True)
class ExtendOrder:
    """Let this session go beyond its order: rate [mL/h], whole volume [mL], a bolus [mL]."""

    reason: str
    rate_ml_per_h: Decimal | None = None
    volume_ml: Decimal | None = None
    bolus_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NoteWeight:
    """The chart holds a newer weight [kg]."""

    weight_kg: Decimal
    measured_on: date


DRUG_COMMANDS = (
    DrawDrug
    | GiveBolus
    | ChangeSyringe
    | FlushLine
    | WasteDrug
    | GiveInjection
    | TakeDevices
    | GiveDevice
    | WasteDevices
    | EndDosing
    | ExtendOrder
    | NoteWeight
)
