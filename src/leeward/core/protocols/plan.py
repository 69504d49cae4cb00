"""The dose of one session as a value: what is given, in every unit that is read aloud."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class InfusionPlan:
    """One infusion for one person, all its figures derived from one another.

    Attributes
    ----------
    drug : str
        ``"racemic_ketamine"`` or ``"esketamine"``; the two are never aliases of each other.
    route : str
        ``"iv"``.
    protocol_id : str
        Protocol the plan was made from.
    indication : str
        Indication it is given for.
    weight_kg : Decimal
        Dosing weight [kg].
    weight_measured_on : date
        Day the weight was measured.
    weight_basis : str
        ``"actual"``, ``"ideal"``, ``"adjusted"`` or ``"capped"``.
    dose_mg_per_kg : Decimal
        Ordered dose [mg/kg].
    dose_mg : Decimal
        Dose [mg].
    concentration_mg_per_ml : Decimal
        Concentration in the syringe or bag [mg/mL].
    volume_ml : Decimal
        Volume to be infused [mL].
    duration_min : Decimal
        Planned duration [min].
    rate_ml_per_h : Decimal
        Pump rate [mL/h].
    presentation_id : str or None
        The labelled vial the drug is drawn from.
    stock_concentration_mg_per_ml : Decimal or None
        Concentration in that vial [mg/mL].
    diluent : str or None
        What it is diluted with, if it is.
    """

    drug: str
    route: str
    protocol_id: str
    indication: str
    weight_kg: Decimal
    weight_measured_on: date
    weight_basis: str
    dose_mg_per_kg: Decimal
    dose_mg: Decimal
    concentration_mg_per_ml: Decimal
    volume_ml: Decimal
    duration_min: Decimal
    rate_ml_per_h: Decimal
    presentation_id: str | None = None
    stock_concentration_mg_per_ml: Decimal | None = None
    diluent: str | None = None
