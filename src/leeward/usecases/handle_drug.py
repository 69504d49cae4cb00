"""Drug at the chair: drawn for a session, given, wasted before a second person, put back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import DevicePlan
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import LedgerEntry, Vial
from leeward.records.pharmacy.store import Posting
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.access import access_session
from leeward.usecases.ledger_acts import (
    HANDLERS,
    SIGNERS,
    access_store,
    access_vial,
    enter,
    enter_before,
    out_of_syringe,
)
from leeward.usecases.order_treatment import plan_of

OVER = ("departed", "discharged")


def draw_drug(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, store_id: UUID,
    vial_id: UUID, parts: int,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Draw from a container for one session.

    *Refuses when* the container is elsewhere, holds less, has expired, or is not the drug and
    concentration ordered, or the session is over. *Emits* one `draw` entry. *Locks* the ledger.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *HANDLERS, for_update=True)
        access_store(actor, store_id, *HANDLERS)
        head = store.lock_ledger(session.location_id)
        if done := store.written_by(command_id, session.location_id):
            return done
        vial = _vial(session, vial_id)
        if (fault := _may_not_draw(session, vial, now)) is not None:
            return fault
        lines = ledger.moved(
            vial.id, parts, (ledger.STORE, store_id), (ledger.SYRINGE, session.id)
        )
        return enter(
            head, [_of_session(ledger.DRAW, lines, session)], actor=actor, now=now,
            command_id=command_id,
        )  # fmt: skip


def note_overfill(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, vial_id: UUID, parts: int
) -> list[LedgerEntry] | Refusal:
    """Record that a drawn container held more than its label says, as found.

    *Refuses when* nothing was drawn from it for this session. *Emits* one `overfill` entry.
    *Locks* the ledger.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *HANDLERS, for_update=True)
        head = store.lock_ledger(session.location_id)
        if done := store.written_by(command_id, session.location_id):
            return done
        if vial_id not in store.held_at(ledger.SYRINGE, session.id):
            return Refusal(
                "ledger.not_drawn", "Nothing of this vial was drawn here.", field="vial"
            )
        lines = ledger.moved(vial_id, parts, (ledger.OVERFILL, None), (ledger.SYRINGE, session.id))
        return enter(
            head, [_of_session(ledger.FOUND_OVERFILL, lines, session)], actor=actor, now=now,
            command_id=command_id,
        )  # fmt: skip


def give_drug(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, parts: int
) -> list[LedgerEntry] | Refusal:
    """Enter what the patient was given, out of what was drawn, oldest vial first.

    *Refuses when* less was drawn. *Emits* one `give` entry. *Locks* the ledger.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *HANDLERS, for_update=True)
        head = store.lock_ledger(session.location_id)
        if done := store.written_by(command_id, session.location_id):
            return done
        lines = _out_of_syringe(session, parts, ledger.GIVEN)
        if isinstance(lines, Refusal):
            return lines
        return enter(
            head, [_of_session(ledger.GIVE, lines, session)], actor=actor, now=now,
            command_id=command_id,
        )  # fmt: skip


def waste_drug(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, parts: int, because: str,
    witness: ConfirmedIdentity,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Waste what is left of what was drawn, while a second person looks on.

    *Refuses when* less is left, the witness is the actor or the one who drew, or their
    confirmation is spent. *Emits* one `waste` entry. *Locks* the ledger and the confirmation.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *HANDLERS, for_update=True)
        head = store.lock_ledger(session.location_id)
        if done := store.written_by(command_id, session.location_id):
            return done
        lines = _out_of_syringe(session, parts, ledger.WASTED)
        if isinstance(lines, Refusal):
            return lines
        posting = _of_session(ledger.WASTE, lines, session, because=because.strip())
        return enter_before(
            witness, head, posting, actor=actor, now=now, command_id=command_id,
            subject=f"session:{session.id}", not_drawer=True,
        )  # fmt: skip


def waste_rest(
    *, actor: Actor, now: datetime, command_id: UUID, store_id: UUID, vial_id: UUID, because: str,
    witness: ConfirmedIdentity,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Waste the rest of an opened container that lies in a store.

    *Refuses when* nothing is left or the second person does not count. *Emits* one `waste` entry.
    *Locks* the ledger and the confirmation.
    """
    place = access_store(actor, store_id, *SIGNERS)
    with transaction.atomic():
        head = store.lock_ledger(place.location_id)
        if done := store.written_by(command_id, place.location_id):
            return done
        left = store.held_at(ledger.STORE, place.id).get(vial_id, 0)
        if left <= 0:
            return Refusal("ledger.not_there", "Nothing of this vial is there.", field="vial")
        if left >= access_vial(actor, vial_id).product.container_parts:
            return Refusal(
                "ledger.unopened", "This vial is full. Return it, or have it destroyed.",
                field="vial",
            )  # fmt: skip
        lines = ledger.moved(vial_id, left, (ledger.STORE, place.id), (ledger.WASTED, None))
        posting = Posting(ledger.WASTE, lines, {"because": because.strip()})
        return enter_before(
            witness, head, posting, actor=actor, now=now, command_id=command_id,
            subject=f"vial:{vial_id}",
        )  # fmt: skip


