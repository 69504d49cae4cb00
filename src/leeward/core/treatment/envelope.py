"""What stands beside every event: who said it, when it happened, when it was written."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person by id and name, or a machine.

    Attributes
    ----------
    id : str
        Stable id.
    name : str
        Name at that time, as the note prints it.
    kind : str
        ``"staff"``, ``"patient"``, ``"system"`` or ``"device"``.
    """

    id: str
    name: str
    kind: str = "staff"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known about an event besides its content.

    Attributes
    ----------
    seq : int
        Place in the session's log, from 1, without gaps.
    event_id : str
        Id of the event.
    command_id : str
        Id of the command that caused it, made by the client and taken once.
    occurred_at, recorded_at : datetime
        When it happened and when it was written, both aware.
    actor : Actor
        Who said so.
    """

    seq: int
    event_id: str
    command_id: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
