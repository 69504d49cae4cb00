"""One session as the alarm engine watches it: the log and the samples, turned into engine input.

Live input is dated by this process's monotonic clock from its arrival, never by the wall clock, so
a step of the wall clock neither raises nor hides an alarm. Only a restart must trust wall times.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from leeward.core import alarms as a
from leeward.core.treatment import Recorded, SessionState, Stage, evolve, fold
from leeward.core.treatment import events as e
from leeward.jobs import remembered
from leeward.jobs.adapter_signs import AdapterSigns
from leeward.jobs.stated_facts import StatedFacts, is_heard, planned_end_ms
from leeward.jobs.typed_entries import TypedEntries
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments import store
from leeward.records.treatments.samples import Second, period_s
from leeward.records.treatments.selectors_devices import AdapterPulse

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
    _stated: StatedFacts = field(default_factory=StatedFacts)
    _faults: dict[str, bool] = field(default_factory=dict)
    _signs: AdapterSigns = field(default_factory=AdapterSigns)

    @classmethod
    def resume(
        cls, session: live.LiveSession, *, prefix: str, now: datetime, now_ms: int
    ) -> "WatchedSession":
        """Begin to watch, from what the log and the last samples say."""
        state = fold(store.load(session.id))

        def at_ms(at: datetime) -> int:
            return now_ms - max(0, round((now - at).total_seconds() * 1000))

        recent = {b.id: live.list_recent(b.id, now - LOOK_BACK) for b in session.bindings}
        watched = cls(
            session=session,
            state=state,
            alarms=a.resume(
                state.monitoring.alarms,
                prefix=prefix,
                at_ms=now_ms,
                phase=PHASES[state.stage],
                entered_ms={phase: at_ms(at) for phase, at in remembered.entered(state)},
                clocks_ms=remembered.clocks_ms(state, at_ms, planned_end_ms(state, now, now_ms)),
                alarms=[
                    remembered.condition(state, one, at_ms(one.said.at))
                    for one in remembered.unsettled(state)
                ],
                is_heard=is_heard(state),
                channels=remembered.channels(session.bindings, recent, at_ms),
            ),
        )
        for fact in watched._stated.changes(state, now, now_ms, at_ms(state.opened.at)):
            watched._found += watched._step(fact, now_ms)
        entered = {x.said.seq: at_ms(x.said.at) for x in (*state.vitals, *state.observations)}
        # What was typed while no engine ran has been looked at by nobody.
        for typed in watched._typed.recalled(state, entered):
            watched._found += watched._step(typed, now_ms)
        for binding in session.bindings:
            watched._row_of[binding.id] = live.newest_id(binding.id)
            watched._declarations(binding)
            for second in _last_of_each(recent[binding.id]):
                watched._found += watched._sample(second, at_ms(second.at), now_ms)
        return watched

    @property
    def plan(self) -> a.AlarmPlan:
        return self.state.monitoring.alarms

    @property
    def over(self) -> bool:
        return self.alarms.phase is a.Phase.ENDED

    def look(
        self,
        session: live.LiveSession,
        now: datetime,
        now_ms: int,
        *,
        faults: Mapping[str, bool] | None = None,
        pulses: Mapping[str, AdapterPulse] | None = None,
        newest: Mapping[UUID, list[tuple[int, Second]]] | None = None,
    ) -> tuple[a.AlarmEvent, ...]:
        """Take in what is new and let time pass; returns what is to be written.

        `faults` are those of the house, `pulses` the adapters' own, by name, `newest` what has
        been read of the devices that `after_ids` names.
        """
        told, self._found = self._found, []
        for incoming in (
            *self._new_entries(session, now, now_ms),
            *self._new_bindings(session),
            *self._new_faults(faults or {}),
        ):
            told += self._step(incoming, now_ms)
        self.session = session
        for binding in session.bindings:
            for second, taken_ms in self._new_seconds(binding.id, now, now_ms, newest):
                told += self._sample(second, taken_ms, now_ms)
        for incoming in self._signs.look(session.bindings, pulses or {}, self._row_of, now_ms):
            told += self._step(incoming, now_ms)
        told += self._step(a.Tick(), now_ms)
        return tuple(told)

    def _step(self, incoming: a.Incoming, now_ms: int) -> tuple[a.AlarmEvent, ...]:
        self.alarms, told = a.step(self.alarms, incoming, self.plan, now_ms)
        return told

    # the log

    def _new_entries(
        self, session: live.LiveSession, now: datetime, now_ms: int
    ) -> Iterator[a.Incoming]:
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
            yield from self._stated.changes(self.state, now, now_ms, done_ms)
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

    # the house

    def _new_faults(self, faults: Mapping[str, bool]) -> Iterator[a.Incoming]:
        for fault, stands in faults.items():
            if self._faults.get(fault, False) is not stands:
                self._faults[fault] = stands
                yield a.FaultStated(fault, stands)

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

    def after_ids(self) -> dict[UUID, int]:
        """How far the samples of each device have been taken in."""
        return {b.id: self._row_of[b.id] for b in self.session.bindings if b.id in self._row_of}

    def _new_seconds(
        self,
        binding_id: UUID,
        now: datetime,
        now_ms: int,
        newest: Mapping[UUID, list[tuple[int, Second]]] | None,
    ) -> Iterator[tuple[Second, int]]:
        if newest is not None and binding_id in self._row_of:
            rows = newest.get(binding_id, [])
        else:
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
        values = {
            channel: None if reading.value is None else _decimal(reading.value)
            for channel, reading in second.readings.items()
        }
        reasons = {name: r.quality for name, r in second.readings.items() if r.value is None}
        told = [*self._step(a.Readings(values, taken_ms, reasons), now_ms)]
        if PULSE in values and self._is_pulse_the_rate():
            told += self._step(a.Sample(RATE, values[PULSE], taken_ms, heard=False), now_ms)
        if values.get("nibp_sys") is not None:
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
