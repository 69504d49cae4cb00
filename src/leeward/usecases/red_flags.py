"""A red-flag symptom reaches a clinician at once: a task beside the alarm of the engine."""

from datetime import datetime
from uuid import UUID

from leeward import content
from leeward.records.accounts.actor import PRESCRIBER, Actor
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.tasks import raise_task

TASK = "red_flag"


def call_clinician(
    session: TreatmentSession, effect_id: str, *, actor: Actor, now: datetime, command_id: UUID
) -> None:
    """Raise an urgent task for the prescribers of the place if an effect is a red flag.

    *Emits* audit `task.raised`, once per charting; wakes the board.
    """
    effect = content.load().effects.get(effect_id)
    if effect is None or not effect.red_flag:
        return
    raise_task(
        actor=actor, now=now, command_id=command_id, patient=session.patient, kind=TASK,
        because=f"{effect.label}, chair {session.chair.label}: {effect.red_flag}",
        priority="urgent", role=PRESCRIBER, subject=("session", str(session.id)),
    )  # fmt: skip
