"""A visit begins: the patient is here, and the session's rules are fixed."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState, Stage
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import FRONT_DESK, NURSE, PRESCRIBER, Actor, NotFound
from leeward.records.audit import store as audit
from leeward.records.consents.selectors import find_consent_in_force
from leeward.records.orders.models import CarePlan, MedicationRequest
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.records.scheduling.models import Appointment
from leeward.records.treatments import store
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.access import access_session, require
from leeward.usecases.bind_device import unbind_device
from leeward.usecases.order_treatment import plan_of, standing_acceptance
from leeward.usecases.session_rules import monitoring_plan
from leeward.usecases.treat_session import carry_out, load_state, write

OVER = (Stage.DEPARTED.value, Stage.SIGNED.value)
CONSENT = "consent"


def open_session(
    *, actor: Actor, now: datetime, command_id: UUID, appointment_id: UUID
) -> TreatmentSession | Refusal:
    """Open the session of a booked visit when the patient arrives.

    *Refuses when* the visit is not open, the chair still holds another patient, there is no
    active order, its candidacy no longer stands accepted, or the clinic's limits are missing or
    not approved (naming them). *Emits* SessionOpened and audit. *Locks* the appointment.
    """
    with transaction.atomic():
        visit = _lock_visit(actor, appointment_id)
        if done := audit.recall(command_id, "open_session", actor):
            return TreatmentSession.objects.get(id=done)
        found = _ready(visit, actor)
        if isinstance(found, Refusal):
            return found
        plan = plan_of(found)
        accepted = standing_acceptance(visit.patient, plan)
        if isinstance(accepted, Refusal):
            return accepted
        limits = find_limits_in_force(visit.location_id, plan.drug, plan.route)
        rules = monitoring_plan(limits, drug=plan.drug, route=plan.route, on=now.date())
        if isinstance(rules, Refusal):
            return rules
        assert limits is not None
        session = TreatmentSession.objects.create(
            id=uuid5(command_id, "session"), organization_id=visit.location.organization_id,
            location_id=visit.location_id, chair_id=visit.chair_id, patient_id=visit.patient_id,
            appointment=visit, order=found, session_number=visit.session_number, opened_at=now,
        )  # fmt: skip
        opened = write(
            session,
            c.OpenSession(
                str(visit.patient_id), str(visit.chair_id), str(found.id), plan, rules,
                content.load().digest, limits.digest,
            ),
            actor=actor, now=now, command_id=command_id,
        )  # fmt: skip
        if isinstance(opened, Refusal):
            transaction.set_rollback(True)
            return opened
        visit.status = Appointment.IN_SESSION
        visit.save(update_fields=["status"])
        audit.remember(command_id, "open_session", actor, now, session.id)
    return session


def answer_check(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    item: str,
    answer: str,
    note: str = "",
) -> SessionState | Refusal:
    """Answer one line of the checklist.

    *Refuses when* consent is answered yes while none is in force, or the core refuses.
    """
    if item == CONSENT and answer == "yes":
        session = access_session(actor, session_id, NURSE, PRESCRIBER)
        plan = plan_of(session.order)
        if find_consent_in_force(session.patient_id, plan.drug, plan.route) is None:
            return Refusal(
                "check.no_consent",
                "No consent for this drug and route is in force. Have it signed first.",
                field=CONSENT,
            )
    return carry_out(
        actor=actor, now=now, command_id=command_id, session_id=session_id,
        command=c.AnswerCheck(item, answer, note),
    )  # fmt: skip


def end_visit(*, actor: Actor, now: datetime, command_id: UUID, session_id: UUID) -> (
    SessionState | Refusal
):  # fmt: skip
    """The patient has left the building: the chair is free.

    What is still bound comes off with the patient, so that nothing is written under a note that
    somebody is reading.

    *Refuses when* the core refuses (not discharged). *Emits* DeviceUnbound, SamplesSealed, then
    Departed. *Locks* the session's log.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, NURSE, PRESCRIBER, for_update=True)
        if store.written_by(command_id, session_id):
            return load_state(session_id)
        for binding in session.bindings.filter(ended_at=None):
            unbind_device(
                actor=actor, now=now, command_id=uuid5(command_id, str(binding.id)),
                session_id=session_id, binding_id=binding.id,
            )  # fmt: skip
        session.refresh_from_db()
        result = write(session, c.Depart(), actor=actor, now=now, command_id=command_id)
        if isinstance(result, Refusal):
            transaction.set_rollback(True)
            return result
        if session.appointment_id:
            Appointment.objects.filter(id=session.appointment_id).update(status=Appointment.DONE)
    return result


def _lock_visit(actor: Actor, appointment_id: UUID) -> Appointment:
    visit = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("location", "patient", "chair")
        .filter(id=appointment_id, location__organization_id=actor.wall)
        .first()
    )
    if visit is None or not actor.is_staff or not actor.works_at(visit.location_id):
        raise NotFound("appointment")
    require(actor, visit.location_id, NURSE, PRESCRIBER, FRONT_DESK)
    return visit


def _ready(visit: Appointment, actor: Actor) -> MedicationRequest | Refusal:
    if visit.status not in (Appointment.BOOKED, Appointment.ARRIVED):
        return Refusal("session.visit", f"This visit is {visit.status}; it can't be opened.")
    other = (
        TreatmentSession.objects.filter(chair_id=visit.chair_id)
        .exclude(stage__in=OVER)
        .select_related("patient")
        .first()
    )
    if other is not None:
        return Refusal(
            "session.chair_taken",
            f"Chair {visit.chair.label} still holds {other.patient.display_name}, who has not "
            "left. Record the departure, or book another chair.",
        )
    order = (
        MedicationRequest.objects.filter(
            patient_id=visit.patient_id, status=MedicationRequest.ACTIVE,
            care_plan__status=CarePlan.ACTIVE,
        )
        .order_by("-ordered_at")
        .first()
    )  # fmt: skip
    if order is None:
        return Refusal("session.no_order", "There is no active order. A prescriber signs one.")
    return order
