"""What a live page shows of one chair: newest readings with their age, alarms, and who watches.

Ages run on this process's monotonic clock from the moment a reading was first seen, so that a step
of the wall clock can neither freshen an old value nor spoil a new one.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from leeward.core.alarms import urgency
from leeward.core.treatment.entries import AlarmRecord
from leeward.core.treatment.events import Recorded
from leeward.core.treatment.evolve import evolve
from leeward.core.treatment.state import SessionState
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments import store
from leeward.records.treatments.alarm_words import alarm_text
from leeward.records.treatments.call_words import call_lines
from leeward.records.treatments.channels import CHANNELS
from leeward.records.treatments.samples import Second, period_s

# Beyond the declared period: measured to catch every silent link tried within its time.
GREY_AFTER_S = 5.0
SPARK_SPAN = timedelta(minutes=5)
SPARK_POINTS = 300
SPARK_CHANNELS = ("hr", "spo2")
DEFAULT_PERIOD_S = 1.0

Json = dict[str, Any]


@dataclass(slots=True)
class Seen:
    """The newest reading of a channel, and its age when it was first seen here."""

    value: str | None
    quality: str
    at: datetime
    age_then_s: float
    seen_s: float

    def age_s(self, now_s: float) -> float:
        return self.age_then_s + now_s - self.seen_s


@dataclass(slots=True)
class ChairFeed:
    """One session, followed: its folded log and its newest samples."""

    session: live.LiveSession
    state: SessionState | None = None
    seen: dict[str, Seen] = field(default_factory=dict)
    spark: deque[tuple[datetime, str | None, str | None]] = field(
        default_factory=lambda: deque(maxlen=SPARK_POINTS)
    )
    _row_of: dict[UUID, int] = field(default_factory=dict)

    @property
    def seq(self) -> int:
        return self.state.seq if self.state else 0

    def after_ids(self) -> dict[UUID, int]:
        """How far the samples of each followed device have been read."""
        return {b.id: self._row_of[b.id] for b in self.session.bindings if b.id in self._row_of}

    def update(
        self,
        session: live.LiveSession,
        now: datetime,
        now_s: float,
        newest: Mapping[UUID, list[tuple[int, Second]]],
    ) -> list[Recorded]:
        """Take what is new of the log and of the samples; returns the new events."""
        fresh = store.load(session.id, after_seq=self.seq) if session.last_seq > self.seq else []
        for recorded in fresh:
            self.state = evolve(self.state, recorded)
        if {b.id for b in session.bindings} != {b.id for b in self.session.bindings}:
            self.seen.clear()  # another device: its predecessor's values are not this one's
        self.session = session
        for binding in session.bindings:
            for second in self._new_seconds(binding.id, now, newest):
                self._take(second, now, now_s)
        return fresh

    def to_json(self, now: datetime, now_s: float, engine: Json, *, with_spark: bool) -> Json:
        """The chair as a tick carries it; the sparkline only in the first one."""
        content: Json = {
            "session": str(self.session.id),
            "seq": self.seq,
            "stage": str(self.state.stage) if self.state else self.session.stage,
            "channels": {
                name: self._channel(name, now_s) for name in CHANNELS if name in self._expected()
            },
            "alarms": [*self._calls(), *self._alarms()],
            "alarm_engine": engine,
        }
        if self.state is not None and self.state.monitoring.alarms.record_only:
            content["record_only"] = True
        if with_spark:
            content["spark"] = [
                [round((now - at).total_seconds(), 1), hr, spo2] for at, hr, spo2 in self.spark
            ]
        return content

    def _new_seconds(
        self, binding_id: UUID, now: datetime, newest: Mapping[UUID, list[tuple[int, Second]]]
    ) -> list[Second]:
        if binding_id not in self._row_of:
            self._row_of[binding_id] = live.newest_id(binding_id)
            return live.list_recent(binding_id, now - SPARK_SPAN)
        rows = newest.get(binding_id, [])
        if rows:
            self._row_of[binding_id] = rows[-1][0]
        return [second for _, second in rows]

    def _take(self, second: Second, now: datetime, now_s: float) -> None:
        # A time in the future is a clock's fault; the reading is then as old as its arrival.
        age_s = max(0.0, (now - second.at).total_seconds())
        for name, reading in second.readings.items():
            self.seen[name] = Seen(reading.value, reading.quality, second.at, age_s, now_s)
        pair = [second.readings.get(name) for name in SPARK_CHANNELS]
        if any(pair):
            hr, spo2 = (reading.value if reading else None for reading in pair)
            self.spark.append((second.at, hr, spo2))

    def _expected(self) -> set[str]:
        declared = {
            name
            for binding in self.session.bindings
            for name in binding.settings.get("period_s", {})
        }
        return declared | set(self.seen)

    def _channel(self, name: str, now_s: float) -> Json:
        seen = self.seen.get(name)
        if seen is None:
            return {"v": None, "age_s": None, "state": "none"}
        age_s = seen.age_s(now_s)
        content: Json = {
            "v": seen.value,
            "age_s": round(age_s, 1),
            "state": self._state_of(name, seen, age_s),
        }
        if seen.quality != "valid":
            content["q"] = seen.quality
        if CHANNELS[name].intermittent:
            content["at"] = seen.at.isoformat()
        return content

    def _state_of(self, name: str, seen: Seen, age_s: float) -> str:
        if age_s > self._longest_s(name):
            return "stale"
        return "live" if seen.value is not None else "no_value"

    def _longest_s(self, name: str) -> float:
        declared = next(
            (
                period
                for binding in self.session.bindings
                if (period := period_s(binding.settings, name)) is not None
            ),
            None,
        )
        if declared is not None:
            return float(declared) + GREY_AFTER_S
        if CHANNELS[name].intermittent:
            return self._cuff_interval_s() + GREY_AFTER_S
        return DEFAULT_PERIOD_S + GREY_AFTER_S

    def _cuff_interval_s(self) -> float:
        """How long a cuff pressure is current: the clinic's interval; without one, not at all."""
        monitoring = self.state.monitoring if self.state else None
        interval_min = monitoring.bp_interval_min if monitoring else None
        return float((interval_min or Decimal(0)) * 60)

    def _calls(self) -> list[Json]:
        """What people called out, in the shape of alarms, before what devices did."""
        return [
            {
                "id": line.id,
                "condition": line.id.partition(":")[0],
                "channel": "",
                "priority": line.priority,
                "text": line.text,
                "since": line.since.isoformat(),
                "present": True,
                "acknowledged": False,
                "step": 0,
            }
            for line in (call_lines(self.state) if self.state is not None else ())
        ]

    def _alarms(self) -> list[Json]:
        if self.state is None:
            return []
        alarms = [a for a in self.state.alarms.values() if a.present or a.unanswered]
        return [
            {
                "id": alarm.alarm_id,
                "condition": alarm.condition,
                "channel": alarm.channel,
                "priority": alarm.priority,
                "text": alarm_text(alarm.condition, alarm.value, alarm.limit, alarm.unit),
                "since": alarm.said.at.isoformat(),
                "present": alarm.present,
                "acknowledged": alarm.acknowledged is not None,
                "step": alarm.escalated_step,
                "quiet_until": _iso(alarm.audio_paused_until),
            }
            for alarm in sorted(alarms, key=_urgency)
        ]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _urgency(alarm: AlarmRecord) -> tuple[object, ...]:
    return urgency(
        alarm.priority,
        acknowledged=alarm.acknowledged is not None,
        present=alarm.present,
        since=alarm.said.at,
    )
