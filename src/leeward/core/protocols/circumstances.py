"""What a plan is checked against besides its protocol and the clinic's limits."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leeward.core.quantities.published import PublishedFigure

from .protocol import Presentation


@dataclass(frozen=True, slots=True)
class AnaestheticDose:
    """A dose that a label gives for anaesthesia: never a session plan.

    Attributes
    ----------
    route : str
        Route the label gives it by.
    dose_mg_per_kg : PublishedFigure
        Smallest anaesthetic dose [mg/kg].
    within_min : PublishedFigure or None
        Given within this time [min]; None: however slowly.
    """

    route: str
    dose_mg_per_kg: PublishedFigure
    within_min: PublishedFigure | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a plan is checked against besides its protocol and the clinic's limits.

    Attributes
    ----------
    today : date
        Day of the check.
    presentation : Presentation or None
        Vial that will be drawn from.
    final_concentrations_mg_per_ml : tuple of Decimal
        The clinic's own dilutions [mg/mL]; empty: it keeps no list, and a new dilution is
        confirmed by name.
    prepared_mg_per_ml : tuple of Decimal
        Dilutions of this vial that the clinic has confirmed before [mg/mL].
    measured_kg : Decimal or None
        Weight on the scales [kg], where the dosing weight is another; None: it is the same.
    last_weight_kg : Decimal or None
        Weight on record before this one [kg].
    last_dose_mg_per_kg : Decimal or None
        Dose of the previous session [mg/kg].
    anaesthetic : tuple of AnaestheticDose
        Doses that are anaesthetic.
    """

    today: date
    presentation: Presentation | None = None
    final_concentrations_mg_per_ml: tuple[Decimal, ...] = ()
    prepared_mg_per_ml: tuple[Decimal, ...] = ()
    measured_kg: Decimal | None = None
    last_weight_kg: Decimal | None = None
    last_dose_mg_per_kg: Decimal | None = None
    anaesthetic: tuple[AnaestheticDose, ...] = ()
