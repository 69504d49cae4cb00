"""Messages to people: kept first, handed over after the commit."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.records.accounts.actor import Actor
from leeward.records.audit import store as audit
from leeward.records.messaging.models import Message
from leeward.records.people.models import Patient
from leeward.usecases import ports
from leeward.usecases.change_contact import may_send


def queue_message(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient: Patient,
    purpose: str,
    subject: str,
    body: str,
) -> Message | None:
    """Keep a message to a patient and hand it to the notifier once the transaction commits.

    Returns None when the patient has neither e-mail nor phone. *Emits* audit `message.queued`.
    """
    channel, to = ("email", patient.email) if patient.email else ("sms", patient.phone)
    if not to:
        return None
    message, made = Message.objects.get_or_create(
        id=uuid5(command_id, f"message:{purpose}"),
        defaults={
            "organization_id": patient.organization_id, "patient": patient, "channel": channel,
            "to": to, "language": patient.language, "purpose": purpose, "subject": subject,
            "body": body, "created_at": now,
        },
    )  # fmt: skip
    if made:
        audit.record(
            actor,
            "message.queued",
            at=now,
            patient_id=patient.id,
            subject=("message", message.id),
            purpose=purpose,
        )
        transaction.on_commit(lambda: deliver(message.id, now=now))
    return message


def deliver(message_id: UUID, *, now: datetime) -> bool:
    """Hand one kept message over; a failure leaves it queued with the reason. Safe to repeat."""
    message = Message.objects.get(id=message_id)
    if message.status in (Message.SENT, Message.HELD):
        return message.status == Message.SENT
    if not may_send(message.organization_id, message.channel, message.to):
        message.status, message.error = Message.HELD, "They asked for no more messages."
        message.save(update_fields=["status", "error"])
        return False
    notice = ports.Notice(
        id=message.id, channel=message.channel, to=message.to,
        subject=message.subject, body=message.body,
        organization_id=message.organization_id, language=message.language,
    )  # fmt: skip
    try:
        ports.notifier().send(notice)
    except (ports.NotDelivered, OSError) as reason:
        message.error = str(reason)[:300]
        message.save(update_fields=["error"])
        return False
    message.status, message.sent_at, message.error = Message.SENT, now, ""
    message.save(update_fields=["status", "sent_at", "error"])
    return True


def list_undelivered(*, limit: int = 100) -> list[UUID]:
    rows = Message.objects.filter(status=Message.QUEUED).order_by("created_at")
    return list(rows.values_list("id", flat=True)[:limit])
