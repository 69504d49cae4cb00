"""The log of a place's alarms, and the month they add up to, read from the sessions' own logs."""

import json
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward.core.alarms import Priority
from leeward.core.alarms.report import AlarmReport, Occurrence, summarise
from leeward.records.accounts.actor import DIRECTOR, Actor, NotFound
from leeward.records.organizations.alarm_charges import Charge, list_alarm_charges
from leeward.records.organizations.models import Location
from leeward.records.organizations.selectors import Place, place_of
from leeward.records.treatments.alarm_words import alarm_label, alarm_text
from leeward.records.treatments.models import TreatmentEvent, TreatmentSession

TYPES = {
    f"treatment.alarm_{what}.v1": what
    for what in ("raised", "ended", "acknowledged", "audio_paused", "escalated")
}
MOST_SHOWN = 300


@dataclass(slots=True)
class AlarmRow:
    """One alarm as the log shows it."""

    session_id: UUID
    chair: str
    text: str
    condition: str
    priority: Priority
    raised_at: datetime
    ended_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    pauses: int = 0
    escalated_step: int = 0

    @property
    def occurrence(self) -> Occurrence:
        return Occurrence(
            self.condition, self.priority, self.raised_at, self.ended_at, self.answered_at,
            self.pauses, self.escalated_step,
        )  # fmt: skip

    @property
    def answered_after_s(self) -> int | None:
        return self.occurrence.answered_after_s

    @property
    def lasted_s(self) -> int | None:
        if self.ended_at is None:
            return None
        return max(0, int((self.ended_at - self.raised_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class AlarmLog:
    """A month of alarms at one place. `rows` are the newest, at most `MOST_SHOWN`."""

    place: Place
    month: date
    rows: tuple[AlarmRow, ...]
    report: AlarmReport
    counts: tuple[tuple[str, str, int], ...]
    waits_s: dict[str, tuple[int, ...]]
    charge: Charge | None
    charges: tuple[Charge, ...]
    may_charge: bool
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def record_only(self) -> bool:
        return self.charge is None or not self.charge.accepted

    @property
    def previous(self) -> date:
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> date:
        return (self.month + timedelta(days=31)).replace(day=1)


def get_alarm_log(viewer: Actor, location_id: UUID, month: date) -> AlarmLog:
    """A place's alarms in the month of a day, in the place's own time; or `NotFound`."""
    location = (
        Location.objects.select_related("organization")
        .filter(id=location_id, organization_id=viewer.wall)
        .first()
    )
    if location is None or not viewer.works_at(location.id):
        raise NotFound("location")
    begins, ends = _bounds(month, ZoneInfo(location.timezone))
    rows = _rows(location_id, begins, ends)
    report = _report(location_id, rows, begins, ends)
    charges = tuple(list_alarm_charges(location_id))
    conditions = {condition for condition, _ in report.by_condition}
    labels = {condition: alarm_label(condition) for condition in sorted(conditions)}
    return AlarmLog(
        place=place_of(location),
        month=month.replace(day=1),
        rows=tuple(sorted(rows, key=lambda r: r.raised_at, reverse=True)[:MOST_SHOWN]),
        report=report,
        counts=tuple(
            (labels[condition], priority.value, tally.count)
            for (condition, priority), tally in report.by_condition.items()
        ),
        waits_s={p.value: t.waits_s for p, t in report.by_priority.items()},
        charge=charges[0] if charges else None,
        charges=charges,
        may_charge=viewer.works_at(location.id, DIRECTOR),
        labels=labels,
    )


def _bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    days = monthrange(month.year, month.month)[1]
    begins = datetime(month.year, month.month, 1, tzinfo=zone)
    after = date(month.year, month.month, days) + timedelta(days=1)
    return begins, datetime(after.year, after.month, after.day, tzinfo=zone)


def _rows(location_id: UUID, begins: datetime, ends: datetime) -> list[AlarmRow]:
    raised_in = TreatmentEvent.objects.filter(
        session__location_id=location_id, type="treatment.alarm_raised.v1",
        occurred_at__gte=begins, occurred_at__lt=ends,
    ).values_list("session_id", flat=True)  # fmt: skip
    events = (
        TreatmentEvent.objects.filter(session_id__in=set(raised_in), type__in=TYPES)
        .select_related("session__chair")
        .order_by("session_id", "seq")
    )
    rows: dict[tuple[UUID, str], AlarmRow] = {}
    for event in events:
        payload = json.loads(event.payload)
        key = (event.session_id, payload["alarm_id"])
        if TYPES[event.type] == "raised":
            rows[key] = _raised(event, payload)
        elif key in rows:
            _follow(rows[key], TYPES[event.type], event, payload)
    return [row for row in rows.values() if begins <= row.raised_at < ends]


def _raised(event: TreatmentEvent, payload: dict[str, Any]) -> AlarmRow:
    value, limit = (
        None if payload[name] is None else Decimal(payload[name]) for name in ("value", "limit")
    )
    return AlarmRow(
        session_id=event.session_id,
        chair=event.session.chair.label,
        text=alarm_text(payload["condition"], value, limit, payload["unit"]),
        condition=payload["condition"],
        priority=Priority(payload["priority"]),
        raised_at=event.occurred_at,
    )


def _follow(row: AlarmRow, what: str, event: TreatmentEvent, payload: dict[str, Any]) -> None:
    if what == "ended":
        row.ended_at = event.occurred_at
    elif what == "acknowledged":
        row.answered_at, row.answered_by = event.occurred_at, event.actor_name
    elif what == "audio_paused":
        row.pauses += 1
    else:
        row.escalated_step = payload["step"]


def _report(
    location_id: UUID, rows: list[AlarmRow], begins: datetime, ends: datetime
) -> AlarmReport:
    stays = TreatmentSession.objects.filter(
        location_id=location_id, opened_at__gte=begins, opened_at__lt=ends
    ).values_list("opened_at", "closed_at")
    watched_s = sum(
        int((closed - opened).total_seconds()) for opened, closed in stays if closed is not None
    )
    return summarise(
        (row.occurrence for row in rows), sessions=len(stays), watched_s=max(0, watched_s)
    )
