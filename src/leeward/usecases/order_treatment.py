"""The plan and its order: a published protocol shaped to one person, checked, signed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.protocols import (
    Circumstances,
    DosePlan,
    InfusionPlan,
    LimitSet,
    PlanChecks,
    Protocol,
    check_plan,
    refuse_unset,
)
from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.doses import InfusionFigures, derive_infusion
from leeward.core.treatment.payload import (
    infusion_from_payload,
    plan_from_payload,
    plan_to_payload,
)
from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor
from leeward.records.audit import store as audit
from leeward.records.charts.models import CandidacyDecision
from leeward.records.charts.selectors import Weight, find_weight
from leeward.records.orders.models import CarePlan, MedicationRequest
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.records.people.models import Patient
from leeward.usecases.access import access_patient

SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a prescriber enters; everything else follows from it."""

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


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan worked out and checked, not yet ordered."""

    plan: InfusionPlan
    figures: InfusionFigures
    checks: PlanChecks
    protocol: Protocol
    limits_digest: str


def draft_plan(*, actor: Actor, now: datetime, patient_id: UUID, wish: Wish) -> Draft | Refusal:
    """Work out and check a plan without writing anything.

    *Refuses when* the protocol or vial is unknown, the clinic's limits are missing or not
    approved (naming them), or a figure is not positive.
    """
    patient = access_patient(actor, patient_id, PRESCRIBER, NURSE)
    return _draft(patient, wish, now)


def order_treatment(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    wish: Wish,
    session_count: int,
    goals: str,
    reasons: Mapping[str, str],
    because: str = "",
) -> MedicationRequest | Refusal:
    """Sign an order: a new course, or a changed dose within the course that is running.

    `reasons` gives a reason for each soft finding, by its code.

    *Refuses when* the candidacy of this drug and route is not accepted, a hard check fails, a
    soft one has no reason, or a change of a running course says no reason. *Emits* audit
    `order.signed`. *Locks* the course's orders.
    """
    patient = access_patient(actor, patient_id, PRESCRIBER)
    with transaction.atomic():
        if done := audit.recall(command_id, "order_treatment", actor):
            return MedicationRequest.objects.get(id=done)
        draft = _draft(patient, wish, now)
        if isinstance(draft, Refusal):
            return draft
        fault = _unconfirmed(draft.checks, reasons)
        decision = standing_acceptance(patient, draft.plan)
        if fault is not None or isinstance(decision, Refusal):
            return fault or decision  # type: ignore[return-value]
        course = _course(patient, draft, decision, session_count, goals, actor, now, command_id)
        if isinstance(course, Refusal):
            return course
        earlier = course.orders.select_for_update().order_by("-version").first()
        if earlier is not None and len(because.strip()) < SHORTEST_REASON:
            return Refusal("order.no_reason", "Say why the plan changes.", field="because")
        order = _write(course, draft, earlier, reasons, because, actor, now, command_id)
        audit.record(
            actor, "order.signed", at=now, patient_id=patient.id, subject=("order", order.id),
            plan=order.plan, overridden=order.overrides, because=because,
        )  # fmt: skip
        audit.remember(command_id, "order_treatment", actor, now, order.id)
    return order


def plan_of(order: MedicationRequest) -> DosePlan:
    """The plan of an order as a value, of whatever route."""
    return plan_from_payload(order.plan)


def infusion_plan_of(order: MedicationRequest) -> InfusionPlan:
    """The plan of an order for an infusion as a value."""
    return infusion_from_payload(order.plan)


def standing_acceptance(patient: Patient, plan: DosePlan) -> CandidacyDecision | Refusal:
    """The acceptance of this drug and route, if it is the newest decision and still holds."""
    decision = (
        patient.candidacy_decisions.filter(drug=plan.drug, route=plan.route)
        .order_by("-decided_at")
        .first()
    )
    if decision is None or decision.decision != "accept":
        return Refusal("order.candidacy", "The candidacy has not been accepted. Decide it first.")
    if decision.review_since is not None:
        return Refusal(
            "order.candidacy_review",
            "New data reached the record after the candidacy was decided "
            f"({decision.review_because}). Decide it again first.",
        )
    return decision


def _draft(patient: Patient, wish: Wish, now: datetime) -> Draft | Refusal:
    library = content.load()
    protocol = library.protocols.get(wish.protocol_id)
    vial = library.presentations.get(wish.presentation_id)
    if protocol is None:
        return Refusal("plan.protocol", "Choose a protocol.", field="protocol_id")
    if vial is None:
        return Refusal("plan.vial", "Choose the vial.", field="presentation_id")
    limits = find_limits_in_force(patient.location_id, protocol.drug, protocol.route)
    unset = refuse_unset(limits, library.limits.values(), drug=protocol.drug, route=protocol.route)
    if unset is not None or limits is None:
        return unset or Refusal("limits.missing", "No limits are set.")
    figures = _figures(wish)
    if isinstance(figures, Refusal):
        return figures
    plan = InfusionPlan(
        drug=protocol.drug,
        route=protocol.route,
        protocol_id=protocol.id,
        indication=wish.indication,
        weight_kg=wish.weight_kg,
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
    circumstances = _circumstances(patient, wish, limits, now)
    checks = check_plan(plan, protocol, limits, circumstances)
    return Draft(plan, figures, checks, protocol, limits.digest)


def _figures(wish: Wish) -> InfusionFigures | Refusal:
    try:
        return derive_infusion(
            weight_kg=wish.weight_kg,
            dose_mg_per_kg=wish.dose_mg_per_kg,
            concentration_mg_per_ml=wish.concentration_mg_per_ml,
            duration_min=wish.duration_min,
        )
    except OutOfDomain as fault:
        return Refusal("plan.not_positive", f"The plan can't be worked out: {fault}.")


def _circumstances(patient: Patient, wish: Wish, limits: LimitSet, now: datetime) -> Circumstances:
    library = content.load()
    charted: Weight | None = find_weight(patient)
    last = MedicationRequest.objects.filter(patient=patient).order_by("-ordered_at").first()
    return Circumstances(
        today=now.date(),
        presentation=library.presentations[wish.presentation_id],
        # The prescriber states the final concentration; the vial decides whether it is possible.
        final_concentrations_mg_per_ml=(wish.concentration_mg_per_ml,),
        last_weight_kg=charted.weight_kg if charted else None,
        last_dose_mg_per_kg=_dose_mg_per_kg(plan_from_payload(last.plan)) if last else None,
        anaesthetic=tuple(library.dose_bounds.values()),
    )


def _dose_mg_per_kg(plan: DosePlan) -> Decimal | None:
    """The dose an earlier order gave [mg/kg], if it was given by vein too."""
    return plan.dose_mg_per_kg if isinstance(plan, InfusionPlan) else None


def _unconfirmed(checks: PlanChecks, reasons: Mapping[str, str]) -> Refusal | None:
    confirmed = frozenset(
        code for code, why in reasons.items() if len(why.strip()) >= SHORTEST_REASON
    )
    standing = checks.unconfirmed(confirmed)
    return standing[0] if standing else None


def _course(
    patient: Patient,
    draft: Draft,
    decision: CandidacyDecision,
    session_count: int,
    goals: str,
    actor: Actor,
    now: datetime,
    command_id: UUID,
) -> CarePlan | Refusal:
    running = patient.care_plans.filter(
        status=CarePlan.ACTIVE, protocol_id=draft.protocol.id
    ).first()
    if running is not None:
        return running
    if not 1 <= session_count <= 60:
        return Refusal(
            "order.sessions", "Say how many sessions, from 1 to 60.", field="session_count"
        )
    series = draft.protocol.series
    return CarePlan.objects.create(
        id=uuid5(command_id, "care_plan"), patient=patient, location_id=patient.location_id,
        indication=draft.plan.indication, protocol_id=draft.protocol.id,
        protocol=_protocol_copy(draft.protocol), session_count=session_count,
        interval=series.interval if series else "", goals=goals.strip(), decision=decision,
        created_by_id=actor.account_id, created_at=now,
    )  # fmt: skip


def _write(
    course: CarePlan,
    draft: Draft,
    earlier: MedicationRequest | None,
    reasons: Mapping[str, str],
    because: str,
    actor: Actor,
    now: datetime,
    command_id: UUID,
) -> MedicationRequest:
    course.orders.filter(status=MedicationRequest.ACTIVE).update(
        status=MedicationRequest.SUPERSEDED
    )
    confirmed = {r.code: reasons[r.code].strip() for r in draft.checks.soft}
    return MedicationRequest.objects.create(
        id=uuid5(command_id, "order"), care_plan=course, patient_id=course.patient_id,
        version=earlier.version + 1 if earlier else 1, plan=plan_to_payload(draft.plan),
        checks=[{"code": r.code, "because": r.because} for r in draft.checks.soft],
        overrides=confirmed, because=because.strip(), content_digest=content.load().digest,
        limits_digest=draft.limits_digest, ordered_by_id=actor.account_id, ordered_at=now,
        replaces=earlier,
    )  # fmt: skip


def _protocol_copy(protocol: Protocol) -> dict[str, object]:
    """The protocol as it read when the course began; numbers as text."""

    def plain(value: object) -> object:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, list | tuple):
            return [plain(part) for part in value]
        return value if value is None or isinstance(value, bool | int | str) else str(value)

    copy = plain(protocol)
    assert isinstance(copy, dict)
    return copy
