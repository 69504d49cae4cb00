"""A syringe out of a vial of the ledger: one act, in the ledger and in the session's log."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import DevicePlan, SessionState
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor
from leeward.records.pharmacy import ledger
from leeward.records.pharmacy.models import Vial
from leeward.records.treatments import store
from leeward.usecases.access import access_session
from leeward.usecases.handle_drug import draw_drug
from leeward.usecases.treat_session import load_state, write


def draw_from_vial(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, store_id: UUID,
    vial_id: UUID, stock_parts: int, volume_ml: Decimal, occurred_at: datetime | None = None,
) -> SessionState | Refusal:  # fmt: skip
    """Take drug out of a vial and prepare the syringe from it; the ledger owns the volume.

    *Refuses when* the ledger or the session does; then neither is written. *Emits* a `draw` entry
    and DrugDrawn, which names it. *Locks* the session's log, then the ledger.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, NURSE, PRESCRIBER, for_update=True)
        if store.written_by(command_id, session_id):
            return load_state(session_id)
        state = load_state(session_id)
        if isinstance(state.plan, DevicePlan):
            return Refusal("draw.devices", "This order is for devices; nothing is drawn.")
        taken = draw_drug(
            actor=actor, now=now, command_id=command_id, session_id=session_id,
            store_id=store_id, vial_id=vial_id, parts=stock_parts,
        )  # fmt: skip
        if isinstance(taken, Refusal):
            return taken
        vial = Vial.objects.select_related("product").get(id=vial_id)
        command = c.DrawDrug(
            volume_ml=volume_ml, concentration_mg_per_ml=state.plan.concentration_mg_per_ml,
            lot=vial.lot, expiry=vial.expiry, stock_ml=ledger.ml(stock_parts),
            presentation_id=vial.product.presentation, ledger_entry=str(taken[0].id),
        )  # fmt: skip
        result = write(
            session, command, actor=actor, now=now, command_id=command_id, occurred_at=occurred_at
        )
        if isinstance(result, Refusal):
            transaction.set_rollback(True)
        return result
