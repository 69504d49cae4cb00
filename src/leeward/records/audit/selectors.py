"""Reads of the audit trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .models import AuditEntry

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search is for; what is empty matches all. `until` is not included."""

    person: str = ""
    action: str = ""
    outcome: str = ""
    patient_ids: frozenset[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_kind: str
    actor_name: str
    action: str
    outcome: str
    patient_id: UUID | None
    subject_type: str
    subject_id: str
    detail: dict[str, Any]
    origin: str
    hash: str


def list_entries(
    organization_id: UUID, asked: Asked, *, before: int | None = None, limit: int = 100
) -> list[Entry]:
    """Entries of one organization, newest first, from just before entry `before` on."""
    rows = _matching(organization_id, asked).order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return [_entry(row) for row in rows[:limit]]


def iterate_entries(organization_id: UUID, asked: Asked) -> Iterator[Entry]:
    """All that match, oldest first, a piece at a time."""
    rows = _matching(organization_id, asked).order_by("seq")
    return (_entry(row) for row in rows.iterator(chunk_size=CHUNK))


def _matching(organization_id: UUID, asked: Asked) -> Any:
    rows = AuditEntry.objects.filter(organization_id=organization_id)
    for name, value in (
        ("actor_name__icontains", asked.person),
        ("action__startswith", asked.action),
        ("outcome", asked.outcome),
        ("patient_id__in", asked.patient_ids),
        ("at__gte", asked.since),
        ("at__lt", asked.until),
    ):
        if value is not None and value != "":
            rows = rows.filter(**{name: value})
    return rows


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        row.seq, row.at, row.actor_id, row.actor_kind, row.actor_name, row.action, row.outcome,
        row.patient_id, row.subject_type, row.subject_id, row.detail, row.origin, row.hash,
    )  # fmt: skip
