"""Counts about the running clinic for who watches its machines; nobody's data is in them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from leeward.records.messaging.models import Message
from leeward.records.treatments.models import EngineHeartbeat, TreatmentSession

OVER = ("departed", "signed")
ENGINE = "alarms"


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the clinic's machinery does at one moment; `None` where nothing was ever heard."""

    engine_age_s: float | None
    engine_period_s: float | None
    sessions: dict[str, int]
    messages_queued: int
    tasks: dict[str, int]


def read_pulse(now: datetime) -> Pulse:
    """One look; four small queries."""
    beat = EngineHeartbeat.objects.filter(engine=ENGINE).first()
    stages = TreatmentSession.objects.exclude(stage__in=OVER).values_list("stage")
    tasks = DBTaskResult.objects.values_list("status")
    return Pulse(
        engine_age_s=abs((now - beat.ticked_at).total_seconds()) if beat else None,
        engine_period_s=beat.period_ms / 1000 if beat else None,
        sessions=dict(stages.annotate(count=Count("id"))),
        messages_queued=Message.objects.filter(status=Message.QUEUED).count(),
        tasks={str(status).lower(): count for status, count in tasks.annotate(c=Count("id"))},
    )
