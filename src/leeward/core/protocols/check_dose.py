"""A dose given at once, against its regimen, its vial or device, and the clinic's limits."""

from collections.abc import Iterator
from decimal import Decimal

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import show

from .ceilings import MAX_MG, MAX_MG_PER_KG
from .checks import PlanChecks, check_stated_figures, question_weight
from .circumstances import Circumstances
from .limits import LimitSet
from .plan import AtOncePlan, DevicePlan, InjectionPlan
from .regimen import Regimen, RegimenStep
from .single_dose import Device, device_times_min
from .slips import refuse_slip_out_of, refuse_tenfold


def check_dose(
    plan: AtOncePlan,
    regimen: Regimen,
    limits: LimitSet,
    circumstances: Circumstances,
    device: Device | None = None,
) -> PlanChecks:
    """Check one dose.

    Parameters
    ----------
    plan : AtOncePlan
        The plan.
    regimen : Regimen
        Regimen it was made from.
    limits : LimitSet
        The clinic's limits; `refuse_unset` has said that none is missing.
    circumstances : Circumstances
        Vial, weights, earlier dose, day.
    device : Device or None
        What it is given by, if by devices.

    Returns
    -------
    PlanChecks
    """
    step = regimen.step(plan.phase)
    if step is None:
        because = f"The regimen has no phase called {plan.phase!r}. Choose one of it."
        return PlanChecks((Refusal("plan.other_phase", because, field="phase"),), (), ())
    faults = (*check_stated_figures(plan), *_devices(plan, device))
    if any(fault.code == "plan.not_positive" for fault in faults):
        return PlanChecks(faults, (), ())
    hard = (
        *_identity(plan, regimen, step),
        *faults,
        *_vial(plan, circumstances),
        *_slips(plan, step, circumstances),
        *_anaesthetic(plan, circumstances),
        *_ceilings(plan, limits),
    )
    soft = (*_published(plan, regimen, step), *_weight(plan, limits, circumstances))
    return PlanChecks(hard, soft, tuple(_info(plan, regimen, device)))


def _ordered(plan: AtOncePlan) -> tuple[Decimal, str]:
    """The dose in the unit it was ordered in."""
    if isinstance(plan, InjectionPlan):
        return plan.dose_mg_per_kg, "mg/kg"
    return plan.dose_mg, "mg"


def _devices(plan: AtOncePlan, device: Device | None) -> Iterator[Refusal]:
    if isinstance(plan, DevicePlan) and device is not None:
        labelled = (device.dose_mg.value, device.apart_min.value)
        if (plan.mg_per_device, plan.wait_min) != labelled:
            because = "The plan was not worked out for the labelled device. Make it anew."
            yield Refusal("device.other", because, field="dose")


def _identity(plan: AtOncePlan, regimen: Regimen, step: RegimenStep) -> Iterator[Refusal]:
    pairs = (
        ("drug", plan.drug, regimen.drug),
        ("route", plan.route, regimen.route),
        ("protocol_id", plan.protocol_id, regimen.id),
        ("unit", _ordered(plan)[1], step.unit),
    )
    for field, planned, published in pairs:
        if planned != published:
            because = f"The plan says {planned}, its regimen {published}. Make the plan anew."
            yield Refusal(f"plan.other_{field}", because, field=field)
    if not regimen.at_once:
        because = "No plan is made from this regimen; it is reading."
        yield Refusal("plan.not_at_once", because, field="protocol_id")


def _vial(plan: AtOncePlan, circumstances: Circumstances) -> Iterator[Refusal]:
    if not isinstance(plan, InjectionPlan):
        return
    vial = circumstances.presentation
    if vial is None:
        because = "Name the vial that the drug is drawn from; the volume depends on its strength."
        yield Refusal("vial.missing", because, field="presentation_id")
        return
    if vial.drug != plan.drug:
        because = f"This vial holds {vial.drug}; the plan is for {plan.drug}."
        yield Refusal("vial.other_drug", because, field="presentation_id")
    strength = vial.concentration.value
    stated = (
        plan.presentation_id, plan.concentration_mg_per_ml, plan.stock_concentration_mg_per_ml
    )  # fmt: skip
    if stated != (vial.id, strength, strength):
        because = f"The plan was not worked out for {vial.label}. Make it anew."
        yield Refusal("vial.other_strength", because, field="presentation_id")


