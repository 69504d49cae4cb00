"""How an engine begins: with a session, or again after it was gone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .limits import AlarmPlan, Overdue, Phase, Silence, Threshold
from .state import AlarmCondition, AlarmState, Episode, Watch
from .track import Track


def begin(plan: AlarmPlan, *, prefix: str, at_ms: int, phase: Phase) -> AlarmState:
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
) -> AlarmState:
    """The state after a restart, from what the session's log says.

    Parameters
    ----------
    plan, prefix, at_ms, phase
        As in `begin`.
    entered_ms : mapping of Phase to int
        When each phase was first entered, in the new monotonic time [ms].
    clocks_ms : mapping of str to int
        When each recurring act was last done [ms].
    alarms : iterable of AlarmCondition
        Alarms that are present or latched by the log. Each present one is tied to its condition
        again, so that it is not raised twice and ends when its condition does.

    Returns
    -------
    AlarmState
    """
    state = begin(plan, prefix=prefix, at_ms=at_ms, phase=phase)
    kept = {alarm.alarm_id: alarm for alarm in alarms}
    state = replace(state, entered_ms=dict(entered_ms), clocks_ms=dict(clocks_ms), alarms=kept)
    for alarm in kept.values():
        if alarm.present:
            state = _tied(state, plan, alarm)
    return state


def _tied(state: AlarmState, plan: AlarmPlan, alarm: AlarmCondition) -> AlarmState:
    def same(spec: Threshold | Silence | Overdue) -> bool:
        return (spec.condition, spec.priority) == (alarm.condition, alarm.priority)

    holds = {f"silence.{i}" for i, spec in enumerate(plan.silences) if same(spec)}
    holds |= {f"overdue.{i}" for i, spec in enumerate(plan.overdue) if same(spec)}
    watches = list(state.watches)
    for index, threshold in enumerate(plan.thresholds):
        if same(threshold):
            hold = f"watch.{index}.0"
            track = Track(onset_ms=alarm.raised_ms, value=alarm.value, breach_ms=alarm.raised_ms)
            episode = Episode(alarm.raised_ms, None, hold)
            watches[index] = Watch(base=track, live=track, episodes=(episode,))
            holds.add(hold)
    alarms = {**state.alarms, alarm.alarm_id: replace(alarm, holds=frozenset(holds))}
    return replace(state, watches=tuple(watches), alarms=alarms)
