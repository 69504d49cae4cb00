"""What the demo's patient answered over the course, and the questions that wait for them now."""

from datetime import datetime, timedelta
from uuid import UUID

from leeward import content
from leeward.records.accounts.actor import Actor
from leeward.usecases.follow_up import (
    PHQ_9,
    answer_question,
    ask_questionnaire,
    complete_questionnaire,
)

from .acts import Clinic, act, must

# Answers to the nine items; the ninth is 0 throughout.
ANSWERED = (
    (3, 3, 2, 3, 2, 3, 2, 2, 0),
    (3, 2, 2, 3, 2, 2, 2, 1, 0),
    (2, 2, 2, 2, 2, 2, 1, 1, 0),
    (2, 2, 1, 2, 1, 2, 1, 1, 0),
    (1, 2, 1, 2, 1, 1, 1, 0, 0),
)
DIFFICULTY = 1


def answer_phq9(
    clinic: Clinic, patient: Actor, patient_id: UUID, moments: tuple[datetime, ...]
) -> None:
    """Ask and answer once at each moment."""
    for number, (at, answers) in enumerate(zip(moments, ANSWERED, strict=True), start=1):
        response_id = ask(clinic, patient_id, at - timedelta(hours=3), f"phq9-{number}")
        items = [item.link_id for item in content.load().instruments[PHQ_9].items]
        for link_id, value in zip(items, (*answers, DIFFICULTY), strict=True):
            must(
                answer_question(
                    actor=patient, now=at, command_id=act(f"phq9-{number}:{link_id}"),
                    response_id=response_id, link_id=link_id, value=value, language="en",
                )
            )  # fmt: skip
        must(
            complete_questionnaire(
                actor=patient, now=at, command_id=act(f"phq9-{number}:sent"),
                response_id=response_id,
            )
        )  # fmt: skip


def ask(clinic: Clinic, patient_id: UUID, at: datetime, name: str) -> UUID:
    """Ask for a PHQ-9 in the portal; the id of the request."""
    asked = must(
        ask_questionnaire(
            actor=clinic.staff["bea"], now=at, command_id=act(name), patient_id=patient_id,
            link=f"{clinic.address}/home/", because="before the next session",
        )
    )  # fmt: skip
    return asked.response.id
