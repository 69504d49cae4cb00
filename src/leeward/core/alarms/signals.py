"""Alarm signals: what of the alarm conditions is to be seen and heard now."""

from dataclasses import dataclass
from decimal import Decimal

from .limits import AlarmPlan, Overdue, Silence, Threshold
from .order import urgency
from .state import AlarmCondition, AlarmState
from .technical import Fault
from .terms import Priority


@dataclass(frozen=True, slots=True)
class AlarmSignal:
    """One alarm as screens show it and speakers sound it.

    Attributes
    ----------
    alarm_id, condition, channel : str
        What it is about.
    priority : Priority
        Its priority.
    limit, value : Decimal or None
        As raised [`unit`].
    unit : str
        UCUM unit.
    visual : str
        ``"active"``: flashing; ``"acknowledged"``: steady; ``"latched"``: the condition has ended
        and waits to be acknowledged.
    audible : bool
        Whether it sounds now.
    audio_resumes_in_ms : int or None
        Countdown of an audio pause [ms].
    present_for_ms : int
        Time since it was raised [ms].
    acknowledged_by : str or None
        Who acknowledged it.
    escalated_step : int
        Last step of escalation taken.
    """

    alarm_id: str
    condition: str
    channel: str
    priority: Priority
    limit: Decimal | None
    value: Decimal | None
    unit: str
    visual: str
    audible: bool
    audio_resumes_in_ms: int | None
    present_for_ms: int
    acknowledged_by: str | None
    escalated_step: int


@dataclass(frozen=True, slots=True)
class Unarmed:
    """A condition that can't alarm because a figure it needs has not been set."""

    condition: str
    channel: str
    priority: Priority


def signals(state: AlarmState) -> tuple[AlarmSignal, ...]:
    """Alarm signals of a session, the worst first.

    Parameters
    ----------
    state : AlarmState
        State of the engine.

    Returns
    -------
    tuple of AlarmSignal
        In the order of `urgency`. Of several present tiers of one condition only the
        most urgent signals; of several latched occurrences only the last.
    """
    shown = [a for a in state.alarms.values() if not _outranked(a, state)]
    shown.sort(
        key=lambda a: urgency(
            a.priority,
            acknowledged=a.acknowledged_by is not None,
            present=a.present,
            since=a.raised_ms,
        )
    )
    return tuple(_signal(alarm, state.now_ms) for alarm in shown)


def unarmed(plan: AlarmPlan) -> tuple[Unarmed, ...]:
    """Conditions of a plan that can't alarm, each to be named on the screen."""

    rules: tuple[tuple[Threshold | Silence | Overdue | Fault, str, Decimal | None], ...] = (
        *((t, t.channel, t.limit) for t in plan.thresholds),
        *((s, s.channel, s.after_s) for s in plan.silences),
        *((o, o.clock, o.interval_s) for o in plan.overdue),
        *((f, f.fault, f.after_s) for f in plan.faults),
    )
    return tuple(
        Unarmed(rule.condition, about, rule.priority)
        for rule, about, figure in rules
        if figure is None
    )


def _outranked(alarm: AlarmCondition, state: AlarmState) -> bool:
    others = [a for a in state.alarms.values() if a.condition == alarm.condition]
    if alarm.present:
        return any(o.present and o.priority.rank < alarm.priority.rank for o in others)
    ids = list(state.alarms)
    return any(
        o.priority.rank <= alarm.priority.rank
        and o.acknowledged_by is None
        and ids.index(o.alarm_id) > ids.index(alarm.alarm_id)
        for o in others
    )


def _signal(alarm: AlarmCondition, now_ms: int) -> AlarmSignal:
    until_ms = alarm.audio_paused_until_ms
    paused = until_ms is not None and until_ms > now_ms
    acknowledged = alarm.acknowledged_by is not None
    visual = "acknowledged" if acknowledged else "active" if alarm.present else "latched"
    return AlarmSignal(
        alarm_id=alarm.alarm_id,
        condition=alarm.condition,
        channel=alarm.channel,
        priority=alarm.priority,
        limit=alarm.limit,
        value=alarm.value,
        unit=alarm.unit,
        visual=visual,
        audible=alarm.present and not acknowledged and not paused,
        audio_resumes_in_ms=until_ms - now_ms if paused and until_ms is not None else None,
        present_for_ms=now_ms - alarm.raised_ms,
        acknowledged_by=alarm.acknowledged_by,
        escalated_step=alarm.escalated_step,
    )
