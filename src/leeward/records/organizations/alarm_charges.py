"""Whether a location's alarms are on, by whose act, and who is called when nobody answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .models import AlarmCharge


@dataclass(frozen=True, slots=True)
class Charge:
    """One recorded act; `accepted` is False where the location records only."""

    accepted: bool
    statement: str
    backup_name: str
    backup_contact: str
    by_name: str
    at: datetime


def find_alarm_charge(location_id: UUID) -> Charge | None:
    """The act in force, or None where no director has ever acted: record only."""
    return next(iter(list_alarm_charges(location_id)), None)


def list_alarm_charges(location_id: UUID) -> list[Charge]:
    """Every act of a location, the newest first."""
    rows = AlarmCharge.objects.filter(location_id=location_id).order_by("-number")
    return [
        Charge(r.accepted, r.statement, r.backup_name, r.backup_contact, r.by_name, r.at)
        for r in rows
    ]


def is_record_only(location_id: UUID) -> bool:
    """Whether no alarm is raised for sessions that are opened here now."""
    charge = find_alarm_charge(location_id)
    return charge is None or not charge.accepted
