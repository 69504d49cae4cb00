"""Stock of controlled drugs: what is bought, where it lies, how it comes and goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.labels import is_dea_number
from leeward.records.pharmacy.models import (
    LedgerEntry,
    LedgerHead,
    LedgerLine,
    Product,
    Vial,
)
from leeward.records.pharmacy.store import Posting
from leeward.usecases.ledger_acts import KEEPERS, access_store, access_vial, enter, enter_before

MOST_CONTAINERS = 1000
DISPOSALS = {
    ledger.BREAK: ledger.BROKEN, ledger.DESTROY: ledger.DESTROYED, ledger.RETURN: ledger.RETURNED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivery:
    """What stands on the papers that came with the drug."""

    supplier: str
    supplier_address: str
    supplier_dea_number: str
    invoice: str
    received_on: date
    lot: str
    expiry: date
    containers: int
    serials: Sequence[str] = ()


def receive_stock(
    *, actor: Actor, now: datetime, command_id: UUID, store_id: UUID, product_id: UUID,
    delivery: Delivery,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Take containers into a store, each with a number of its own.

    *Refuses when* the papers are incomplete, the drug has expired, or the location still holds
    another concentration of it. *Emits* one `receive` entry. *Locks* the location's ledger.
    """
    place = access_store(actor, store_id, *KEEPERS)
    product = _product(actor, product_id)
    fault = _fault_in(delivery, now)
    if fault is not None:
        return fault
    with transaction.atomic():
        head = store.lock_ledger(place.location_id)
        if done := store.written_by(command_id, place.location_id):
            return done
        if (other := _other_concentration(place.location_id, product)) is not None:
            return other
        vials = _make_vials(head, product, delivery, command_id)
        lines = tuple(
            line
            for vial in vials
            for line in ledger.moved(
                vial.id, product.container_parts,
                (ledger.SUPPLIER, None), (ledger.STORE, place.id),
            )
        )  # fmt: skip
        detail = {
            "supplier": delivery.supplier.strip(), "address": delivery.supplier_address.strip(),
            "dea_number": delivery.supplier_dea_number.strip().upper(),
            "invoice": delivery.invoice.strip(), "received_on": delivery.received_on.isoformat(),
            "ndc": product.ndc, "lot": delivery.lot.strip(),
            "expiry": delivery.expiry.isoformat(), "containers": len(vials),
            "numbers": [vials[0].number, vials[-1].number],
        }  # fmt: skip
        posting = Posting(ledger.RECEIVE, lines, detail)
        return enter(head, [posting], actor=actor, now=now, command_id=command_id)


def move_stock(
    *, actor: Actor, now: datetime, command_id: UUID, vial_id: UUID, from_id: UUID, to_id: UUID
) -> list[LedgerEntry] | Refusal:
    """Carry all that is in a container from one store to another of the same location.

    *Refuses when* it is not there. *Emits* one `move` entry. *Locks* the ledger.
    """
    vial = access_vial(actor, vial_id, *KEEPERS)
    target = access_store(actor, to_id, *KEEPERS)
    if target.location_id != vial.location_id:
        return Refusal(
            "ledger.other_location",
            "Between locations drug is supplied on an invoice: return it here, receive it there.",
            field="to",
        )
    return _whole(
        vial, from_id, ledger.MOVE, (ledger.STORE, target.id), {}, actor, None, now, command_id
    )


