"""Ledger entries as rows to read, each with the balances after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from leeward.records.people.models import Patient
from leeward.records.pharmacy import ledger
from leeward.records.pharmacy.models import LedgerEntry, LedgerLine, Vial

WHAT = {
    ledger.RECEIVE: "Received", ledger.FOUND_OVERFILL: "Overfill found", ledger.MOVE: "Moved",
    ledger.DRAW: "Draw", ledger.GIVE: "Given", ledger.WASTE: "Waste",
    ledger.PUT_BACK: "Put back unopened", ledger.BREAK: "Broken", ledger.DESTROY: "Destroyed",
    ledger.RETURN: "Returned to supplier", ledger.LOSE: "Lost", ledger.FIND: "Found again",
    ledger.COUNT: "Count", ledger.RECOUNT: "Counted again", ledger.INVENTORY: "Inventory",
    ledger.CORRECT: "Correction",
}  # fmt: skip
# What somebody looking over the day wants to see at once.
STRONG = frozenset({ledger.WASTE, ledger.RECEIVE, ledger.CORRECT, ledger.LOSE, ledger.BREAK,
                    ledger.DESTROY, ledger.COUNT, ledger.INVENTORY})  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry; amounts in mL of the container and mg by its label, balances after it."""

    id: UUID
    seq: int
    at: datetime
    kind: str
    what: str
    who: str
    about: str
    store_ml: Decimal | None
    amount_mg: Decimal | None
    by: str
    witness: str
    in_store_ml: Decimal
    open_mg: Decimal
    bad: bool
    corrected_by: int | None
    correctable: bool

    @property
    def strong(self) -> bool:
        return self.kind in STRONG


def ledger_rows(entries: Sequence[LedgerEntry]) -> list[LedgerRow]:
    """Rows of consecutive entries of one location, oldest first, as given."""
    if not entries:
        return []
    vials = _vials(entries)
    names = _names(entries)
    corrected = _corrected(entries)
    in_store, open_mg = _before(entries[0])
    rows = []
    for entry in entries:
        change, drawn, amount = _movement(entry, vials)
        in_store, open_mg = in_store + change, open_mg + drawn
        rows.append(LedgerRow(
            id=entry.id, seq=entry.seq, at=entry.occurred_at, kind=entry.kind,
            what=_what(entry), who=names.get(entry.patient_id, ""),
            about=_about(entry, vials, corrected), store_ml=ledger.ml(change) if change else None,
            amount_mg=amount or None, by=entry.actor_name, witness=entry.witness_name,
            in_store_ml=ledger.ml(in_store), open_mg=open_mg, bad=differs(entry),
            corrected_by=corrected.get(entry.id),
            correctable=entry.kind not in (*ledger.LOOKS, ledger.CORRECT)
            and entry.id not in corrected,
        ))  # fmt: skip
    return rows


def _vials(entries: Iterable[LedgerEntry]) -> dict[UUID, Vial]:
    ids = {line.vial_id for entry in entries for line in entry.lines.all()}
    counted = {UUID(v) for e in entries for v in e.detail.get("counted", {})}
    return {v.id: v for v in Vial.objects.select_related("product").filter(id__in=ids | counted)}


def _names(entries: Iterable[LedgerEntry]) -> dict[UUID | None, str]:
    ids = {entry.patient_id for entry in entries if entry.patient_id}
    return {p.id: p.display_name for p in Patient.objects.filter(id__in=ids)}


def _corrected(entries: Sequence[LedgerEntry]) -> dict[UUID, int]:
    ids = [entry.id for entry in entries]
    rows = LedgerEntry.objects.filter(corrects_id__in=ids).values_list("corrects_id", "seq")
    return {entry_id: seq for entry_id, seq in rows if entry_id is not None}


def _before(first: LedgerEntry) -> tuple[int, Decimal]:
    """What the stores held [parts] and the syringes held [mg] before an entry."""
    held = (
        LedgerLine.objects.filter(
            entry__location_id=first.location_id, entry__seq__lt=first.seq,
            account__in=ledger.INSIDE,
        )
        .values("account", "vial__product__mg_per_ml")
        .annotate(sum=Sum("parts"))
    )  # fmt: skip
    in_store = sum(row["sum"] for row in held if row["account"] == ledger.STORE)
    open_mg = (
        ledger.mg(row["sum"], row["vial__product__mg_per_ml"])
        for row in held
        if row["account"] == ledger.SYRINGE
    )
    return in_store, sum(open_mg, Decimal(0))


def _movement(entry: LedgerEntry, vials: dict[UUID, Vial]) -> tuple[int, Decimal, Decimal]:
    """Change of the stores [parts] and of the syringes [mg], and the amount that moved [mg]."""
    store, drawn, amount = 0, Decimal(0), Decimal(0)
    for line in entry.lines.all():
        mg = ledger.mg(line.parts, vials[line.vial_id].product.mg_per_ml)
        store += line.parts if line.account == ledger.STORE else 0
        drawn += mg if line.account == ledger.SYRINGE else Decimal(0)
        amount += mg if line.parts > 0 else Decimal(0)
    return store, drawn, amount


def _what(entry: LedgerEntry) -> str:
    if entry.kind == ledger.RECEIVE:
        return f"Received {entry.detail['containers']} vials"
    if entry.kind == ledger.COUNT:
        return "Count: differs" if differs(entry) else "Count: agrees"
    if entry.kind == ledger.CORRECT and entry.corrects:
        return f"Correction of row {entry.corrects.seq}"
    return WHAT[entry.kind]


def _about(entry: LedgerEntry, vials: dict[UUID, Vial], corrected: dict[UUID, int]) -> str:
    detail: dict[str, Any] = entry.detail
    said = []
    if entry.kind == ledger.RECEIVE:
        said.append(f"lot {detail['lot']}, from {detail['supplier']}, invoice {detail['invoice']}")
    elif entry.kind == ledger.COUNT:
        said += [detail["name"], *_differences(entry, vials)]
    else:
        numbers = sorted({vials[line.vial_id].number for line in entry.lines.all()})
        said += [vial_name(n) for n in numbers]
    said += [detail["because"]] if detail.get("because") else []
    said += [f"corrected by row {corrected[entry.id]}"] if entry.id in corrected else []
    return ", ".join(said)


def _differences(entry: LedgerEntry, vials: dict[UUID, Vial]) -> list[str]:
    return [
        f"{vial_name(vials[UUID(v)].number)} expected {ledger.ml(c['ledger'])}, "
        f"counted {ledger.ml(c['found'])}"
        for v, c in entry.detail["counted"].items()
        if c["found"] != c["ledger"]
    ]


def differs(entry: LedgerEntry) -> bool:
    """Whether a count found anything else than the ledger says."""
    counted = entry.detail.get("counted", {}).values()
    return any(c["found"] != c["ledger"] for c in counted)


def vial_name(number: int) -> str:
    """As it is written on the sticker: V-0412."""
    return f"V-{number:04d}"
