"""The controlled-drug ledger of a location: differences first, then the day, then the balance."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from leeward.core.treatment import DevicePlan, DosePlan
from leeward.records.accounts.actor import (
    CUSTODIAN,
    DIRECTOR,
    NURSE,
    PRESCRIBER,
    Actor,
    NotFound,
    NotPermitted,
)
from leeward.records.organizations.models import Location
from leeward.records.organizations.selectors import Place, place_of
from leeward.records.people.models import Patient
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import (
    Discrepancy,
    LedgerEntry,
    LedgerLine,
    Product,
    Registration,
    Store,
    Vial,
)

from .ledger_rows import LedgerRow, ledger_rows, vial_name

READERS = (CUSTODIAN, DIRECTOR, NURSE, PRESCRIBER)
KEEPERS = (CUSTODIAN, DIRECTOR)
ONLY = {"waste": (ledger.WASTE,), "counts": (*ledger.LOOKS, ledger.LOSE, ledger.FIND),
        "corrections": (ledger.CORRECT,)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A difference between count and ledger, in words."""

    id: UUID
    vial: str
    expected_ml: Decimal
    counted_ml: Decimal
    gap_ml: Decimal
    gap_mg: Decimal
    store: str
    found_at: datetime
    found_by: str
    due_at: datetime
    overdue: bool
    status: str
    explanation: str
    closed_by: str


@dataclass(frozen=True, slots=True)
class Held:
    """One container in a store: by the ledger, and at the newest count if nothing moved since."""

    id: UUID
    name: str
    label: str
    lot: str
    expiry: date
    expired: bool
    opened: bool
    store_id: UUID
    store: str
    ml: Decimal
    mg: Decimal
    counted_ml: Decimal | None

    @property
    def key(self) -> str:
        """Its id as a form carries it."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of the balance: one opened vial, or all sealed ones of a lot in a store [mL]."""

    name: str
    about: str
    expired: bool
    ml: Decimal
    counted_ml: Decimal | None

    @property
    def gap_ml(self) -> Decimal | None:
        return None if self.counted_ml is None else self.counted_ml - self.ml


@dataclass(frozen=True, slots=True)
class SessionBalance:
    """One session of the day [mg]: drawn is given, wasted, put back or still open."""

    patient: str
    drawn_mg: Decimal
    given_mg: Decimal
    wasted_mg: Decimal
    back_mg: Decimal
    open_mg: Decimal


@dataclass(frozen=True, slots=True)
class LedgerPage:
    place: Place
    day: date
    registered: str
    products: tuple[Product, ...]
    stores: tuple[Store, ...]
    cases: tuple[Case, ...]
    rows: tuple[LedgerRow, ...]
    held: tuple[Held, ...]
    balance: tuple[HeldLine, ...]
    store_ml: Decimal
    store_mg: Decimal
    open_mg: Decimal
    open_syringes: int
    sessions: tuple[SessionBalance, ...]
    may_keep: bool
    only: str


def get_ledger_page(
    viewer: Actor, location_id: UUID, now: datetime, *, day: date | None = None, only: str = ""
) -> LedgerPage:
    """The ledger of one location on one of its days, or `NotFound`, or `NotPermitted`."""
    location = find_ledger_location(viewer, location_id)
    zone = ZoneInfo(location.timezone)
    day = day or now.astimezone(zone).date()
    entries = list(_entries_of_day(location, day, zone))
    rows = [r for r in ledger_rows(entries) if only not in ONLY or r.kind in ONLY[only]]
    held = list_held(location.id, now.astimezone(zone).date())
    open_mg, syringes = _open(location.id)
    registration = Registration.objects.filter(location=location).first()
    return LedgerPage(
        place=place_of(location),
        day=day,
        registered=registration.dea_number if registration else "",
        products=tuple(Product.objects.filter(organization_id=viewer.wall).order_by("label")),
        stores=tuple(location.stores.filter(active=True).order_by("name")),
        cases=tuple(list_cases(location.id, now, open_only=True)),
        rows=tuple(reversed(rows)),
        held=tuple(held),
        balance=tuple(_balance_lines(held)),
        store_ml=sum((h.ml for h in held), Decimal("0.00")),
        store_mg=sum((h.mg for h in held), Decimal(0)),
        open_mg=open_mg,
        open_syringes=syringes,
        sessions=tuple(_sessions(entries)),
        may_keep=viewer.works_at(location.id, *KEEPERS),
        only=only,
    )


