"""Who answers for a location's alarms: off until its medical director accepts it, by name."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.alarms import AlarmPlan
from leeward.core.quantities import Refusal
from leeward.core.treatment import MonitoringPlan
from leeward.records.accounts.actor import DIRECTOR, Actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.audit import store as audit
from leeward.records.organizations.alarm_charges import Charge, find_alarm_charge
from leeward.records.organizations.models import AlarmCharge
from leeward.usecases import ports
from leeward.usecases.access import access_location
from leeward.usecases.confirm_identity import use_confirmation

CHARGE = "alarms.charge"
NAMED_BACKUP = "named_backup"
SOUND_CHECK = "alarm_sound"


def charge_alarms(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    location_id: UUID,
    accepted: bool,
    statement: str,
    backup_name: str = "",
    backup_contact: str = "",
    confirmed: ConfirmedIdentity,
) -> AlarmCharge | Refusal:
    """Put a location's alarms on, or back to record only, for sessions that are opened from now.

    *Refuses when* nothing is stated, alarms are to be on without a named backup and how to reach
    them, or the confirmation is not the director's own. *Emits* audit `alarms.charged`. *Locks*
    the location's acts.
    """
    location = access_location(actor, location_id, DIRECTOR)
    if not statement.strip():
        because = "Say what you accept, or why the alarms go off."
        return Refusal("alarms.no_statement", because, field="statement")
    if accepted and not (backup_name.strip() and backup_contact.strip()):
        because = "Name who is called when nobody answers a high alarm, and how they are reached."
        return Refusal("alarms.no_backup", because, field="backup_name")
    with transaction.atomic():
        if done := audit.recall(command_id, "charge_alarms", actor):
            return AlarmCharge.objects.get(id=done)
        director = use_confirmation(
            confirmed, purpose=CHARGE, subject=f"location:{location.id}", now=now
        )
        if isinstance(director, Refusal):
            return director
        if director.id is None or director.id != actor.id:
            return Refusal("alarms.other_person", "Confirm with your own login.", field="password")
        before = AlarmCharge.objects.select_for_update().filter(location=location)
        row = AlarmCharge.objects.create(
            id=uuid5(command_id, "alarm-charge"), location=location,
            number=len(before) + 1, accepted=accepted,
            statement=statement.strip(), backup_name=backup_name.strip(),
            backup_contact=backup_contact.strip(), by_id=director.id, by_name=director.name,
            at=now,
        )  # fmt: skip
        audit.record(
            actor, "alarms.charged", at=now, subject=("location", location.id),
            location=location.name, accepted=accepted, backup=backup_name.strip(),
        )  # fmt: skip
        audit.remember(command_id, "charge_alarms", actor, now, row.id)
        transaction.on_commit(lambda: ports.wakeup().notify(f"board:{location.id}"))
    return row


def under_charge(rules: MonitoringPlan, location_id: UUID) -> MonitoringPlan:
    """The rules of a session at this location, by the act in force when it is opened."""
    charge = find_alarm_charge(location_id)
    if charge is None or not charge.accepted:
        checks = tuple(check for check in rules.checks if check.item != SOUND_CHECK)
        return replace(rules, alarms=AlarmPlan(record_only=True), checks=checks)
    return replace(rules, alarms=_with_backup(rules.alarms, charge))


def _with_backup(plan: AlarmPlan, charge: Charge) -> AlarmPlan:
    steps = tuple(
        replace(step, to=f"{step.to}: {charge.backup_name}") if step.to == NAMED_BACKUP else step
        for step in plan.escalation
    )
    return replace(plan, escalation=steps)
