"""Many people on a mammillary core, without compiling: modes carried step by step."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .core_curve import changes_of_input
from .modes import modes_of_cores
from .parameters import Number
from .regimen import Regimen
from .steps import Runs

FloatArray = npt.NDArray[np.float64]


def curves_of_cores(values: Mapping[str, Number], count: int, runs: Runs) -> FloatArray:
    """Concentrations of a block of people.

    Parameters
    ----------
    values : mapping
        Parameters, scalars or arrays of length `count` [L, L/min].
    count : int
        People in the block.
    runs : Runs
        Regimen and grid.

    Returns
    -------
    float array, shape (k, count)
        Concentration [ng/mL] at each time of the grid.
    """
    rates, gains = modes_of_cores(values, count)
    decay = np.exp(-rates * runs.steps_min[:, None, None])
    grown = -np.expm1(-rates * runs.steps_min[:, None, None]) * (gains / rates)
    held = np.zeros_like(rates)
    curves = np.empty((runs.grid_min.size, count))
    place = 0
    for r in range(runs.step.size):
        if runs.jump_mg[r]:
            held += gains * runs.jump_mg[r]
        kind, rate = runs.step[r], runs.rate_mg_per_min[r]
        factor, gain = decay[kind], grown[kind] * rate
        for _ in range(runs.count[r]):
            if runs.reports[r]:
                np.add.reduce(held, axis=0, out=curves[place])
                place += 1
            held *= factor
            if rate:
                held += gain
    return curves


def landmarks_of_cores(
    values: Mapping[str, Number], count: int, regimen: Regimen
) -> tuple[FloatArray, FloatArray]:
    """Exact Cmax and area to infinity of a block of people.

    Parameters
    ----------
    values : mapping
        Parameters, scalars or arrays of length `count` [L, L/min].
    count : int
        People in the block.
    regimen : Regimen
        Intravenous doses.

    Returns
    -------
    cmax : float array, shape (count,)
        Highest concentration [ng/mL], between events too.
    auc_0_inf : float array, shape (count,)
        Area to infinity [ng min/mL].
    """
    rates, gains = modes_of_cores(values, count)
    cmax = np.zeros(count)
    for held, _, rate, length in segments_of_cores(rates, gains, regimen):
        np.maximum(cmax, held.sum(axis=0), out=cmax)
        if np.isfinite(length) and rate:
            np.maximum(cmax, _inner_maximum(rates, gains * rate - rates * held, held,
                                            gains * rate / rates, length), out=cmax)  # fmt: skip
    auc = (gains / rates).sum(axis=0) * regimen.dose_mg
    return cmax, auc


def last_time_above_of_cores(
    values: Mapping[str, Number], count: int, regimen: Regimen, level_ng_per_ml: float
) -> FloatArray:
    """Time at which each person falls below a level for good.

    Parameters
    ----------
    values : mapping
        Parameters, scalars or arrays of length `count` [L, L/min].
    count : int
        People in the block.
    regimen : Regimen
        Intravenous doses.
    level_ng_per_ml : float
        Level [ng/mL], > 0.

    Returns
    -------
    float array, shape (count,)
        Time [min]; minus infinity for people who never exceed the level.
    """
    rates, gains = modes_of_cores(values, count)
    last = np.full(count, -np.inf)
    for held, start, rate, length in segments_of_cores(rates, gains, regimen):
        plateau = gains * rate / rates
        end = (
            np.full(count, length)
            if np.isfinite(length)
            else _beyond(rates, held, level_ng_per_ml)
        )
        above = _level(rates, held, plateau, end) > level_ng_per_ml
        last[above] = start + length
        crossing = (held.sum(axis=0) > level_ng_per_ml) & ~above
        high = _halved(
            partial(_over, rates, held, plateau, level_ng_per_ml),
            np.zeros(count),
            end,
        )
        last[crossing] = (start + high)[crossing]
    return last


def segments_of_cores(
    rates: FloatArray, gains: FloatArray, regimen: Regimen
) -> list[tuple[FloatArray, float, float, float]]:
    """Held modes, start [min], rate [mg/min] and length [min] of every stretch of input."""
    starts, jumps, flows = changes_of_input(regimen)
    held = np.zeros_like(rates)
    result = []
    for k, start in enumerate(starts):
        held = held + gains * jumps[k]
        length = starts[k + 1] - start if k + 1 < len(starts) else float("inf")
        result.append((held, start, flows[k], length))
        if np.isfinite(length):
            spent = -rates * length
            held = held * np.exp(spent) - np.expm1(spent) * (gains / rates) * flows[k]
    return result


def _level(
    rates: FloatArray, held: FloatArray, plateau: FloatArray, tau: FloatArray
) -> FloatArray:
    spent = -rates * tau
    return np.asarray((held * np.exp(spent) - np.expm1(spent) * plateau).sum(axis=0))


def _over(
    rates: FloatArray, held: FloatArray, plateau: FloatArray, level: float, tau: FloatArray
) -> npt.NDArray[np.bool_]:
    return _level(rates, held, plateau, tau) > level


def _beyond(rates: FloatArray, held: FloatArray, level: float) -> FloatArray:
    """A time by which everybody is below the level: all of it decaying at the slowest rate."""
    ratio = np.maximum(held.sum(axis=0) / level, 1.0)
    return np.asarray((np.log(ratio) + 1.0) / rates[-1])


def _inner_maximum(
    rates: FloatArray, slopes: FloatArray, held: FloatArray, plateau: FloatArray, length: float
) -> FloatArray:
    """Highest value inside an infusion.

    The slope is a sum of at most three exponentials.  Multiplied by the slowest one it has at
    most one turning point, known in closed form, so its zeros are bracketed by it and the ends.
    """
    turn = np.full(rates.shape[1], 0.5 * length)
    if rates.shape[0] == 3:
        a, b = rates[0] - rates[2], rates[1] - rates[2]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.log(-(slopes[0] * a) / (slopes[1] * b)) / (a - b)
        turn = np.where((at > 0) & (at < length), at, turn)
    best = np.zeros(rates.shape[1])
    ends = np.zeros_like(turn), turn, np.full_like(turn, length)
    for left, right in pairwise(ends):
        falls = (_sum(rates, slopes, left) > 0) & (_sum(rates, slopes, right) < 0)
        if not falls.any():
            continue
        top = _halved(lambda tau: _sum(rates, slopes, tau) > 0, left, right)
        best = np.maximum(best, np.where(falls, _level(rates, held, plateau, top), 0.0))
    return best


def _halved(
    before: Callable[[FloatArray], npt.NDArray[np.bool_]], low: FloatArray, high: FloatArray
) -> FloatArray:
    """Halve brackets until the place where `before` turns false is known to the last bits."""
    for _ in range(60):
        middle = 0.5 * (low + high)
        still = before(middle)
        low, high = np.where(still, middle, low), np.where(still, high, middle)
    return high


def _sum(rates: FloatArray, weights: FloatArray, tau: FloatArray) -> FloatArray:
    return np.asarray((weights * np.exp(-rates * tau)).sum(axis=0))