def find_ledger_location(viewer: Actor, location_id: UUID) -> Location:
    """A location whose ledger the viewer may read."""
    rows = Location.objects.select_related("organization")
    location = rows.filter(id=location_id, organization_id=viewer.wall).first()
    if location is None or not viewer.is_staff or not viewer.works_at(location.id):
        raise NotFound("location")
    if not viewer.works_at(location.id, *READERS):
        raise NotPermitted("this is for those who handle controlled drugs")
    return location


def list_cases(location_id: UUID, now: datetime, *, open_only: bool = False) -> list[Case]:
    """Differences, newest first."""
    rows = Discrepancy.objects.filter(location_id=location_id).select_related(
        "vial__product", "store", "found_by"
    )
    if open_only:
        rows = rows.filter(status=Discrepancy.OPEN)
    return [case_of(row, now) for row in rows.order_by("-found_at")]


def case_of(row: Discrepancy, now: datetime) -> Case:
    gap = row.counted_parts - row.expected_parts
    return Case(
        id=row.id, vial=vial_name(row.vial.number), expected_ml=ledger.ml(row.expected_parts),
        counted_ml=ledger.ml(row.counted_parts), gap_ml=ledger.ml(gap),
        gap_mg=ledger.mg(gap, row.vial.product.mg_per_ml), store=row.store.name,
        found_at=row.found_at, found_by=row.found_by.actor_name, due_at=row.due_at,
        overdue=row.status == Discrepancy.OPEN and row.due_at < now, status=row.status,
        explanation=row.explanation, closed_by=row.closed_by_name,
    )  # fmt: skip


def list_held(location_id: UUID, today: date) -> list[Held]:
    """What every store holds, container by container."""
    found = []
    for place in Store.objects.filter(location_id=location_id).order_by("name"):
        parts = store.held_at(ledger.STORE, place.id)
        counted = _counted(location_id, place.id)
        vials = Vial.objects.filter(id__in=parts).select_related("product").order_by("number")
        found += [_held(v, place, parts[v.id], counted.get(v.id), today) for v in vials]
    return found


def list_vials_for(location_id: UUID, plan: DosePlan, now: datetime) -> list[Held]:
    """Vials of the drug and strength an order names, not expired; none for devices."""
    if isinstance(plan, DevicePlan):
        return []
    strength = plan.stock_concentration_mg_per_ml or plan.concentration_mg_per_ml
    fitting = set(
        Product.objects.filter(drug=plan.drug, mg_per_ml=strength).values_list("label", flat=True)
    )
    held = list_held(location_id, now.date())
    return [h for h in held if h.label in fitting and not h.expired]


def _held(vial: Vial, place: Store, parts: int, counted: int | None, today: date) -> Held:
    return Held(
        id=vial.id, name=vial_name(vial.number), label=vial.product.label, lot=vial.lot,
        expiry=vial.expiry, expired=vial.expiry < today,
        opened=parts != vial.product.container_parts, store_id=place.id, store=place.name,
        ml=ledger.ml(parts), mg=ledger.mg(parts, vial.product.mg_per_ml),
        counted_ml=None if counted is None else ledger.ml(counted),
    )  # fmt: skip


def _balance_lines(held: list[Held]) -> list[HeldLine]:
    """Sealed vials of one lot as one line, then the opened ones each for itself."""
    lots: dict[tuple[str, str, date], list[Held]] = {}
    for vial in held:
        if not vial.opened:
            lots.setdefault((vial.store, vial.lot, vial.expiry), []).append(vial)
    sealed = [_lot_line(vials) for vials in lots.values()]
    opened = [
        HeldLine(v.name, f"{v.store}, lot {v.lot}, open", v.expired, v.ml, v.counted_ml)
        for v in held
        if v.opened
    ]
    return sealed + opened


