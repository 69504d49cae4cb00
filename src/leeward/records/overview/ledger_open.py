"""What was drawn out of the ledger and has gone nowhere yet, by session and container."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor
from leeward.records.organizations.selectors import Place, place_of
from leeward.records.pharmacy import ledger
from leeward.records.pharmacy.models import LedgerEntry, LedgerLine, Store, Vial
from leeward.records.treatments.models import TreatmentSession

from .ledger import find_ledger_location
from .ledger_rows import vial_name

HANDLERS = (NURSE, PRESCRIBER)


@dataclass(frozen=True, slots=True)
class OpenSyringe:
    """Drug of one container that one session holds; `unopened`: all that the label says."""

    session_id: UUID
    patient: str
    stage: str
    vial_id: UUID
    vial: str
    lot: str
    ml: Decimal
    mg: Decimal
    drawn_by: str
    unopened: bool


@dataclass(frozen=True, slots=True)
class OpenPage:
    place: Place
    syringes: tuple[OpenSyringe, ...]
    stores: tuple[Store, ...]
    may_handle: bool


def get_open_page(viewer: Actor, location_id: UUID) -> OpenPage:
    """The open syringes of a location, or `NotFound`, or `NotPermitted`."""
    location = find_ledger_location(viewer, location_id)
    rows = (
        LedgerLine.objects.filter(entry__location=location, account=ledger.SYRINGE)
        .values("place_id", "vial_id")
        .annotate(parts=Sum("parts"))
    )
    held = {(row["place_id"], row["vial_id"]): row["parts"] for row in rows if row["parts"]}
    return OpenPage(
        place=place_of(location),
        syringes=tuple(_open(held)),
        stores=tuple(location.stores.filter(active=True).order_by("name")),
        may_handle=viewer.works_at(location.id, *HANDLERS),
    )


def _open(held: dict[tuple[UUID, UUID], int]) -> list[OpenSyringe]:
    sessions = TreatmentSession.objects.select_related("patient")
    known = {s.id: s for s in sessions.filter(id__in={s for s, _ in held})}
    vials = {v.id: v for v in Vial.objects.select_related("product").filter(
        id__in={v for _, v in held})}  # fmt: skip
    found = [_syringe(known[s], vials[v], parts) for (s, v), parts in held.items()]
    return sorted(found, key=lambda one: (one.patient, one.vial))


def _syringe(session: TreatmentSession, vial: Vial, parts: int) -> OpenSyringe:
    drew = LedgerEntry.objects.filter(session_id=session.id, kind=ledger.DRAW).order_by("-seq")
    return OpenSyringe(
        session_id=session.id, patient=session.patient.display_name, stage=session.stage,
        vial_id=vial.id, vial=vial_name(vial.number), lot=vial.lot, ml=ledger.ml(parts),
        mg=ledger.mg(parts, vial.product.mg_per_ml),
        drawn_by=drew.values_list("actor_name", flat=True).first() or "",
        unopened=parts == vial.product.container_parts,
    )  # fmt: skip
