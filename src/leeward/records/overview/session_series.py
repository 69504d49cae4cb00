"""The numbers behind the live record of a session, as plain content for its script."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from leeward.core.treatment import SessionState
from leeward.core.treatment import events as e
from leeward.records.accounts.actor import Actor
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.samples import read_columns

from .event_words import words_of
from .session import find_session

LEAD = timedelta(minutes=10)
LINES = ("hr", "spo2", "rr")
CUFF = ("nibp_sys", "nibp_dia")
# Of each channel, epoch time to value; None where a reading was none.
Columns = Mapping[str, Mapping[float, float | None]]
# What people did gets a numbered disc. Vital signs have lines of their own; alarms stand in the
# list: a night of them would crowd out the dose.
DISCS = (e.InfusionStarted, e.RateChanged, e.InfusionPaused, e.InfusionResumed,
         e.InfusionStopped, e.BolusGiven, e.SyringeChanged, e.InjectionGiven, e.DeviceGiven,
         e.DosingEnded, e.OrderExtended, e.RescueGiven, e.OxygenSet, e.OxygenStopped,
         e.PatientCalled, e.EmergencyDeclared, e.EmergencyEnded, e.HandedOver,
         e.EffectStarted, e.EffectChanged, e.EffectEnded,
         e.DischargeOverridden, e.CheckOverridden)  # fmt: skip
PLANNED_RECOVERY = timedelta(minutes=65)


def get_record_series(viewer: Actor, session_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Times in epoch seconds; None where there was no value, so that a gap stays a gap."""
    row = find_session(viewer, session_id)
    state = opened_state(row)
    columns = read_columns(row.id, (*LINES, *CUFF))
    start, end = span(state, now)
    times, lines = _lines(columns)
    return {
        "start": start.timestamp(),
        "end": end.timestamp(),
        "zero": state.started.at.timestamp() if state.started else None,
        "now": now.timestamp(),
        "t": times,
        **lines,
        "bp": _pressures(state, columns),
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
    lasts_min = float(state.infusion.duration_min) if state.infusion else 0.0
    planned = timedelta(minutes=lasts_min) + PLANNED_RECOVERY
    return zero - LEAD, max(zero + planned, now)


def discs(state: SessionState) -> list[list[Any]]:
    """Numbered events: the number is the entry's place in the log, as in the list of events."""
    return [
        [r.envelope.seq, r.envelope.occurred_at.timestamp(), words_of(r.event)]
        for r in state.log
        if isinstance(r.event, DISCS)
    ]


def _lines(columns: Columns) -> tuple[list[float], dict[str, list[float | None]]]:
    times = sorted({at_s for name in LINES for at_s in columns[name]})
    return times, {name: [columns[name].get(t) for t in times] for name in LINES}


def _pressures(state: SessionState, columns: Columns) -> list[list[float]]:
    typed = [
        [v.said.at.timestamp(), float(v.values["sbp_mmhg"]), float(v.values["dbp_mmhg"])]
        for v in state.vitals
        if {"sbp_mmhg", "dbp_mmhg"} <= v.values.keys()
    ]
    systolic, diastolic = (columns[name] for name in CUFF)
    measured = [
        [at_s, sys, dia]
        for at_s, sys in systolic.items()
        if sys is not None and (dia := diastolic.get(at_s)) is not None
    ]
    return sorted(typed + measured)
