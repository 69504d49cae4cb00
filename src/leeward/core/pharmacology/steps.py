"""A regimen and a time grid as runs of equal steps, the form every fast loop takes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .core_curve import changes_of_input
from .regimen import Regimen

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_SAME_STEP = 1e-11


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of equal steps under constant input.

    A run adds `jump_mg`; then, `count` times, it reports the state if `reports` is 1 and takes a
    step of ``steps_min[step]`` at `rate_mg_per_min`.

    Attributes
    ----------
    steps_min : float array, shape (g,)
        Distinct step lengths [min].
    step, count, reports : int array, shape (r,)
        Index of the step length, number of steps, whether (1) states are reported.
    jump_mg : float array, shape (r,)
        Bolus before the run [mg].
    rate_mg_per_min : float array, shape (r,)
        Infusion rate during the run [mg/min].
    grid_min : float array, shape (k,)
        Times reported [min], ascending, each once.
    place : int array
        Place in `grid_min` of each time the caller asked for.
    """

    steps_min: FloatArray
    step: IntArray
    count: IntArray
    reports: IntArray
    jump_mg: FloatArray
    rate_mg_per_min: FloatArray
    grid_min: FloatArray
    place: IntArray

    @property
    def in_order(self) -> bool:
        """Whether the caller's times are the grid itself."""
        return self.place.size == self.grid_min.size and bool(
            (self.place == np.arange(self.place.size)).all()
        )


def runs_of(regimen: Regimen, t_min: FloatArray) -> Runs:
    """Cut a regimen and a grid into runs.

    Parameters
    ----------
    regimen : Regimen
        Intravenous doses.
    t_min : float array, shape (k,)
        Times [min], any order.

    Returns
    -------
    Runs
        Runs over all events and times; times before the first event report 0.
    """
    grid, place = np.unique(t_min, return_inverse=True)
    starts, jumps, rates = changes_of_input(regimen)
    edges = np.array(starts)
    times = np.union1d(grid, edges)
    event = np.searchsorted(edges, times, side="right") - 1
    rate = np.where(event >= 0, np.array(rates)[np.maximum(event, 0)], 0.0)
    jump = np.zeros(times.size)
    jump[np.searchsorted(times, edges)] = jumps
    reports = np.isin(times, grid)
    lengths, kind = _distinct(np.append(np.diff(times), 0.0))
    first = _starts_of_runs(kind, rate, jump, reports)
    return Runs(
        lengths,
        kind[first],
        np.diff(np.append(first, times.size)),
        reports[first].astype(np.int64),
        jump[first],
        rate[first],
        grid,
        place,
    )


def _starts_of_runs(
    kind: IntArray, rate: FloatArray, jump: FloatArray, reports: npt.NDArray[np.bool_]
) -> IntArray:
    new = np.ones(kind.size, dtype=bool)
    new[1:] = (
        (kind[1:] != kind[:-1])
        | (rate[1:] != rate[:-1])
        | (jump[1:] != 0.0)
        | (reports[1:] != reports[:-1])
    )
    return np.flatnonzero(new)


def _distinct(gaps_min: FloatArray) -> tuple[FloatArray, IntArray]:
    """Distinct lengths; lengths that differ by rounding only count as one."""
    order = np.argsort(gaps_min, kind="stable")
    ranked = gaps_min[order]
    new = np.ones(ranked.size, dtype=bool)
    new[1:] = np.diff(ranked) > _SAME_STEP * np.maximum(ranked[1:], 1.0)
    index = np.cumsum(new) - 1
    kind = np.empty(gaps_min.size, dtype=np.int64)
    kind[order] = index
    return ranked[new], kind
