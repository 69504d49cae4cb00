"""The state of a session, folded once and then only carried on.

A state is kept per process with the hash of its last event. It is used only if the log still
continues from that hash, so a record that was changed underneath is folded anew from its start.
Only committed states are kept.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import connection, transaction

from leeward.core.treatment import SessionState, evolve

from .models import TreatmentEvent, TreatmentSession
from .store import read

# A busy clinic has dozens of chairs; what falls out is folded again.
KEPT = 256


@dataclass(frozen=True, slots=True)
class _Kept:
    seq: int
    hash: str
    state: SessionState


_kept: OrderedDict[UUID, _Kept] = OrderedDict()
_lock = Lock()


def state_of(session: TreatmentSession) -> SessionState | None:
    """What the log of a session amounts to; None before it is opened."""
    with _lock:
        known = _kept.get(session.id)
    rows = _rows(session.id, known.seq if known else 0)
    if known is not None and not _continues(known, rows, session):
        known, rows = None, _rows(session.id, 0)
    state = known.state if known else None
    for row in rows:
        state = evolve(state, read(row))
    if state is not None and rows:
        _keep(session.id, _Kept(rows[-1].seq, rows[-1].hash, state))
    return state


def opened_state(session: TreatmentSession) -> SessionState:
    """The state of a session whose log has begun, as every stored session's has."""
    state = state_of(session)
    if state is None:
        raise LookupError(f"session {session.id} has no log")
    return state


def forget() -> None:
    """Drop every kept state."""
    with _lock:
        _kept.clear()


def _rows(session_id: UUID, after_seq: int) -> list[TreatmentEvent]:
    return list(
        TreatmentEvent.objects.filter(session_id=session_id, seq__gt=after_seq).order_by("seq")
    )


def _continues(known: _Kept, rows: Sequence[TreatmentEvent], session: TreatmentSession) -> bool:
    if rows:
        return rows[0].prev_hash == known.hash
    return (known.seq, known.hash) == (session.last_seq, session.last_hash)


def _keep(session_id: UUID, kept: _Kept) -> None:
    def put() -> None:
        with _lock:
            known = _kept.get(session_id)
            if known is None or known.seq < kept.seq or known.hash != kept.hash:
                _kept[session_id] = kept
            _kept.move_to_end(session_id)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)

    if connection.in_atomic_block:
        transaction.on_commit(put)
    else:
        put()
