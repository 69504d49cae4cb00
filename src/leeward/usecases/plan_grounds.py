"""What a plan is checked against: limits in force, weights, earlier orders."""

from datetime import datetime
from decimal import Decimal

from leeward import content
from leeward.content.kinds.weight_basis import formula_of
from leeward.core.protocols import (
    BasisDose,
    Circumstances,
    InfusionPlan,
    InjectionPlan,
    LimitSet,
    Presentation,
    doses_by_basis,
    dosing_weights,
    refuse_unset,
)
from leeward.core.quantities import Refusal
from leeward.core.treatment.payload import plan_from_payload
from leeward.records.charts.selectors import find_height_cm, find_weight
from leeward.records.orders.models import MedicationRequest
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.records.people.models import Patient

HIGHEST_WEIGHT = "dose.highest_weight_kg"


def limits_for(patient: Patient, drug: str, route: str) -> LimitSet | Refusal:
    """The clinic's limits; refused, naming them, while one is missing or not approved."""
    limits = find_limits_in_force(patient.location_id, drug, route)
    unset = refuse_unset(limits, content.load().limits.values(), drug=drug, route=route)
    if unset is not None or limits is None:
        return unset or Refusal("limits.missing", "No limits are set.")
    return limits


def dosed_by(
    patient: Patient, measured_kg: Decimal, basis: str, per_kg: Decimal, limits: LimitSet
) -> tuple[Decimal, tuple[BasisDose, ...]] | Refusal:
    """The weight of the chosen basis, and the milligrams by every one."""
    weights = dosing_weights(
        measured_kg=measured_kg,
        height_cm=find_height_cm(patient),
        sex=patient.sex,
        cap_kg=limits.get(HIGHEST_WEIGHT),
        formula=formula_of(content.load().weight_bases),
    )
    chosen = next((w for w in weights if w.basis == basis), None)
    if chosen is None:
        return Refusal("weight.basis", "Choose a weight to dose by.", field="weight_basis")
    if chosen.weight_kg is None:
        because = f"The {basis} weight can't be known: {chosen.because}. Choose another."
        return Refusal("weight.no_basis", because, field="weight_basis")
    return chosen.weight_kg, doses_by_basis(weights, dose_mg_per_kg=per_kg)


def circumstances_of(
    patient: Patient,
    drug: str,
    route: str,
    vial: Presentation | None,
    measured_kg: Decimal | None,
    now: datetime,
) -> Circumstances:
    """What is on record that a plan is checked against."""
    charted = find_weight(patient)
    return Circumstances(
        today=now.date(),
        presentation=vial,
        prepared_mg_per_ml=_prepared(patient, vial),
        measured_kg=measured_kg,
        last_weight_kg=charted.weight_kg if charted else None,
        last_dose_mg_per_kg=_last_dose(patient, drug, route),
        anaesthetic=tuple(content.load().dose_bounds.values()),
    )


def _prepared(patient: Patient, vial: Presentation | None) -> tuple[Decimal, ...]:
    """Dilutions of this vial that an order of this location has confirmed before."""
    if vial is None:
        return ()
    plans = MedicationRequest.objects.filter(
        care_plan__location_id=patient.location_id,
        plan__route="iv",
        plan__presentation_id=vial.id,
    ).values_list("plan__concentration_mg_per_ml", flat=True)
    # A database may hand a JSON text that looks like a number back as one; its text is exact.
    return tuple(sorted({Decimal(str(value)) for value in plans}))


def _last_dose(patient: Patient, drug: str, route: str) -> Decimal | None:
    """The last dose by weight of the same drug by the same route."""
    last = (
        MedicationRequest.objects.filter(patient=patient, plan__drug=drug, plan__route=route)
        .order_by("-ordered_at")
        .first()
    )
    plan = plan_from_payload(last.plan) if last else None
    return plan.dose_mg_per_kg if isinstance(plan, InfusionPlan | InjectionPlan) else None
