"""The alarm engine: one process that owns the alarms of every session, and says when it did not.

It looks every second on the monotonic clock whether or not anything arrives, and sooner when
something does. It needs neither the web process nor a screen. After a restart it folds the logs
and the last samples, and writes into every session how long nobody was watching.
"""

import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from leeward import content
from leeward.core.alarms import AlarmEvent
from leeward.core.quantities import Refusal
from leeward.jobs.house_faults import CLOCK, LATE, NOT_RECORDING, HouseFaults, free_bytes
from leeward.jobs.start import Stop, stop_on_signal
from leeward.jobs.wakeups import Mailbox, make_wakeup
from leeward.jobs.watched_session import WatchedSession
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments.samples import Second
from leeward.records.treatments.selectors_devices import AdapterPulse, list_adapter_pulses
from leeward.usecases import ports, run_alarms

logger = logging.getLogger("leeward.alarms")

TICK_S = 1.0
SHORTEST_S = 0.2
LATE_AFTER_S = 2.0
GAP_AFTER_S = 5.0
CLOCK_STEP_S = 2.0
RESTARTED = "The alarm engine was not running."
STALLED = "The alarm engine did not get to run."


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look has read for all sessions at once."""

    faults: Mapping[str, bool]
    pulses: Mapping[str, AdapterPulse]
    newest: Mapping[UUID, list[tuple[int, Second]]]


@dataclass(slots=True)
class Pending:
    """Something that must be written, and the id under which it is tried until it is."""

    session_id: UUID
    write: Callable[[UUID], object]
    command_id: UUID


@dataclass(slots=True)
class AlarmEngine:
    """Watches every session of patients who are here."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    boot_id: UUID = field(default_factory=uuid4)
    watched: dict[UUID, WatchedSession] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    house: HouseFaults = field(default_factory=HouseFaults)
    _started_at: datetime | None = None
    _started_s: float = 0.0
    _last_pulse: live.EnginePulse | None = None
    _looked_s: float | None = None
    _beat_s: float | None = None
    _step_s: float = 0.0
    _written: int = 0

    def start(self) -> None:
        """Take the time, and remember when the engine before this one last looked."""
        self._started_at, self._started_s = self.now(), self.monotonic()
        self._last_pulse = live.engine_pulse(run_alarms.ENGINE)

    def look(self) -> None:
        """One look at everything: take in, decide, write, and say that it was done."""
        if self._started_at is None:
            self.start()
        now, now_s = self.now(), self.monotonic()
        self._note_step(now, now_s)
        self._note_stall(now, now_s)
        sessions = {s.id: s for s in live.list_live(session_ids=self.watched)}
        seen = Seen(
            faults=self.house.look(now_s),
            pulses=list_adapter_pulses(),
            newest=live.list_newest_of(
                {b: i for one in self.watched.values() for b, i in one.after_ids().items()}
            ),
        )
        for session in sessions.values():
            try:
                self._watch(session, now, round(now_s * 1000), seen)
            except Exception:
                # One session's trouble must not blind the others.
                logger.exception("session %s could not be watched; trying again", session.id)
        self.watched = {
            id_: one for id_, one in self.watched.items() if not one.over and id_ in sessions
        }
        self._looked_s = now_s
        self.write_pending()
        if self.pending:
            self.say_not_recording()
        else:
            self._beat(now, now_s)
            self.house.set(NOT_RECORDING, stands=False)

    def say_not_recording(self) -> None:
        """What can't be written can't be read either: screens are told past the database."""
        self.house.set(NOT_RECORDING, stands=True)
        ports.wakeup().notify(f"fault:{NOT_RECORDING}")

    def write_pending(self) -> None:
        """Write what waits, in order; what can't be written now is kept and tried again."""
        kept: list[Pending] = []
        for one in self.pending:
            if any(one.session_id == earlier.session_id for earlier in kept):
                kept.append(one)
                continue
            try:
                result = one.write(one.command_id)
            except Exception:
                logger.exception("session %s: not written; trying again", one.session_id)
                kept.append(one)
                continue
            if isinstance(result, Refusal):
                logger.warning("session %s: %s", one.session_id, result)
        self.pending = kept

    def _note_step(self, now: datetime, now_s: float) -> None:
        """Say when the wall clock was set: alarms run on, their times in the log jump with it."""
        assert self._started_at is not None
        passed_s = (now - self._started_at).total_seconds()
        step_s = passed_s - (now_s - self._started_s)
        if abs(step_s - self._step_s) > CLOCK_STEP_S:
            self.house.happened(CLOCK, now_s)
            logger.warning("the wall clock was set by %+.1f s", step_s - self._step_s)
            self._step_s = step_s

    def _watch(self, session: live.LiveSession, now: datetime, now_ms: int, seen: Seen) -> None:
        watched = self.watched.get(session.id)
        if watched is None:
            if session.stage in live.OVER:
                return
            watched = WatchedSession.resume(
                session, prefix=self.boot_id.hex[:8], now=now, now_ms=now_ms
            )
            self.watched[session.id] = watched
            self._begin(watched, now)
        events = watched.look(
            session, now, now_ms, faults=seen.faults, pulses=seen.pulses, newest=seen.newest
        )
        if events:
            self._write_alarms(session.id, now, events)

    def _begin(self, watched: WatchedSession, now: datetime) -> None:
        since = self._unwatched_since(watched)
        session_id = watched.session.id
        self._later(
            session_id,
            lambda command_id: run_alarms.begin_watch(
                actor=run_alarms.engine_actor(),
                now=now,
                command_id=command_id,
                session_id=session_id,
                engine_id=self.boot_id,
                unwatched_since=since,
                because=RESTARTED,
            ),
        )

    def _unwatched_since(self, watched: WatchedSession) -> datetime | None:
        """Since when nobody watched a session that was there before this engine."""
        opened_at = watched.state.opened.at
        if self._started_at is None or opened_at >= self._started_at:
            return None
        if watched.state.monitoring_engine is None or self._last_pulse is None:
            return opened_at
        return max(self._last_pulse.ticked_at, opened_at)

    def _write_alarms(
        self, session_id: UUID, now: datetime, events: tuple[AlarmEvent, ...]
    ) -> None:
        self._later(
            session_id,
            lambda command_id: run_alarms.write_alarms(
                actor=run_alarms.engine_actor(),
                now=now,
                command_id=command_id,
                session_id=session_id,
                events=events,
            ),
        )

    def _note_stall(self, now: datetime, now_s: float) -> None:
        if self._looked_s is None:
            return
        away_s = now_s - self._looked_s
        if away_s > LATE_AFTER_S:
            self.house.happened(LATE, now_s)
            logger.warning("the alarm engine is late: its last look was %.1f s ago", away_s)
        if away_s <= GAP_AFTER_S:
            return
        from_at = now - timedelta(seconds=away_s)
        for session_id in self.watched:
            self._later(session_id, self._gap(session_id, from_at, now))

    def _gap(self, session_id: UUID, from_at: datetime, now: datetime) -> Callable[[UUID], object]:
        return lambda command_id: run_alarms.state_gap(
            actor=run_alarms.engine_actor(),
            now=now,
            command_id=command_id,
            session_id=session_id,
            from_at=from_at,
            because=STALLED,
        )

    def _beat(self, now: datetime, now_s: float) -> None:
        if self._beat_s is not None and now_s - self._beat_s < TICK_S * 0.9:
            return
        period_s = 0.0 if self._beat_s is None else now_s - self._beat_s
        run_alarms.beat(
            actor=run_alarms.engine_actor(),
            now=now,
            boot_id=self.boot_id,
            started_at=self._started_at or now,
            period_ms=round(period_s * 1000),
        )
        self._beat_s = now_s

    def _later(self, session_id: UUID, write: Callable[[UUID], object]) -> None:
        self._written += 1
        command_id = uuid5(self.boot_id, f"{session_id}:{self._written}")
        self.pending.append(Pending(session_id, write, command_id))


def run(engine: AlarmEngine, mailbox: Mailbox, stop: Stop) -> None:
    """Look every second, and at every wake-up, until told to stop."""
    while not stop.is_set():
        began_s = time.monotonic()
        try:
            engine.look()
        except Exception:
            logger.exception("the alarm engine could not complete its look; trying again")
            engine.say_not_recording()
        stop.wait(SHORTEST_S)
        mailbox.wait(max(0.0, TICK_S - (time.monotonic() - began_s)))


def main() -> int:
    from django.conf import settings

    stop = stop_on_signal()
    # Read before the first look, which would else be late by the time this takes.
    content.load()
    mailbox = make_wakeup(settings.LEEWARD_HOME, settings.LEEWARD_REDIS_URL).mailbox()
    try:
        house = HouseFaults(room=lambda: free_bytes(settings.LEEWARD_HOME))
        run(AlarmEngine(now=lambda: datetime.now(UTC), house=house), mailbox, stop)
    finally:
        mailbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
