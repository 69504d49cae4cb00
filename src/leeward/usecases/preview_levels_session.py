"""Levels of a session from its recorded pump events: now, to come, and answers to "what if"."""

import math
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

import numpy as np

from leeward.core.pharmacology import Comparison, Patient, Population, Session, Simulation, track
from leeward.core.pharmacology.session import NOT_SAFE_TO_LEAVE
from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState
from leeward.core.treatment.state import RUNNING
from leeward.figures.pk import Band, InfusionBar, LevelCurve, PkChart

from . import preview_levels_sets as sets
from .preview_levels_clock import PumpClock
from .preview_levels_values import (
    LINE,
    MINUTE,
    Course,
    LevelPoint,
    SessionLevels,
    WhatIf,
)
from .preview_levels_what_if import NOTHING_ASKED, WhatIfAsked, falls_of, refuse_question

__all__ = ["NOTHING_ASKED", "WhatIfAsked", "session_levels"]

_SHORTEST_MIN, _AFTER_MIN, _ROUND_MIN, _POINTS = 120.0, 90.0, 30.0, 121
OFFER = (
    "An answer is an estimate. Leeward does not change the pump, and the person who treats "
    "decides."
)


def session_levels(
    state: SessionState,
    *,
    age_y: int | None,
    now: datetime,
    asked: WhatIfAsked = NOTHING_ASKED,
    line: str = LINE,
    zone: tzinfo | None = UTC,
) -> SessionLevels | Refusal | None:
    """Levels of a running or ended infusion from its pump log; None before it began.

    While paused the rate is 0, and nothing is assumed about going on. `zone` is the clinic's, for
    the clock under the drawing.

    *Refuses when* the line's set is unknown or refuses the person.
    """
    plan = state.infusion
    if plan is None or state.started is None or not state.pump_log:
        return None
    if state.boluses:
        because = "A bolus was given; a level worked out from the pump's rates would leave it out."
        return Refusal("levels.bolus", because)
    if line not in sets.known_sets():
        return Refusal("levels.unknown_set", "Choose one of the sets.", field="level_set")
    clock = PumpClock.of(state, now)
    person = Patient(
        weight_kg=float(plan.weight_kg), age_y=None if age_y is None else float(age_y)
    )
    sessions = _sessions(line, person, clock)
    if isinstance(sessions, Refusal):
        return sessions
    refused = refuse_question(asked, running=state.stage in RUNNING)
    as_is = _Future(clock, sessions, clock.rate_mg_per_min, clock.stop_min, line)
    other = None
    if refused is None and asked.rate_ml_per_h is not None:
        rate = clock.mg_per_min(asked.rate_ml_per_h)
        other = _Future(clock, sessions, rate, clock.stop_at(asked.rate_ml_per_h), line)
    what_if = WhatIf(
        rate_ml_per_h=asked.rate_ml_per_h,
        below_ng_per_ml=asked.below_ng_per_ml,
        courses=() if refused else _courses(as_is, other, asked, state),
        refused=refused,
        asked_at=now,
        caution=OFFER,
        not_leave=NOT_SAFE_TO_LEAVE,
    )
    return _levels(state, as_is, other, what_if, zone)


class _Future:
    """One assumption about the rest of the infusion, through every set that answers."""

    def __init__(
        self,
        clock: PumpClock,
        sessions: dict[str, Session],
        rate_mg_per_min: float,
        stop_min: float | None,
        line: str,
    ) -> None:
        self.clock, self.rate_mg_per_min, self.stop_min = clock, rate_mg_per_min, stop_min
        self.sessions = sessions
        if rate_mg_per_min != clock.rate_mg_per_min:
            self.sessions = {
                name: session.logged(clock.now_min, rate_mg_per_min)
                for name, session in sessions.items()
            }
        self.end_min = clock.last_min if stop_min is None else stop_min
        self.horizon_min = _horizon(clock, self.end_min)
        self.times = _times(clock, self.end_min, self.horizon_min)
        self.runs = self._run()
        self.line = self.runs[line]
        self.people: Population | None = sets.people_band(self.line, self.times)

    def _run(self) -> dict[str, Simulation]:
        stop = math.inf if self.stop_min is None else self.stop_min
        found = {
            name: session.forecast(self.times, self.clock.now_min, stop_min=stop)
            for name, session in self.sessions.items()
        }
        return {name: run for name, run in found.items() if not isinstance(run, Refusal)}

    def at(self, t_min: float) -> LevelPoint:
        """The level at one of `times`."""
        place = int(np.searchsorted(self.times, t_min))
        values = [float(run.at(np.array([t_min]))[0]) for run in self.runs.values()]
        edges = [self.people.quantiles[e][place] for e in sets.EDGES] if self.people else None
        return LevelPoint(
            self.clock.at(t_min),
            float(self.line.at(np.array([t_min]))[0]),
            None if edges is None else float(edges[0]),
            None if edges is None else float(edges[1]),
            min(values),
            max(values),
        )

    @property
    def at_stop(self) -> LevelPoint | None:
        ahead = self.stop_min is not None and self.stop_min > self.clock.now_min
        return self.at(self.end_min) if ahead else None

    @property
    def hour_after(self) -> LevelPoint | None:
        after = self.end_min + MINUTE
        known = self.stop_min is not None or self.clock.stopped
        return self.at(after) if known and after > self.clock.now_min else None


