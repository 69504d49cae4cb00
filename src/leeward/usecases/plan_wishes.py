"""What a prescriber enters for a plan, and what is worked out from it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leeward.core.protocols import (
    BasisDose,
    DosePlan,
    PlanChecks,
    Protocol,
    Regimen,
)
from leeward.core.quantities.doses import InfusionFigures


@dataclass(frozen=True, slots=True)
class Wish:
    """What a prescriber enters for an infusion; everything else follows from it.

    `weight_kg` is the weight on the scales; the basis decides what it is dosed by.
    """

    protocol_id: str
    indication: str
    dose_mg_per_kg: Decimal
    duration_min: Decimal
    presentation_id: str
    concentration_mg_per_ml: Decimal
    weight_kg: Decimal
    weight_measured_on: date
    weight_basis: str = "actual"
    diluent: str | None = None
    adjuncts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoseWish:
    """What a prescriber enters for a dose at once: `dose` in the unit of the regimen's phase."""

    regimen_id: str
    phase: str
    indication: str
    dose: Decimal
    presentation_id: str = ""
    weight_kg: Decimal | None = None
    weight_measured_on: date | None = None
    weight_basis: str = "actual"
    adjuncts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan worked out and checked, not yet ordered. `by_basis`: the dose by each weight."""

    plan: DosePlan
    figures: InfusionFigures | None
    checks: PlanChecks
    protocol: Protocol | Regimen
    limits_digest: str
    by_basis: tuple[BasisDose, ...] = ()
