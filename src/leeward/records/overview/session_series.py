"""The numbers behind the live record of a session, as plain content for its script."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from leeward.core.treatment import SessionState
from leeward.core.treatment import events as e
from leeward.records.accounts.actor import Actor
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.samples import Series, read_series

from .event_words import words_of
from .session import find_session

LEAD = timedelta(minutes=10)
LINES = ("hr", "spo2", "rr")
# What people did gets a numbered disc. Vital signs have lines of their own; alarms stand in the
# list: a night of them would crowd out the dose.
DISCS = (e.InfusionStarted, e.RateChanged, e.InfusionPaused, e.InfusionResumed,
         e.InfusionStopped, e.EffectStarted, e.EffectChanged, e.EffectEnded,
         e.DischargeOverridden, e.CheckOverridden)  # fmt: skip
PLANNED_RECOVERY = timedelta(minutes=65)


def get_record_series(viewer: Actor, session_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Times in epoch seconds; None where there was no value, so that a gap stays a gap."""
    row = find_session(viewer, session_id)
    state = opened_state(row)
    series = read_series(row.id)
    start, end = span(state, now)
    times, lines = _lines(series)
    return {
        "start": start.timestamp(),
        "end": end.timestamp(),
        "zero": state.started.at.timestamp() if state.started else None,
        "now": now.timestamp(),
        "t": times,
        **lines,
        "bp": _pressures(state, series),
        "infusion": [
            [s.from_at.timestamp(), s.to_at.timestamp() if s.to_at else None,
             float(s.rate_ml_per_h)]
            for s in state.pump_log
        ],
        "events": discs(state),
        "limits": [
            [t.channel, t.condition.replace("_", " "), float(t.limit)]
            for t in state.monitoring.alarms.thresholds
            if t.limit is not None and t.priority == "high" and t.channel in ("spo2", "nibp_sys")
        ],
    }  # fmt: skip


def span(state: SessionState, now: datetime) -> tuple[datetime, datetime]:
    """A time axis that does not rescale: ten minutes before the start, plan and recovery after."""
    zero = state.started.at if state.started else state.opened.at
    planned = timedelta(minutes=float(state.plan.duration_min)) + PLANNED_RECOVERY
    return zero - LEAD, max(zero + planned, now)


def discs(state: SessionState) -> list[list[Any]]:
    """Numbered events: the number is the entry's place in the log, as in the list of events."""
    return [
        [r.envelope.seq, r.envelope.occurred_at.timestamp(), words_of(r.event)]
        for r in state.log
        if isinstance(r.event, DISCS)
    ]


def _lines(series: tuple[Series, ...]) -> tuple[list[float], dict[str, list[float | None]]]:
    points: dict[float, dict[str, float | None]] = {}
    for one in series:
        if one.channel in LINES:
            for point in one.points:
                value = None if point.value is None else float(point.value)
                points.setdefault(point.at.timestamp(), {})[one.channel] = value
    times = sorted(points)
    return times, {name: [points[t].get(name) for t in times] for name in LINES}


def _pressures(state: SessionState, series: tuple[Series, ...]) -> list[list[float]]:
    typed = [
        [v.said.at.timestamp(), float(v.values["sbp_mmhg"]), float(v.values["dbp_mmhg"])]
        for v in state.vitals
        if {"sbp_mmhg", "dbp_mmhg"} <= v.values.keys()
    ]
    by_time: dict[datetime, dict[str, float]] = {}
    for one in series:
        if one.channel in ("nibp_sys", "nibp_dia"):
            for point in one.points:
                if point.value is not None:
                    by_time.setdefault(point.at, {})[one.channel] = float(point.value)
    measured = [
        [at.timestamp(), pair["nibp_sys"], pair["nibp_dia"]]
        for at, pair in by_time.items()
        if len(pair) == len(("sys", "dia"))
    ]
    return sorted(typed + measured)
