"""Undoing a wrong entry of the controlled-drug ledger by its reverse."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import LedgerEntry
from leeward.records.pharmacy.store import Posting
from leeward.usecases.access import access_location
from leeward.usecases.ledger_acts import KEEPERS, enter_before


def correct_entry(
    *, actor: Actor, now: datetime, command_id: UUID, entry_id: UUID, because: str,
    witness: ConfirmedIdentity,
) -> list[LedgerEntry] | Refusal:  # fmt: skip
    """Undo an entry by its reverse; the wrong one stays where it is and says so.

    *Refuses when* it moved nothing, was corrected already, is itself a correction, or what it
    moved has moved on. *Emits* one `correct` entry. *Locks* the ledger and the confirmation.
    """
    entry = LedgerEntry.objects.filter(id=entry_id, location__organization_id=actor.wall).first()
    if entry is None or not actor.works_at(entry.location_id):
        raise NotFound("entry")
    access_location(actor, entry.location_id, *KEEPERS)
    with transaction.atomic():
        head = store.lock_ledger(entry.location_id)
        if done := store.written_by(command_id, entry.location_id):
            return done
        if (fault := _may_not_correct(entry, because)) is not None:
            return fault
        posting = Posting(
            ledger.CORRECT, ledger.reverse(store.lines_of(entry)), {"because": because.strip()},
            session_id=entry.session_id, patient_id=entry.patient_id, corrects=entry,
        )  # fmt: skip
        return enter_before(
            witness, head, posting, actor=actor, now=now, command_id=command_id,
            subject=f"entry:{entry.id}",
        )  # fmt: skip


def _may_not_correct(entry: LedgerEntry, because: str) -> Refusal | None:
    if not because.strip():
        return Refusal("ledger.no_reason", "Say what was wrong.", field="because")
    if entry.kind in (*ledger.LOOKS, ledger.CORRECT):
        return Refusal("ledger.not_correctable", "This entry moved nothing that can be undone.")
    if LedgerEntry.objects.filter(corrects=entry).exists():
        return Refusal("ledger.corrected", "This entry has been corrected already.")
    return None
