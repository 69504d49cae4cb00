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


@dataclass(frozen=True, slots=True)
class InjectionPlan:
    """One injection into a muscle or under the skin, its figures derived from one another.

    Attributes
    ----------
    drug, route, protocol_id, indication : str
        As in `InfusionPlan`; the route is ``"im"`` or ``"sc"``.
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
        Concentration in the syringe [mg/mL].
    volume_ml : Decimal
        Volume to be injected [mL].
    presentation_id : str or None
        The labelled vial the drug is drawn from.
    stock_concentration_mg_per_ml : Decimal or None
        Concentration in that vial [mg/mL].
    diluent : str or None
        What it is diluted with, if it is.
    phase : str
        Phase of the regimen it was made from.
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
    presentation_id: str | None = None
    stock_concentration_mg_per_ml: Decimal | None = None
    diluent: str | None = None
    phase: str = ""


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """One session by labelled single-use devices, such as nasal sprays.

    Attributes
    ----------
    drug, route, protocol_id, indication : str
        As in `InfusionPlan`; the route is ``"intranasal"``.
    dose_mg : Decimal
        Dose of the session [mg].
    devices : int
        How many devices make up the dose [1].
    mg_per_device : Decimal
        Labelled content of one device [mg].
    wait_min : Decimal or None
        Shortest time from one device to the next [min], as labelled; None: none is stated.
    presentation_id : str or None
        The labelled device.
    phase : str
        Phase of the regimen it was made from.
    """

    drug: str
    route: str
    protocol_id: str
    indication: str
    dose_mg: Decimal
    devices: int
    mg_per_device: Decimal
    wait_min: Decimal | None = None
    presentation_id: str | None = None
    phase: str = ""


AtOncePlan = InjectionPlan | DevicePlan
# What a session is opened with: one of the ways to give one dose.
DosePlan = InfusionPlan | InjectionPlan | DevicePlan
