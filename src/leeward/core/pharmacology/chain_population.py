"""Many people on a system of depots and chains: stacked exact transitions, shared by steps."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .exponential import transitions
from .model import Model
from .parameters import Number
from .regimen import Regimen
from .structures import Flow, Jump, System, build_system

FloatArray = npt.NDArray[np.float64]
_TOGETHER = 512
_NEWTON = 7


def curves_of_chains(
    model: Model,
    values: Mapping[str, Number],
    count: int,
    regimen: Regimen,
    t_min: FloatArray,
    analyte: str,
    ke0_per_min: float | None,
) -> tuple[FloatArray, FloatArray]:
    """Concentrations of a block of people.

    Parameters
    ----------
    model : Model
        The set.
    values : mapping
        Parameters, scalars or arrays of length `count`.
    count : int
        People in the block.
    regimen : Regimen
        Doses.
    t_min : float array, shape (k,)
        Times [min], any order.
    analyte : str
        Analyte or ``effect``.
    ke0_per_min : float or None
        Rate of the effect site [1/min].

    Returns
    -------
    curves : float array, shape (k, count)
        Concentration [ng/mL].
    cmax : float array, shape (count,)
        Highest concentration [ng/mL], between grid points too.
    """
    grid, place = np.unique(t_min, return_inverse=True)
    times = np.union1d(grid, _dense(regimen))
    wanted = np.searchsorted(times, grid)[place]
    curves = np.empty((t_min.size, count))
    cmax = np.empty(count)
    for first in range(0, count, _TOGETHER):
        some = slice(first, min(first + _TOGETHER, count))
        part = {k: v[some] if isinstance(v, np.ndarray) else v for k, v in values.items()}
        system = build_system(model, part, regimen, ke0_per_min)
        run = _Run(system, some.stop - first, analyte)
        line, top = run.through(times)
        curves[:, some] = line[wanted]
        cmax[some] = np.maximum(line.max(axis=0), run.crest(top))
    return curves, cmax


def _dense(regimen: Regimen) -> FloatArray:
    """Times at which a peak is bracketed, and every common change of input."""
    start = min(event.t_min for event in regimen.events)
    ends = [event.t_min + getattr(event, "duration_min", 0.0) for event in regimen.events]
    starts = [event.t_min for event in regimen.events]
    return np.concatenate([np.arange(start, max(ends) + 300.0, 3.0), ends, starts])


@dataclass(slots=True)
class _Top:
    """State just before the highest grid point of each person, and its time [min]."""

    state: FloatArray
    t_min: FloatArray
    width_min: FloatArray
    value: FloatArray


class _Run:
    """A stack of people on one system.

    Parameters
    ----------
    system : System
        Equations of all of them.
    count : int
        How many.
    analyte : str
        Output that is reported.
    """

    def __init__(self, system: System, count: int, analyte: str) -> None:
        n = system.rates.shape[-1]
        self.n, self.count = n, count
        self.rates = np.broadcast_to(system.rates, (count, n, n))
        self.flows = [entry for entry in system.inputs if isinstance(entry, Flow)]
        self.jumps = [entry for entry in system.inputs if isinstance(entry, Jump)]
        self.sources = sorted({flow.state for flow in self.flows})
        self.extended = _extended(self.rates, self.sources)
        self.index, self.factor = system.outputs[analyte]

    def value(self, state: FloatArray) -> FloatArray:
        """Concentration [ng/mL] of each person."""
        return np.asarray(state[:, self.index] * self.factor)

    def through(self, times: FloatArray) -> tuple[FloatArray, _Top]:
        """Carry everybody along a grid [min]; report concentrations and where the top lies."""
        lengths = np.round(np.diff(times), 9)
        kinds = {
            length: transitions(self.extended, np.full(self.count, length))
            for length in set(lengths)
        }
        state = np.zeros((self.count, self.n))
        self._jump(state, times[0])
        line = np.empty((times.size, self.count))
        line[0] = self.value(state)
        top = _Top(
            state.copy(), np.full(self.count, times[0]), np.zeros(self.count), line[0].copy()
        )
        for j, length in enumerate(lengths):
            after = self.advance(state, times[j], np.full(self.count, times[j + 1]), kinds[length])
            self._jump(after, times[j + 1])
            line[j + 1] = self.value(after)
            higher = line[j + 1] > top.value
            top.value[higher] = line[j + 1][higher]
            top.state[higher], top.t_min[higher] = state[higher], times[j]
            top.width_min[higher] = times[min(j + 2, times.size - 1)] - times[j]
            state = after
        return line, top

    def advance(
        self, state: FloatArray, start: float | FloatArray, end: FloatArray, step: FloatArray
    ) -> FloatArray:
        """States after a step during which nothing jumps."""
        after = np.einsum("bij,bj->bi", step[:, : self.n, : self.n], state)
        for flow in self.flows:
            column = self.n + self.sources.index(flow.state)
            after += self._flowed(flow, np.broadcast_to(start, end.shape), end, step, column)
        return np.asarray(after)

    def crest(self, top: _Top) -> FloatArray:
        """Refine the top of each person by Newton steps on the exact slope.

        The search runs from the grid point before the top to the one after it; an individual
        change of input inside it is tried as well, since the slope may break there.
        """
        best = top.value.copy()
        low, high = np.zeros(self.count), top.width_min.copy()
        tau = 0.5 * high
        for _ in range(_NEWTON):
            _, value, slope, bend = self._look(top, tau)
            best = np.maximum(best, value)
            low, high = np.where(slope > 0, tau, low), np.where(slope > 0, high, tau)
            with np.errstate(divide="ignore", invalid="ignore"):
                new = tau - slope / bend
            tau = np.where((low < new) & (new < high), new, 0.5 * (low + high))
        for flow in self.flows:
            ends = np.broadcast_to(np.asarray(flow.end_min, dtype=float), (self.count,))
            inside = np.clip(ends - top.t_min, 0.0, top.width_min)
            best = np.maximum(best, self._look(top, inside)[1])
        return best

    def _look(
        self, top: _Top, tau: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """State, value, slope and bend of everybody `tau` [min] after the point before the top."""
        end = top.t_min + tau
        state = self.advance(top.state, top.t_min, end, transitions(self.extended, tau))
        for jump in self.jumps:
            inside = (top.t_min < jump.t_min) & (jump.t_min <= end)
            if inside.any():
                rest = transitions(self.rates[inside], (end - jump.t_min)[inside])
                amount = np.broadcast_to(jump.amount_mg, (self.count,))[inside]
                state[inside] += rest[:, :, jump.state] * amount[:, None]
        flowing = np.zeros((self.count, self.n))
        for flow in self.flows:
            on = (flow.t_min <= end) & (end < flow.end_min)
            flowing[:, flow.state] += np.where(on, flow.rate_mg_per_min, 0.0)
        speed = np.einsum("bij,bj->bi", self.rates, state) + flowing
        bend = np.einsum("bij,bj->bi", self.rates, speed)
        return state, self.value(state), self.value(speed), self.value(bend)

    def _jump(self, state: FloatArray, t_min: float) -> None:
        for jump in self.jumps:
            if jump.t_min == t_min:
                state[:, jump.state] += jump.amount_mg

    def _flowed(
        self, flow: Flow, start: FloatArray, end: FloatArray, step: FloatArray, column: int
    ) -> FloatArray:
        """What a flow adds to the state between two times, wholly or partly running."""
        shape = (self.count,)
        ends = np.broadcast_to(np.asarray(flow.end_min, dtype=float), shape)
        rate = np.broadcast_to(np.asarray(flow.rate_mg_per_min, dtype=float), shape)[:, None]
        running = (flow.t_min < end) & (ends > start)
        whole = running & (flow.t_min <= start) & (ends >= end)
        added = np.zeros((self.count, self.n))
        added[whole] = step[whole, : self.n, column] * rate[whole]
        partly = np.flatnonzero(running & ~whole)
        if partly.size:
            since = (end - np.maximum(flow.t_min, start))[partly]
            until = np.maximum(end - ends, 0.0)[partly]
            begun = transitions(self.extended[partly], since)[:, : self.n, column]
            ended = transitions(self.extended[partly], until)[:, : self.n, column]
            added[partly] = (begun - ended) * rate[partly]
        return added


def _extended(rates: FloatArray, sources: list[int]) -> FloatArray:
    """Add one column for each state that a flow enters."""
    count, n = rates.shape[0], rates.shape[-1]
    larger = np.zeros((count, n + len(sources), n + len(sources)))
    larger[:, :n, :n] = rates
    for k, state in enumerate(sources):
        larger[:, state, n + k] = 1.0
    return larger
