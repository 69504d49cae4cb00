"""How an engine begins: with a session, or again after it was gone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .limits import AlarmPlan, Overdue, Silence, Threshold
from .state import AlarmCondition, AlarmState, Channel, Episode, Watch, Wiring
from .technical import Derived, Fault
from .telling import depth_of
from .terms import Phase
from .track import Track, breaches


def begin(
    plan: AlarmPlan, *, prefix: str, at_ms: int, phase: Phase, is_heard: bool = False
) -> AlarmState:
    """The state with which the alarms of a session begin.

    Nothing is taken over from another session: the limits are those of `plan` alone.

    Parameters
    ----------
    plan : AlarmPlan
        The session's limits.
    prefix : str
        Begin of the ids of its alarms; must differ at each start of the engine.
    at_ms : int
        Monotonic time [ms].
    phase : Phase
        Part of the session.
    is_heard : bool
        Whether somebody has confirmed hearing the alarm sound.

    Returns
    -------
    AlarmState
    """
    return AlarmState(
        prefix=prefix,
        now_ms=at_ms,
        phase=phase,
        entered_ms={phase: at_ms},
        watches=tuple(Watch() for _ in plan.thresholds),
        wiring=_wired(plan),
        is_heard=is_heard,
    )


def resume(
    plan: AlarmPlan,
    *,
    prefix: str,
    at_ms: int,
    phase: Phase,
    entered_ms: Mapping[Phase, int],
    clocks_ms: Mapping[str, int],
    alarms: Iterable[AlarmCondition],
    is_heard: bool = False,
    channels: Mapping[str, Channel] | None = None,
) -> AlarmState:
    """The state after a restart, from what the session's log says.

    Parameters
    ----------
    plan, prefix, at_ms, phase, is_heard
        As in `begin`.
    entered_ms : mapping of Phase to int
        When each phase was first entered, in the new monotonic time [ms].
    clocks_ms : mapping of str to int
        When each recurring act was last done [ms].
    alarms : iterable of AlarmCondition
        Alarms that are present or latched by the log. Each present one is tied to its condition
        again, so that it is not raised twice and ends when its condition does.
    channels : mapping of str to Channel, optional
        What was declared and last heard on each channel: the first look already judges silence.

    Returns
    -------
    AlarmState
    """
    state = begin(plan, prefix=prefix, at_ms=at_ms, phase=phase, is_heard=is_heard)
    kept = {alarm.alarm_id: alarm for alarm in alarms}
    state = replace(state, entered_ms=dict(entered_ms), clocks_ms=dict(clocks_ms), alarms=kept)
    state = replace(state, channels=dict(channels or {}))
    for alarm in kept.values():
        if alarm.present:
            state = _tied(state, plan, alarm)
    return state


def _wired(plan: AlarmPlan) -> Wiring:
    watches: dict[str, tuple[int, ...]] = {}
    for index, threshold in enumerate(plan.thresholds):
        if threshold.limit is not None:
            watches[threshold.channel] = (*watches.get(threshold.channel, ()), index)
    derived: dict[str, tuple[Derived, ...]] = {}
    for one in plan.derived:
        if one.channel in watches:
            for name in one.of:
                derived[name] = (*derived.get(name, ()), one)
    return Wiring(watches, derived)


def _tied(state: AlarmState, plan: AlarmPlan, alarm: AlarmCondition) -> AlarmState:
    def same(spec: Threshold | Silence | Overdue | Fault) -> bool:
        return (spec.condition, spec.priority) == (alarm.condition, alarm.priority)

    holds = {f"silence.{i}" for i, spec in enumerate(plan.silences) if same(spec)}
    holds |= {f"overdue.{i}" for i, spec in enumerate(plan.overdue) if same(spec)}
    holds |= {f"fault.{i}" for i, spec in enumerate(plan.faults) if same(spec)}
    watches, depth = list(state.watches), alarm.depth
    for index, threshold in enumerate(plan.thresholds):
        if not same(threshold) or not _was_beyond(threshold, alarm):
            continue
        hold = f"watch.{index}.0"
        track = Track(onset_ms=alarm.raised_ms, value=alarm.value, breach_ms=alarm.raised_ms)
        episode = Episode(alarm.raised_ms, None, hold)
        watches[index] = Watch(base=track, live=track, episodes=(episode,))
        holds.add(hold)
        reached = depth_of(threshold)
        depth = reached if depth is None or reached is None else max(depth, reached)
    tied = replace(alarm, holds=frozenset(holds), depth=depth)
    return replace(state, watches=tuple(watches), alarms={**state.alarms, alarm.alarm_id: tied})


def _was_beyond(threshold: Threshold, alarm: AlarmCondition) -> bool:
    """Whether the alarm was this tier's; a deeper tier than it reached is free to begin."""
    return alarm.value is None or breaches(threshold, alarm.value)
