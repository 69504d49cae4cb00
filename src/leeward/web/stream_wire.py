"""The words of the stream: server-sent events, and positions in the logs.

The ids of events are given out before their transactions commit, so on PostgreSQL a reader that
asks for "id greater than N" can miss a slow transaction for ever. The place within a session, its
`seq`, has no gaps and grows under the session's lock. A stream's position is therefore one place
per session, written `<session>:<seq>,...`, and nothing is ever skipped.
"""

import contextlib
import json
from typing import Any
from uuid import UUID

from leeward.core.treatment.events import Recorded
from leeward.core.treatment.payload import type_name

Json = dict[str, Any]
Position = dict[UUID, int]

RETRY = b"retry: 2000\n\n"
KEEP_ALIVE = b": here\n\n"


def encode(content: Json, position: str = "") -> bytes:
    """One server-sent event; with a position it moves the reader's `Last-Event-ID`."""
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    head = f"id: {position}\n" if position else ""
    return f"{head}data: {body}\n\n".encode()


def encode_event(
    session_id: UUID, chair_id: UUID, recorded: Recorded, position: Position
) -> bytes:
    """That something happened; what the page shows of it, it fetches by itself."""
    envelope = recorded.envelope
    content = {
        "type": "event",
        "session": str(session_id),
        "chair": str(chair_id),
        "seq": envelope.seq,
        "event": type_name(recorded.event).split(".")[1],
        "t": envelope.occurred_at.isoformat(),
    }
    return encode(content, write_position(position))


def write_position(position: Position) -> str:
    """A position as text; a page puts it beside its token as the place it was rendered at."""
    return ",".join(f"{session}:{seq}" for session, seq in sorted(position.items()))


def read_position(text: str, sessions: frozenset[UUID]) -> Position | None:
    """A position as pages and browsers send it back; None for "from now on".

    A bare number is the place in each of `sessions`, the ones a pass names. A dot may stand for
    the colon.
    """
    text = text.strip()
    if not text:
        return None
    if text.isdecimal():
        return dict.fromkeys(sessions, int(text))
    position: Position = {}
    for part in text.replace(".", ":").split(","):
        session, _, seq = part.partition(":")
        with contextlib.suppress(ValueError):
            position[UUID(session)] = int(seq)
    return position
