"""Estimated levels: of a plan before it is ordered, and of a session as it runs.

An estimate never decides: the published sets disagree, and their spread is shown beside the line.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from leeward import content
from leeward.core.pharmacology import (
    Comparison,
    Infusion,
    Patient,
    Regimen,
    Simulation,
    compare,
    track,
)
from leeward.core.protocols import InfusionPlan
from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState
from leeward.figures.pk import Band, InfusionBar, LevelCurve, PkChart

# The line is one set's; the band spans every set that answers for racemate by vein.
LINE = "domino"
SETS = ("domino", "kamp2020", "clements250")
HORIZON_MIN = 180
MINUTE = 60.0
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Landmark:
    """One set's answer in a table beside the plot."""

    model: str
    site: str
    cmax_ng_per_ml: float
    tmax_min: float
    hour_after_ng_per_ml: float
    grade: str


@dataclass(frozen=True, slots=True)
class LevelPreview:
    """The plot of a plan, its table, and what a reader must know."""

    chart: PkChart
    landmarks: tuple[Landmark, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """The level at one moment: one set's line, and the spread over the sets [ng/mL]."""

    at: datetime
    level_ng_per_ml: float
    low_ng_per_ml: float
    high_ng_per_ml: float


@dataclass(frozen=True, slots=True)
class SessionLevels:
    """Level now, at the planned stop and an hour later; the plot. `site` is the line's."""

    now: LevelPoint
    at_stop: LevelPoint | None
    hour_after_stop: LevelPoint | None
    chart: PkChart
    model: str
    site: str
    cautions: tuple[str, ...]


def preview_plan(
    plan: InfusionPlan, *, age_y: int | None, title: str, before: InfusionPlan | None = None
) -> LevelPreview | Refusal:
    """Levels a plan would give, with the plan in force beside it in grey.

    *Refuses when* the line's set refuses (age, weight, route), with its reason.
    """
    models = content.load().pk_models
    times = np.arange(0.0, HORIZON_MIN + 1.0)
    person = Patient(weight_kg=float(plan.weight_kg), age_y=_age(age_y))
    found = compare([models[m] for m in SETS], person, _regimen(plan), times)
    if LINE in found.refusals:
        return found.refusals[LINE]
    curves = [_curve(found.simulations[LINE], f"{title}, {LINE}", "draft")]
    if before is not None:
        old_person = Patient(weight_kg=float(before.weight_kg), age_y=_age(age_y))
        old = compare([models[LINE]], old_person, _regimen(before), times)
        if LINE in old.simulations:
            curves.insert(0, _curve(old.simulations[LINE], "in force", "in_force"))
    end = float(plan.duration_min)
    chart = PkChart(
        title=f"Estimated plasma ketamine, {title}",
        curves=tuple(curves),
        bands=_bands(found, times),
        bars=(InfusionBar(0.0, end, "infusion"),),
        references=(),
        horizon_min=float(HORIZON_MIN),
    )
    landmarks = tuple(_landmark(run, end) for run in found.simulations.values())
    return LevelPreview(chart, landmarks, _cautions(found))


def session_levels(state: SessionState, *, age_y: int | None, now: datetime) -> (
    SessionLevels | Refusal | None
):  # fmt: skip
    """Levels of a running or ended infusion from its pump log; None before it began.

    *Refuses when* the line's set refuses.
    """
    if state.started is None or not state.pump_log:
        return None
    zero = state.pump_log[0].from_at
    models = content.load().pk_models
    person = Patient(weight_kg=float(state.plan.weight_kg), age_y=_age(age_y))
    segments = _segments(state, zero)
    stop_min = _stop_min(state, zero)
    now_min = _minutes(now, zero)
    times = np.arange(0.0, max(HORIZON_MIN, now_min + MINUTE) + 1.0)
    runs: dict[str, Simulation] = {}
    for name in SETS:
        session = track(models[name], person, segments)
        if isinstance(session, Refusal):
            if name == LINE:
                return session
            continue
        run = session.forecast(times, now_min, stop_min=math.inf if stop_min is None else stop_min)
        if not isinstance(run, Refusal):
            runs[name] = run
        elif name == LINE:
            return run
    return _session_levels(state, runs, times, zero, now, stop_min)


def _session_levels(
    state: SessionState,
    runs: dict[str, Simulation],
    times: FloatArray,
    zero: datetime,
    now: datetime,
    stop_min: float | None,
) -> SessionLevels:
    found = Comparison(times, runs, {})
    line = runs[LINE]
    now_min = _minutes(now, zero)
    done = times <= now_min
    level = line.curve()
    curves = (
        LevelCurve("so far", tuple(times[done]), tuple(level[done]), "model"),
        LevelCurve("forecast", tuple(times[~done]), tuple(level[~done]), "forecast", dashed=True),
    )
    end = stop_min if stop_min is not None else now_min
    chart = PkChart(
        title="Estimated plasma ketamine in this session",
        curves=curves,
        bands=_bands(found, times),
        bars=(InfusionBar(0.0, end, "infusion"),),
        references=(),
        horizon_min=float(times[-1]),
        now_min=now_min,
        clock_at_zero=zero,
    )
    return SessionLevels(
        now=_point(runs, times, now_min, zero),
        at_stop=_point(runs, times, end, zero) if end > now_min else None,
        hour_after_stop=_point(runs, times, end + MINUTE, zero),
        chart=chart,
        model=LINE,
        site=line.model.site,
        cautions=_cautions(found),
    )


def _point(
    runs: dict[str, Simulation], times: FloatArray, at_min: float, zero: datetime
) -> LevelPoint:
    values = {name: float(np.interp(at_min, times, run.curve())) for name, run in runs.items()}
    return LevelPoint(
        zero + timedelta(minutes=at_min), values[LINE], min(values.values()), max(values.values())
    )


def _segments(state: SessionState, zero: datetime) -> list[tuple[float, float]]:
    """Rates [mg/min] from each moment on [min]; a stop is a rate of 0."""
    segments: list[tuple[float, float]] = []
    for segment in state.pump_log:
        segments.append((_minutes(segment.from_at, zero), float(segment.rate_mg_per_h) / MINUTE))
        if segment.to_at is not None:
            segments.append((_minutes(segment.to_at, zero), 0.0))
    merged: dict[float, float] = {}
    for at_min, rate in segments:
        merged[at_min] = rate
    return sorted(merged.items())


def _stop_min(state: SessionState, zero: datetime) -> float | None:
    end = state.expected_end_at
    return None if end is None else _minutes(end, zero)


def _regimen(plan: InfusionPlan) -> Regimen:
    rate = plan.rate_ml_per_h * plan.concentration_mg_per_ml / Decimal(60)
    duration = float(plan.duration_min)
    return Regimen((Infusion(0.0, duration, float(rate)),), "racemic_ketamine")


def _curve(run: Simulation, label: str, style: str) -> LevelCurve:
    return LevelCurve(label, tuple(run.t_min), tuple(run.curve()), style)


def _bands(found: Comparison, times: FloatArray) -> tuple[Band, ...]:
    spread = found.spread()
    if spread is None:
        return ()
    low, high = spread
    label = f"{len(found.simulations)} published sets, arterial and venous"
    return (Band(tuple(times), tuple(low), tuple(high), label),)


def _landmark(run: Simulation, end_min: float) -> Landmark:
    summary = run.summary()
    after = float(np.interp(end_min + MINUTE, run.t_min, run.curve()))
    return Landmark(
        run.model.id, run.model.site, summary.cmax_ng_per_ml, summary.tmax_min, after,
        str(run.grade),
    )  # fmt: skip


def _cautions(found: Comparison) -> tuple[str, ...]:
    words = [finding.because for run in found.simulations.values() for finding in run.findings]
    words += [f"{name}: {refusal.because}" for name, refusal in found.refusals.items()]
    return tuple(dict.fromkeys(words))


def _minutes(at: datetime, zero: datetime) -> float:
    return (at - zero).total_seconds() / MINUTE


def _age(age_y: int | None) -> float | None:
    return None if age_y is None else float(age_y)
