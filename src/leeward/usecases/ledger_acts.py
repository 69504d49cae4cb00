"""What every act on the controlled-drug ledger has in common: who may, under which lock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import CUSTODIAN, DIRECTOR, NURSE, PRESCRIBER, Actor, NotFound
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.accounts.persons import same_person
from leeward.records.audit import store as audit
from leeward.records.pharmacy import store
from leeward.records.pharmacy.ledger import DRAW, SYRINGE, WITNESSED, Line, moved
from leeward.records.pharmacy.models import LedgerEntry, LedgerHead, Store, Vial
from leeward.records.pharmacy.store import Posting
from leeward.usecases.access import access_location
from leeward.usecases.confirm_identity import use_confirmation

# Who keeps the stock, and who handles drug at the chair.
KEEPERS = (CUSTODIAN, DIRECTOR)
HANDLERS = (NURSE, PRESCRIBER)
# Who may be the second person of a waste: anybody trusted with the drug.
SIGNERS = (*KEEPERS, *HANDLERS)
WITNESS = "ledger.witness"


def access_store(actor: Actor, store_id: UUID, *roles: str) -> Store:
    """A store at a location where the actor holds one of `roles`."""
    row = Store.objects.filter(id=store_id, location__organization_id=actor.wall).first()
    if row is None or not actor.works_at(row.location_id):
        raise NotFound("store")
    access_location(actor, row.location_id, *roles)
    return row


def access_vial(actor: Actor, vial_id: UUID, *roles: str) -> Vial:
    """A container at a location where the actor holds one of `roles`."""
    rows = Vial.objects.select_related("product", "location")
    row = rows.filter(id=vial_id, location__organization_id=actor.wall).first()
    if row is None or not actor.works_at(row.location_id):
        raise NotFound("vial")
    access_location(actor, row.location_id, *roles)
    return row


def second_person(
    witness: ConfirmedIdentity, *, actor: Actor, location_id: UUID, subject: str, now: datetime
) -> Actor | Refusal:
    """Who confirmed, just now, that they watch; another person than the actor, trusted here."""
    second = use_confirmation(witness, purpose=WITNESS, subject=subject, now=now)
    if isinstance(second, Refusal):
        return second
    if same_person(actor.account_id, second.account_id):
        return Refusal(
            "ledger.same_person", "The second person must be somebody else.", field="login"
        )
    if not second.works_at(location_id, *SIGNERS):
        return Refusal(
            "ledger.not_a_witness",
            f"{second.name} does not handle controlled drugs here. Ask a nurse, a prescriber, "
            "the custodian or the director.",
            field="login",
        )
    return second


def enter_before(
    witness: ConfirmedIdentity, head: LedgerHead, posting: Posting, *, actor: Actor,
    now: datetime, command_id: UUID, subject: str, not_drawer: bool = False,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Write one entry that a second person watched; a refusal leaves their confirmation unused."""
    second = second_person(
        witness, actor=actor, location_id=head.location_id, subject=subject, now=now
    )
    if not isinstance(second, Refusal) and not_drawer:
        second = refuse_drawer(second, posting.session_id) or second
    if isinstance(second, Refusal):
        transaction.set_rollback(True)
        return second
    written = enter(head, [posting], actor=actor, now=now, command_id=command_id, witness=second)
    if isinstance(written, Refusal):
        transaction.set_rollback(True)
    return written


def refuse_drawer(second: Actor, session_id: UUID | None) -> Refusal | None:
    """Why somebody can't watch a session's drug wasted: they drew it, under whatever login."""
    draws = LedgerEntry.objects.filter(session_id=session_id, kind=DRAW)
    drew = draws.values_list("actor_id", flat=True).distinct()
    if not any(same_person(who, second.account_id) for who in drew):
        return None
    return Refusal(
        "ledger.drawer",
        f"{second.name} drew this drug. Somebody who did not must watch it wasted.",
        field="login",
    )


def out_of_syringe(session_id: UUID, parts: int, account: str) -> tuple[Line, ...]:
    """Lines that take parts out of what was drawn for a session, oldest vial first.

    No more than is there: whoever must refuse more asks before.
    """
    held = store.held_at(SYRINGE, session_id)
    lines: list[Line] = []
    numbered = Vial.objects.filter(id__in=held).order_by("number")
    for vial_id in numbered.values_list("id", flat=True):
        taken = min(held[vial_id], parts)
        if taken > 0:
            lines += moved(vial_id, taken, (SYRINGE, session_id), (account, None))
            parts -= taken
    return tuple(lines)


def enter(
    head: LedgerHead, postings: Sequence[Posting], *, actor: Actor, now: datetime,
    command_id: UUID, witness: Actor | None = None, occurred_at: datetime | None = None,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Write to a locked ledger and its audit, inside the caller's transaction."""
    if witness is None and any(posting.kind in WITNESSED for posting in postings):
        raise ValueError("this needs a second person")
    written = store.post(
        head, postings, actor=actor, witness=witness, command_id=command_id,
        occurred_at=occurred_at or now, recorded_at=now,
    )  # fmt: skip
    if isinstance(written, Refusal):
        return written
    for entry in written:
        audit.record(
            actor, f"ledger.{entry.kind}", at=now, patient_id=entry.patient_id,
            subject=("ledger", entry.id), seq=entry.seq, witness=entry.witness_name,
        )  # fmt: skip
    return written
