"""Appends to the audit trail and remembers commands."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from .chain import GENESIS, first_break, link
from .models import AuditEntry, ChainHead, Command


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
    scope = f"audit:{actor.organization_id or 'system'}"
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


def lock_head(scope: str) -> ChainHead:
    """The newest link of a chain, locked until the transaction ends."""
    ChainHead.objects.get_or_create(scope=scope, defaults={"seq": 0, "hash": GENESIS})
    return ChainHead.objects.select_for_update().get(scope=scope)


def content_of(entry: AuditEntry) -> dict[str, Any]:
    return {
        "scope": entry.scope,
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": [str(entry.actor_id), entry.actor_kind, entry.actor_name],
        "action": entry.action,
        "outcome": entry.outcome,
        "patient": str(entry.patient_id or ""),
        "subject": [entry.subject_type, entry.subject_id],
        "detail": entry.detail,
        "origin": entry.origin,
    }


def scopes() -> list[str]:
    return list(ChainHead.objects.order_by("scope").values_list("scope", flat=True))


def verify(scope: str) -> str | None:
    """The first fault in one audit chain, or None when it is whole and its head agrees."""
    entries = AuditEntry.objects.filter(scope=scope).order_by("seq")
    fault = first_break((e.seq, e.prev_hash, e.hash, content_of(e)) for e in entries.iterator())
    if fault:
        return fault
    head = ChainHead.objects.get(scope=scope)
    last = entries.last()
    if (last.seq, last.hash) != (head.seq, head.hash) if last else head.seq != 0:
        return f"the chain ends before entry {head.seq}"
    return None


def recall(command_id: UUID, use_case: str) -> str | None:
    """The result of a command already carried out, or None if it is new."""
    done = Command.objects.filter(command_id=command_id).first()
    if done is None:
        return None
    if done.use_case != use_case:
        raise ValueError(f"command {command_id} was already used for {done.use_case}")
    return done.result


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
    rows = AuditEntry.objects.filter(
        organization_id=actor.organization_id, action=action, at__gte=since
    )
    return sum(all(row.detail.get(k) == v for k, v in detail.items()) for row in rows)


def newest_at() -> datetime | None:
    """When the newest entry of any chain was made, by the clock of that moment."""
    return AuditEntry.objects.aggregate(Max("at"))["at__max"]
