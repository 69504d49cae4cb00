"""Alarms as they are held, raised, handed on and ended, with what is told of each."""

from dataclasses import replace
from decimal import Decimal

from .lateness import Present
from .limits import AlarmPlan, Threshold
from .outgoing import AlarmEvent, Ended, Escalated, Raised
from .state import AlarmCondition, AlarmState, Watch
from .terms import Direction, Priority
from .track import to_ms
from .watching import Finished, News


class Teller:
    """The alarms of one step; it lives no longer than the step."""

    def __init__(self, state: AlarmState, plan: AlarmPlan) -> None:
        self.state = state
        self.plan = plan
        self.events: list[AlarmEvent] = []

    def tell(self, index: int, threshold: Threshold, changes: News) -> None:
        """What a threshold has to tell: an episode that begins is held, one that ends released."""
        for change in changes:
            if isinstance(change, Finished):
                self.release(change.hold)
                continue
            present = Present(
                threshold.condition,
                threshold.channel,
                threshold.priority,
                threshold.limit,
                change.value,
                threshold.unit,
                depth_of(threshold),
            )
            number = self.state.episodes + 1
            hold = f"watch.{index}.{number}"
            self.state = replace(self.state, episodes=number)
            self.hold(present, hold, latching=threshold.priority is Priority.HIGH)
            self.set_watch(index, change.entered(self.state.watches[index], hold))
            if change.offset_ms is not None:
                self.release(hold)

    def hold(self, present: Present, hold: str, *, latching: bool) -> None:
        """Join the alarm of this condition, or raise one."""
        for alarm in self.state.alarms.values():
            same = (alarm.condition, alarm.priority) == (present.condition, present.priority)
            # Rules share an alarm; two episodes of one rule are two alarms, even told late.
            if not (alarm.present and same) or _rule(hold) in map(_rule, alarm.holds):
                continue
            if _is_worse(present, alarm) and self._is_quieted(alarm):
                # Somebody has answered the milder state; the worse one is news to them.
                self.end(alarm)
                self.raise_(present, alarm.holds | {hold}, latching=latching)
                return
            depth = _deepest(alarm.depth, present.depth)
            self.keep(replace(alarm, holds=alarm.holds | {hold}, depth=depth))
            return
        self.raise_(present, frozenset({hold}), latching=latching)

    def release(self, hold: str) -> None:
        """Let go of an alarm; the last hold ends it."""
        for alarm in tuple(self.state.alarms.values()):
            if not alarm.present or hold not in alarm.holds:
                continue
            alarm_left = replace(alarm, holds=alarm.holds - {hold})
            self.keep(alarm_left)
            if not alarm_left.holds:
                self.end(alarm_left)

    def raise_(self, present: Present, holds: frozenset[str], *, latching: bool) -> None:
        """Raise an alarm of its own."""
        number = self.state.raised + 1
        alarm_id = f"{self.state.prefix}-{number}"
        self.state = replace(self.state, raised=number)
        figures = (present.condition, present.channel, present.priority, present.limit,
                   present.value, present.unit)  # fmt: skip
        self.keep(
            AlarmCondition(
                alarm_id,
                *figures,
                raised_ms=self.state.now_ms,
                latching=latching,
                holds=holds,
                depth=present.depth,
            )
        )
        self.events.append(Raised(alarm_id, *figures))

    def raise_again(self, alarm: AlarmCondition) -> None:
        """An answer has lapsed while the condition lasts: it is an alarm anew."""
        self.end(alarm)
        present = Present(
            alarm.condition, alarm.channel, alarm.priority, alarm.limit, alarm.value, alarm.unit,
            alarm.depth,
        )  # fmt: skip
        self.raise_(present, alarm.holds, latching=alarm.latching)

    def end(self, alarm: AlarmCondition) -> None:
        """The condition is over."""
        self.keep(replace(alarm, ended_ms=self.state.now_ms, holds=frozenset()))
        self.events.append(Ended(alarm.alarm_id))

    def escalate(self) -> None:
        """A HIGH alarm that nobody has answered goes further; unheard, the first step at once."""
        for alarm in tuple(self.state.alarms.values()):
            if alarm.priority is not Priority.HIGH or alarm.acknowledged_by is not None:
                continue
            waited_ms = self.state.now_ms - alarm.raised_ms
            first = None if self.state.is_heard else self.plan.escalation[:1]
            due = [
                s
                for s in self.plan.escalation
                if waited_ms >= to_ms(s.after_s) or (first and s is first[0])
            ]
            further = [s for s in due if s.step > alarm.escalated_step]
            for due_step in further:
                self.events.append(Escalated(alarm.alarm_id, due_step.step, due_step.to))
            if further:
                self.keep(replace(alarm, escalated_step=further[-1].step))

    def keep(self, alarm: AlarmCondition) -> None:
        """Put an alarm into the state, or out of it when nobody need look at it any more."""
        latched = alarm.latching and alarm.acknowledged_by is None
        if alarm.present or latched:
            alarms = {**self.state.alarms, alarm.alarm_id: alarm}
        else:
            alarms = {k: v for k, v in self.state.alarms.items() if k != alarm.alarm_id}
        self.state = replace(self.state, alarms=alarms)

    def set_watch(self, index: int, watch: Watch) -> None:
        """Put a watch into its place."""
        watches = self.state.watches
        self.state = replace(self.state, watches=(*watches[:index], watch, *watches[index + 1 :]))

    def _is_quieted(self, alarm: AlarmCondition) -> bool:
        paused_ms = alarm.audio_paused_until_ms
        is_paused = paused_ms is not None and paused_ms > self.state.now_ms
        return alarm.acknowledged_by is not None or is_paused


def depth_of(threshold: Threshold) -> Decimal | None:
    """How bad it is to be beyond a threshold [unit of the threshold]; larger is worse."""
    if threshold.limit is None:
        return None
    is_low = threshold.direction in (Direction.BELOW, Direction.AT_OR_BELOW)
    return -threshold.limit if is_low else threshold.limit


def _is_worse(present: Present, alarm: AlarmCondition) -> bool:
    if present.depth is None or alarm.depth is None:
        return False
    return present.depth > alarm.depth


def _deepest(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [depth for depth in (one, other) if depth is not None]
    return max(known, default=None)


def _rule(hold: str) -> str:
    return ".".join(hold.split(".")[:2])
