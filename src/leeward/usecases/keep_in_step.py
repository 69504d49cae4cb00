"""What a session says of drug out of the ledger is entered there in the same transaction.

The session counts the syringe, which may be diluted; the ledger counts the vial. What was given
is rounded to the nearest part of the vial, and the waste that empties the syringe takes the rest,
so that a session ends with nothing open.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Sum

from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState
from leeward.core.treatment import events as e
from leeward.records.accounts.actor import Actor
from leeward.records.accounts.selectors import get_actor
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import LedgerLine, Vial
from leeward.records.pharmacy.store import Posting
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.ledger_acts import enter, out_of_syringe

GIVES = (e.InfusionStopped, e.SyringeChanged, e.BolusGiven, e.InjectionGiven)


def keep_in_step(
    session: TreatmentSession, events: Iterable[object], state: SessionState, *, actor: Actor,
    now: datetime, command_id: UUID,
) -> None:  # fmt: skip
    """Enter what these events gave or wasted, if this session's drug came out of the ledger.

    *Refuses when* never: what a person says they did is not undone by a sum. *Emits* `give` or
    `waste`. *Locks* the location's ledger.
    """
    telling = [event for event in events if isinstance(event, (*GIVES, e.DrugWasted))]
    if not telling or actor.id is None or not store.held_at(ledger.SYRINGE, session.id):
        return
    # Before anything is counted: nobody else moves what this act is about.
    store.lock_ledger(session.location_id)
    for event in telling:
        if isinstance(event, GIVES):
            _give(session, state, actor, now, command_id)
        else:
            _waste(session, event, state, actor, now, command_id)


def _give(
    session: TreatmentSession, state: SessionState, actor: Actor, now: datetime, command_id: UUID
) -> None:
    account = state.whole_account_at(now)
    if account is None:
        return
    given_mg = account.given_ml * account.concentration_mg_per_ml
    lines = LedgerLine.objects.filter(entry__session_id=session.id, account=ledger.GIVEN)
    already = lines.aggregate(sum=Sum("parts"))["sum"] or 0
    parts = _parts(given_mg, session) - already
    _enter(session, ledger.GIVE, ledger.GIVEN, parts, actor, None, now, command_id, "")


def _waste(
    session: TreatmentSession, event: e.DrugWasted, state: SessionState, actor: Actor,
    now: datetime, command_id: UUID,
) -> None:  # fmt: skip
    account = state.whole_account_at(now)
    emptied = account is not None and account.left_ml == 0
    held = sum(store.held_at(ledger.SYRINGE, session.id).values())
    parts = held if emptied else _parts(event.dose_mg, session)
    witness = get_actor(UUID(event.witness_id))
    _enter(
        session, ledger.WASTE, ledger.WASTED, parts, actor, witness, now, command_id, event.reason
    )


def _parts(dose_mg: Decimal, session: TreatmentSession) -> int:
    """Drug [mg] as parts of the vials that this session drew from."""
    vials = Vial.objects.filter(id__in=store.held_at(ledger.SYRINGE, session.id))
    strength = vials.values_list("product__mg_per_ml", flat=True).first() or Decimal(1)
    exact = dose_mg * ledger.PARTS_PER_ML / strength
    return int(exact.to_integral_value(ROUND_HALF_UP))


def _enter(
    session: TreatmentSession, kind: str, account: str, parts: int, actor: Actor,
    witness: Actor | None, now: datetime, command_id: UUID, because: str,
) -> None:  # fmt: skip
    lines = out_of_syringe(session.id, parts, account)
    if not lines:
        return
    posting = Posting(
        kind, lines, {"because": because} if because else {}, session_id=session.id,
        patient_id=session.patient_id,
    )  # fmt: skip
    written = enter(
        store.lock_ledger(session.location_id), [posting], actor=actor, now=now,
        command_id=command_id, witness=witness,
    )  # fmt: skip
    if isinstance(written, Refusal):
        raise AssertionError(f"the syringe holds what is taken from it: {written}")
