"""Counting controlled drugs, and what follows when the count and the ledger differ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.audit import store as audit
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.clock import one_business_day_after
from leeward.records.pharmacy.models import Discrepancy, LedgerEntry, Store, Vial
from leeward.records.pharmacy.store import Posting
from leeward.usecases.access import access_location
from leeward.usecases.ledger_acts import KEEPERS, SIGNERS, access_store, enter, enter_before

MOMENTS = ("opening", "close")


def count_stock(
    *, actor: Actor, now: datetime, command_id: UUID, store_id: UUID, counted: Mapping[UUID, int]
) -> list[LedgerEntry] | Refusal:
    """Count a store; each container that differs from the ledger opens a case with its clock.

    `counted` gives the parts found of every container there; one that is not named was not
    looked for, and the count is refused.

    *Refuses when* a container that should be there is not counted, or one is counted that is not
    of this location. *Emits* one `count` entry, audit `discrepancy.opened` for each difference.
    *Locks* the ledger.
    """
    place = access_store(actor, store_id, *SIGNERS)
    with transaction.atomic():
        head = store.lock_ledger(place.location_id)
        if done := store.written_by(command_id, place.location_id):
            return done
        held = store.held_at(ledger.STORE, place.id)
        if (fault := _fault_in(counted, held, place)) is not None:
            return fault
        detail = _counted(counted, held, place)
        written = enter(
            head, [Posting(ledger.COUNT, (), detail)], actor=actor, now=now, command_id=command_id
        )
        if isinstance(written, Refusal):
            return written
        for vial_id, found in counted.items():
            if found != held.get(vial_id, 0):
                _open_case(written[0], place, vial_id, held.get(vial_id, 0), found, actor, now)
    return written


def record_inventory(
    *, actor: Actor, now: datetime, command_id: UUID, location_id: UUID, moment: str,
    witness: ConfirmedIdentity,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Take the inventory that the law asks for at first and at least every two years.

    It states what every store holds by the ledger, at the opening or close of business, after the
    count it rests on.

    *Refuses when* the moment is not said, a case is open, or no store was counted since the last
    entry that moved anything. *Emits* one `inventory` entry. *Locks* the ledger.
    """
    location = access_location(actor, location_id, *KEEPERS)
    if moment not in MOMENTS:
        return Refusal(
            "inventory.moment", "Say whether this is at the opening or the close of business.",
            field="moment",
        )  # fmt: skip
    with transaction.atomic():
        head = store.lock_ledger(location.id)
        if done := store.written_by(command_id, location.id):
            return done
        if location.discrepancies.filter(status=Discrepancy.OPEN).exists():
            return Refusal("inventory.case_open", "Settle the open differences first.")
        if (uncounted := _uncounted(location.id)) is not None:
            return uncounted
        posting = Posting(
            ledger.INVENTORY, (), {"moment": moment, "held": _inventory(location.id)}
        )
        return enter_before(
            witness, head, posting, actor=actor, now=now, command_id=command_id,
            subject=f"inventory:{location.id}",
        )  # fmt: skip


def _fault_in(
    counted: Mapping[UUID, int], held: Mapping[UUID, int], place: Store
) -> Refusal | None:
    numbers = dict(Vial.objects.filter(location_id=place.location_id).values_list("id", "number"))
    missing = sorted(numbers[v] for v in held if v not in counted)
    if missing:
        named = ", ".join(map(str, missing[:10]))
        return Refusal(
            "count.incomplete",
            f"Not counted: vial {named}. Enter what is there, also when it is nothing.",
            field="counted",
        )
    if any(v not in numbers for v in counted) or any(found < 0 for found in counted.values()):
        return Refusal("count.unknown", "That is no container of this place.", field="counted")
    return None


def _counted(
    counted: Mapping[UUID, int], held: Mapping[UUID, int], place: Store
) -> dict[str, Any]:
    return {
        "store": str(place.id),
        "name": place.name,
        "counted": {
            str(vial): {"found": found, "ledger": held.get(vial, 0)}
            for vial, found in sorted(counted.items(), key=str)
        },
    }


def _open_case(
    entry: LedgerEntry, place: Store, vial_id: UUID, expected: int, found: int, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    case = Discrepancy.objects.create(
        id=uuid5(entry.id, str(vial_id)), location_id=place.location_id, found_by=entry,
        store=place, vial_id=vial_id, expected_parts=expected, counted_parts=found, found_at=now,
        due_at=one_business_day_after(now, place.location.timezone),
    )  # fmt: skip
    audit.record(actor, "discrepancy.opened", at=now, subject=("discrepancy", case.id),
                 expected=expected, counted=found)  # fmt: skip


def _uncounted(location_id: UUID) -> Refusal | None:
    """A store whose newest count is older than the newest entry that moved anything."""
    entries = LedgerEntry.objects.filter(location_id=location_id)
    moved = entries.exclude(kind__in=ledger.LOOKS).order_by("-seq").first()
    counts = entries.filter(kind=ledger.COUNT, seq__gt=moved.seq if moved else 0)
    seen = {entry.detail["store"] for entry in counts}
    for place in Store.objects.filter(location_id=location_id, active=True):
        if str(place.id) not in seen and store.held_at(ledger.STORE, place.id):
            return Refusal("inventory.uncounted", f"Count {place.name} first.", field="moment")
    return None


def _inventory(location_id: UUID) -> list[dict[str, Any]]:
    rows = []
    for place in Store.objects.filter(location_id=location_id).order_by("name"):
        held = store.held_at(ledger.STORE, place.id)
        vials = Vial.objects.filter(id__in=held).select_related("product").order_by("number")
        rows += [
            {"store": place.name, "vial": vial.number, "ndc": vial.product.ndc,
             "label": vial.product.label, "lot": vial.lot, "expiry": vial.expiry.isoformat(),
             "parts": held[vial.id], "mg": str(ledger.mg(held[vial.id], vial.product.mg_per_ml))}
            for vial in vials
        ]  # fmt: skip
    return rows
