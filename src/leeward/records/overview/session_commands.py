"""What became of one act, and the times of a visit: small reads for the chair-side page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from leeward.records.accounts.actor import Actor
from leeward.records.audit.store import CommandTaken
from leeward.records.treatments import store

from .event_words import words_of
from .session import find_session


@dataclass(frozen=True, slots=True)
class VisitTimes:
    """When a visit was opened, and by which clock it runs."""

    opened_at: datetime
    timezone: str


def get_visit_times(viewer: Actor, session_id: UUID) -> VisitTimes:
    """The times, or `NotFound` for a session elsewhere."""
    row = find_session(viewer, session_id)
    return VisitTimes(row.opened_at, row.location.timezone)


def get_command_fate(viewer: Actor, session_id: UUID, command_id: UUID) -> dict[str, Any]:
    """Whether a command was taken by this session, and the entries it made.

    An act whose answer was lost is in doubt until the record is asked; this is the asking.
    """
    row = find_session(viewer, session_id)
    try:
        written = store.written_by(command_id, row.id)
    except CommandTaken:
        written = []
    return {
        "taken": bool(written),
        "entries": [
            {
                "seq": recorded.envelope.seq,
                "words": words_of(recorded.event),
                "recorded_at": recorded.envelope.recorded_at.isoformat(),
            }
            for recorded in written
        ],
    }