def _lot_line(vials: list[Held]) -> HeldLine:
    first, last = vials[0], vials[-1]
    which = first.name if len(vials) == 1 else f"{first.name} to {last.name}"
    counts = [v.counted_ml for v in vials]
    known = [c for c in counts if c is not None]
    return HeldLine(
        name=f"{len(vials)} sealed", expired=first.expired,
        about=f"{first.store}, lot {first.lot}, {which}, expires {first.expiry:%-d %b %Y}",
        ml=sum((v.ml for v in vials), Decimal("0.00")),
        counted_ml=sum(known, Decimal("0.00")) if len(known) == len(counts) else None,
    )  # fmt: skip


def _counted(location_id: UUID, store_id: UUID) -> dict[UUID, int]:
    """The newest count of a store, without the containers that have moved since."""
    counts = LedgerEntry.objects.filter(location_id=location_id, kind=ledger.COUNT)
    newest = next((e for e in counts.order_by("-seq")[:50]
                   if e.detail["store"] == str(store_id)), None)  # fmt: skip
    if newest is None:
        return {}
    moved = set(
        LedgerLine.objects.filter(
            entry__location_id=location_id, entry__seq__gt=newest.seq
        ).values_list("vial_id", flat=True)
    )
    counted = {UUID(v): c["found"] for v, c in newest.detail["counted"].items()}
    return {vial: found for vial, found in counted.items() if vial not in moved}


def _entries_of_day(location: Location, day: date, zone: ZoneInfo) -> QuerySet[LedgerEntry]:
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    entries = LedgerEntry.objects.filter(
        location=location, recorded_at__gte=start, recorded_at__lt=end
    )
    return entries.select_related("corrects").prefetch_related("lines").order_by("seq")


def _open(location_id: UUID) -> tuple[Decimal, int]:
    """What is drawn and neither given nor wasted [mg], and in how many syringes."""
    rows = (
        LedgerLine.objects.filter(entry__location_id=location_id, account=ledger.SYRINGE)
        .values("place_id", "vial__product__mg_per_ml")
        .annotate(sum=Sum("parts"))
    )
    full = [(r["place_id"], ledger.mg(r["sum"], r["vial__product__mg_per_ml"])) for r in rows]
    held = [(place, mg) for place, mg in full if mg]
    return sum((mg for _, mg in held), Decimal(0)), len({place for place, _ in held})


def _sessions(entries: list[LedgerEntry]) -> list[SessionBalance]:
    ids = {e.session_id for e in entries if e.session_id}
    lines = LedgerLine.objects.filter(entry__session_id__in=ids).select_related(
        "entry", "vial__product"
    )
    sums: dict[UUID, dict[str, Decimal]] = {}
    people: dict[UUID, UUID | None] = {}
    for line in lines:
        session_id = line.entry.session_id
        assert session_id is not None
        of = sums.setdefault(session_id, {})
        mg = ledger.mg(line.parts, line.vial.product.mg_per_ml)
        of[line.account] = of.get(line.account, Decimal(0)) + mg
        if line.account == ledger.STORE and line.parts > 0:
            of["back"] = of.get("back", Decimal(0)) + mg
        people[session_id] = line.entry.patient_id
    names = {p.id: p.display_name for p in Patient.objects.filter(id__in=people.values())}
    return [_balance(of, names.get(people[session], "")) for session, of in sums.items()]


def _balance(of: dict[str, Decimal], patient: str) -> SessionBalance:
    nothing = Decimal(0)
    ended = sum((of.get(a, nothing) for a in (*ledger.ENDS, ledger.SYRINGE)), nothing)
    return SessionBalance(
        patient=patient, drawn_mg=ended + of.get("back", nothing),
        given_mg=of.get(ledger.GIVEN, nothing), wasted_mg=of.get(ledger.WASTED, nothing),
        back_mg=of.get("back", nothing), open_mg=of.get(ledger.SYRINGE, nothing),
    )  # fmt: skip
