"""Reads over sessions that other contexts need: how many of a course were given, and when."""

from datetime import date
from uuid import UUID

from .models import TreatmentEvent

STARTED = "treatment.infusion_started.v1"


def list_session_days(care_plan_id: UUID) -> tuple[date, ...]:
    """Days on which a session of a course was begun, in order; a visit without a dose is none."""
    began = TreatmentEvent.objects.filter(
        session__order__care_plan_id=care_plan_id, type=STARTED
    ).values_list("session_id", "occurred_at")
    first: dict[UUID, date] = {}
    for session_id, at in began.order_by("occurred_at"):
        first.setdefault(session_id, at.date())
    return tuple(sorted(first.values()))


def count_sessions(care_plan_id: UUID) -> int:
    """Sessions of a course that were given."""
    return len(list_session_days(care_plan_id))
