"""What happens to the drug itself: drawn, given, changed, wasted, and let beyond the order.

Every millilitre that was drawn is given, wasted or left; volumes are whole steps of a syringe and
milligrams follow exactly from the concentration.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DrugDrawn:
    """A syringe was prepared [mL] at a concentration [mg/mL] from a named lot.

    `stock_ml` is what was taken from the vial [mL], where that was measured; `ledger_entry` is
    the entry of the controlled-drug ledger that owns it.
    """

    syringe_id: str
    volume_ml: Decimal
    concentration_mg_per_ml: Decimal
    lot: str
    expiry: date
    stock_ml: Decimal | None = None
    presentation_id: str = ""
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class BolusGiven:
    """A bolus [mL, mg] was given from a syringe, ``"pump"`` or ``"hand"``."""

    syringe_id: str
    volume_ml: Decimal
    dose_mg: Decimal
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyringeChanged:
    """The pump went on from another syringe; the one before had given this much [mL]."""

    from_syringe_id: str
    to_syringe_id: str
    given_ml: Decimal


@dataclass(frozen=True, slots=True)
class LineFlushed:
    """The line was flushed with a fluid [mL]."""

    fluid: str
    volume_ml: Decimal


@dataclass(frozen=True, slots=True)
class DrugWasted:
    """Drug [mL, mg] was destroyed before a second person."""

    syringe_id: str
    volume_ml: Decimal
    dose_mg: Decimal
    witness_id: str
    witness_name: str
    reason: str
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class InjectionGiven:
    """An injection [mL, mg] was given into a named site."""

    syringe_id: str
    volume_ml: Decimal
    dose_mg: Decimal
    site: str


@dataclass(frozen=True, slots=True)
class DevicesTaken:
    """Single-use devices [mg each] of a named lot were taken for this patient."""

    package_id: str
    count: int
    mg_per_device: Decimal
    lot: str
    expiry: date
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class DeviceGiven:
    """One device [mg] was used; `number` counts the devices of the session from 1."""

    package_id: str
    number: int
    dose_mg: Decimal


@dataclass(frozen=True, slots=True)
class DevicesWasted:
    """Devices were destroyed or set aside unused before a second person."""

    package_id: str
    count: int
    witness_id: str
    witness_name: str
    reason: str
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class DosingEnded:
    """Injections or devices came to their end; drug given [mg] and, of a syringe, volume [mL]."""

    reason: str
    given_mg: Decimal
    given_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderExtended:
    """A prescriber let this session go beyond its order, by name and reason.

    Highest rate [mL/h], whole volume [mL] and boluses [mL] now allowed; None: as before.
    """

    reason: str
    rate_ml_per_h: Decimal | None = None
    volume_ml: Decimal | None = None
    bolus_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WeightCharted:
    """The chart holds a newer weight [kg] than the one the dose was worked out from."""

    weight_kg: Decimal
    measured_on: date


DRUG_EVENTS = (
    DrugDrawn
    | BolusGiven
    | SyringeChanged
    | LineFlushed
    | DrugWasted
    | InjectionGiven
    | DevicesTaken
    | DeviceGiven
    | DevicesWasted
    | DosingEnded
    | OrderExtended
    | WeightCharted
)
