"""Exact solution of a compartment system under piecewise-constant input.

The state carries the amounts, a constant that the inputs act through, and the running integral
of the amount behind each output, so one matrix exponential per step gives amounts and areas
together.  All entries are kept near the size of the rates, which keeps the exponential short and
its error small.  Nothing is integrated numerically and nothing is diagonalised.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .exponential import transition, transitions
from .structures import Flow, Jump, System

FloatArray = npt.NDArray[np.float64]

_UNIFORM = 1e-9
_FEW = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of constant input.

    Attributes
    ----------
    start_min, end_min : float
        From and to [min]; the last one ends at infinity.
    state : float array, shape (n + 1 + m,)
        Amounts [mg], the sum of input rates [mg/min], and integrals of amounts so far [mg min],
        just after `start_min`.
    rates : float array, shape (n + 1 + m, n + 1 + m)
        Extended matrix [1/min].
    """

    start_min: float
    end_min: float
    state: FloatArray
    rates: FloatArray


class Solution:
    """Amounts, concentrations and areas at any time.

    Parameters
    ----------
    system : System
        Equations of one person.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.names = tuple(system.outputs)
        self.size: int = system.rates.shape[-1]
        self.full_rate = _sum_of_rates(system.inputs)
        self.segments = tuple(_segments(system, self.full_rate))
        self.starts_min = np.array([segment.start_min for segment in self.segments])
        self.rates_per_min = _slowest_and_fastest(system.rates)

    def output_row(self, name: str) -> FloatArray:
        """Row that turns an extended state into the output `name` [ng/mL]."""
        state, factor = self.system.outputs[name]
        row = np.zeros(self.size + 1 + len(self.names))
        row[state] = factor
        return row

    def area_index(self, name: str) -> int:
        """Index of the running integral behind `name` in the extended state."""
        return self.size + 1 + self.names.index(name)

    def states(self, t_min: FloatArray) -> FloatArray:
        """Extended states at many times.

        Parameters
        ----------
        t_min : float array, shape (k,)
            Times [min], any order; at the time of a bolus the state is the one just after it.

        Returns
        -------
        float array, shape (n + 1 + m, k)
            States; zero before the first input.
        """
        t_min = np.asarray(t_min, dtype=float)
        result = np.zeros((self.size + 1 + len(self.names), t_min.size))
        where = np.searchsorted(self.starts_min, t_min, side="right") - 1
        for index in np.unique(where[where >= 0]):
            segment = self.segments[index]
            picked = np.flatnonzero(where == index)
            result[:, picked] = propagate(
                segment.rates, segment.state, t_min[picked] - segment.start_min
            )
        return result

    def concentration(self, name: str, t_min: FloatArray) -> FloatArray:
        """Concentration of an output.

        Parameters
        ----------
        name : str
            Analyte or ``effect``.
        t_min : float array, shape (k,)
            Times [min].

        Returns
        -------
        float array, shape (k,)
            Concentration [ng/mL].
        """
        state, factor = self.system.outputs[name]
        return np.asarray(self.states(t_min)[state] * factor)

    def area(self, name: str, t_min: float) -> float:
        """Area under an output from the first input on.

        Parameters
        ----------
        name : str
            Analyte or ``effect``.
        t_min : float
            End [min].

        Returns
        -------
        float
            Area [ng min/mL].
        """
        _, factor = self.system.outputs[name]
        return float(self.states(np.array([t_min]))[self.area_index(name), 0] * factor)

    def area_to_infinity(self, name: str) -> float:
        """Area under an output to infinity [ng min/mL]: what is there yet still passes by."""
        last = self.segments[-1]
        state, factor = self.system.outputs[name]
        amounts = last.state[: self.size]
        if amounts.sum() <= 0.0:
            return float(last.state[self.area_index(name)] * factor)
        used = _reachable(self.system.rates, amounts)
        still = np.zeros(self.size)
        still[used] = np.linalg.solve(-self.system.rates[np.ix_(used, used)], amounts[used])
        return float((last.state[self.area_index(name)] + still[state]) * factor)


def propagate(rates: FloatArray, state: FloatArray, tau_min: FloatArray) -> FloatArray:
    """Advance one state to many times after it.

    Parameters
    ----------
    rates : float array, shape (n, n)
        Matrix [1/min].
    state : float array, shape (n,)
        State at time 0.
    tau_min : float array, shape (k,)
        Times [min], >= 0.

    Returns
    -------
    float array, shape (n, k)
        States.
    """
    if tau_min.size > _FEW:
        gaps = np.diff(tau_min)
        step = (tau_min[-1] - tau_min[0]) / (tau_min.size - 1)
        if step > 0 and np.abs(gaps - step).max() <= _UNIFORM * step:
            return _uniform(
                rates, transition(rates, float(tau_min[0])) @ state, step, tau_min.size
            )
        unique, inverse = np.unique(tau_min, return_inverse=True)
        return np.asarray((transitions(rates, unique) @ state).T[:, inverse])
    columns = [transition(rates, float(tau)) @ state for tau in tau_min]
    return np.array(columns).T.reshape(state.size, tau_min.size)


def _uniform(rates: FloatArray, first: FloatArray, step: float, count: int) -> FloatArray:
    """Fill an even grid by doubling: each product makes as many states as there are."""
    result = np.empty((first.size, count))
    result[:, 0] = first
    power, done = transition(rates, step), 1
    while done < count:
        more = min(done, count - done)
        np.matmul(power, result[:, :more], out=result[:, done : done + more])
        done += more
        if done < count:
            power = power @ power
    return result


def _segments(system: System, full_rate: float) -> Iterator[Segment]:
    """Cut time at every change of input and carry the state across."""
    n, outputs = system.rates.shape[-1], tuple(system.outputs.values())
    size = n + 1 + len(outputs)
    state = np.zeros(size)
    state[n] = full_rate
    edges = _edges(system.inputs)
    for index, start in enumerate(edges):
        rates = np.zeros((size, size))
        rates[:n, :n] = system.rates
        for row, (source, _) in enumerate(outputs):
            rates[n + 1 + row, source] = 1.0
        for entry in system.inputs:
            if isinstance(entry, Jump):
                if entry.t_min == start:
                    state[entry.state] += entry.amount_mg
            elif entry.t_min <= start < entry.end_min:
                rates[entry.state, n] += entry.rate_mg_per_min / full_rate
        end = edges[index + 1] if index + 1 < len(edges) else math.inf
        yield Segment(start, end, state, rates)
        if math.isfinite(end):
            state = transition(rates, end - start) @ state


def _sum_of_rates(inputs: Iterable[Jump | Flow]) -> float:
    """Sum of all rates, by which inputs are scaled; 1 if there are none."""
    total = math.fsum(float(e.rate_mg_per_min) for e in inputs if isinstance(e, Flow))
    return total if total > 0.0 else 1.0


def _edges(inputs: Iterable[Jump | Flow]) -> list[float]:
    edges: set[float] = set()
    for entry in inputs:
        edges.add(float(entry.t_min))
        if isinstance(entry, Flow):
            edges.add(float(entry.end_min))
    return sorted(edges) or [0.0]


def _reachable(rates: FloatArray, amounts: FloatArray) -> npt.NDArray[np.intp]:
    """States that hold drug or will; an unused depot would make the solve needless."""
    held = amounts > 0.0
    for _ in range(held.size):
        held = held | ((rates > 0.0) @ held > 0)
    return np.flatnonzero(held)


def _slowest_and_fastest(rates: FloatArray) -> tuple[float, float]:
    """Bounds for search horizons only: slowest decay and fastest turnover [1/min]."""
    slowest = float(np.min(-np.linalg.eigvals(rates).real))
    return slowest, float(-rates.diagonal().min())
