"""Acts that need a second person: waste before a witness, and the care handed to a colleague."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import Actor as TreatmentActor
from leeward.core.treatment import Command, SessionState
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.accounts.persons import same_person
from leeward.records.treatments import store
from leeward.usecases.access import access_session
from leeward.usecases.confirm_identity import use_confirmation
from leeward.usecases.ledger_acts import refuse_drawer
from leeward.usecases.treat_session import load_state, treatment_actor, write

WITNESS, TAKE_OVER = "session.witness", "session.take_over"


def waste_before_witness(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    waste: Callable[[TreatmentActor], Command],
    witness: ConfirmedIdentity,
    occurred_at: datetime | None = None,
) -> SessionState | Refusal:
    """Destroy what is left of a syringe or of devices before a second person.

    `waste` makes the command once the witness is known.

    *Refuses when* the witness is the same human or drew the drug out of the ledger, their
    confirmation is spent, or the core refuses
    (more than is left, still on the pump). *Emits* DrugWasted or DevicesWasted. *Locks* the log
    and the confirmation.
    """
    return _with_second(
        actor=actor, now=now, command_id=command_id, session_id=session_id, make=waste,
        confirmed=witness, purpose=WITNESS, occurred_at=occurred_at,
    )  # fmt: skip


def hand_over(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    words: str,
    receiver: ConfirmedIdentity,
) -> SessionState | Refusal:
    """Pass the care to a colleague who has just confirmed who they are.

    *Refuses when* the receiver has the care already, is not of the clinical staff here, or their
    confirmation is spent. *Emits* HandedOver. *Locks* the log and the confirmation.
    """
    return _with_second(
        actor=actor, now=now, command_id=command_id, session_id=session_id,
        make=lambda to: c.HandOver(to, words.strip()), confirmed=receiver, purpose=TAKE_OVER,
        alone=True,
    )  # fmt: skip


def _with_second(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    make: Callable[[TreatmentActor], Command],
    confirmed: ConfirmedIdentity,
    purpose: str,
    occurred_at: datetime | None = None,
    alone: bool = False,
) -> SessionState | Refusal:
    with transaction.atomic():
        session = access_session(actor, session_id, NURSE, PRESCRIBER, for_update=True)
        if store.written_by(command_id, session_id):
            return load_state(session_id)
        second = use_confirmation(
            confirmed, purpose=purpose, subject=f"session:{session_id}", now=now
        )
        if isinstance(second, Refusal):
            return second
        access_session(second, session_id, NURSE, PRESCRIBER)
        if not alone and same_person(actor.account_id, second.account_id):
            transaction.set_rollback(True)
            because = "The witness is a second person of the staff."
            return Refusal("witness.same_person", because, field="login")
        if purpose == WITNESS and (drew := refuse_drawer(second, session_id)):
            transaction.set_rollback(True)
            return drew
        result = write(
            session, make(treatment_actor(second)), actor=actor, now=now, command_id=command_id,
            occurred_at=occurred_at,
        )  # fmt: skip
        if isinstance(result, Refusal):
            # The confirmation was for this act; if the act is refused it is not spent.
            transaction.set_rollback(True)
        return result
