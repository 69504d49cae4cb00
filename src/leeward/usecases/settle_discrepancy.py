"""Closing the case of a difference between the ledger and what is there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.audit import store as audit
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import Discrepancy
from leeward.records.pharmacy.store import Posting
from leeward.usecases.access import access_location
from leeward.usecases.ledger_acts import KEEPERS, enter_before


def settle_discrepancy(
    *, actor: Actor, now: datetime, command_id: UUID, case_id: UUID, outcome: str,
    explanation: str, witness: ConfirmedIdentity,
) -> Discrepancy | Refusal:  # fmt: skip
    """Close a case: the count was wrong, overfill was found, or drug is lost.

    A loss and an overfill are entered in the ledger, so that it says again what is there; the
    case stays with who closed it and why.

    *Refuses when* nothing is explained, the outcome does not fit the difference, the case is
    closed, or the second person does not count. *Emits* `lose`, `find` or `overfill`; audit
    `discrepancy.settled`. *Locks* the ledger and the confirmation.
    """
    case = _case(actor, case_id)
    with transaction.atomic():
        head = store.lock_ledger(case.location_id)
        case = Discrepancy.objects.select_for_update().get(id=case.id)
        if audit.recall(command_id, "settle_discrepancy", actor, of=case.id):
            return case
        posting = _may_settle(case, explanation) or _settlement(case, outcome)
        if isinstance(posting, Refusal):
            return posting
        written = enter_before(
            witness, head, posting, actor=actor, now=now, command_id=command_id,
            subject=f"case:{case.id}",
        )  # fmt: skip
        if isinstance(written, Refusal):
            return written
        case.settled_by = written[0]
        _close(case, outcome, explanation, actor, now)
        audit.record(actor, "discrepancy.settled", at=now, subject=("discrepancy", case.id),
                     outcome=outcome)  # fmt: skip
        audit.remember(command_id, "settle_discrepancy", actor, now, case.id)
    return case


def _case(actor: Actor, case_id: UUID) -> Discrepancy:
    case = Discrepancy.objects.filter(id=case_id, location__organization_id=actor.wall).first()
    if case is None or not actor.works_at(case.location_id):
        raise NotFound("discrepancy")
    access_location(actor, case.location_id, *KEEPERS)
    return case


def _may_settle(case: Discrepancy, explanation: str) -> Refusal | None:
    if case.status != Discrepancy.OPEN:
        return Refusal("discrepancy.closed", "This case is closed.")
    if not explanation.strip():
        return Refusal("discrepancy.unexplained", "Say what was found out.", field="explanation")
    return None


def _settlement(case: Discrepancy, outcome: str) -> Posting | Refusal:
    """What brings the ledger to what is there; nothing, when the count was wrong."""
    difference = case.counted_parts - case.expected_parts
    here = (ledger.STORE, case.store_id)
    detail = {"case": str(case.id)}
    if outcome == "miscounted":
        return Posting(ledger.RECOUNT, (), detail)
    if outcome == "lost" and difference < 0:
        return Posting(
            ledger.LOSE, ledger.moved(case.vial_id, -difference, here, (ledger.LOST, None)), detail
        )
    if outcome == "overfill" and difference > 0:
        source = (ledger.OVERFILL, None)
        return Posting(
            ledger.FOUND_OVERFILL, ledger.moved(case.vial_id, difference, source, here), detail
        )
    if outcome == "found" and difference > 0:
        source = (ledger.LOST, None)
        return Posting(ledger.FIND, ledger.moved(case.vial_id, difference, source, here), detail)
    return Refusal(
        "discrepancy.outcome", "This does not explain such a difference. Choose another.",
        field="outcome",
    )  # fmt: skip


def _close(case: Discrepancy, outcome: str, explanation: str, actor: Actor, now: datetime) -> None:
    case.status = Discrepancy.REPORTED if outcome == "lost" else Discrepancy.EXPLAINED
    case.explanation = f"{outcome}: {explanation.strip()}"
    case.closed_by_name, case.closed_at = actor.name, now
    case.save(update_fields=["status", "explanation", "closed_by_name", "closed_at", "settled_by"])