def dispose_of(
    *, actor: Actor, now: datetime, command_id: UUID, vial_id: UUID, store_id: UUID, kind: str,
    because: str, witness: ConfirmedIdentity | None = None,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Take a container out for good: broken, destroyed, or returned to a supplier.

    *Refuses when* no reason is given, it is not there, or the second person that breaking and
    destroying need is missing. *Emits* one entry. *Locks* the ledger and the confirmation.
    """
    vial = access_vial(actor, vial_id, *KEEPERS)
    if kind not in DISPOSALS:
        return Refusal("ledger.kind", "Choose what happened.", field="kind")
    if not because.strip():
        return Refusal("ledger.no_reason", "Say how it happened.", field="because")
    return _whole(
        vial, store_id, kind, (DISPOSALS[kind], None), {"because": because.strip()}, actor,
        witness, now, command_id,
    )  # fmt: skip


def _whole(
    vial: Vial, store_id: UUID, kind: str, target: tuple[str, UUID | None],
    detail: dict[str, str], actor: Actor, witness: ConfirmedIdentity | None, now: datetime,
    command_id: UUID,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Move everything that one store holds of a container."""
    with transaction.atomic():
        head = store.lock_ledger(vial.location_id)
        if done := store.written_by(command_id, vial.location_id):
            return done
        held = store.held_at(ledger.STORE, store_id).get(vial.id, 0)
        if held <= 0 or target == (ledger.STORE, store_id):
            return Refusal(
                "ledger.not_there", f"Vial {vial.number} is not in that store.", field="vial"
            )
        posting = Posting(
            kind, ledger.moved(vial.id, held, (ledger.STORE, store_id), target), detail
        )
        if kind not in ledger.WITNESSED:
            return enter(head, [posting], actor=actor, now=now, command_id=command_id)
        if witness is None:
            return Refusal("ledger.no_witness", "A second person must sign this.", field="login")
        return enter_before(
            witness, head, posting, actor=actor, now=now, command_id=command_id,
            subject=f"vial:{vial.id}",
        )  # fmt: skip


def _product(actor: Actor, product_id: UUID) -> Product:
    row = Product.objects.filter(id=product_id, organization_id=actor.wall).first()
    if row is None:
        raise NotFound("product")
    return row


def _fault_in(delivery: Delivery, now: datetime) -> Refusal | None:
    for name in ("supplier", "supplier_address", "invoice", "lot"):
        if not getattr(delivery, name).strip():
            return Refusal(
                "delivery.incomplete", "Copy this from the invoice; the law asks for it.",
                field=name,
            )  # fmt: skip
    if not is_dea_number(delivery.supplier_dea_number.strip().upper()):
        return Refusal(
            "ledger.dea_number", "The supplier's DEA number does not check.",
            field="supplier_dea_number",
        )  # fmt: skip
    if not 1 <= delivery.containers <= MOST_CONTAINERS:
        return Refusal(
            "delivery.containers", f"Between 1 and {MOST_CONTAINERS} containers at a time.",
            field="containers",
        )  # fmt: skip
    if delivery.received_on > now.date():
        return Refusal("delivery.future", "This day has not come yet.", field="received_on")
    if delivery.expiry < delivery.received_on:
        return Refusal(
            "delivery.expired", "This lot had expired when it came. Return it.", field="expiry"
        )
    return None


def _other_concentration(location_id: UUID, product: Product) -> Refusal | None:
    """One concentration of a drug at a place: a mix-up of two is a ten-fold error."""
    rows = (
        Product.objects.filter(vials__location_id=location_id, drug=product.drug)
        .exclude(mg_per_ml=product.mg_per_ml)
        .distinct()
    )
    for other in rows:
        vials = Vial.objects.filter(location_id=location_id, product=other)
        if _still_held(vials.values_list("id", flat=True)):
            return Refusal(
                "ledger.two_concentrations",
                f"This location still holds {other.label}. Two concentrations of one drug are "
                "not kept at one place: use up, return or destroy the other first.",
                field="product",
            )
    return None


def _still_held(vial_ids: Iterable[UUID]) -> bool:
    held = LedgerLine.objects.filter(vial_id__in=list(vial_ids), account__in=ledger.INSIDE)
    sums: dict[UUID, int] = {}
    for vial_id, parts in held.values_list("vial_id", "parts"):
        sums[vial_id] = sums.get(vial_id, 0) + parts
    return any(sums.values())


def _make_vials(
    head: LedgerHead, product: Product, delivery: Delivery, command_id: UUID
) -> list[Vial]:
    first = head.vials + 1
    head.vials += delivery.containers
    serials = [*delivery.serials, *[""] * delivery.containers]
    return Vial.objects.bulk_create(
        Vial(
            id=uuid5(command_id, f"vial:{i}"), location_id=head.location_id, product=product,
            number=first + i, lot=delivery.lot.strip(), expiry=delivery.expiry,
            serial=serials[i].strip(),
        )
        for i in range(delivery.containers)
    )  # fmt: skip
