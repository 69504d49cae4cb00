"""Reads for the live pages what is new; the only side of the stream that touches the database."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import close_old_connections, connections

from leeward.core.treatment.events import Recorded
from leeward.records.accounts.actor import CLINICAL, Actor
from leeward.records.accounts.selectors import get_actor
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments import store
from leeward.usecases.sign_in import has_left

from .stream_chairs import ChairFeed
from .stream_tokens import StreamPass
from .stream_wire import Json, Position, encode

ENGINE = "alarms"
ENGINE_LATE_S = 2.5
ENGINE_LOST_S = 4.0
FAULT_STANDS_S = 4.0

Happened = tuple[live.LiveSession, Recorded]


@dataclass(frozen=True, slots=True)
class News:
    """What one look at the database found: new events, a tick per topic, and who is followed."""

    events: list[Happened]
    ticks: dict[str, bytes]
    followed: frozenset[UUID]


class Reader:
    """Follows every session that somebody looks at. Used by one thread only."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._feeds: dict[UUID, ChairFeed] = {}
        self._faults_s: dict[str, float] = {}

    def look(self, topics: frozenset[str], *, with_spark: bool = False) -> News:
        """New events of everything followed, and a tick for each topic."""
        close_old_connections()
        now, now_s = self._now(), time.monotonic()
        sessions = self._sessions(topics)
        events = []
        feeds = [self._feeds.setdefault(s.id, ChairFeed(s)) for s in sessions]
        newest = live.list_newest_of({b: i for f in feeds for b, i in f.after_ids().items()})
        for session, feed in zip(sessions, feeds, strict=True):
            events += [(session, r) for r in feed.update(session, now, now_s, newest)]
        self._forget(sessions, topics)
        engine = self._engine(now)
        ticks = {t: self._tick(t, now, now_s, engine, with_spark=with_spark) for t in topics}
        return News(events, ticks, frozenset(self._feeds))

    def note_fault(self, fault: str) -> None:
        """The engine says past the database what it can't write into it; it repeats itself."""
        self._faults_s[fault] = time.monotonic()

    def _faults(self, now_s: float) -> list[str]:
        noted = dict(self._faults_s)
        return sorted(f for f, noted_s in noted.items() if now_s - noted_s < FAULT_STANDS_S)

    def heads(self, allowed: StreamPass) -> Position:
        """How far the followed logs of a pass's sessions have come."""
        return {id_: f.seq for id_, f in self._feeds.items() if covers(allowed, f.session)}

    def replay(self, position: Position) -> list[Happened]:
        """The events after `position`, up to where the feeds are."""
        return [
            (feed.session, recorded)
            for id_, after in position.items()
            if (feed := self._feeds.get(id_)) is not None and after < feed.seq
            for recorded in store.load(id_, after_seq=after)
            if recorded.envelope.seq <= feed.seq
        ]

    def is_good(self, allowed: StreamPass) -> bool:
        """Whether the viewer may follow every topic by the roles that they hold now."""
        close_old_connections()
        viewer = get_actor(UUID(allowed.viewer_id))
        if viewer is None or viewer.organization_id != allowed.organization_id:
            return False
        if has_left(viewer, allowed.visit, since=allowed.issued_at):
            return False
        return viewer.is_staff and all(
            _may_follow(viewer, *topic.split(":")) for topic in allowed.topics
        )

    def close(self) -> None:
        connections.close_all()

    def _sessions(self, topics: frozenset[str]) -> list[live.LiveSession]:
        # One that has just ended is looked at once more, so that its end is told.
        named = [*_ids(topics, "session"), *self._feeds]
        return live.list_live(location_ids=_ids(topics, "board"), session_ids=named)

    def _forget(self, sessions: Iterable[live.LiveSession], topics: frozenset[str]) -> None:
        keep = {
            session.id
            for session in sessions
            if f"session:{session.id}" in topics
            or (f"board:{session.location_id}" in topics and session.stage not in live.OVER)
        }
        self._feeds = {id_: feed for id_, feed in self._feeds.items() if id_ in keep}

    def _tick(
        self, topic: str, now: datetime, now_s: float, engine: Json, *, with_spark: bool
    ) -> bytes:
        kind, _, name = topic.partition(":")
        chairs = {}
        for feed in self._feeds.values():
            session = feed.session
            if name != str(session.location_id if kind == "board" else session.id):
                continue
            if kind == "session" or session.stage not in live.OVER:
                chairs[str(session.chair_id)] = feed.to_json(
                    now, now_s, engine, with_spark=with_spark
                )
        content = {
            "type": "tick",
            "topic": topic,
            "t": now.isoformat(),
            "alarm_engine": engine,
            "chairs": chairs,
        }
        if faults := self._faults(now_s):
            content["faults"] = faults
        return encode(content)

    def _engine(self, now: datetime) -> Json:
        pulse = live.engine_pulse(ENGINE)
        if pulse is None:
            return {"state": "lost", "age_s": None}
        age_s = abs((now - pulse.ticked_at).total_seconds())
        late = age_s > ENGINE_LATE_S or pulse.period_ms > ENGINE_LATE_S * 1000
        state = "lost" if age_s > ENGINE_LOST_S else "late" if late else "ok"
        return {"state": state, "age_s": round(age_s, 1)}


def covers(allowed: StreamPass, session: live.LiveSession) -> bool:
    """Whether a pass shows this session: its organization, its place, and one of its topics."""
    if session.organization_id != allowed.organization_id:
        return False
    if allowed.location_ids is not None and session.location_id not in allowed.location_ids:
        return False
    topics = (f"board:{session.location_id}", f"session:{session.id}")
    return any(topic in allowed.topics for topic in topics)


def _may_follow(viewer: Actor, kind: str, name: str) -> bool:
    place = live.find_place(kind, name, viewer.wall)
    return place is not None and viewer.works_at(place, *(CLINICAL if kind == "session" else ()))


def _ids(topics: frozenset[str], kind: str) -> list[UUID]:
    return [UUID(t.partition(":")[2]) for t in topics if t.startswith(f"{kind}:")]