def _slips(plan: AtOncePlan, step: RegimenStep, circumstances: Circumstances) -> Iterator[Refusal]:
    entry, unit = _ordered(plan)
    published = [dose.value for dose in step.doses]
    slip = refuse_slip_out_of(
        entry, min(published), max(published), unit=unit, what="The dose", field="dose"
    )
    if slip is not None:
        yield slip
    last, weight = circumstances.last_dose_mg_per_kg, circumstances.last_weight_kg
    pairs = []
    if last is not None and isinstance(plan, InjectionPlan):
        pairs.append((plan.dose_mg_per_kg, last, "mg/kg", "The dose", "dose"))
    if weight is not None and isinstance(plan, InjectionPlan):
        measured = circumstances.measured_kg or plan.weight_kg
        pairs.append((measured, weight, "kg", "The weight", "weight_kg"))
    for figure, usual, of, what, field in pairs:
        against = f"the last {show(usual, of)}"
        slip = refuse_tenfold(figure, usual, unit=of, what=what, against=against, field=field)
        if slip is not None:
            yield slip


def _anaesthetic(plan: AtOncePlan, circumstances: Circumstances) -> Iterator[Refusal]:
    if not isinstance(plan, InjectionPlan):
        return
    for dose in circumstances.anaesthetic:
        if dose.route == plan.route and plan.dose_mg_per_kg >= dose.dose_mg_per_kg.value:
            because = (
                f"{show(plan.dose_mg_per_kg, 'mg/kg')} is an anaesthetic dose by the label. It "
                "can't be a session plan."
            )
            source = dose.dose_mg_per_kg.citation.source
            yield Refusal("dose.anaesthetic", because, source=source, field="dose")


def _ceilings(plan: AtOncePlan, limits: LimitSet) -> Iterator[Refusal]:
    per_kg = plan.dose_mg_per_kg if isinstance(plan, InjectionPlan) else None
    held = (
        (MAX_MG, plan.dose_mg, "mg", "a session"),
        (MAX_MG_PER_KG, per_kg, "mg/kg", "a session"),
    )
    for limit, figure, unit, of in held:
        highest = limits.get(limit)
        if highest is not None and figure is not None and figure > highest:
            allowed = f"{show(highest, unit)}, the clinic's limit for {of}"
            because = f"{show(figure, unit)} is above {allowed}."
            yield Refusal("dose.above_hard_limit", because, source=limit, field="dose")


def _published(plan: AtOncePlan, regimen: Regimen, step: RegimenStep) -> Iterator[Refusal]:
    entry, unit = _ordered(plan)
    if all(entry != dose.value for dose in step.doses):
        listed = ", ".join(show(dose.value, dose.unit) for dose in step.doses)
        because = (
            f"{show(entry, unit)} is not a dose that was published for this phase ({listed}). "
            "Confirm it with a reason, or change it."
        )
        source = regimen.citation.source
        yield Refusal("dose.unlike_published", because, source=source, field="dose")
    if plan.indication not in regimen.indications:
        because = f"The regimen was not published for {plan.indication.replace('_', ' ')}."
        source = regimen.citation.source
        yield Refusal("plan.other_indication", because, source=source, field="indication")


def _weight(plan: AtOncePlan, limits: LimitSet, circumstances: Circumstances) -> Iterator[Refusal]:
    if isinstance(plan, InjectionPlan):
        yield from question_weight(
            plan.weight_kg, plan.weight_measured_on, plan.weight_basis, limits, circumstances
        )


def _info(plan: AtOncePlan, regimen: Regimen, device: Device | None) -> Iterator[str]:
    if device is not None and isinstance(plan, DevicePlan):
        minutes = device_times_min(plan.devices, device)
        yield (
            f"{plan.devices} devices of {show(device.dose_mg.value, 'mg')}, "
            f"{show(device.sprays.value, 'sprays')} each; "
            f"at {', '.join(f'{minute:f}' for minute in minutes)} min at the earliest."
        )
    if regimen.unverified:
        yield "This regimen rests on a figure that is not verified in its source yet."
