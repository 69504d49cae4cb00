"""What staff do with a request: take it, log a try, close it, or say that two are one person."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import STAFF_ROLES, Actor, NotFound
from leeward.records.audit import store as audit
from leeward.records.people.models import ConsultationRequest, Patient
from leeward.usecases.access import access_patient, require

HOW = ("phone", "email", "sms", "in person")


def access_request(
    actor: Actor, request_id: UUID, *, for_update: bool = False
) -> ConsultationRequest:
    """A request to the actor's organization, at a place where they work or at none."""
    rows = ConsultationRequest.objects.filter(id=request_id, organization_id=actor.wall)
    row = (rows.select_for_update(of=("self",)) if for_update else rows).first()
    if row is None or not actor.is_staff:
        raise NotFound("request")
    if row.location_id is not None:
        if not actor.works_at(row.location_id):
            raise NotFound("request")
        require(actor, row.location_id, *STAFF_ROLES)
    elif not actor.has(*STAFF_ROLES):
        raise NotFound("request")
    return row


def take_request(
    *, actor: Actor, now: datetime, command_id: UUID, request_id: UUID
) -> ConsultationRequest | Refusal:
    """Say "I have it". *Refuses when* it is closed. *Emits* audit `consultation.taken`."""

    def take(row: ConsultationRequest) -> Refusal | None:
        row.owner_id = actor.account_id
        return None

    return _change(actor, now, command_id, request_id, "consultation.taken", take)


def log_try(
    *, actor: Actor, now: datetime, command_id: UUID, request_id: UUID, how: str, note: str,
    reached: bool,
) -> ConsultationRequest | Refusal:  # fmt: skip
    """Keep that somebody tried to reach them, how, and whether it worked.

    *Refuses when* the way is not one of ours or the request is closed. *Emits* audit
    `consultation.tried`. *Locks* the request.
    """
    if how not in HOW:
        return Refusal("request.how", "Say how you tried to reach them.", field="how")

    def keep(row: ConsultationRequest) -> Refusal | None:
        row.tries = [*row.tries, {"at": now.isoformat(), "by": actor.name, "how": how,
                                  "note": note.strip(), "reached": reached}]  # fmt: skip
        if reached:
            row.first_answer_at = row.first_answer_at or now
        elif row.status == ConsultationRequest.WAITING:
            row.status = ConsultationRequest.TRIED
        row.owner_id = row.owner_id or actor.account_id
        return None

    return _change(actor, now, command_id, request_id, "consultation.tried", keep)


def close_request(
    *, actor: Actor, now: datetime, command_id: UUID, request_id: UUID, booked: bool,
    because: str, patient_id: UUID | None = None,
) -> ConsultationRequest | Refusal:  # fmt: skip
    """End a request: a consultation was booked, or why there will be none.

    *Refuses when* no reason is given, or it is closed. *Emits* audit `consultation.closed`.
    *Locks* the request.
    """
    patient: Patient | None = None
    if patient_id is not None:
        patient = access_patient(actor, patient_id, *STAFF_ROLES)
    if not because.strip():
        return Refusal("request.no_reason", "Write what came of it.", field="because")

    def end(row: ConsultationRequest) -> Refusal | None:
        row.status = ConsultationRequest.BOOKED if booked else ConsultationRequest.CLOSED
        row.outcome, row.closed_at = because.strip()[:300], now
        row.patient = patient
        row.first_answer_at = row.first_answer_at or now
        row.owner_id = row.owner_id or actor.account_id
        return None

    return _change(actor, now, command_id, request_id, "consultation.closed", end)


def say_same_person(
    *, actor: Actor, now: datetime, command_id: UUID, request_id: UUID, other_id: UUID
) -> ConsultationRequest | Refusal:
    """A person says that two requests are of one person; both are kept as they came.

    *Refuses when* it is the same request, or would go round in a circle. *Emits* audit
    `consultation.same_person`. *Locks* the request.
    """
    other = access_request(actor, other_id)

    def link(row: ConsultationRequest) -> Refusal | None:
        if row.id in (other.id, other.same_person_as_id):
            return Refusal("request.same", "That is this request.", field="other")
        row.same_person_as = other
        return None

    return _change(actor, now, command_id, request_id, "consultation.same_person", link)


def _change(
    actor: Actor, now: datetime, command_id: UUID, request_id: UUID, action: str,
    change: Callable[[ConsultationRequest], Refusal | None],
) -> ConsultationRequest | Refusal:  # fmt: skip
    """Lock, look whether it was done already, change, and audit."""
    with transaction.atomic():
        row = access_request(actor, request_id, for_update=True)
        if audit.recall(command_id, action, actor, of=row.id):
            return row
        if row.closed_at is not None and action != "consultation.same_person":
            return Refusal("request.closed", "Somebody has closed this request already.")
        if (refused := change(row)) is not None:
            return refused
        row.save()
        audit.record(
            actor, action, at=now, patient_id=row.patient_id, subject=("consultation", row.id),
            status=row.status,
        )  # fmt: skip
        audit.remember(command_id, action, actor, now, row.id)
    return row
