"""The event store of treatment sessions: append, load, verify.

A session's row is locked while its log grows, so `(session, seq)` has no gaps and no races; a
command id is taken once, so a retry returns what the first attempt wrote.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from leeward.core.treatment.events import Actor as TreatmentActor
from leeward.core.treatment.events import Envelope, Event, Recorded
from leeward.core.treatment.payload import from_payload, to_payload, type_name
from leeward.records.audit.chain import GENESIS, canonical, first_break, link
from leeward.records.audit.store import CommandTaken

from .models import TreatmentEvent, TreatmentSession


def lock_session(session_id: UUID) -> TreatmentSession:
    """The session row, locked until the transaction ends."""
    return TreatmentSession.objects.select_for_update().get(id=session_id)


def load(session_id: UUID, *, after_seq: int = 0) -> list[Recorded]:
    """The log of a session in order."""
    rows = TreatmentEvent.objects.filter(session_id=session_id, seq__gt=after_seq).order_by("seq")
    return [read(row) for row in rows]


def written_by(command_id: UUID, session_id: UUID) -> list[Recorded]:
    """What a command wrote to a session, empty if it has not been carried out.

    Raises `CommandTaken` when it wrote to another one: nothing was done here.
    """
    rows = list(TreatmentEvent.objects.filter(command_id=command_id).order_by("ordinal"))
    if any(row.session_id != session_id for row in rows):
        raise CommandTaken(f"command {command_id} was already used in another session")
    return [read(row) for row in rows]


def append(
    session: TreatmentSession,
    events: Sequence[Event],
    *,
    actor: TreatmentActor,
    command_id: UUID,
    occurred_at: datetime,
    recorded_at: datetime,
) -> list[Recorded]:
    """Write events to the end of a locked session's log and return them as recorded."""
    rows = []
    for ordinal, event in enumerate(events):
        row = TreatmentEvent(
            session=session,
            seq=session.last_seq + 1,
            event_id=uuid5(command_id, str(ordinal)),
            command_id=command_id,
            ordinal=ordinal,
            type=type_name(event),
            payload=canonical(to_payload(event)),
            actor_id=UUID(actor.id) if actor.id else None,
            actor_kind=actor.kind,
            actor_name=actor.name,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            prev_hash=session.last_hash or GENESIS,
        )
        row.hash = link(row.prev_hash, content_of(row))
        row.save(force_insert=True)
        session.last_seq, session.last_hash = row.seq, row.hash
        rows.append(row)
    session.save(update_fields=["last_seq", "last_hash", "stage", "closed_at"])
    return [read(row) for row in rows]


def read(row: TreatmentEvent) -> Recorded:
    actor = TreatmentActor(id=str(row.actor_id or ""), name=row.actor_name, kind=row.actor_kind)
    head = Envelope(
        seq=row.seq,
        event_id=str(row.event_id),
        command_id=str(row.command_id),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        actor=actor,
    )
    return Recorded(head, from_payload(row.type, json.loads(row.payload)))


def envelope(
    *,
    seq: int,
    command_id: UUID,
    ordinal: int,
    occurred_at: datetime,
    recorded_at: datetime,
    actor: TreatmentActor,
) -> Envelope:
    """The envelope an event will have once it is written."""
    return Envelope(
        seq=seq,
        event_id=str(uuid5(command_id, str(ordinal))),
        command_id=str(command_id),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        actor=actor,
    )


def content_of(row: TreatmentEvent) -> dict[str, Any]:
    """What the hash of an event covers: everything but the hash itself."""
    return {
        "session": str(row.session_id),
        "seq": row.seq,
        "event": str(row.event_id),
        "command": str(row.command_id),
        "ordinal": row.ordinal,
        "type": row.type,
        "payload": row.payload,
        "actor": [str(row.actor_id or ""), row.actor_kind, row.actor_name],
        "occurred_at": row.occurred_at.astimezone(UTC).isoformat(),
        "recorded_at": row.recorded_at.astimezone(UTC).isoformat(),
    }


def verify(session_id: UUID) -> str | None:
    """The first fault in a session's chain, or None when it is whole and ends where it should."""
    session = TreatmentSession.objects.get(id=session_id)
    rows = TreatmentEvent.objects.filter(session_id=session_id).order_by("seq")
    fault = first_break((r.seq, r.prev_hash, r.hash, content_of(r)) for r in rows.iterator())
    if fault:
        return fault
    last = rows.last()
    seq, digest = (last.seq, last.hash) if last else (0, "")
    if (seq, digest) != (session.last_seq, session.last_hash):
        return f"the log ends at event {seq}, its session says {session.last_seq}"
    return None


def session_ids() -> Iterable[UUID]:
    return TreatmentSession.objects.order_by("opened_at").values_list("id", flat=True)


def heads() -> Iterable[tuple[UUID, int, str]]:
    """(session, seq, hash) of the newest event of every session."""
    return TreatmentSession.objects.values_list("id", "last_seq", "last_hash").iterator()


def hash_at(session_id: UUID, seq: int) -> str | None:
    rows = TreatmentEvent.objects.filter(session_id=session_id, seq=seq)
    return rows.values_list("hash", flat=True).first()
