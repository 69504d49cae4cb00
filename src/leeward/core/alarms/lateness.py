"""Conditions made of time alone: silence, acts not done, faults that stand."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .limits import AlarmPlan, Overdue, Silence
from .state import AlarmState
from .technical import Fault
from .terms import Phase, Priority
from .track import to_ms

SENSOR_OFF: Final = "sensor_off"


@dataclass(frozen=True, slots=True)
class Present:
    """A condition that is present; figures in `unit`."""

    condition: str
    channel: str
    priority: Priority
    limit: Decimal | None
    value: Decimal | None
    unit: str
    depth: Decimal | None = None


def silent(state: AlarmState, silence: Silence, plan: AlarmPlan) -> Present | None:
    """The condition of a channel that is not heard from, or heard without a value."""
    channel = state.channels.get(silence.channel)
    if channel is None or channel.period_ms is None or silence.after_s is None:
        return None
    if silence.phases and state.phase not in silence.phases:
        return None
    allowed_ms = channel.period_ms + to_ms(silence.after_s)
    heard_ms = channel.declared_ms if channel.heard_ms is None else channel.heard_ms
    valued_ms = channel.declared_ms if channel.valued_ms is None else channel.valued_ms
    stale = state.now_ms - heard_ms >= allowed_ms
    age_ms = state.now_ms - (heard_ms if silence.kind == "stale" else valued_ms)
    present = stale if silence.kind == "stale" else not stale and age_ms >= allowed_ms
    if silence.kind == SENSOR_OFF:
        present = present and channel.reason == SENSOR_OFF
    elif silence.kind == "no_value" and channel.reason == SENSOR_OFF:
        present = present and not _told_as_off(silence, plan)
    if not present:
        return None
    return Present(
        silence.condition,
        silence.channel,
        silence.priority,
        in_seconds(allowed_ms),
        in_seconds(age_ms),
        "s",
    )


def overdue_act(state: AlarmState, overdue: Overdue, plan: AlarmPlan) -> Present | None:
    """The condition of an act that was not done in time."""
    if overdue.interval_s is None or state.phase not in overdue.phases:
        return None
    since_ms = state.clocks_ms.get(overdue.clock)
    if since_ms is None and overdue.only_if_set:
        return None
    if since_ms is None:
        # Never done: it has been due since the first phase in which anything asked for it.
        asked = {p for o in plan.overdue if o.clock == overdue.clock for p in o.phases}
        entered = [at_ms for phase, at_ms in state.entered_ms.items() if phase in asked]
        since_ms = min(entered, default=state.now_ms)
    allowed_ms = to_ms(overdue.interval_s + overdue.grace_s)
    age_ms = state.now_ms - since_ms
    if age_ms < allowed_ms:
        return None
    return Present(
        overdue.condition,
        overdue.clock,
        overdue.priority,
        in_seconds(allowed_ms),
        in_seconds(age_ms),
        "s",
    )


def standing(state: AlarmState, fault: Fault) -> Present | None:
    """The condition of a stated fault that has stood for its time."""
    since_ms = state.faults_ms.get(fault.fault)
    if since_ms is None or fault.after_s is None:
        return None
    if fault.phases and state.phase not in fault.phases:
        return None
    if state.now_ms - since_ms < to_ms(fault.after_s):
        return None
    age_s = in_seconds(state.now_ms - since_ms)
    return Present(fault.condition, fault.fault, fault.priority, fault.after_s, age_s, "s")


def _told_as_off(silence: Silence, plan: AlarmPlan) -> bool:
    """Whether a rule of its own tells that this channel's sensor is off, at no less priority."""
    return any(
        other.kind == SENSOR_OFF
        and other.channel == silence.channel
        and other.after_s is not None
        and other.priority.rank <= silence.priority.rank
        and silence.after_s is not None
        and other.after_s <= silence.after_s
        and set(silence.phases or Phase) <= set(other.phases or Phase)
        for other in plan.silences
    )


def in_seconds(milliseconds: int) -> Decimal:
    """Seconds [s] in a time [ms]."""
    return Decimal(milliseconds) / 1000
