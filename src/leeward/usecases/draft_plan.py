"""A plan worked out and checked before anybody signs it: an infusion, or a dose at once."""

from datetime import datetime
from uuid import UUID

from leeward import content
from leeward.core.protocols import (
    BasisDose,
    InfusionPlan,
    LimitSet,
    PlanChecks,
    Protocol,
    Regimen,
    check_plan,
)
from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.doses import InfusionFigures, derive_infusion
from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor
from leeward.records.people.models import Patient
from leeward.usecases.access import access_patient
from leeward.usecases.draft_dose import draft_dose
from leeward.usecases.plan_grounds import circumstances_of, dosed_by, limits_for
from leeward.usecases.plan_wishes import DoseWish, Draft, Wish


def draft_plan(
    *, actor: Actor, now: datetime, patient_id: UUID, wish: Wish | DoseWish
) -> Draft | Refusal:
    """Work out and check a plan without writing anything.

    *Refuses when* the protocol or vial is unknown, the clinic's limits are missing or not
    approved (naming them), or a figure is not positive.
    """
    patient = access_patient(actor, patient_id, PRESCRIBER, NURSE)
    return work_out(patient, wish, now)


def work_out(patient: Patient, wish: Wish | DoseWish, now: datetime) -> Draft | Refusal:
    """The draft of a wish, for a patient already fetched and checked."""
    if isinstance(wish, Wish):
        draft = _infusion(patient, wish, now)
    else:
        draft = draft_dose(patient, wish, now)
    if isinstance(draft, Refusal):
        return draft
    asked = _left_out(draft.protocol, wish.adjuncts)
    checks = PlanChecks(draft.checks.hard, (*draft.checks.soft, *asked), draft.checks.info)
    return Draft(draft.plan, draft.figures, checks, draft.protocol, draft.limits_digest,
                 draft.by_basis)  # fmt: skip


def _left_out(protocol: Protocol | Regimen, chosen: tuple[str, ...]) -> tuple[Refusal, ...]:
    adjuncts = content.load().adjuncts
    return tuple(
        Refusal(
            f"plan.without_{name}",
            f"This was published together with: {adjuncts[name].label}. Choose it, or say why "
            "the plan goes without.",
            source=protocol.citation.source if protocol.citation else None,
            field="adjuncts",
        )
        for name in protocol.beside
        if name not in chosen
    )


def _infusion(patient: Patient, wish: Wish, now: datetime) -> Draft | Refusal:
    library = content.load()
    protocol = library.protocols.get(wish.protocol_id)
    vial = library.presentations.get(wish.presentation_id)
    if protocol is None:
        return Refusal("plan.protocol", "Choose a protocol.", field="protocol_id")
    if vial is None:
        return Refusal("plan.vial", "Choose the vial.", field="presentation_id")
    limits = limits_for(patient, protocol.drug, protocol.route)
    if isinstance(limits, Refusal):
        return limits
    worked_out = _figures(patient, wish, limits)
    if isinstance(worked_out, Refusal):
        return worked_out
    figures, by_basis = worked_out
    plan = InfusionPlan(
        drug=protocol.drug,
        route=protocol.route,
        protocol_id=protocol.id,
        indication=wish.indication,
        weight_kg=figures.weight_kg,
        weight_measured_on=wish.weight_measured_on,
        weight_basis=wish.weight_basis,
        dose_mg_per_kg=wish.dose_mg_per_kg,
        dose_mg=figures.dose_mg,
        concentration_mg_per_ml=wish.concentration_mg_per_ml,
        volume_ml=figures.volume_ml.value,
        duration_min=wish.duration_min,
        rate_ml_per_h=figures.rate_ml_per_h.value,
        presentation_id=vial.id,
        stock_concentration_mg_per_ml=vial.concentration.value,
        diluent=wish.diluent,
    )
    around = circumstances_of(patient, protocol.drug, protocol.route, vial, wish.weight_kg, now)
    checks = check_plan(plan, protocol, limits, around)
    return Draft(plan, figures, checks, protocol, limits.digest, by_basis)


def _figures(
    patient: Patient, wish: Wish, limits: LimitSet
) -> tuple[InfusionFigures, tuple[BasisDose, ...]] | Refusal:
    try:
        dosed = dosed_by(patient, wish.weight_kg, wish.weight_basis, wish.dose_mg_per_kg, limits)
        if isinstance(dosed, Refusal):
            return dosed
        figures = derive_infusion(
            weight_kg=dosed[0],
            dose_mg_per_kg=wish.dose_mg_per_kg,
            concentration_mg_per_ml=wish.concentration_mg_per_ml,
            duration_min=wish.duration_min,
        )
    except OutOfDomain as fault:
        return Refusal("plan.not_positive", f"The plan can't be worked out: {fault}.")
    return figures, dosed[1]