def put_back(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, store_id: UUID,
    vial_id: UUID, witness: ConfirmedIdentity,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Put an unopened container back that was taken for a session, before a second person.

    *Refuses when* any part of it was used: what has been opened is wasted, never put back.
    *Emits* one `put_back` entry. *Locks* the ledger and the confirmation.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *HANDLERS, for_update=True)
        place = access_store(actor, store_id, *HANDLERS)
        head = store.lock_ledger(session.location_id)
        if done := store.written_by(command_id, session.location_id):
            return done
        vial = _vial(session, vial_id)
        taken = store.held_at(ledger.SYRINGE, session.id).get(vial.id, 0)
        if taken != vial.product.container_parts or place.location_id != session.location_id:
            return Refusal(
                "ledger.opened",
                "Only a full, unopened vial goes back. Waste what is left of an opened one.",
                field="vial",
            )
        lines = ledger.moved(
            vial.id, taken, (ledger.SYRINGE, session.id), (ledger.STORE, place.id)
        )
        return enter_before(
            witness, head, _of_session(ledger.PUT_BACK, lines, session), actor=actor, now=now,
            command_id=command_id, subject=f"session:{session.id}", not_drawer=True,
        )  # fmt: skip


def _vial(session: TreatmentSession, vial_id: UUID) -> Vial:
    rows = Vial.objects.select_related("product")
    vial = rows.filter(id=vial_id, location_id=session.location_id).first()
    if vial is None:
        raise NotFound("vial")
    return vial


def _may_not_draw(session: TreatmentSession, vial: Vial, now: datetime) -> Refusal | None:
    if session.stage in OVER:
        return Refusal("ledger.session_over", "This session is over; nothing is drawn for it.")
    if vial.expiry < now.date():
        return Refusal(
            "ledger.expired",
            f"Vial {vial.number} expired on {vial.expiry:%d %b %Y}.",
            field="vial",
        )
    plan = plan_of(session.order)
    if vial.product.drug != plan.drug or isinstance(plan, DevicePlan):
        return Refusal("ledger.other_drug", "This vial holds another drug.", field="vial")
    ordered = plan.stock_concentration_mg_per_ml or plan.concentration_mg_per_ml
    if vial.product.mg_per_ml != ordered:
        return Refusal(
            "ledger.other_concentration",
            f"The order is for {ordered.normalize():f} mg/mL; this vial holds "
            f"{vial.product.mg_per_ml.normalize():f} mg/mL.",
            field="vial",
        )
    return None


def _out_of_syringe(
    session: TreatmentSession, parts: int, account: str
) -> tuple[ledger.Line, ...] | Refusal:
    held = sum(store.held_at(ledger.SYRINGE, session.id).values())
    if held < parts:
        return Refusal(
            "ledger.less_drawn",
            f"{ledger.ml(held)} mL are left of what was drawn; {ledger.ml(parts)} mL can't leave.",
            field="amount",
        )
    return out_of_syringe(session.id, parts, account)


def _of_session(
    kind: str, lines: tuple[ledger.Line, ...], session: TreatmentSession, **detail: str
) -> Posting:
    return Posting(kind, lines, detail, session_id=session.id, patient_id=session.patient_id)
