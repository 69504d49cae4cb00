"""The whole record, piece by piece, for whoever takes it away: chains as they were hashed, too."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from leeward.core.treatment import SessionState, fold
from leeward.records.audit import store as audit
from leeward.records.audit.models import AuditEntry
from leeward.records.charts.models import Document
from leeward.records.overview.note import NoteSubject, subject_of
from leeward.records.people.models import Patient
from leeward.records.pharmacy import store as pharmacy
from leeward.records.pharmacy.models import LedgerEntry
from leeward.records.treatments import store
from leeward.records.treatments.models import SampleBlock, TreatmentEvent, TreatmentSession
from leeward.usecases.session_record import build_record, find_signed

CHUNK = 500
Row = dict[str, Any]


def read_audit() -> Iterator[Row]:
    entries = AuditEntry.objects.order_by("scope", "seq")
    for e in entries.iterator(chunk_size=CHUNK):
        yield _row(e.scope, e.seq, e.prev_hash, e.hash, audit.content_of(e))


def read_sessions() -> Iterator[Row]:
    events = TreatmentEvent.objects.order_by("session_id", "seq")
    for e in events.iterator(chunk_size=CHUNK):
        yield _row(f"session:{e.session_id}", e.seq, e.prev_hash, e.hash, store.content_of(e))


def read_ledgers() -> Iterator[Row]:
    entries = LedgerEntry.objects.order_by("location_id", "seq").prefetch_related("lines")
    for e in entries.iterator(chunk_size=CHUNK):
        content = pharmacy.content_of(e, pharmacy.lines_of(e))
        yield _row(f"ledger:{e.location_id}", e.seq, e.prev_hash, e.hash, content)


def read_samples() -> Iterator[Row]:
    """Every sealed minute with the text that its digest covers."""
    blocks = SampleBlock.objects.select_related("binding").order_by("binding_id", "minute")
    for block in blocks.iterator(chunk_size=50):
        yield {
            "chain": f"session:{block.binding.session_id}",
            "binding": str(block.binding_id),
            "minute": block.minute.isoformat(),
            "text": zlib.decompress(bytes(block.data)).decode(),
        }


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A document as it was kept: its canonical text is what was signed."""

    id: UUID
    kind: str
    title: str
    session_id: UUID | None
    canonical: str
    digest: str


def read_documents() -> Iterator[SignedDocument]:
    for row in Document.objects.order_by("id").iterator(chunk_size=20):
        yield SignedDocument(
            row.id, row.kind, row.title, row.subject_id, row.canonical, row.digest
        )


def _row(chain: str, seq: int, prev_hash: str, digest: str, content: Row) -> Row:
    return {"chain": chain, "seq": seq, "prev_hash": prev_hash, "hash": digest, "content": content}


@dataclass(frozen=True, slots=True)
class Held:
    """One session: whose it was and what its log amounts to."""

    id: UUID
    subject: NoteSubject
    state: SessionState
    record_digest: str


def read_held() -> Iterator[Held]:
    rows = TreatmentSession.objects.select_related("patient", "location__organization")
    for row in rows.order_by("opened_at", "id").iterator(chunk_size=20):
        record = find_signed(row.id) or build_record(row)
        yield Held(row.id, subject_of(row), fold(store.load(row.id)), record.digest)


def state_of(session_id: UUID) -> SessionState:
    return fold(store.load(session_id))


@dataclass(frozen=True, slots=True)
class Person:
    """A patient with everything that identifies or reaches them."""

    id: UUID
    organization_name: str
    family: str
    given: str
    birth_date: date | None
    sex: str
    deceased: bool
    language: str
    phone: str
    email: str
    address: str
    identifiers: tuple[tuple[str, str], ...]


def read_people() -> Iterator[Person]:
    rows = Patient.objects.select_related("organization").order_by("id")
    for p in rows.iterator(chunk_size=CHUNK):
        yield Person(
            p.id, p.organization.name, p.family, p.given, p.birth_date, p.sex, p.deceased,
            p.language, p.phone, p.email, p.address,
            tuple((str(i.get("system", "")), str(i["value"])) for i in p.identifiers
                  if isinstance(i, dict) and i.get("value")),
        )  # fmt: skip
