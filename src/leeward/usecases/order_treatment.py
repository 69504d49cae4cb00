"""The plan and its order: a published protocol shaped to one person, checked, signed."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.protocols import (
    DosePlan,
    InfusionPlan,
    PlanChecks,
    Protocol,
    Regimen,
    question_course,
    review_due,
)
from leeward.core.quantities import Refusal
from leeward.core.treatment.payload import (
    infusion_from_payload,
    plan_from_payload,
    plan_to_payload,
)
from leeward.records.accounts.actor import PRESCRIBER, Actor
from leeward.records.audit import store as audit
from leeward.records.charts.models import CandidacyDecision
from leeward.records.orders.models import CarePlan, MedicationRequest
from leeward.records.people.models import Patient
from leeward.records.treatments.selectors import count_sessions
from leeward.usecases.access import access_patient
from leeward.usecases.draft_plan import work_out
from leeward.usecases.plan_wishes import DoseWish, Draft, Wish

SHORTEST_REASON = 5


def order_treatment(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    wish: Wish | DoseWish,
    session_count: int,
    goals: str,
    reasons: Mapping[str, str],
    because: str = "",
    adjuncts_note: str = "",
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
        draft = work_out(patient, wish, now)
        if isinstance(draft, Refusal):
            return draft
        draft = with_course_review(draft, patient.id)
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
        course.adjuncts, course.adjuncts_note = list(wish.adjuncts), adjuncts_note.strip()
        course.save(update_fields=["adjuncts", "adjuncts_note"])
        order = _write(course, draft, earlier, reasons, because, actor, now, command_id)
        audit.record(
            actor, "order.signed", at=now, patient_id=patient.id, subject=("order", order.id),
            plan=order.plan, overridden=order.overrides, because=because,
            adjuncts=course.adjuncts,
        )  # fmt: skip
        audit.remember(command_id, "order_treatment", actor, now, order.id)
    return order


def plan_of(order: MedicationRequest) -> DosePlan:
    """The plan of an order as a value, of whatever route."""
    return plan_from_payload(order.plan)


def infusion_plan_of(order: MedicationRequest) -> InfusionPlan:
    """The plan of an order for an infusion as a value."""
    return infusion_from_payload(order.plan)


def running_course(patient_id: UUID, protocol_id: str) -> CarePlan | None:
    """The course of this protocol that has not ended."""
    return CarePlan.objects.filter(
        patient_id=patient_id, status=CarePlan.ACTIVE, protocol_id=protocol_id
    ).first()


def with_course_review(draft: Draft, patient_id: UUID) -> Draft:
    """Add the decision that the sessions of the running course have made due."""
    running = running_course(patient_id, draft.protocol.id)
    if running is None:
        return draft
    sessions = count_sessions(running.id)
    plan, library = draft.plan, content.load()
    due = review_due(
        library.course_reviews.values(), drug=plan.drug, route=plan.route,
        indication=plan.indication, sessions=sessions,
    )  # fmt: skip
    asked = question_course(due, sessions)
    if asked is None:
        return draft
    checks = draft.checks
    return dataclasses.replace(
        draft, checks=PlanChecks(checks.hard, (*checks.soft, asked), checks.info)
    )


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
    running = running_course(patient.id, draft.protocol.id)
    if running is not None:
        return running
    if not 1 <= session_count <= 60:
        return Refusal(
            "order.sessions", "Say how many sessions, from 1 to 60.", field="session_count"
        )
    return CarePlan.objects.create(
        id=uuid5(command_id, "care_plan"), patient=patient, location_id=patient.location_id,
        indication=draft.plan.indication, protocol_id=draft.protocol.id,
        protocol=_protocol_copy(draft.protocol), session_count=session_count,
        interval=_interval(draft), goals=goals.strip(), decision=decision,
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


def _interval(draft: Draft) -> str:
    plan, protocol = draft.plan, draft.protocol
    if isinstance(protocol, Protocol):
        return protocol.series.interval if protocol.series else ""
    step = None if isinstance(plan, InfusionPlan) else protocol.step(plan.phase)
    return step.schedule if step else ""


def _protocol_copy(protocol: Protocol | Regimen) -> dict[str, object]:
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
