"""The canonical record of one session: the text that is signed, and what every copy derives from.

It is built from the log up to one event and from nothing a page computed, so the same log gives
the same text. Entries that were withdrawn stand in the list of events and count nowhere else.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leeward.core.treatment import SessionState, fold
from leeward.core.treatment import events as e
from leeward.core.treatment.events import Recorded
from leeward.core.treatment.payload import recorded_to_payload
from leeward.records.accounts.actor import DIRECTOR, NURSE, PRESCRIBER, Actor
from leeward.records.audit.chain import canonical
from leeward.records.charts.models import Document
from leeward.records.treatments import store
from leeward.records.treatments.models import TreatmentEvent, TreatmentSession
from leeward.usecases.access import access_session
from leeward.usecases.record_people import people_sections
from leeward.usecases.record_sections import care_sections
from leeward.usecases.record_series import device_series

Json = dict[str, Any]
KIND, VERSION = "leeward.session-record", 1
DOCUMENT = "session_note"
# What is written about the record is not part of it.
ABOUT_THE_RECORD = (e.NoteSigned, e.AddendumWritten)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One record: its content, its canonical text, the SHA-256 of that text, its last event."""

    content: Json
    canonical: str
    digest: str
    seq: int


def read_record(*, actor: Actor, session_id: UUID, seq: int | None = None) -> SessionRecord:
    """The record of a session: as it was signed, or, unsigned, as the log tells it now.

    *Refuses when* never; a session elsewhere is `NotFound`. *Emits* nothing. *Locks* nothing.
    """
    session = access_session(actor, session_id, NURSE, PRESCRIBER, DIRECTOR)
    return find_signed(session_id) or build_record(session, seq=seq)


def find_signed(session_id: UUID) -> SessionRecord | None:
    """The record as it was first signed, or None."""
    row = Document.objects.filter(kind=DOCUMENT, subject_id=session_id).first()
    if row is None:
        return None
    content = json.loads(row.canonical)
    return SessionRecord(content, row.canonical, row.digest, content["chain"]["seq"])


def build_record(session: TreatmentSession, *, seq: int | None = None) -> SessionRecord:
    """The record as of one event, by default the last that is not about the record itself."""
    log = _log(session.id, seq)
    last = log[-1].envelope.seq
    content = _content(session, fold(log), log, last)
    text = canonical(content)
    return SessionRecord(content, text, digest_of(text), last)


def digest_of(text: str) -> str:
    """The SHA-256 [hex] of a canonical text; this is what a signature covers."""
    return hashlib.sha256(text.encode()).hexdigest()


def only_sealed_since(session_id: UUID, seq: int) -> bool:
    """Whether nothing but the sealing of samples was written after an event."""
    later = store.load(session_id, after_seq=seq)
    return all(isinstance(recorded.event, e.SamplesSealed) for recorded in later)


def _log(session_id: UUID, seq: int | None) -> list[Recorded]:
    log = store.load(session_id)
    if seq is None:
        return [r for r in log if not isinstance(r.event, ABOUT_THE_RECORD)]
    return [recorded for recorded in log if recorded.envelope.seq <= seq]


def _content(
    session: TreatmentSession, state: SessionState, log: list[Recorded], last: int
) -> Json:
    head = TreatmentEvent.objects.values_list("hash", flat=True).get(session=session, seq=last)
    return {
        "kind": KIND,
        "version": VERSION,
        **people_sections(session, state),
        **care_sections(state),
        "series": device_series(session.id),
        "events": [recorded_to_payload(recorded) for recorded in log],
        "digests": {"content": state.content_digest, "limits": state.limits_digest},
        "chain": {"seq": last, "head": head},
    }
