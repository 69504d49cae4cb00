"""What the call button's page knows: the chair, and what became of the last call. No name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leeward.core.treatment.state import PRESENT
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.models import TreatmentSession


@dataclass(frozen=True, slots=True)
class CallPage:
    chair: str
    place: str
    phone: str
    language: str
    timezone: str
    here: bool
    called_at: datetime | None
    answered_at: datetime | None


def find_call_page(session_id: UUID) -> CallPage | None:
    """The page for whoever holds the link; None if there is no such visit."""
    row = (
        TreatmentSession.objects.select_related("chair", "location", "patient")
        .filter(id=session_id)
        .first()
    )
    if row is None:
        return None
    state = opened_state(row)
    last = next(reversed(state.calls.values()), None)
    return CallPage(
        chair=row.chair.label,
        place=row.location.name,
        phone=row.location.phone,
        language=row.patient.language,
        timezone=row.location.timezone,
        here=state.stage in PRESENT,
        called_at=last.said.at if last else None,
        answered_at=last.answered.at if last and last.answered else None,
    )
