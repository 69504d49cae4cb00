"""What an inspector asks for: the log of every dose, and the inventories."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.organizations.models import Location
from leeward.records.organizations.selectors import Place, place_of
from leeward.records.people.models import Patient
from leeward.records.pharmacy import ledger
from leeward.records.pharmacy.models import Discrepancy, LedgerEntry, LedgerLine, Registration

from .ledger import Case, case_of, find_ledger_location
from .ledger_rows import vial_name

DISPENSED = (ledger.GIVE, ledger.WASTE)


@dataclass(frozen=True, slots=True)
class DispensedRow:
    """One amount that reached a patient or was wasted with a dose."""

    seq: int
    at: datetime
    kind: str
    patient: str
    address: str
    drug: str
    ndc: str
    lot: str
    vial: str
    ml: Decimal
    mg: Decimal
    by: str
    witness: str


@dataclass(frozen=True, slots=True)
class DispensingLog:
    place: Place
    registered: str
    registrant: str
    first: date
    last: date
    rows: tuple[DispensedRow, ...]
    given_ml: Decimal
    wasted_ml: Decimal


@dataclass(frozen=True, slots=True)
class InventorySheet:
    """One inventory as it was taken."""

    place: Place
    registered: str
    registrant: str
    taken_at: datetime
    moment: str
    by: str
    witness: str
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """A difference with what the theft-or-loss report (Form 106) asks for, as far as known."""

    place: Place
    case: Case
    registered: str
    registrant: str
    ndc: str
    drug: str
    lot: str
    strength: str


def get_dispensing_log(viewer: Actor, location_id: UUID, first: date, last: date) -> DispensingLog:
    """Every dose given or wasted between two days, both included, without corrected ones."""
    location = find_ledger_location(viewer, location_id)
    rows = tuple(_dispensed(location, first, last))
    number, registrant = _registration(location)
    return DispensingLog(
        place=place_of(location), registered=number, registrant=registrant, first=first,
        last=last, rows=rows, given_ml=_sum(rows, ledger.GIVE), wasted_ml=_sum(rows, ledger.WASTE),
    )  # fmt: skip


def get_inventory(viewer: Actor, location_id: UUID, entry_id: UUID) -> InventorySheet:
    """One inventory of a location, or `NotFound`."""
    location = find_ledger_location(viewer, location_id)
    entry = LedgerEntry.objects.filter(
        id=entry_id, location=location, kind=ledger.INVENTORY
    ).first()
    if entry is None:
        raise NotFound("inventory")
    number, registrant = _registration(location)
    rows = tuple(
        {**row, "vial": vial_name(row["vial"]), "ml": ledger.ml(row["parts"]),
         "mg": Decimal(row["mg"]), "expiry": date.fromisoformat(row["expiry"])}
        for row in entry.detail["held"]
    )  # fmt: skip
    return InventorySheet(
        place=place_of(location), registered=number, registrant=registrant,
        taken_at=entry.occurred_at, moment=entry.detail["moment"], by=entry.actor_name,
        witness=entry.witness_name, rows=rows,
    )  # fmt: skip


def list_inventories(location_id: UUID) -> list[tuple[UUID, datetime]]:
    """The inventories of a location, newest first."""
    rows = LedgerEntry.objects.filter(location_id=location_id, kind=ledger.INVENTORY)
    return list(rows.order_by("-seq").values_list("id", "occurred_at"))


def get_case(viewer: Actor, location_id: UUID, case_id: UUID, now: datetime) -> CasePage:
    """One difference of a location, or `NotFound`."""
    location = find_ledger_location(viewer, location_id)
    rows = Discrepancy.objects.select_related("vial__product", "store", "found_by")
    row = rows.filter(id=case_id, location=location).first()
    if row is None:
        raise NotFound("discrepancy")
    number, registrant = _registration(location)
    product = row.vial.product
    return CasePage(
        place=place_of(location), case=case_of(row, now), registered=number,
        registrant=registrant, ndc=product.ndc, drug=product.label, lot=row.vial.lot,
        strength=f"{product.mg_per_ml.normalize():f} mg/mL",
    )  # fmt: skip


def _dispensed(location: Location, first: date, last: date) -> Iterator[DispensedRow]:
    zone = ZoneInfo(location.timezone)
    lines = (
        LedgerLine.objects.filter(
            entry__location=location, entry__kind__in=DISPENSED, parts__gt=0,
            entry__occurred_at__gte=datetime.combine(first, time(), zone),
            entry__occurred_at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
        )
        .exclude(entry__in=LedgerEntry.objects.exclude(corrects=None).values("corrects"))
        .select_related("entry", "vial__product")
        .order_by("entry__seq", "ordinal")
    )  # fmt: skip
    found = list(lines)
    people = {
        p.id: p for p in Patient.objects.filter(id__in={line.entry.patient_id for line in found})
    }
    for line in found:
        yield _row(line, people.get(line.entry.patient_id))  # type: ignore[arg-type]


def _row(line: LedgerLine, patient: Patient | None) -> DispensedRow:
    entry, vial = line.entry, line.vial
    return DispensedRow(
        seq=entry.seq, at=entry.occurred_at, kind=entry.kind,
        patient=patient.display_name if patient else "",
        address=patient.address if patient else "",
        drug=vial.product.label, ndc=vial.product.ndc, lot=vial.lot, vial=vial_name(vial.number),
        ml=ledger.ml(line.parts), mg=ledger.mg(line.parts, vial.product.mg_per_ml),
        by=entry.actor_name, witness=entry.witness_name,
    )  # fmt: skip


def _registration(location: Location) -> tuple[str, str]:
    row = Registration.objects.filter(location=location).first()
    return (row.dea_number, row.registrant) if row else ("", "")


def _sum(rows: tuple[DispensedRow, ...], kind: str) -> Decimal:
    return sum((row.ml for row in rows if row.kind == kind), Decimal("0.00"))
