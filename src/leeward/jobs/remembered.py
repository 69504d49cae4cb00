"""What a session's log remembers for an engine that begins in its midst."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from leeward.core import alarms as a
from leeward.core.treatment import SessionState
from leeward.core.treatment.entries import AlarmRecord
from leeward.jobs.stated_facts import PLANNED_END
from leeward.jobs.typed_entries import PRESSURE
from leeward.records.treatments.samples import Second, period_s
from leeward.records.treatments.selectors_live import LiveBinding


def entered(state: SessionState) -> list[tuple[a.Phase, datetime]]:
    """When each phase was first entered."""
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


def clocks_ms(
    state: SessionState, at_ms: Callable[[datetime], int], end_ms: int | None
) -> dict[str, int]:
    """When each recurring act was last done, and the planned end, in the engine's time [ms]."""
    clocks = {clock: at_ms(at) for clock, at in _clocks(state)}
    return clocks if end_ms is None else {**clocks, PLANNED_END: end_ms}


def unsettled(state: SessionState) -> list[AlarmRecord]:
    """Alarms that last, or that somebody must still look at."""
    return [record for record in state.alarms.values() if record.present or record.unanswered]


def condition(state: SessionState, record: AlarmRecord, raised_ms: int) -> a.AlarmCondition:
    """An alarm of the log as the engine holds it."""
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


def channels(
    bindings: Iterable[LiveBinding],
    recent: Mapping[UUID, Sequence[Second]],
    at_ms: Callable[[datetime], int],
) -> dict[str, a.Channel]:
    """What each device declares and when it was last heard: silence outlasts a restart."""
    found: dict[str, a.Channel] = {}
    for binding in bindings:
        for name in binding.settings.get("period_s", {}):
            period = period_s(binding.settings, name)
            if period is not None:
                found[name] = a.Channel(int(Decimal(period) * 1000), at_ms(binding.bound_at))
        for second in recent[binding.id]:
            for name, reading in second.readings.items():
                heard_ms = at_ms(second.at)
                channel = found.get(name) or a.Channel(None, heard_ms)
                channel = replace(channel, heard_ms=heard_ms)
                if reading.value is not None:
                    channel = replace(channel, valued_ms=heard_ms)
                found[name] = channel
    return found