def _sessions(line: str, person: Patient, clock: PumpClock) -> dict[str, Session] | Refusal:
    """The line's set and those that measure the same, as far as they accept the person."""
    known = sets.known_sets()
    found: dict[str, Session] = {}
    group = [m for m in known.values() if m.drug == known[line].drug]
    for model in group:
        session = track(model, person, clock.segments, drug="racemic_ketamine")
        if not isinstance(session, Refusal):
            found[model.id] = session
        elif model.id == line:
            return session
    return found


def _horizon(clock: PumpClock, end_min: float) -> float:
    """How far the drawing reaches [min]; a session of long ago does not stretch it."""
    end = end_min if clock.stopped else max(end_min, clock.now_min)
    whole = max(_SHORTEST_MIN, end + _AFTER_MIN)
    return _ROUND_MIN * math.ceil(whole / _ROUND_MIN)


def _times(clock: PumpClock, end_min: float, horizon_min: float) -> sets.FloatArray:
    """Even times with every moment that is told among them [min]."""
    told = [clock.now_min, end_min, end_min + MINUTE, *(t for t, _ in clock.segments)]
    return np.unique(np.concatenate([np.linspace(0.0, horizon_min, _POINTS), told]))


def _courses(
    as_is: _Future, other: _Future | None, asked: WhatIfAsked, state: SessionState
) -> tuple[Course, ...]:
    if asked == NOTHING_ASKED:
        return ()
    running = state.rate_ml_per_h or Decimal(0)
    name = "as it runs" if running else "as it stands, not running"
    found = [_course(name, running, as_is, asked)]
    if other is not None and asked.rate_ml_per_h is not None:
        found.append(_course("what if", asked.rate_ml_per_h, other, asked))
    return tuple(found)


def _course(name: str, rate_ml_per_h: Decimal, future: _Future, asked: WhatIfAsked) -> Course:
    stop = future.stop_min
    return Course(
        name=name,
        rate_ml_per_h=rate_ml_per_h,
        ends_at=None if stop is None else future.clock.at(stop),
        at_stop=future.at_stop,
        hour_after_stop=future.hour_after,
        falls=falls_of(future.sessions, future.line.model, future.clock, stop, asked),
    )


def _levels(
    state: SessionState,
    as_is: _Future,
    other: _Future | None,
    what_if: WhatIf,
    zone: tzinfo | None,
) -> SessionLevels:
    clock, line = as_is.clock, as_is.line
    found = Comparison(as_is.times, as_is.runs, {})
    return SessionLevels(
        now=as_is.at(clock.now_min),
        at_stop=as_is.at_stop,
        hour_after_stop=as_is.hour_after,
        chart=_chart(as_is, other, found, zone),
        model=line.model.id,
        site=line.model.site,
        people=sets.people_words(as_is.people) if as_is.people else "",
        borrowed_from=as_is.people.borrowed_from if as_is.people else None,
        sets=sets.sets_words(found),
        paused=state.paused_since is not None,
        cautions=sets.cautions(found),
        options=sets.options(line.patient, line.regimen) if line.regimen.dose_mg > 0 else (),
        what_if=what_if,
    )


def _chart(
    as_is: _Future, other: _Future | None, found: Comparison, zone: tzinfo | None
) -> PkChart:
    times, clock = as_is.times, as_is.clock
    past, level = times <= clock.now_min, as_is.line.curve()
    ahead = times >= clock.now_min
    curves = [
        LevelCurve("from what was given", tuple(times[past]), tuple(level[past]), "model"),
        LevelCurve("to come", tuple(times[ahead]), tuple(level[ahead]), "forecast"),
    ]
    if other is not None:
        later, values = other.times >= clock.now_min, other.line.curve()
        shown = later & (other.times <= as_is.horizon_min)
        curves.append(
            LevelCurve("what if", tuple(other.times[shown]), tuple(values[shown]), "what_if")
        )
    return PkChart(
        title="Estimated plasma ketamine in this session",
        curves=tuple(curve for curve in curves if curve.t_min),
        bands=_bands(as_is, found),
        bars=_bars(as_is),
        horizon_min=as_is.horizon_min,
        now_min=clock.now_min if clock.now_min <= as_is.horizon_min else None,
        clock_at_zero=clock.zero.astimezone(zone),
    )


def _bands(as_is: _Future, found: Comparison) -> tuple[Band, ...]:
    times, bands = tuple(as_is.times), []
    spread = found.spread()
    if spread is not None and len(found.simulations) > 1:
        low, high = spread
        bands.append(Band(times, tuple(low), tuple(high), sets.sets_words(found), "sets"))
    if as_is.people is not None:
        low, high = (as_is.people.quantiles[edge] for edge in sets.EDGES)
        words = sets.people_words(as_is.people)
        bands.append(Band(times, tuple(low), tuple(high), words, "people"))
    return tuple(bands)


def _bars(as_is: _Future) -> tuple[InfusionBar, ...]:
    clock = as_is.clock
    bars = [InfusionBar(a, b, "infusion", "model") for a, b in clock.ran]
    if as_is.at_stop is not None:
        planned = InfusionBar(clock.now_min, as_is.end_min, "planned", "model", planned=True)
        bars.append(planned)
    return tuple(bars)
