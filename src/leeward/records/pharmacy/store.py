"""The ledger's own writer: one entry at a time per location, chained, never below nothing.

The location's head row is locked while its ledger grows, so two tablets write one after the other
and neither takes what the other has taken; a command id is taken once, so a retry finds its entry.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Sum

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.audit.chain import GENESIS, first_break, link
from leeward.records.audit.store import CommandTaken

from .ledger import INSIDE, Line, Position, check
from .models import LedgerEntry, LedgerHead, LedgerLine


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be written: a kind, its lines, and what else an inspector asks of it."""

    kind: str
    lines: tuple[Line, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    session_id: UUID | None = None
    patient_id: UUID | None = None
    corrects: LedgerEntry | None = None


def lock_ledger(location_id: UUID) -> LedgerHead:
    """A location's head, locked until the transaction ends."""
    LedgerHead.objects.get_or_create(location_id=location_id, defaults={"hash": GENESIS})
    return LedgerHead.objects.select_for_update().get(location_id=location_id)


def written_by(command_id: UUID, location_id: UUID) -> list[LedgerEntry]:
    """What a command wrote, empty if it has not been carried out.

    Raises `CommandTaken` when it wrote at another location: nothing was done here.
    """
    rows = list(LedgerEntry.objects.filter(command_id=command_id).order_by("ordinal"))
    if any(row.location_id != location_id for row in rows):
        raise CommandTaken(f"command {command_id} was already used at another location")
    return rows


def post(
    head: LedgerHead,
    postings: Sequence[Posting],
    *,
    actor: Actor,
    witness: Actor | None = None,
    command_id: UUID,
    occurred_at: datetime,
    recorded_at: datetime,
) -> list[LedgerEntry] | Refusal:
    """Write entries to the end of a locked ledger, or refuse and write nothing.

    Later postings stand on the earlier ones, so a vial may be drawn from and wasted in one act.
    """
    vials = {line.position.vial for posting in postings for line in posting.lines}
    held = balances(vials)
    for posting in postings:
        if (refused := check(posting.kind, posting.lines, held)) is not None:
            return refused
        for line in posting.lines:
            held[line.position] = held.get(line.position, 0) + line.parts
    return [
        _write(head, posting, ordinal, actor, witness, command_id, occurred_at, recorded_at)
        for ordinal, posting in enumerate(postings)
    ]


def _write(
    head: LedgerHead, posting: Posting, ordinal: int, actor: Actor, witness: Actor | None,
    command_id: UUID, occurred_at: datetime, recorded_at: datetime,
) -> LedgerEntry:  # fmt: skip
    entry = LedgerEntry(
        id=uuid5(command_id, f"ledger:{ordinal}"), location_id=head.location_id,
        seq=head.seq + 1, kind=posting.kind, session_id=posting.session_id,
        patient_id=posting.patient_id, corrects=posting.corrects, detail=dict(posting.detail),
        actor_id=actor.account_id, actor_name=actor.name,
        witness_id=witness.id if witness else None, witness_name=witness.name if witness else "",
        command_id=command_id, ordinal=ordinal, occurred_at=occurred_at,
        recorded_at=recorded_at, prev_hash=head.hash,
    )  # fmt: skip
    entry.hash = link(entry.prev_hash, content_of(entry, posting.lines))
    entry.save(force_insert=True)
    LedgerLine.objects.bulk_create(
        LedgerLine(
            entry=entry, ordinal=number, account=line.position.account,
            place_id=line.position.place, vial_id=line.position.vial, parts=line.parts,
        )
        for number, line in enumerate(posting.lines)
    )  # fmt: skip
    head.seq, head.hash = entry.seq, entry.hash
    head.save(update_fields=["seq", "hash", "vials"])
    return entry


def balances(vial_ids: Iterable[UUID]) -> dict[Position, int]:
    """How many parts of these containers are where."""
    rows = (
        LedgerLine.objects.filter(vial_id__in=set(vial_ids))
        .values("account", "place_id", "vial_id")
        .annotate(sum=Sum("parts"))
    )
    return {Position(r["account"], r["vial_id"], r["place_id"]): r["sum"] for r in rows}


def held_at(account: str, place_id: UUID) -> dict[UUID, int]:
    """What a store or a session's syringe holds [parts], by container; empty ones left out."""
    if account not in INSIDE:
        raise ValueError(f"{account} is not a place of the clinic")
    rows = (
        LedgerLine.objects.filter(account=account, place_id=place_id)
        .values("vial_id")
        .annotate(sum=Sum("parts"))
    )
    return {row["vial_id"]: row["sum"] for row in rows if row["sum"]}


def lines_of(entry: LedgerEntry) -> tuple[Line, ...]:
    return tuple(
        Line(Position(row.account, row.vial_id, row.place_id), row.parts)
        for row in entry.lines.order_by("ordinal")
    )


def content_of(entry: LedgerEntry, lines: Iterable[Line]) -> dict[str, Any]:
    """What the hash of an entry covers: all of it, with its lines."""
    return {
        "location": str(entry.location_id),
        "seq": entry.seq,
        "entry": str(entry.id),
        "kind": entry.kind,
        "session": str(entry.session_id or ""),
        "patient": str(entry.patient_id or ""),
        "corrects": str(entry.corrects_id or ""),
        "detail": entry.detail,
        "actor": [str(entry.actor_id), entry.actor_name],
        "witness": [str(entry.witness_id or ""), entry.witness_name],
        "command": [str(entry.command_id), entry.ordinal],
        "occurred_at": entry.occurred_at.astimezone(UTC).isoformat(),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(),
        "lines": [
            [ln.position.account, str(ln.position.place or ""), str(ln.position.vial), ln.parts]
            for ln in lines
        ],
    }


def verify(location_id: UUID) -> str | None:
    """The first fault in a location's ledger, or None: whole, ending where it should, sum zero."""
    entries = (
        LedgerEntry.objects.filter(location_id=location_id)
        .order_by("seq")
        .prefetch_related("lines")
    )
    rows = list(entries)
    fault = first_break((e.seq, e.prev_hash, e.hash, content_of(e, _read(e))) for e in rows)
    if fault:
        return fault
    head = LedgerHead.objects.filter(location_id=location_id).first()
    last = (rows[-1].seq, rows[-1].hash) if rows else (0, GENESIS)
    if head is None or (head.seq, head.hash) != last:
        return (
            f"the ledger ends at entry {last[0]}, its head says {head.seq if head else 'nothing'}"
        )
    stray = LedgerLine.objects.filter(entry__location_id=location_id).aggregate(s=Sum("parts"))
    return f"the ledger does not add up: {stray['s']} parts" if stray["s"] else None


def ledger_ids() -> list[UUID]:
    """The locations that have, or had, a ledger."""
    written = LedgerEntry.objects.values_list("location_id", flat=True).distinct()
    return sorted({*LedgerHead.objects.values_list("location_id", flat=True), *written})


def heads() -> list[tuple[UUID, int, str]]:
    """(location, seq, hash) of the newest entry of every ledger."""
    return list(LedgerHead.objects.values_list("location_id", "seq", "hash"))


def hash_at(location_id: UUID, seq: int) -> str | None:
    rows = LedgerEntry.objects.filter(location_id=location_id, seq=seq)
    return rows.values_list("hash", flat=True).first()


def _read(entry: LedgerEntry) -> tuple[Line, ...]:
    rows = sorted(entry.lines.all(), key=lambda row: row.ordinal)
    return tuple(Line(Position(r.account, r.vial_id, r.place_id), r.parts) for r in rows)
