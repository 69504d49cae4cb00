"""One session as the alarm engine watches it: the log and the samples, turned into engine input.

Live input is dated by this process's monotonic clock from its arrival, never by the wall clock, so
a step of the wall clock neither raises nor hides an alarm. Only a restart must trust wall times.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from leeward.core import alarms as a
from leeward.core.treatment import Recorded, SessionState, Stage, evolve, fold
from leeward.core.treatment import events as e
from leeward.core.treatment.entries import AlarmRecord
from leeward.jobs.typed_entries import PRESSURE, TypedEntries
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments import store
from leeward.records.treatments.samples import Second, period_s

PHASES = {
    Stage.OPENED: a.Phase.PREPARING,
    Stage.CHECKING: a.Phase.PREPARING,
    Stage.READY: a.Phase.PREPARING,
    Stage.INFUSING: a.Phase.INFUSING,
    Stage.PAUSED: a.Phase.PAUSED,
    Stage.DOSING: a.Phase.INFUSING,
    Stage.RECOVERY: a.Phase.RECOVERY,
    Stage.DISCHARGED: a.Phase.RECOVERY,
    Stage.DEPARTED: a.Phase.ENDED,
    Stage.SIGNED: a.Phase.ENDED,
}
# A reading this old, as it arrives, was late; older still, and one of two clocks is wrong.
BELIEVED_AGE = timedelta(seconds=5)
LOOK_BACK = timedelta(minutes=10)
# An oximeter without leads tells the heart rate as a pulse rate; the limits are the same.
PULSE, RATE = "pr", "hr"


@dataclass(slots=True)
class WatchedSession:
    """The alarm state of one session, and how far its log and its samples have been taken in."""

    session: live.LiveSession
    state: SessionState
    alarms: a.AlarmState
    # What resuming found, told with the first look.
    _found: list[a.AlarmEvent] = field(default_factory=list)
    _row_of: dict[UUID, int] = field(default_factory=dict)
    _declared: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    _typed: TypedEntries = field(default_factory=TypedEntries)

    @classmethod
    def resume(
        cls, session: live.LiveSession, *, prefix: str, now: datetime, now_ms: int
    ) -> "WatchedSession":
        """Begin to watch, from what the log and the last samples say."""
        state = fold(store.load(session.id))

        def at_ms(at: datetime) -> int:
            return now_ms - max(0, round((now - at).total_seconds() * 1000))

        watched = cls(
            session=session,
            state=state,
            alarms=a.resume(
                state.monitoring.alarms,
                prefix=prefix,
                at_ms=now_ms,
                phase=PHASES[state.stage],
                entered_ms={phase: at_ms(at) for phase, at in _entered(state)},
                clocks_ms={clock: at_ms(at) for clock, at in _clocks(state)},
                alarms=[_condition(state, r, at_ms(r.said.at)) for r in _unsettled(state)],
            ),
        )
        entered = {x.said.seq: at_ms(x.said.at) for x in (*state.vitals, *state.observations)}
        # What was typed while no engine ran has been looked at by nobody.
        for typed in watched._typed.recalled(state, entered):
            watched._found += watched._step(typed, now_ms)
        for binding in session.bindings:
            watched._row_of[binding.id] = live.newest_id(binding.id)
            for declared in watched._declarations(binding):
                watched._found += watched._step(declared, now_ms)
            for second in _last_of_each(live.list_recent(binding.id, now - LOOK_BACK)):
                watched._found += watched._sample(second, at_ms(second.at), now_ms)
        return watched

    @property
    def plan(self) -> a.AlarmPlan:
        return self.state.monitoring.alarms

    @property
    def over(self) -> bool:
        return self.alarms.phase is a.Phase.ENDED

    def look(
        self, session: live.LiveSession, now: datetime, now_ms: int
    ) -> tuple[a.AlarmEvent, ...]:
        """Take in what is new and let time pass; returns what is to be written."""
        told, self._found = self._found, []
        for incoming in (*self._new_entries(session, now_ms), *self._new_bindings(session)):
            told += self._step(incoming, now_ms)
        self.session = session
        for binding in session.bindings:
            for second, taken_ms in self._new_seconds(binding.id, now, now_ms):
                told += self._sample(second, taken_ms, now_ms)
        told += self._step(a.Tick(), now_ms)
        return tuple(told)

    def _step(self, incoming: a.Incoming, now_ms: int) -> tuple[a.AlarmEvent, ...]:
        self.alarms, told = a.step(self.alarms, incoming, self.plan, now_ms)
        return told

    # the log

    def _new_entries(self, session: live.LiveSession, now_ms: int) -> Iterator[a.Incoming]:
        if session.last_seq <= self.state.seq:
            return
        fresh = list(store.load(session.id, after_seq=self.state.seq))
        for later, recorded in enumerate(fresh, start=1 - len(fresh)):
            self.state = evolve(self.state, recorded)
            # Entries seen in one look keep the order of the log.
            arrived_ms = now_ms + later
            # Both times are the writer's: their difference is how late the entry was made.
            late = recorded.envelope.recorded_at - recorded.envelope.occurred_at
            done_ms = arrived_ms - max(0, round(late.total_seconds() * 1000))
            yield from self._from_entry(recorded, done_ms, arrived_ms)
            if PHASES[self.state.stage] is not self.alarms.phase:
                yield a.PhaseEntered(PHASES[self.state.stage], done_ms)

    def _from_entry(
        self, recorded: Recorded, done_ms: int, arrived_ms: int
    ) -> Iterator[a.Incoming]:
        event = recorded.event
        if isinstance(event, e.AlarmAcknowledged):
            yield a.Acknowledged(event.alarm_id, recorded.envelope.actor.name)
        elif isinstance(event, e.AlarmAudioPaused):
            yield a.AudioPaused(event.alarm_id, event.seconds)
        else:
            yield from self._typed.taken(
                recorded, self.state, done_ms=done_ms, arrived_ms=arrived_ms
            )

    # devices

    def _new_bindings(self, session: live.LiveSession) -> Iterator[a.Incoming]:
        present = {binding.id: binding for binding in session.bindings}
        for gone in self._declared.keys() - present.keys():
            for channel in self._declared.pop(gone):
                yield a.ChannelWithdrawn(channel)
        for binding in present.values():
            if binding.id not in self._declared:
                yield from self._declarations(binding)

    def _declarations(self, binding: live.LiveBinding) -> list[a.ChannelDeclared]:
        declared = [
            a.ChannelDeclared(channel, int(Decimal(period) * 1000))
            for channel in binding.settings.get("period_s", {})
            if (period := period_s(binding.settings, channel)) is not None
        ]
        self._declared[binding.id] = tuple(one.channel for one in declared)
        return declared

    def _new_seconds(
        self, binding_id: UUID, now: datetime, now_ms: int
    ) -> Iterator[tuple[Second, int]]:
        rows = live.list_newest(binding_id, after_id=self._row_of.get(binding_id, 0))
        if not rows:
            return
        self._row_of[binding_id] = rows[-1][0]
        newest = rows[-1][1].at
        age = now - newest
        arrived_ms = now_ms
        if timedelta(0) <= age <= BELIEVED_AGE:
            arrived_ms -= round(age.total_seconds() * 1000)
        for _, second in rows:
            yield second, arrived_ms - round((newest - second.at).total_seconds() * 1000)

    def _sample(self, second: Second, taken_ms: int, now_ms: int) -> list[a.AlarmEvent]:
        told: list[a.AlarmEvent] = []
        for channel, reading in second.readings.items():
            value = None if reading.value is None else _decimal(reading.value)
            told += self._step(a.Sample(channel, value, taken_ms), now_ms)
            if channel == PULSE and self._is_pulse_the_rate():
                told += self._step(a.Sample(RATE, value, taken_ms, heard=False), now_ms)
            if channel == "nibp_sys" and value is not None:
                self._typed.cuff_ms = max(taken_ms, self._typed.cuff_ms or taken_ms)
                told += self._step(a.ActDone("bp", taken_ms), now_ms)
        return told

    def _is_pulse_the_rate(self) -> bool:
        """Whether no device here counts the heart itself, so that the pulse stands for it."""
        return not any(RATE in channels for channels in self._declared.values())


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None  # the state of a pump is a word


def _last_of_each(seconds: Iterable[Second]) -> list[Second]:
    """The newest reading of every channel, oldest first."""
    newest: dict[str, Second] = {}
    for second in seconds:
        for channel, reading in second.readings.items():
            newest[channel] = Second(second.at, second.received_at, {channel: reading})
    return sorted(newest.values(), key=lambda second: second.at)


def _entered(state: SessionState) -> list[tuple[a.Phase, datetime]]:
    moments = [
        (a.Phase.PREPARING, state.opened.at),
        (a.Phase.INFUSING, state.started and state.started.at),
        (a.Phase.PAUSED, state.paused_since),
        (a.Phase.RECOVERY, state.stopped and state.stopped.at),
    ]
    return [(phase, at) for phase, at in moments if at is not None]


def _clocks(state: SessionState) -> list[tuple[str, datetime]]:
    pressures = [v.said.at for v in state.vitals if PRESSURE in v.values]
    seen = [v.said.at for v in state.vitals] + [o.said.at for o in state.observations]
    clocks = [("bp", pressures), ("observation", seen)]
    known = [(clock, max(times)) for clock, times in clocks if times]
    return [*known, ("pause", state.paused_since)] if state.paused_since else known


def _unsettled(state: SessionState) -> list[AlarmRecord]:
    return [record for record in state.alarms.values() if record.present or record.unanswered]


def _condition(state: SessionState, record: AlarmRecord, raised_ms: int) -> a.AlarmCondition:
    thresholds = {t.condition for t in state.monitoring.alarms.thresholds}
    return a.AlarmCondition(
        alarm_id=record.alarm_id,
        condition=record.condition,
        channel=record.channel,
        priority=a.Priority(record.priority),
        limit=record.limit,
        value=record.value,
        unit=record.unit,
        raised_ms=raised_ms,
        latching=record.priority == a.Priority.HIGH and record.condition in thresholds,
        ended_ms=None if record.present else raised_ms,
        acknowledged_by=record.acknowledged.by.name if record.acknowledged else None,
        acknowledged_ms=raised_ms if record.acknowledged else None,
        escalated_step=record.escalated_step,
    )
