"""A dose at once, worked out and checked: an injection or devices."""

from datetime import datetime

from leeward import content
from leeward.core.protocols import (
    INJECTED,
    AtOncePlan,
    BasisDose,
    DevicePlan,
    InjectionPlan,
    LimitSet,
    Presentation,
    Regimen,
    check_dose,
    devices_for,
)
from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.doses import mg_for, ml_for
from leeward.records.people.models import Patient
from leeward.usecases.plan_grounds import circumstances_of, dosed_by, limits_for
from leeward.usecases.plan_wishes import DoseWish, Draft


def draft_dose(patient: Patient, wish: DoseWish, now: datetime) -> Draft | Refusal:
    """Work out a dose at once and check it."""
    library = content.load()
    regimen = library.regimens.get(wish.regimen_id)
    if regimen is None or not regimen.at_once:
        return Refusal("plan.protocol", "Choose a regimen.", field="regimen_id")
    limits = limits_for(patient, regimen.drug, regimen.route)
    if isinstance(limits, Refusal):
        return limits
    vial = library.presentations.get(wish.presentation_id)
    if regimen.route in INJECTED and vial is None:
        return Refusal("plan.vial", "Choose the vial.", field="presentation_id")
    made = _dose_plan(patient, wish, regimen, vial, limits)
    if isinstance(made, Refusal):
        return made
    plan, by_basis = made
    around = circumstances_of(patient, plan.drug, plan.route, vial, wish.weight_kg, now)
    checks = check_dose(plan, regimen, limits, around, library.drugs[plan.drug].device)
    return Draft(plan, None, checks, regimen, limits.digest, by_basis)


def _dose_plan(
    patient: Patient, wish: DoseWish, regimen: Regimen, vial: Presentation | None, limits: LimitSet
) -> tuple[AtOncePlan, tuple[BasisDose, ...]] | Refusal:
    if regimen.step(wish.phase) is None:
        return Refusal("plan.phase", "Choose a phase of this regimen.", field="phase")
    if vial is None or regimen.route not in INJECTED:
        device = _in_devices(wish, regimen)
        return device if isinstance(device, Refusal) else (device, ())
    try:
        return _injected(patient, wish, regimen, vial, limits)
    except OutOfDomain as fault:
        return Refusal("plan.not_positive", f"The plan can't be worked out: {fault}.")


def _injected(
    patient: Patient, wish: DoseWish, regimen: Regimen, vial: Presentation, limits: LimitSet
) -> tuple[InjectionPlan, tuple[BasisDose, ...]] | Refusal:
    if wish.weight_kg is None or wish.weight_measured_on is None:
        because = "This regimen is dosed by weight. Enter the weight and its day."
        return Refusal("plan.weight", because, field="weight_kg")
    dosed = dosed_by(patient, wish.weight_kg, wish.weight_basis, wish.dose, limits)
    if isinstance(dosed, Refusal):
        return dosed
    weight_kg, by_basis = dosed
    dose_mg, strength = mg_for(weight_kg=weight_kg, dose_mg_per_kg=wish.dose), vial.concentration
    volume = ml_for(dose_mg=dose_mg, concentration_mg_per_ml=strength.value)
    plan = InjectionPlan(
        drug=regimen.drug,
        route=regimen.route,
        protocol_id=regimen.id,
        indication=wish.indication,
        weight_kg=weight_kg,
        weight_measured_on=wish.weight_measured_on,
        weight_basis=wish.weight_basis,
        dose_mg_per_kg=wish.dose,
        dose_mg=dose_mg,
        concentration_mg_per_ml=strength.value,
        volume_ml=volume.value,
        presentation_id=vial.id,
        stock_concentration_mg_per_ml=strength.value,
        phase=wish.phase,
    )
    return plan, by_basis


def _in_devices(wish: DoseWish, regimen: Regimen) -> DevicePlan | Refusal:
    device = content.load().drugs[regimen.drug].device
    if device is None:
        return Refusal("plan.device", "No labelled device holds this drug.", field="phase_id")
    count = devices_for(wish.dose, device)
    if isinstance(count, Refusal):
        return count
    return DevicePlan(
        drug=regimen.drug,
        route=regimen.route,
        protocol_id=regimen.id,
        indication=wish.indication,
        dose_mg=wish.dose,
        devices=count,
        mg_per_device=device.dose_mg.value,
        wait_min=device.apart_min.value,
        phase=wish.phase,
    )
