"""Answers from elsewhere that somebody must act on: the newest of each scale, as a task."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid5

from leeward import content
from leeward.core.instruments import Alert, Instrument, alerts_in
from leeward.records.accounts.actor import NURSE, Actor
from leeward.records.charts.models import QuestionnaireResponse
from leeward.records.people.models import Patient
from leeward.usecases.imported_answers import FINISHED
from leeward.usecases.tasks import raise_task

TASK = "answer_alert"


def raise_answer_alerts(
    patient: Patient, source_ids: Collection[str], *, actor: Actor, now: datetime
) -> int:
    """Raise an urgent task for each alert of a person's newest answers, if they just came.

    What an older form said has been answered by a newer one; it stays in the chart.
    """
    raised = 0
    seen: set[str] = set()
    rows = QuestionnaireResponse.objects.filter(patient=patient, status__in=FINISHED)
    for row in rows.exclude(completed_at=None).order_by("-completed_at"):
        instrument = content.load().instruments.get(row.instrument)
        if instrument is None or instrument.id in seen:
            continue
        seen.add(instrument.id)
        if row.source_id not in source_ids:
            continue
        for alert in alerts_in(instrument, row.answers):
            _raise(row, instrument, alert, patient, actor, now)
            raised += 1
    return raised


def _raise(
    row: QuestionnaireResponse,
    instrument: Instrument,
    alert: Alert,
    patient: Patient,
    actor: Actor,
    now: datetime,
) -> None:
    assert row.completed_at is not None
    raise_task(
        actor=actor, now=now, command_id=uuid5(row.id, alert.code), patient=patient, kind=TASK,
        priority="urgent", role=NURSE,
        because=(
            f"{instrument.title} of {row.completed_at:%d %b %Y}, from imported records: "
            f"{alert.action}"
        ),
        subject=("questionnaire", str(row.id)),
    )  # fmt: skip
