"""The board: every chair of a location, worst first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward.core.alarms import Priority, urgency
from leeward.core.treatment import SessionState, Stage
from leeward.core.treatment.gates import missing_for_start
from leeward.core.treatment.state import PREPARING, RUNNING, AlarmRecord
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.organizations.alarm_charges import is_record_only
from leeward.records.organizations.models import Chair, Location
from leeward.records.organizations.selectors import Place, list_places, place_of
from leeward.records.scheduling.selectors import VisitLine, get_day
from leeward.records.treatments.alarm_words import alarm_text
from leeward.records.treatments.call_words import call_lines
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.models import TreatmentSession

from .dose_words import short_words
from .gate_words import discharge_waits_for

OVER = (Stage.DEPARTED.value, Stage.SIGNED.value)
WAITING = ("booked", "arrived")


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm as a bar shows it."""

    id: str
    priority: str
    condition: str
    since: datetime
    acknowledged: bool
    present: bool
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One chair. Without a session it shows the next visit, or that it is free."""

    chair_id: UUID
    chair: str
    session_id: UUID | None
    name: str
    stage: str
    plan: str
    ends_at: datetime | None
    paused_since: datetime | None
    stopped_at: datetime | None
    share_given: int
    alarms: tuple[AlarmLine, ...]
    missing: tuple[str, ...]
    monitored: bool
    next_visit: VisitLine | None
    seq: int
    record_only: bool = False

    @property
    def initials(self) -> str:
        """The patient on a screen that others may read."""
        return " ".join(f"{word[0]}." for word in self.name.split())

    @property
    def worst(self) -> str:
        return self.alarms[0].priority if self.alarms else ""


@dataclass(frozen=True, slots=True)
class Board:
    place: Place
    places: tuple[Place, ...]
    tiles: tuple[Tile, ...]
    stages: dict[str, int]
    record_only: bool = False


def get_board(viewer: Actor, location_id: UUID, *, now: datetime) -> Board:
    """The board of a location the viewer works at, or `NotFound`."""
    location = (
        Location.objects.select_related("organization")
        .filter(id=location_id, organization_id=viewer.wall)
        .first()
    )
    if location is None or not viewer.works_at(location.id):
        raise NotFound("location")
    day = get_day(viewer, location_id, now.astimezone(ZoneInfo(location.timezone)).date())
    waiting = {
        chair.id: next((v for v in chair.visits if v.status in WAITING), None)
        for chair in day.chairs
    }
    open_sessions = {
        s.chair_id: s
        for s in TreatmentSession.objects.filter(location=location)
        .exclude(stage__in=OVER)
        .select_related("patient")
    }
    tiles = [
        _tile(chair, open_sessions.get(chair.id), waiting.get(chair.id), now)
        for chair in Chair.objects.filter(location=location, active=True)
    ]
    tiles.sort(key=_order)
    stages: dict[str, int] = {}
    for tile in tiles:
        if tile.session_id:
            stages[tile.stage] = stages.get(tile.stage, 0) + 1
    places = tuple(list_places(viewer.wall, viewer.location_ids))
    record_only = is_record_only(location.id)
    return Board(place_of(location), places, tuple(tiles), stages, record_only)


def alarms_of(state: SessionState) -> tuple[AlarmLine, ...]:
    """Alarms somebody must still look at or that last, worst first."""
    lines = [_alarm_line(a) for a in state.alarms.values() if a.present or a.unanswered]
    return tuple(sorted(lines, key=_urgency))


def _urgency(alarm: AlarmLine) -> tuple[object, ...]:
    return urgency(
        alarm.priority,
        acknowledged=alarm.acknowledged,
        present=alarm.present,
        since=alarm.since,
    )


def _bars(state: SessionState) -> tuple[AlarmLine, ...]:
    """What people called out stands before what devices did."""
    called = (
        AlarmLine(c.id, c.priority, c.text, c.since, acknowledged=False, present=True)
        for c in call_lines(state)
    )
    return (*called, *alarms_of(state))


def _alarm_line(alarm: AlarmRecord) -> AlarmLine:
    return AlarmLine(
        id=alarm.alarm_id,
        priority=alarm.priority,
        condition=alarm_text(alarm.condition, alarm.value, alarm.limit, alarm.unit),
        since=alarm.said.at,
        acknowledged=alarm.acknowledged is not None,
        present=alarm.present,
        quiet_until=alarm.audio_paused_until,
    )


def _tile(
    chair: Chair, session: TreatmentSession | None, visit: VisitLine | None, now: datetime
) -> Tile:
    if session is None:
        return Tile(
            chair.id, chair.label, None, visit.patient_name if visit else "", "", "", None, None,
            None, 0, (), (), False, visit, 0,
        )  # fmt: skip
    state = opened_state(session)
    plan = state.plan
    return Tile(
        chair_id=chair.id,
        chair=chair.label,
        session_id=session.id,
        name=session.patient.display_name,
        stage=state.stage.value,
        plan=short_words(plan),
        ends_at=state.expected_end_at,
        paused_since=state.paused_since,
        stopped_at=state.stopped.at if state.stopped else None,
        share_given=min(100, int(100 * state.given_mg_at(now) / plan.dose_mg)),
        alarms=_bars(state),
        missing=_missing(state, now),
        monitored=bool(state.open_bindings) or state.stage in RUNNING,
        next_visit=None,
        seq=state.seq,
        record_only=state.monitoring.alarms.record_only,
    )


def _missing(state: SessionState, now: datetime) -> tuple[str, ...]:
    if state.stage in PREPARING:
        return tuple(m.because for m in missing_for_start(state, now))
    if state.stage is Stage.RECOVERY:
        return tuple(m.because for m in discharge_waits_for(state, now))
    return ()


def _order(tile: Tile) -> tuple[int, int, str]:
    """Unanswered alarms first by priority, then running chairs, then by label."""
    first = tile.alarms[0] if tile.alarms else None
    rank = 9 if first is None else Priority(first.priority).rank + 4 * first.acknowledged
    return rank, 0 if tile.session_id else 1, tile.chair.rjust(4)
