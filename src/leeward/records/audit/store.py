"""Appends to the audit trail and remembers commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from .chain import GENESIS, first_break, link
from .models import AuditEntry, ChainHead, Command

_told: ContextVar[list[tuple[str, UUID | None]] | None] = ContextVar("told", default=None)


class Subject(Protocol):
    """What the trail needs to know of whoever acts; `accounts.Actor` fits."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def organization_id(self) -> UUID | None: ...
    @property
    def origin(self) -> str: ...


def record(
    actor: Subject,
    action: str,
    *,
    at: datetime,
    patient_id: UUID | None = None,
    subject: tuple[str, Any] = ("", ""),
    outcome: str = "done",
    **detail: Any,
) -> None:
    """Append one entry to the trail of the actor's organization, in the caller's transaction."""
    scope = scope_of(actor.organization_id)
    with transaction.atomic():
        head = lock_head(scope)
        entry = AuditEntry(
            scope=scope,
            seq=head.seq + 1,
            at=at,
            organization_id=actor.organization_id,
            actor_id=actor.id,
            actor_kind=actor.kind,
            actor_name=actor.name,
            action=action,
            outcome=outcome,
            patient_id=patient_id,
            subject_type=subject[0],
            subject_id=str(subject[1]),
            detail={key: _plain(value) for key, value in detail.items()},
            origin=actor.origin,
            prev_hash=head.hash,
        )
        entry.hash = link(entry.prev_hash, content_of(entry))
        entry.save(force_insert=True)
        head.seq, head.hash = entry.seq, entry.hash
        head.save(update_fields=["seq", "hash"])
    if (told := _told.get()) is not None:
        told.append((action, patient_id))


@contextmanager
def telling() -> Iterator[list[tuple[str, UUID | None]]]:
    """What is recorded within, as (action, patient), for a door that fills in what was not."""
    told: list[tuple[str, UUID | None]] = []
    before = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(before)


def lock_head(scope: str) -> ChainHead:
    """The newest link of a chain, locked until the transaction ends."""
    ChainHead.objects.get_or_create(scope=scope, defaults={"seq": 0, "hash": GENESIS})
    return ChainHead.objects.select_for_update().get(scope=scope)


def content_of(entry: AuditEntry) -> dict[str, Any]:
    """What the hash of an entry covers; the organization's column stands in its scope."""
    return {
        "scope": scope_of(entry.organization_id),
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": [str(entry.actor_id), entry.actor_kind, entry.actor_name],
        "action": entry.action,
        "outcome": entry.outcome,
        "patient": str(entry.patient_id or ""),
        "subject": [entry.subject_type, entry.subject_id],
        "detail": entry.detail,
        "origin": entry.origin,
    }


def scopes() -> list[str]:
    """Every chain, also one whose head or whose entries are gone."""
    heads = set(ChainHead.objects.values_list("scope", flat=True))
    return sorted(heads.union(AuditEntry.objects.values_list("scope", flat=True).distinct()))


def scope_of(organization_id: UUID | None) -> str:
    return f"audit:{organization_id or 'system'}"


def verify(scope: str) -> str | None:
    """The first fault in one audit chain, or None when it is whole and its head agrees."""
    entries = AuditEntry.objects.filter(scope=scope).order_by("seq")
    fault = first_break((e.seq, e.prev_hash, e.hash, content_of(e)) for e in entries.iterator())
    if fault:
        return fault
    head = ChainHead.objects.filter(scope=scope).first()
    if head is None:
        return "the head of the chain is missing"
    last = entries.last()
    if (last.seq, last.hash) != (head.seq, head.hash) if last else head.seq != 0:
        return f"the chain ends before entry {head.seq}"
    return None


class CommandTaken(ValueError):
    """The id was used for another act or by somebody else; its result is not theirs to have."""


def recall(command_id: UUID, use_case: str, actor: Subject, *, of: Any = None) -> str | None:
    """The result of a command this actor already carried out, or None if it is new.

    Raises `CommandTaken` when it was another act, another actor's, or about something else than
    the one thing `of` which it can be about.
    """
    _wait_for_its_double(command_id)
    done = Command.objects.filter(command_id=command_id).first()
    if done is None:
        return None
    same = (done.use_case, done.actor_id) == (use_case, actor.id)
    if not same or (of is not None and done.result != str(of)):
        raise CommandTaken(f"command {command_id} was already used for {done.use_case}")
    return done.result


def _wait_for_its_double(command_id: UUID) -> None:
    """Let the same command sent twice at once be carried out one after the other.

    SQLite's transactions are one after the other anyway.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            key = int.from_bytes(command_id.bytes[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def remember(command_id: UUID, use_case: str, actor: Subject, at: datetime, result: Any) -> None:
    Command.objects.create(
        command_id=command_id, use_case=use_case, actor_id=actor.id, at=at, result=str(result)
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return str(value)


def count_recent(actor: Subject, action: str, *, since: datetime, detail: dict[str, str]) -> int:
    """How often an action with this detail was recorded since then."""
    said = {f"detail__{name}": value for name, value in detail.items()}
    return AuditEntry.objects.filter(
        organization_id=actor.organization_id, action=action, at__gte=since, **said
    ).count()


def newest_at() -> datetime | None:
    """When the newest entry of any chain was made, by the clock of that moment."""
    return AuditEntry.objects.aggregate(Max("at"))["at__max"]


def heads() -> list[tuple[str, int, str]]:
    """(scope, seq, hash) of the newest link of every audit chain."""
    return list(ChainHead.objects.values_list("scope", "seq", "hash"))


def hash_at(scope: str, seq: int) -> str | None:
    rows = AuditEntry.objects.filter(scope=scope, seq=seq)
    return rows.values_list("hash", flat=True).first()


def told_lately(
    actor: Subject, action: str, page: str, patient_id: UUID | None, *, since: datetime
) -> bool:
    """Whether this view is in the trail already, since then."""
    return AuditEntry.objects.filter(
        organization_id=actor.organization_id, at__gte=since, actor_id=actor.id, action=action,
        patient_id=patient_id, subject_type="page", subject_id=page,
    ).exists()  # fmt: skip
