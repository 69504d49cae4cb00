"""Booking and cancelling visits."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import (
    DIRECTOR,
    FRONT_DESK,
    NURSE,
    PRESCRIBER,
    Actor,
    NotFound,
)
from leeward.records.audit import store as audit
from leeward.records.scheduling.models import Appointment, ChairSlot
from leeward.usecases import ports
from leeward.usecases.access import access_chair, access_patient

BOOKERS = (FRONT_DESK, NURSE, PRESCRIBER, DIRECTOR)
SLOT = timedelta(minutes=5)
LONGEST = timedelta(hours=12)
OPEN_STATUSES = (Appointment.BOOKED, Appointment.ARRIVED, Appointment.IN_SESSION)


def book_appointment(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    chair_id: UUID,
    starts: datetime,
    ends: datetime,
    order_id: UUID | None = None,
    session_number: int | None = None,
) -> Appointment | Refusal:
    """Book one patient into one chair.

    *Refuses when* the times are off the five-minute grid, in the past or the wrong way round, the
    chair or the patient is taken then, or the chair belongs to another location. *Emits* audit
    `appointment.booked`. *Locks* nothing: the unique (chair, slot) rows decide a race on any
    database.
    """
    patient = access_patient(actor, patient_id, *BOOKERS)
    chair = access_chair(actor, chair_id, *BOOKERS)
    if (done := _done(actor, command_id)) is not None:
        return done
    if chair.location_id != patient.location_id:
        return Refusal(
            "appointment.other_location", "This chair is at another location.", field="chair"
        )
    fault = _fault_in_times(starts, ends, now)
    if fault is not None:
        return fault
    try:
        with transaction.atomic():
            if (clash := _patient_clash(patient.id, starts, ends)) is not None:
                # The same press, carried out beside this one, is no clash.
                return _done(actor, command_id) or clash
            appointment = Appointment.objects.create(
                id=uuid5(command_id, "appointment"),
                location_id=chair.location_id,
                chair=chair,
                patient=patient,
                order_id=order_id,
                session_number=session_number,
                starts=starts,
                ends=ends,
                booked_by_id=actor.account_id,
                booked_at=now,
            )
            ChairSlot.objects.bulk_create(
                ChairSlot(chair=chair, starts=slot, appointment=appointment)
                for slot in _slots(starts, ends)
            )
            audit.record(
                actor, "appointment.booked", at=now, patient_id=patient.id,
                subject=("appointment", appointment.id), chair=chair.label, starts=starts,
            )  # fmt: skip
            audit.remember(command_id, "book_appointment", actor, now, appointment.id)
    except IntegrityError:
        return _done(actor, command_id) or _taken(chair_id, chair.label, starts, ends)
    transaction.on_commit(lambda: ports.wakeup().notify(f"board:{chair.location_id}"))
    return appointment


def cancel_appointment(
    *, actor: Actor, now: datetime, command_id: UUID, appointment_id: UUID, because: str
) -> Appointment | Refusal:
    """Cancel a booked visit and free its chair.

    *Refuses when* the visit has begun or ended, or no reason is given. *Emits* audit
    `appointment.cancelled`. *Locks* the appointment.
    """
    with transaction.atomic():
        rows = Appointment.objects.select_for_update().filter(id=appointment_id)
        if (appointment := rows.first()) is None:
            raise NotFound("appointment")
        access_patient(actor, appointment.patient_id, *BOOKERS)
        if audit.recall(command_id, "cancel_appointment", actor, of=appointment_id):
            return appointment
        if not because.strip():
            return Refusal(
                "appointment.no_reason", "Say why the visit is cancelled.", field="because"
            )
        if appointment.status not in (Appointment.BOOKED, Appointment.ARRIVED):
            return Refusal(
                "appointment.not_open",
                f"This visit is {appointment.status} and can no longer be cancelled.",
            )
        appointment.status = Appointment.CANCELLED
        appointment.cancelled_because = because.strip()
        appointment.save(update_fields=["status", "cancelled_because"])
        appointment.slots.all().delete()
        audit.record(
            actor, "appointment.cancelled", at=now, patient_id=appointment.patient_id,
            subject=("appointment", appointment.id), because=because,
        )  # fmt: skip
        audit.remember(command_id, "cancel_appointment", actor, now, appointment.id)
    return appointment


def _done(actor: Actor, command_id: UUID) -> Appointment | None:
    """What this command has booked already."""
    done = audit.recall(command_id, "book_appointment", actor)
    return Appointment.objects.get(id=done) if done else None


def _fault_in_times(starts: datetime, ends: datetime, now: datetime) -> Refusal | None:
    if ends <= starts:
        return Refusal("appointment.times", "The end must be after the start.", field="ends")
    if ends - starts > LONGEST:
        return Refusal("appointment.too_long", "A visit can be at most 12 hours.", field="ends")
    if ends <= now:
        return Refusal(
            "appointment.past", "This time has passed. Choose a later one.", field="starts"
        )
    if any(t.minute % 5 or t.second or t.microsecond for t in (starts, ends)):
        return Refusal(
            "appointment.grid", "Choose times on the five minutes, such as 09:35.", field="starts"
        )
    return None


def _slots(starts: datetime, ends: datetime) -> list[datetime]:
    count = int((ends - starts) / SLOT)
    return [starts + SLOT * i for i in range(count)]


def _patient_clash(patient_id: UUID, starts: datetime, ends: datetime) -> Refusal | None:
    clash = Appointment.objects.filter(
        patient_id=patient_id, status__in=OPEN_STATUSES, starts__lt=ends, ends__gt=starts
    ).first()
    if clash is None:
        return None
    return Refusal(
        "appointment.patient_taken",
        f"This patient already has a visit at {clash.starts:%H:%M} UTC on {clash.starts:%d %b}.",
        field="starts",
    )


def _taken(chair_id: UUID, label: str, starts: datetime, ends: datetime) -> Refusal:
    first = (
        ChairSlot.objects.filter(chair_id=chair_id, starts__gte=starts, starts__lt=ends)
        .order_by("starts")
        .first()
    )
    when = f" from {first.starts:%H:%M} UTC" if first else ""
    return Refusal(
        "appointment.chair_taken",
        f"Chair {label} was booked by somebody else{when}. Choose another chair or time.",
        field="chair",
    )
