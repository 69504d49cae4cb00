"""The visits page of one patient: what is booked, and what the order still asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import PatientBanner, get_banner
from leeward.records.orders.models import CarePlan, MedicationRequest
from leeward.records.organizations.models import Location
from leeward.records.organizations.selectors import ChairName, list_chairs
from leeward.records.scheduling.selectors import VisitLine, list_visits_of

# A visit needs arrival and checks, the infusion, and recovery; a proposal the desk can change.
PROPOSED_MINUTES = 180


@dataclass(frozen=True, slots=True)
class BookingPage:
    banner: PatientBanner
    timezone: str
    location: str
    chairs: tuple[ChairName, ...]
    visits: tuple[VisitLine, ...]
    past: tuple[VisitLine, ...]
    order_id: UUID | None
    session_count: int
    interval: str
    suggestion: dict[str, Any]


def get_booking_page(viewer: Actor, patient_id: UUID, *, now: datetime) -> BookingPage:
    """The page, or `NotFound` when the person is not the viewer's to see."""
    banner = get_banner(viewer, patient_id, now=now)
    location = Location.objects.get(id=banner.patient.location_id)
    visits = list_visits_of(patient_id)
    order = (
        MedicationRequest.objects.filter(
            patient_id=patient_id, status=MedicationRequest.ACTIVE,
            care_plan__status=CarePlan.ACTIVE,
        )
        .select_related("care_plan")
        .order_by("-ordered_at")
        .first()
    )  # fmt: skip
    kept = [v for v in visits if v.status not in ("cancelled", "noshow")]
    local = now.astimezone(ZoneInfo(location.timezone))
    return BookingPage(
        banner=banner,
        timezone=location.timezone,
        location=location.name,
        chairs=tuple(list_chairs(location.id)),
        visits=tuple(v for v in visits if v.ends >= now and v.status != "cancelled"),
        past=tuple(v for v in visits if v.ends < now or v.status == "cancelled"),
        order_id=order.id if order else None,
        session_count=order.care_plan.session_count if order else 0,
        interval=order.care_plan.interval if order else "",
        suggestion={
            "day": local.date().isoformat(),
            "minutes": PROPOSED_MINUTES,
            "session_number": len(kept) + 1 if order else None,
        },
    )
