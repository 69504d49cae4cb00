"""The named backup is called when nobody has answered a high alarm."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.records.accounts.actor import Actor
from leeward.records.audit import store as audit
from leeward.records.messaging.models import Message
from leeward.records.organizations.alarm_charges import find_alarm_charge
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.notify import deliver

PURPOSE = "alarm.backup"


def call_backup(
    *, actor: Actor, now: datetime, command_id: UUID, session: TreatmentSession, alarm_id: str
) -> Message | None:
    """Keep a message to the named backup of the session's location, and hand it over.

    It names the place and the chair, never the patient: it travels outside the clinic. None where
    nobody is named. *Emits* audit `alarms.backup_called`.
    """
    charge = find_alarm_charge(session.location_id)
    if charge is None or not charge.backup_contact:
        return None
    where = f"chair {session.chair.label}, {session.location.name}"
    channel = "email" if "@" in charge.backup_contact else "sms"
    message, made = Message.objects.get_or_create(
        id=uuid5(command_id, f"{PURPOSE}:{alarm_id}"),
        defaults={
            "organization_id": session.organization_id, "channel": channel,
            "to": charge.backup_contact, "purpose": PURPOSE,
            "subject": f"Nobody answers an alarm: {where}",
            "body": f"{charge.backup_name}: a high alarm at {where} is not answered. Go there or "
                    "call. Watch the bedside monitor.",
            "created_at": now,
        },
    )  # fmt: skip
    if made:
        audit.record(
            actor, "alarms.backup_called", at=now, patient_id=session.patient_id,
            subject=("session", session.id), alarm=alarm_id,
        )  # fmt: skip
        transaction.on_commit(lambda: deliver(message.id, now=now))
    return message
