"""What the state knows of the drug: syringes, devices, boluses, waste, and what was allowed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from leeward.core.quantities.doses import mg_in

from .entries import Said


@dataclass(frozen=True, slots=True)
class Syringe:
    """One prepared syringe.

    Attributes
    ----------
    said : Said
        Who drew it and when.
    syringe_id : str
        Its number in the session.
    drawn_ml : Decimal
        Volume in it [mL].
    concentration_mg_per_ml : Decimal
        Concentration [mg/mL].
    lot : str
        Lot of the vial.
    expiry : date
        Expiry of the vial.
    stock_ml : Decimal or None
        Volume taken from the vial [mL], where it was measured.
    presentation_id, ledger_entry : str
        As drawn.
    wasted_ml : Decimal
        Destroyed from it [mL].
    pushed_ml : Decimal
        Given from it as boluses or injections [mL].
    infused_ml : Decimal or None
        What the pump gave from it [mL], once it was taken off; None: by the rates.
    taken_off_at : datetime or None
        When the pump was done with it.
    """

    said: Said
    syringe_id: str
    drawn_ml: Decimal
    concentration_mg_per_ml: Decimal
    lot: str
    expiry: date
    stock_ml: Decimal | None = None
    presentation_id: str = ""
    ledger_entry: str = ""
    wasted_ml: Decimal = Decimal(0)
    pushed_ml: Decimal = Decimal(0)
    infused_ml: Decimal | None = None
    taken_off_at: datetime | None = None

    @property
    def most_infused_ml(self) -> Decimal:
        """What the pump can have given at the most [mL]."""
        return self.drawn_ml - self.wasted_ml - self.pushed_ml


@dataclass(frozen=True, slots=True)
class Account:
    """Where the drug of one syringe, or of all, is [mL, mg]; what is left follows.

    Attributes
    ----------
    drawn_ml, given_ml, wasted_ml : Decimal
        Volumes [mL].
    concentration_mg_per_ml : Decimal
        Concentration [mg/mL].
    """

    drawn_ml: Decimal
    given_ml: Decimal
    wasted_ml: Decimal
    concentration_mg_per_ml: Decimal

    @property
    def left_ml(self) -> Decimal:
        """Neither given nor wasted [mL]."""
        return self.drawn_ml - self.given_ml - self.wasted_ml

    def mg(self, volume_ml: Decimal) -> Decimal:
        """Drug in a volume [mg]."""
        strength = self.concentration_mg_per_ml
        return mg_in(volume_ml=volume_ml, concentration_mg_per_ml=strength)


@dataclass(frozen=True, slots=True)
class Bolus:
    """One bolus [mL, mg]."""

    said: Said
    syringe_id: str
    volume_ml: Decimal
    dose_mg: Decimal
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Injection:
    """One injection [mL, mg] into a site."""

    said: Said
    syringe_id: str
    volume_ml: Decimal
    dose_mg: Decimal
    site: str


@dataclass(frozen=True, slots=True)
class Devices:
    """Single-use devices [mg each] of one lot; what is left follows."""

    said: Said
    package_id: str
    taken: int
    mg_per_device: Decimal
    lot: str
    expiry: date
    given: int = 0
    wasted: int = 0
    ledger_entry: str = ""

    @property
    def left(self) -> int:
        """Neither used nor wasted."""
        return self.taken - self.given - self.wasted


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """One device used [mg]."""

    said: Said
    package_id: str
    number: int
    dose_mg: Decimal


@dataclass(frozen=True, slots=True)
class Waste:
    """Drug destroyed before a witness: volume [mL] and drug [mg], or a count of devices."""

    said: Said
    source_id: str
    volume_ml: Decimal | None
    dose_mg: Decimal | None
    devices: int | None
    witness_name: str
    reason: str
    ledger_entry: str = ""


@dataclass(frozen=True, slots=True)
class Flush:
    """The line flushed with a fluid [mL]."""

    said: Said
    fluid: str
    volume_ml: Decimal


@dataclass(frozen=True, slots=True)
class Extension:
    """A prescriber let the session go beyond its order [mL/h, mL]."""

    said: Said
    reason: str
    rate_ml_per_h: Decimal | None
    volume_ml: Decimal | None
    bolus_ml: Decimal | None


@dataclass(frozen=True, slots=True)
class ChartedWeight:
    """A weight [kg] charted after the one the dose rests on."""

    said: Said
    weight_kg: Decimal
    measured_on: date
