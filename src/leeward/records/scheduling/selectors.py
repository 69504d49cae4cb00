"""Reads of the schedule."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.organizations.models import Chair, Location

from .models import Appointment


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit as a list or a day sheet shows it; times are the location's own."""

    id: UUID
    patient_id: UUID
    patient_name: str
    chair_id: UUID
    chair: str
    location_id: UUID
    starts: datetime
    ends: datetime
    status: str
    order_id: UUID | None
    session_number: int | None


@dataclass(frozen=True, slots=True)
class ChairDay:
    id: UUID
    label: str
    visits: tuple[VisitLine, ...]


@dataclass(frozen=True, slots=True)
class DaySheet:
    """All chairs of a location on one of its days."""

    location_id: UUID
    location: str
    timezone: str
    day: date
    chairs: tuple[ChairDay, ...]


def get_day(viewer: Actor, location_id: UUID, day: date) -> DaySheet:
    """The day of a location the viewer works at, or `NotFound`."""
    location = Location.objects.filter(
        id=location_id, organization_id=viewer.organization_id
    ).first()
    if location is None or not viewer.works_at(location.id):
        raise NotFound("location")
    zone = ZoneInfo(location.timezone)
    begin = datetime.combine(day, time(), zone)
    visits = [
        visit_line(row, zone)
        for row in _visits().filter(
            location=location, starts__gte=begin, starts__lt=begin + timedelta(days=1)
        )
        if row.status != Appointment.CANCELLED
    ]
    chairs = tuple(
        ChairDay(chair.id, chair.label, tuple(v for v in visits if v.chair_id == chair.id))
        for chair in Chair.objects.filter(location=location, active=True)
    )
    return DaySheet(location.id, location.name, location.timezone, day, chairs)


def get_visit(viewer: Actor, appointment_id: UUID) -> VisitLine:
    row = (
        _visits()
        .filter(id=appointment_id, location__organization_id=viewer.organization_id)
        .first()
    )
    if row is None or not (
        viewer.works_at(row.location_id) or viewer.patient_id == row.patient_id
    ):
        raise NotFound("appointment")
    return visit_line(row, ZoneInfo(row.location.timezone))


def list_visits_of(patient_id: UUID) -> list[VisitLine]:
    """A patient's visits, oldest first; the caller has checked who looks."""
    rows = _visits().filter(patient_id=patient_id)
    return [visit_line(row, ZoneInfo(row.location.timezone)) for row in rows]


def visit_line(row: Appointment, zone: ZoneInfo) -> VisitLine:
    return VisitLine(
        id=row.id,
        patient_id=row.patient_id,
        patient_name=row.patient.display_name,
        chair_id=row.chair_id,
        chair=row.chair.label,
        location_id=row.location_id,
        starts=row.starts.astimezone(zone),
        ends=row.ends.astimezone(zone),
        status=row.status,
        order_id=row.order_id,
        session_number=row.session_number,
    )


def _visits():  # type: ignore[no-untyped-def]
    return Appointment.objects.select_related("patient", "chair", "location").order_by("starts")
