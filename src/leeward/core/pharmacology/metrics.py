"""Exact landmarks of a curve: peak, crossings of a level, time above it.

Each stretch of constant input is sampled so densely, on every time scale of the system, that
turning points and crossings are bracketed; each is then refined by Newton steps on the exact
solution.  No result depends on a reporting grid.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .exponential import transition
from .solution import Segment, Solution

FloatArray = npt.NDArray[np.float64]

_PER_SCALE = 12
_TAIL_TURNOVERS = 40.0


@dataclass(frozen=True, slots=True)
class Peak:
    """Highest value of a curve.

    Attributes
    ----------
    value_ng_per_ml : float
        Cmax [ng/mL].
    t_min : float
        Tmax [min].
    """

    value_ng_per_ml: float
    t_min: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """A passage through a level.

    Attributes
    ----------
    t_min : float
        When [min].
    up : bool
        True on the way up.
    """

    t_min: float
    up: bool


def peak(solution: Solution, name: str) -> Peak:
    """Return Cmax and Tmax over the whole curve, from the first input to infinity.

    Parameters
    ----------
    solution : Solution
        The exact solution.
    name : str
        Analyte or ``effect``.

    Returns
    -------
    Peak
        First time of the highest value.
    """
    row = solution.output_row(name)
    best = Peak(0.0, float(solution.starts_min[0]))
    for segment in solution.segments:
        slope = row @ segment.rates
        for tau, state in _turning_points(solution, segment, row, slope):
            value = float(row @ state)
            if value > best.value_ng_per_ml:
                best = Peak(value, segment.start_min + tau)
    return best


def crossings(solution: Solution, name: str, level_ng_per_ml: float) -> tuple[Crossing, ...]:
    """Return every passage through a level, in order of time.

    Parameters
    ----------
    solution : Solution
        The exact solution.
    name : str
        Analyte or ``effect``.
    level_ng_per_ml : float
        Level [ng/mL], > 0.

    Returns
    -------
    tuple of Crossing
        Passages; a jump across the level at a bolus counts.
    """
    row = solution.output_row(name).copy()
    constant = solution.size
    found: list[Crossing] = []
    above = False
    for segment in solution.segments:
        shifted = row.copy()
        shifted[constant] -= level_ng_per_ml / solution.full_rate
        taus, states = _samples(solution, segment, until=shifted)
        values = shifted @ states
        if bool(values[0] > 0) is not above:
            found.append(Crossing(segment.start_min, bool(values[0] > 0)))
        for k in np.flatnonzero(np.diff(values > 0)):
            tau = float(taus[k]) + _root(
                segment.rates, states[:, k], shifted, float(taus[k + 1] - taus[k])
            )
            found.append(Crossing(segment.start_min + tau, bool(values[k + 1] > 0)))
        above = bool(values[-1] > 0)
    return tuple(found)


def time_above(
    solution: Solution, name: str, level_ng_per_ml: float, until_min: float = math.inf
) -> float:
    """Return the total time above a level.

    Parameters
    ----------
    solution : Solution
        The exact solution.
    name : str
        Analyte or ``effect``.
    level_ng_per_ml : float
        Level [ng/mL], > 0.
    until_min : float
        End of the count [min].

    Returns
    -------
    float
        Time above [min].
    """
    total, since = 0.0, None
    for crossing in crossings(solution, name, level_ng_per_ml):
        if crossing.t_min >= until_min:
            break
        if crossing.up:
            since = crossing.t_min
        elif since is not None:
            total += crossing.t_min - since
            since = None
    if since is not None:
        total += until_min - since
    return total


def last_time_above(solution: Solution, name: str, level_ng_per_ml: float) -> float | None:
    """Return when a curve falls below a level for good.

    Parameters
    ----------
    solution : Solution
        The exact solution.
    name : str
        Analyte or ``effect``.
    level_ng_per_ml : float
        Level [ng/mL], > 0.

    Returns
    -------
    float or None
        Time [min]; None if the level is never exceeded.
    """
    downs = [c.t_min for c in crossings(solution, name, level_ng_per_ml) if not c.up]
    return downs[-1] if downs else None


def _turning_points(
    solution: Solution, segment: Segment, row: FloatArray, slope: FloatArray
) -> Iterator[tuple[float, FloatArray]]:
    """Start of a segment, its end, and every interior maximum."""
    taus, states = _samples(solution, segment, until=None)
    yield 0.0, states[:, 0]
    yield float(taus[-1]), states[:, -1]
    rising = slope @ states > 0
    for k in np.flatnonzero(rising[:-1] & ~rising[1:]):
        within = _root(segment.rates, states[:, k], slope, float(taus[k + 1] - taus[k]))
        yield float(taus[k] + within), transition(segment.rates, within) @ states[:, k]


def _samples(
    solution: Solution, segment: Segment, until: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Sample a segment from its fastest scale up, twelve states on each doubling of time.

    The open last segment runs until the slowest mode is spent, or until the row `until` is
    negative for good.
    """
    slowest, fastest = solution.rates_per_min
    length = segment.end_min - segment.start_min
    if math.isinf(length):
        length = _TAIL_TURNOVERS / slowest
    step = min(length / _PER_SCALE, 0.02 / fastest)
    taus, columns = [0.0], [segment.state]
    power = transition(segment.rates, step)
    while taus[-1] < length:
        for _ in range(_PER_SCALE):
            rest = length - taus[-1]
            if rest <= step * (1 + 1e-9):
                columns.append(transition(segment.rates, rest) @ columns[-1])
                taus.append(length)
                break
            columns.append(power @ columns[-1])
            taus.append(taus[-1] + step)
        else:
            power, step = power @ power, 2.0 * step
        if until is None or math.isfinite(segment.end_min) or taus[-1] < length:
            continue
        if until @ columns[-1] > 0:
            length *= 2.0
    return np.array(taus), np.array(columns).T


def _root(rates: FloatArray, state: FloatArray, row: FloatArray, width: float) -> float:
    """Return the time in (0, width] where row·state changes sign; bracketed Newton."""
    low, high = 0.0, width
    slope_row = row @ rates
    sign = float(row @ (transition(rates, width) @ state)) > 0
    tau = 0.5 * width
    for _ in range(100):
        here = transition(rates, tau) @ state
        value, slope = float(row @ here), float(slope_row @ here)
        if value == 0.0:
            return tau
        if (value > 0) is sign:
            high = tau
        else:
            low = tau
        new = tau - value / slope if slope else low - 1.0
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - tau) <= 1e-14 * width or high - low <= 1e-14 * width:
            return new
        tau = new
    return tau
