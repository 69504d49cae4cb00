"""The alarm engine of one session as a pure function of what arrives and of monotonic time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .deriving import PAIRED, derive
from .incoming import (
    Acknowledged,
    ActDone,
    ActTakenBack,
    AudioPaused,
    ChannelDeclared,
    ChannelWithdrawn,
    EndExpected,
    FaultStated,
    Incoming,
    PhaseEntered,
    Readings,
    Sample,
    SoundConfirmed,
    Stated,
    Tick,
)
from .lateness import Present, overdue_act, silent, standing
from .limits import AlarmPlan
from .outgoing import AlarmEvent
from .state import AlarmState, Channel
from .technical import Derived
from .telling import Teller
from .terms import Phase
from .track import to_ms, wait
from .watching import Begun, settle, take_sample


def step(
    state: AlarmState, incoming: Incoming, plan: AlarmPlan, at_ms: int
) -> tuple[AlarmState, tuple[AlarmEvent, ...]]:
    """One step of the engine.

    Parameters
    ----------
    state : AlarmState
        State so far.
    incoming : Incoming
        What has arrived, or `Tick`.
    plan : AlarmPlan
        The session's limits; the plan that `state` was begun with.
    at_ms : int
        Monotonic time [ms]. A time before the last one counts as the last one.

    Returns
    -------
    AlarmState, tuple of AlarmEvent
        State after it, and what is to be written to the session's log, in order.
    """
    engine = _Engine(replace(state, now_ms=max(state.now_ms, at_ms)), plan)
    _TAKERS[type(incoming)](engine, incoming)
    engine.look()
    return engine.state, tuple(engine.events)


class _Engine(Teller):
    """One step at work: what arrives is taken in, then what follows from the time is told."""

    # what devices and people measure

    def sample(self, sample: Sample) -> None:
        self._take({sample.channel: sample.value}, sample.taken_ms, {}, is_heard=sample.heard)

    def readings(self, readings: Readings) -> None:
        self._take(readings.values, readings.taken_ms, readings.reasons, is_heard=True)

    def _take(
        self,
        values: Mapping[str, Decimal | None],
        taken_ms: int | None,
        reasons: Mapping[str, str],
        *,
        is_heard: bool,
    ) -> None:
        now_ms = self.state.now_ms
        taken_ms = now_ms if taken_ms is None else min(taken_ms, now_ms)
        usable = {name: self._usable(name, value) for name, value in values.items()}
        if is_heard:
            self._hear(usable, taken_ms, reasons)
        if self.state.phase is Phase.ENDED:
            return
        valued = {name: value for name, value in usable.items() if value is not None}
        self._remember(valued, taken_ms)
        for name, value in valued.items():
            self._watch(name, taken_ms, value)
        for derived in self._derived_from(valued):
            self._derive(derived, taken_ms)

    def _usable(self, name: str, value: Decimal | None) -> Decimal | None:
        if value is None or not value.is_finite():
            return None
        return None if value == 0 and name in self.plan.zero_is_no_value else value

    def _hear(
        self, values: Mapping[str, Decimal | None], taken_ms: int, reasons: Mapping[str, str]
    ) -> None:
        channels = dict(self.state.channels)
        for name, value in values.items():
            channel = channels.get(name) or Channel(None, taken_ms)
            if channel.heard_ms is None or taken_ms >= channel.heard_ms:
                reason = "" if value is not None else reasons.get(name, "")
                channel = replace(channel, heard_ms=taken_ms, value=value, reason=reason)
            if value is not None and (channel.valued_ms is None or taken_ms > channel.valued_ms):
                channel = replace(channel, valued_ms=taken_ms)
            channels[name] = channel
        self.state = replace(self.state, channels=channels)

    def _remember(self, values: Mapping[str, Decimal], taken_ms: int) -> None:
        """Keep what other channels are derived from, as long as a late reading can concern it."""
        fed = [name for name in values if name in self.state.wiring.derived_of]
        if not fed:
            return
        histories = dict(self.state.histories)
        for name in fed:
            feeding = self.state.wiring.derived_of[name]
            widest_s = max(d.within_s for d in feeding) + self.plan.late_samples_s
            from_ms = self.state.now_ms - to_ms(widest_s)
            kept = [pair for pair in histories.get(name, ()) if pair[0] >= from_ms]
            pair = (taken_ms, values[name])
            if pair not in kept:
                kept.append(pair)
            histories[name] = tuple(sorted(kept))
        self.state = replace(self.state, histories=histories)

    def _derived_from(self, values: Mapping[str, Decimal]) -> list[Derived]:
        of = self.state.wiring.derived_of
        return list({d.channel: d for name in values for d in of.get(name, ())}.values())

    def _derive(self, derived: Derived, taken_ms: int) -> None:
        for at_ms, value in derive(self.state, derived, taken_ms):
            self._watch(derived.channel, at_ms, value, is_derived=True)

    def _watch(
        self, name: str, taken_ms: int, value: Decimal, *, is_derived: bool = False
    ) -> None:
        for index in self.state.wiring.watches_of.get(name, ()):
            threshold, watch = self.plan.thresholds[index], self.state.watches[index]
            if taken_ms <= watch.base_ms:
                self.state = replace(self.state, too_late=self.state.too_late + 1)
                continue
            watch, changes = take_sample(
                watch, threshold, taken_ms, value, self.state.now_ms, instead=is_derived
            )
            self.set_watch(index, watch)
            self.tell(index, threshold, changes)

    # what people and the house say

    def declare(self, declared: ChannelDeclared) -> None:
        self._set_channel(declared.channel, Channel(declared.period_ms, self.state.now_ms))

    def withdraw(self, withdrawn: ChannelWithdrawn) -> None:
        channel = self.state.channels.get(withdrawn.channel)
        if channel is not None:
            self._set_channel(withdrawn.channel, replace(channel, period_ms=None))

    def enter(self, entered: PhaseEntered) -> None:
        if entered.phase is self.state.phase:
            return
        at_ms = self._past(entered.entered_ms)
        if entered.phase is Phase.PAUSED:
            self._set_clock("pause", at_ms)
        first = {entered.phase: at_ms} | dict(self.state.entered_ms)
        self.state = replace(self.state, phase=entered.phase, entered_ms=first)

    def done(self, act: ActDone) -> None:
        done_ms, last_ms = self._past(act.done_ms), self.state.clocks_ms.get(act.clock)
        if last_ms is None or done_ms > last_ms:
            self._set_clock(act.clock, done_ms)

    def take_back(self, act: ActTakenBack) -> None:
        last_ms = None if act.done_ms is None else min(act.done_ms, self.state.now_ms)
        self._set_clock(act.clock, last_ms)

    def expect(self, expected: EndExpected) -> None:
        self._set_clock(expected.clock, expected.at_ms)

    def state_(self, stated: Stated) -> None:
        since_ms = self._past(stated.since_ms)
        before = [pair for pair in self.state.stated.get(stated.what, ()) if pair[0] < since_ms]
        # Only what a late reading can be held against is kept, and what held at its begin.
        old_ms = self.state.now_ms - to_ms(self.plan.late_samples_s)
        kept = [p for p in before if p[0] >= old_ms]
        kept = [*[p for p in before if p[0] < old_ms][-1:], *kept, (since_ms, stated.value)]
        self.state = replace(self.state, stated={**self.state.stated, stated.what: tuple(kept)})
        if self.state.phase is not Phase.ENDED:
            self._hold_against(stated.what)

    def _hold_against(self, what: str) -> None:
        """The newest readings are held against what has just been stated."""
        for derived in self.plan.derived:
            if derived.against != what or derived.how in PAIRED:
                continue
            history = self.state.histories.get(derived.of[0])
            if history:
                taken_ms, value = max(history[-1][0], self.state.now_ms), history[-1][1]
                self._remember({derived.of[0]: value}, taken_ms)
                self._derive(derived, taken_ms)

    def fault(self, stated: FaultStated) -> None:
        faults = {k: v for k, v in self.state.faults_ms.items() if k != stated.fault}
        if stated.stands:
            stood_ms = self.state.faults_ms.get(stated.fault)
            if stood_ms is None or stated.since_ms is not None:
                stood_ms = self._past(stated.since_ms)
            faults[stated.fault] = stood_ms
        self.state = replace(self.state, faults_ms=faults)

    def confirm_sound(self, confirmed: SoundConfirmed) -> None:
        self.state = replace(self.state, is_heard=confirmed.is_heard)

    def acknowledge(self, acknowledged: Acknowledged) -> None:
        alarm = self.state.alarms.get(acknowledged.alarm_id)
        if alarm is None or alarm.acknowledged_by is not None:
            return
        now_ms = self.state.now_ms
        self.keep(replace(alarm, acknowledged_by=acknowledged.by, acknowledged_ms=now_ms))

    def pause_audio(self, paused: AudioPaused) -> None:
        alarm, longest_s = self.state.alarms.get(paused.alarm_id), self.plan.audio_pause_max_s
        # A pause the clinic does not allow is no pause: the sound goes on.
        if alarm is None or longest_s is None or not 0 < paused.seconds <= longest_s:
            return
        until_ms = self.state.now_ms + to_ms(paused.seconds)
        self.keep(replace(alarm, audio_paused_until_ms=until_ms))

    def tick(self, tick: Tick) -> None:
        """Nothing arrives; `look` does the rest."""

    # what follows from the time

    def look(self) -> None:
        if self.state.phase is Phase.ENDED:
            for alarm in tuple(self.state.alarms.values()):
                if alarm.present:
                    self.end(alarm)
            return
        self._wait()
        self._follow()
        self._lapse()
        self.escalate()

    def _wait(self) -> None:
        late_ms = self.state.now_ms - to_ms(self.plan.late_samples_s)
        for index, threshold in enumerate(self.plan.thresholds):
            watch = self.state.watches[index]
            live, change = wait(watch.live, threshold, self.state.now_ms)
            if change is None and (not watch.window or watch.window[0][0] >= late_ms):
                continue
            self.set_watch(index, settle(replace(watch, live=live), threshold, late_ms))
            if change is not None:
                self.tell(index, threshold, (Begun(change.at_ms, None, change.value),))

    def _present(self) -> Iterator[tuple[str, Present | None]]:
        for index, silence in enumerate(self.plan.silences):
            yield f"silence.{index}", silent(self.state, silence, self.plan)
        for index, overdue in enumerate(self.plan.overdue):
            yield f"overdue.{index}", overdue_act(self.state, overdue, self.plan)
        for index, fault in enumerate(self.plan.faults):
            yield f"fault.{index}", standing(self.state, fault)

    def _follow(self) -> None:
        # What begins comes first, so that an alarm is handed over from one rule to the next.
        now_present = dict(self._present())
        held = {h for a in self.state.alarms.values() if a.present for h in a.holds}
        for hold, present in now_present.items():
            if present is not None and hold not in held:
                self.hold(present, hold, latching=False)
        for hold, present in now_present.items():
            if present is None and hold in held:
                self.release(hold)

    def _lapse(self) -> None:
        lasts_s = self.plan.acknowledge_lasts_s
        if lasts_s is None:
            return
        for alarm in tuple(self.state.alarms.values()):
            acknowledged_ms = alarm.acknowledged_ms
            if acknowledged_ms is None or not alarm.present:
                continue
            if self.state.now_ms - acknowledged_ms >= to_ms(lasts_s):
                self.raise_again(alarm)

    # the state

    def _past(self, at_ms: int | None) -> int:
        return self.state.now_ms if at_ms is None else min(at_ms, self.state.now_ms)

    def _set_channel(self, name: str, channel: Channel) -> None:
        self.state = replace(self.state, channels={**self.state.channels, name: channel})

    def _set_clock(self, clock: str, at_ms: int | None) -> None:
        clocks = {k: v for k, v in self.state.clocks_ms.items() if k != clock}
        if at_ms is not None:
            clocks[clock] = at_ms
        self.state = replace(self.state, clocks_ms=clocks)


_TAKERS: dict[type, Callable[[_Engine, Any], None]] = {
    Sample: _Engine.sample,
    Readings: _Engine.readings,
    Tick: _Engine.tick,
    ChannelDeclared: _Engine.declare,
    ChannelWithdrawn: _Engine.withdraw,
    PhaseEntered: _Engine.enter,
    ActDone: _Engine.done,
    ActTakenBack: _Engine.take_back,
    EndExpected: _Engine.expect,
    Stated: _Engine.state_,
    FaultStated: _Engine.fault,
    SoundConfirmed: _Engine.confirm_sound,
    Acknowledged: _Engine.acknowledge,
    AudioPaused: _Engine.pause_audio,
}
