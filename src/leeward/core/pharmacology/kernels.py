"""Compiled loops for large populations on mammillary cores.

Importing this module imports numba, so only large work does.  The loops release the interpreter
lock; callers spread blocks over threads by handing a pool's `map` to `population`.  Compiled
code is cached beside this file, or in numba's own cache folder when that is not writable.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .kernel_compiling import compiled
from .kernel_landmarks import landmarks_of_people
from .kernel_modes import modes_of_people
from .parameters import Number
from .sketch import BINS, LOWEST, SHIFT
from .steps import Runs

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_NAMES = ("cl", "v1", "q2", "v2", "q3", "v3")
_TILE = 64


def stack(people: Sequence[Mapping[str, Number]], counts: Sequence[int]) -> FloatArray:
    """Put the parameters of blocks of people side by side.

    Parameters
    ----------
    people : sequence of mapping
        Parameters of each block [L, L/min].
    counts : sequence of int
        People in each block.

    Returns
    -------
    float array, shape (6, n)
        Clearance, central volume and two pairs of flow and volume; a missing pair is 0 and 1.
    """
    absent = {"q2": 0.0, "v2": 1.0, "q3": 0.0, "v3": 1.0}
    result = np.empty((6, sum(counts)))
    start = 0
    for values, count in zip(people, counts, strict=True):
        for row, name in enumerate(_NAMES):
            result[row, start : start + count] = values.get(name, absent.get(name))
        start += count
    return result


def run(
    core: FloatArray,
    runs: Runs,
    changes: Sequence[FloatArray],
    curves: FloatArray | None,
    counts: IntArray,
    levels: FloatArray,
    above: IntArray,
    cmax: FloatArray,
    auc: FloatArray,
) -> None:
    """Run people through a regimen; arrays of length 0 are left alone.

    Parameters
    ----------
    core : float array, shape (6, n)
        From `stack`.
    runs : Runs
        Regimen and grid.
    changes : sequence of float array
        Times [min], boluses [mg] and rates [mg/min] from `changes_of_input`.
    curves : float array, shape (n, k), or None
        Takes every curve [ng/mL].
    counts : int array, shape (k, BINS)
        Takes counts for quantiles.
    levels : float array, shape (m,)
        Levels [ng/mL].
    above : int array, shape (m, k)
        Takes people above each level.
    cmax, auc : float array, shape (n,)
        Take Cmax [ng/mL] and area to infinity [ng min/mL].
    """
    steps = (runs.steps_min, runs.step, runs.count, runs.reports, runs.jump_mg,
             runs.rate_mg_per_min)  # fmt: skip
    n, k = core.shape[1], runs.grid_min.size
    rates, gains = np.empty((n, 3)), np.empty((n, 3))
    modes_of_people(core, rates, gains)
    if curves is not None and not counts.size and not levels.size:
        _curves(rates, gains, *steps, curves)
    elif counts.size or levels.size:
        tile = np.empty((_TILE, k))
        _reduced(rates, gains, *steps, tile, counts, levels, above)
        if curves is not None:
            _curves(rates, gains, *steps, curves)
    if cmax.size:
        starts, jumps, flows = changes
        landmarks_of_people(core, rates, gains, starts, jumps, flows, cmax, auc)


@compiled
def _factors(rates: Any, gains: Any, steps: Any, fed: Any, decay: Any, grown: Any) -> None:
    """Decay of each mode over each distinct step, and its unit response where a step is fed."""
    for g in range(steps.size):
        for i in range(3):
            decay[g, i] = math.exp(-rates[i] * steps[g])
            if fed[g]:
                grown[g, i] = -math.expm1(-rates[i] * steps[g]) * gains[i] / rates[i]


@compiled
def _fed(step: Any, rate: Any, fed: Any) -> None:
    """Mark the steps during which an infusion runs somewhere."""
    fed[:] = 0
    for r in range(step.size):
        if rate[r] > 0.0:
            fed[step[r]] = 1


@compiled
def _one(
    gains: Any,
    decay: Any,
    grown: Any,
    step: Any,
    count: Any,
    reports: Any,
    jump: Any,
    rate: Any,
    line: Any,
) -> None:
    """Carry one person through all runs, reporting into `line`.

    Four interleaved states, four steps apart, hide the time a product takes to come back.
    """
    x0, x1, x2 = 0.0, 0.0, 0.0
    place = 0
    for r in range(step.size):
        x0 += gains[0] * jump[r]
        x1 += gains[1] * jump[r]
        x2 += gains[2] * jump[r]
        g = step[r]
        e0, e1, e2 = decay[g, 0], decay[g, 1], decay[g, 2]
        a0, a1, a2 = 0.0, 0.0, 0.0
        if rate[r] > 0.0:
            a0, a1, a2 = grown[g, 0] * rate[r], grown[g, 1] * rate[r], grown[g, 2] * rate[r]
        left = count[r]
        if reports[r] == 1:
            if left >= 8:
                f0, f1, f2 = e0 * e0, e1 * e1, e2 * e2
                b0, b1, b2 = a0 * (1.0 + e0), a1 * (1.0 + e1), a2 * (1.0 + e2)
                y0, y1, y2 = x0 * e0 + a0, x1 * e1 + a1, x2 * e2 + a2
                z0, z1, z2 = x0 * f0 + b0, x1 * f1 + b1, x2 * f2 + b2
                w0, w1, w2 = y0 * f0 + b0, y1 * f1 + b1, y2 * f2 + b2
                b0, b1, b2 = b0 * (1.0 + f0), b1 * (1.0 + f1), b2 * (1.0 + f2)
                f0, f1, f2 = f0 * f0, f1 * f1, f2 * f2
                fours = left // 4
                for _ in range(fours):
                    line[place] = x0 + x1 + x2
                    line[place + 1] = y0 + y1 + y2
                    line[place + 2] = z0 + z1 + z2
                    line[place + 3] = w0 + w1 + w2
                    place += 4
                    x0, x1, x2 = x0 * f0 + b0, x1 * f1 + b1, x2 * f2 + b2
                    y0, y1, y2 = y0 * f0 + b0, y1 * f1 + b1, y2 * f2 + b2
                    z0, z1, z2 = z0 * f0 + b0, z1 * f1 + b1, z2 * f2 + b2
                    w0, w1, w2 = w0 * f0 + b0, w1 * f1 + b1, w2 * f2 + b2
                left -= 4 * fours
            for c in range(place, place + left):
                line[c] = x0 + x1 + x2
                x0, x1, x2 = x0 * e0 + a0, x1 * e1 + a1, x2 * e2 + a2
            place += left
        else:
            for _ in range(left):
                x0, x1, x2 = x0 * e0 + a0, x1 * e1 + a1, x2 * e2 + a2


@compiled
def _curves(
    rates: Any,
    gains: Any,
    steps: Any,
    step: Any,
    count: Any,
    reports: Any,
    jump: Any,
    rate: Any,
    curves: Any,
) -> None:
    decay, grown = np.empty((steps.size, 3)), np.empty((steps.size, 3))
    fed = np.zeros(steps.size, dtype=np.int64)
    _fed(step, rate, fed)
    for s in range(rates.shape[0]):
        _factors(rates[s], gains[s], steps, fed, decay, grown)
        _one(gains[s], decay, grown, step, count, reports, jump, rate, curves[s])


@compiled
def _reduced(
    rates: Any,
    gains: Any,
    steps: Any,
    step: Any,
    count: Any,
    reports: Any,
    jump: Any,
    rate: Any,
    tile: Any,
    counts: Any,
    levels: Any,
    above: Any,
) -> None:
    """Fill a tile of people, then count it time by time, so that a row of counts stays close."""
    decay, grown = np.empty((steps.size, 3)), np.empty((steps.size, 3))
    fed = np.zeros(steps.size, dtype=np.int64)
    _fed(step, rate, fed)
    leading = tile.view(np.int64)
    for start in range(0, rates.shape[0], tile.shape[0]):
        size = min(tile.shape[0], rates.shape[0] - start)
        for s in range(size):
            unit = gains[start + s]
            _factors(rates[start + s], unit, steps, fed, decay, grown)
            _one(unit, decay, grown, step, count, reports, jump, rate, tile[s])
        for t in range(counts.shape[0]):
            for s in range(size):
                place = (leading[s, t] >> SHIFT) - LOWEST
                counts[t, min(max(place, 0), BINS - 1)] += 1
        for m in range(levels.size):
            for t in range(tile.shape[1]):
                for s in range(size):
                    above[m, t] += tile[s, t] > levels[m]
