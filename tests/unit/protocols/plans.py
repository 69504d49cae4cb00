"""Protocols, vials and limits for tests. Their figures are made up and mean nothing."""

from datetime import date
from decimal import Decimal

from leeward.core.protocols import (
    AnaestheticDose,
    Circumstances,
    InfusionPlan,
    LimitSet,
    LimitValue,
    Presentation,
    Protocol,
)
from leeward.core.protocols.ceilings import MAX_MG, MAX_MG_PER_H, MAX_MG_PER_KG
from leeward.core.protocols.checks import WEIGHT_CHANGE_PCT, WEIGHT_MAX_AGE_D
from leeward.core.quantities.doses import derive_infusion
from leeward.core.quantities.published import Citation, Grade, PublishedFigure

TODAY = date(2026, 3, 2)
FINAL = (Decimal("1"), Decimal("2"))


def figure(value: str, unit: str) -> PublishedFigure:
    return PublishedFigure(Decimal(value), unit, Citation("test_source", "table 1"), Grade.READ)


def vial(strength: str, *, drug: str = "racemic_ketamine", dilute: bool = False) -> Presentation:
    return Presentation(
        id=f"{drug}.{strength}_mg_per_ml",
        drug=drug,
        concentration=figure(strength, "mg/mL"),
        dilute_before_iv=dilute,
        label=f"{drug} {strength} mg/mL",
    )


VIALS = (
    vial("10"),
    vial("50"),
    vial("100", dilute=True),
    vial("25", drug="esketamine"),
    vial("10", drug="esketamine"),
)
TEN = VIALS[0]
PROTOCOL = Protocol(
    id="protocol.test",
    title="Half a milligram over forty minutes",
    drug="racemic_ketamine",
    route="iv",
    indications=("depression",),
    dose_mg_per_kg=figure("0.5", "mg/kg"),
    duration_min=figure("40", "min"),
    dose_low_mg_per_kg=figure("0.2", "mg/kg"),
    dose_high_mg_per_kg=figure("1", "mg/kg"),
    citation=Citation("test_source", "methods"),
)
LIMITS = LimitSet(
    values=(
        LimitValue(MAX_MG_PER_KG, Decimal("1.2"), "mg/kg"),
        LimitValue(MAX_MG, Decimal("90"), "mg"),
        LimitValue(MAX_MG_PER_H, Decimal("150"), "mg/h"),
        LimitValue(WEIGHT_CHANGE_PCT, Decimal("10"), "%"),
        LimitValue(WEIGHT_MAX_AGE_D, Decimal("7"), "d"),
    ),
    digest="l" * 64,
    approved_by="Eve",
    approved_on=date(2026, 1, 2),
)
NO_LIMITS = LimitSet((), "n" * 64, "Eve", date(2026, 1, 2))


def circumstances(**changes) -> Circumstances:
    values = {
        "today": TODAY,
        "presentation": TEN,
        "final_concentrations_mg_per_ml": FINAL,
        "last_weight_kg": Decimal("71"),
        "anaesthetic": (
            AnaestheticDose("iv", figure("1", "mg/kg"), figure("1", "min")),
            AnaestheticDose("im", figure("6.5", "mg/kg")),
        ),
    }
    return Circumstances(**(values | changes))


def plan(
    *,
    weight_kg: str = "70.3",
    dose_mg_per_kg: str = "0.5",
    concentration_mg_per_ml: str = "1",
    duration_min: str = "40",
    drawn: Presentation = TEN,
    **changes,
) -> InfusionPlan:
    """A plan with all its figures worked out, `changes` written over them afterwards."""
    figures = derive_infusion(
        weight_kg=Decimal(weight_kg),
        dose_mg_per_kg=Decimal(dose_mg_per_kg),
        concentration_mg_per_ml=Decimal(concentration_mg_per_ml),
        duration_min=Decimal(duration_min),
    )
    values = {
        "drug": "racemic_ketamine",
        "route": "iv",
        "protocol_id": PROTOCOL.id,
        "indication": "depression",
        "weight_kg": figures.weight_kg,
        "weight_measured_on": TODAY,
        "weight_basis": "actual",
        "dose_mg_per_kg": figures.dose_mg_per_kg,
        "dose_mg": figures.dose_mg,
        "concentration_mg_per_ml": figures.concentration_mg_per_ml,
        "volume_ml": figures.volume_ml.value,
        "duration_min": figures.duration_min,
        "rate_ml_per_h": figures.rate_ml_per_h.value,
        "presentation_id": drawn.id,
        "stock_concentration_mg_per_ml": drawn.concentration.value,
        "diluent": "saline",
    }
    return InfusionPlan(**(values | changes))
