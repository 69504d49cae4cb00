"""The alarm engine of one session as a pure function of what arrives and of monotonic time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .incoming import (
    Acknowledged,
    ActDone,
    ActTakenBack,
    AudioPaused,
    ChannelDeclared,
    ChannelWithdrawn,
    Incoming,
    PhaseEntered,
    Sample,
    Tick,
)
from .lateness import Present, overdue_act, silent
from .limits import AlarmPlan, Phase, Priority, Threshold
from .outgoing import AlarmEvent, Ended, Escalated, Raised
from .state import AlarmCondition, AlarmState, Channel, Watch
from .track import to_ms, wait
from .watching import Begun, Finished, News, settle, take_sample


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


class _Engine:
    """One step at work; it lives no longer than the step."""

    def __init__(self, state: AlarmState, plan: AlarmPlan) -> None:
        self.state = state
        self.plan = plan
        self.events: list[AlarmEvent] = []

    # what arrives

    def sample(self, sample: Sample) -> None:
        now_ms = self.state.now_ms
        taken_ms = now_ms if sample.taken_ms is None else min(sample.taken_ms, now_ms)
        value = sample.value
        if value is not None and (
            not value.is_finite() or (value == 0 and sample.channel in self.plan.zero_is_no_value)
        ):
            value = None
        if sample.heard:
            self._hear(sample.channel, taken_ms, value)
        if value is not None and self.state.phase is not Phase.ENDED:
            self._watch(sample.channel, taken_ms, value)

    def _hear(self, name: str, taken_ms: int, value: Decimal | None) -> None:
        channel = self.state.channels.get(name) or Channel(None, taken_ms)
        newest = channel.heard_ms is None or taken_ms >= channel.heard_ms
        channel = replace(
            channel,
            heard_ms=taken_ms if newest else channel.heard_ms,
            value=value if newest else channel.value,
        )
        if value is not None and (channel.valued_ms is None or taken_ms > channel.valued_ms):
            channel = replace(channel, valued_ms=taken_ms)
        self._set_channel(name, channel)

    def _watch(self, name: str, taken_ms: int, value: Decimal) -> None:
        for index, threshold in enumerate(self.plan.thresholds):
            if threshold.channel != name or threshold.limit is None:
                continue
            watch = self.state.watches[index]
            if taken_ms <= watch.base_ms:
                self.state = replace(self.state, too_late=self.state.too_late + 1)
                continue
            watch, changes = take_sample(watch, threshold, taken_ms, value, self.state.now_ms)
            self._set_watch(index, watch)
            self._tell(index, threshold, changes)

    def declare(self, declared: ChannelDeclared) -> None:
        channel = Channel(declared.period_ms, self.state.now_ms)
        self._set_channel(declared.channel, channel)

    def withdraw(self, withdrawn: ChannelWithdrawn) -> None:
        channel = self.state.channels.get(withdrawn.channel)
        if channel is not None:
            self._set_channel(withdrawn.channel, replace(channel, period_ms=None))

    def enter(self, entered: PhaseEntered) -> None:
        if entered.phase is self.state.phase:
            return
        now_ms = self.state.now_ms
        at_ms = now_ms if entered.entered_ms is None else min(entered.entered_ms, now_ms)
        clocks = dict(self.state.clocks_ms)
        if entered.phase is Phase.PAUSED:
            clocks["pause"] = at_ms
        first = {entered.phase: at_ms} | dict(self.state.entered_ms)
        self.state = replace(self.state, phase=entered.phase, entered_ms=first, clocks_ms=clocks)

    def done(self, act: ActDone) -> None:
        now_ms = self.state.now_ms
        done_ms = now_ms if act.done_ms is None else min(act.done_ms, now_ms)
        last_ms = self.state.clocks_ms.get(act.clock)
        if last_ms is None or done_ms > last_ms:
            clocks = {**self.state.clocks_ms, act.clock: done_ms}
            self.state = replace(self.state, clocks_ms=clocks)

    def take_back(self, act: ActTakenBack) -> None:
        clocks = {k: v for k, v in self.state.clocks_ms.items() if k != act.clock}
        if act.done_ms is not None:
            clocks[act.clock] = min(act.done_ms, self.state.now_ms)
        self.state = replace(self.state, clocks_ms=clocks)

    def acknowledge(self, acknowledged: Acknowledged) -> None:
        alarm = self.state.alarms.get(acknowledged.alarm_id)
        if alarm is None or alarm.acknowledged_by is not None:
            return
        alarm = replace(alarm, acknowledged_by=acknowledged.by, acknowledged_ms=self.state.now_ms)
        self._keep(alarm)

    def pause_audio(self, paused: AudioPaused) -> None:
        alarm, longest_s = self.state.alarms.get(paused.alarm_id), self.plan.audio_pause_max_s
        # A pause the clinic does not allow is no pause: the sound goes on.
        if alarm is None or longest_s is None or not 0 < paused.seconds <= longest_s:
            return
        until_ms = self.state.now_ms + to_ms(paused.seconds)
        self._keep(replace(alarm, audio_paused_until_ms=until_ms))

    def tick(self, tick: Tick) -> None:
        """Nothing arrives; `look` does the rest."""

    # what follows from the time

    def look(self) -> None:
        if self.state.phase is Phase.ENDED:
            self._end_all()
            return
        self._wait()
        self._follow()
        self._lapse()
        self._escalate()

    def _wait(self) -> None:
        for index, threshold in enumerate(self.plan.thresholds):
            watch = self.state.watches[index]
            live, change = wait(watch.live, threshold, self.state.now_ms)
            late_ms = to_ms(self.plan.late_samples_s)
            settled = settle(replace(watch, live=live), threshold, self.state.now_ms - late_ms)
            if settled != watch:
                self._set_watch(index, settled)
            if change is not None:
                self._tell(index, threshold, (Begun(change.at_ms, None, change.value),))

    def _present(self) -> Iterator[tuple[str, Present | None]]:
        for index, silence in enumerate(self.plan.silences):
            yield f"silence.{index}", silent(self.state, silence)
        for index, overdue in enumerate(self.plan.overdue):
            yield f"overdue.{index}", overdue_act(self.state, overdue, self.plan)

    def _follow(self) -> None:
        # What begins comes first, so that an alarm is handed over from one rule to the next.
        now_present = dict(self._present())
        held = {h for a in self.state.alarms.values() if a.present for h in a.holds}
        for hold, present in now_present.items():
            if present is not None and hold not in held:
                self._hold(present, hold, latching=False)
        for hold, present in now_present.items():
            if present is None and hold in held:
                self._release(hold)

    def _lapse(self) -> None:
        lasts_s = self.plan.acknowledge_lasts_s
        if lasts_s is None:
            return
        for alarm in tuple(self.state.alarms.values()):
            acknowledged_ms = alarm.acknowledged_ms
            if acknowledged_ms is None or not alarm.present:
                continue
            if self.state.now_ms - acknowledged_ms >= to_ms(lasts_s):
                self._raise_again(alarm)

    def _raise_again(self, alarm: AlarmCondition) -> None:
        self._end(alarm)
        present = Present(
            alarm.condition, alarm.channel, alarm.priority, alarm.limit, alarm.value, alarm.unit
        )
        self._raise(present, alarm.holds, latching=alarm.latching)

    def _escalate(self) -> None:
        for alarm in tuple(self.state.alarms.values()):
            if alarm.priority is not Priority.HIGH or alarm.acknowledged_by is not None:
                continue
            waited_ms = self.state.now_ms - alarm.raised_ms
            due = [s for s in self.plan.escalation if waited_ms >= to_ms(s.after_s)]
            further = [s for s in due if s.step > alarm.escalated_step]
            for due_step in further:
                self.events.append(Escalated(alarm.alarm_id, due_step.step, due_step.to))
            if further:
                self._keep(replace(alarm, escalated_step=further[-1].step))

    def _end_all(self) -> None:
        for alarm in tuple(self.state.alarms.values()):
            if alarm.present:
                self._end(alarm)

    # telling

    def _tell(self, index: int, threshold: Threshold, changes: News) -> None:
        for change in changes:
            if isinstance(change, Finished):
                self._release(change.hold)
                continue
            present = Present(
                threshold.condition,
                threshold.channel,
                threshold.priority,
                threshold.limit,
                change.value,
                threshold.unit,
            )
            number = self.state.episodes + 1
            hold = f"watch.{index}.{number}"
            self.state = replace(self.state, episodes=number)
            self._hold(present, hold, latching=threshold.priority is Priority.HIGH)
            self._set_watch(index, change.entered(self.state.watches[index], hold))
            if change.offset_ms is not None:
                self._release(hold)

    def _hold(self, present: Present, hold: str, *, latching: bool) -> None:
        for alarm in self.state.alarms.values():
            same = (alarm.condition, alarm.priority) == (present.condition, present.priority)
            # Rules share an alarm; two episodes of one rule are two alarms, even told late.
            if alarm.present and same and _rule(hold) not in map(_rule, alarm.holds):
                self._keep(replace(alarm, holds=alarm.holds | {hold}))
                return
        self._raise(present, frozenset({hold}), latching=latching)

    def _release(self, hold: str) -> None:
        for alarm in tuple(self.state.alarms.values()):
            if not alarm.present or hold not in alarm.holds:
                continue
            alarm_left = replace(alarm, holds=alarm.holds - {hold})
            self._keep(alarm_left)
            if not alarm_left.holds:
                self._end(alarm_left)

    def _raise(self, present: Present, holds: frozenset[str], *, latching: bool) -> None:
        number = self.state.raised + 1
        alarm_id = f"{self.state.prefix}-{number}"
        self.state = replace(self.state, raised=number)
        self._keep(
            AlarmCondition(
                alarm_id=alarm_id,
                condition=present.condition,
                channel=present.channel,
                priority=present.priority,
                limit=present.limit,
                value=present.value,
                unit=present.unit,
                raised_ms=self.state.now_ms,
                latching=latching,
                holds=holds,
            )
        )
        self.events.append(
            Raised(
                alarm_id,
                present.condition,
                present.channel,
                present.priority,
                present.limit,
                present.value,
                present.unit,
            )
        )

    def _end(self, alarm: AlarmCondition) -> None:
        self._keep(replace(alarm, ended_ms=self.state.now_ms, holds=frozenset()))
        self.events.append(Ended(alarm.alarm_id))

    def _keep(self, alarm: AlarmCondition) -> None:
        latched = alarm.latching and alarm.acknowledged_by is None
        alarms = {k: v for k, v in self.state.alarms.items() if k != alarm.alarm_id}
        if alarm.present or latched:
            alarms = {**self.state.alarms, alarm.alarm_id: alarm}
        self.state = replace(self.state, alarms=alarms)

    def _set_channel(self, name: str, channel: Channel) -> None:
        self.state = replace(self.state, channels={**self.state.channels, name: channel})

    def _set_watch(self, index: int, watch: Watch) -> None:
        watches = self.state.watches
        self.state = replace(self.state, watches=(*watches[:index], watch, *watches[index + 1 :]))


def _rule(hold: str) -> str:
    return ".".join(hold.split(".")[:2])


_TAKERS: dict[type, Callable[[_Engine, Any], None]] = {
    Sample: _Engine.sample,
    Tick: _Engine.tick,
    ChannelDeclared: _Engine.declare,
    ChannelWithdrawn: _Engine.withdraw,
    PhaseEntered: _Engine.enter,
    ActDone: _Engine.done,
    ActTakenBack: _Engine.take_back,
    Acknowledged: _Engine.acknowledge,
    AudioPaused: _Engine.pause_audio,
}
