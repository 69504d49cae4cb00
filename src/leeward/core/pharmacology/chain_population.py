"""Many people on a system of depots and chains: stacked exact transitions, shared by steps.

Parameters may differ between the sessions of a person; the system changes with the first dose of
each session and the amounts go on.
"""

from collections.abc import Mapping, Sequence
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
    sessions: Sequence[tuple[Regimen, Mapping[str, Number]]],
    count: int,
    t_min: FloatArray,
    analyte: str,
    ke0_per_min: float | None,
) -> tuple[FloatArray, FloatArray]:
    """Concentrations of a block of people.

    Parameters
    ----------
    model : Model
        The set.
    sessions : sequence of (Regimen, mapping)
        Doses of each session in order of time, and the parameters then: scalars or arrays of
        length `count`.
    count : int
        People in the block.
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
    dense = [_dense(regimen) for regimen, _ in sessions]
    times = np.union1d(grid, np.concatenate(dense))
    wanted = np.searchsorted(times, grid)[place]
    curves = np.empty((t_min.size, count))
    cmax = np.empty(count)
    for first in range(0, count, _TOGETHER):
        some = slice(first, min(first + _TOGETHER, count))
        systems = [
            build_system(model, _some(values, some), regimen, ke0_per_min)
            for regimen, values in sessions
        ]
        starts = [min(event.t_min for event in regimen.events) for regimen, _ in sessions]
        run = _Run(systems, starts, some.stop - first, analyte)
        line, top = run.through(times)
        curves[:, some] = line[wanted]
        cmax[some] = np.maximum(line.max(axis=0), run.crest(top))
    return curves, cmax


def _some(values: Mapping[str, Number], people: slice) -> dict[str, Number]:
    return {k: v[people] if isinstance(v, np.ndarray) else v for k, v in values.items()}


def _dense(regimen: Regimen) -> FloatArray:
    """Times at which a peak is bracketed, and every common change of input."""
    start = min(event.t_min for event in regimen.events)
    ends = [event.t_min + getattr(event, "duration_min", 0.0) for event in regimen.events]
    starts = [event.t_min for event in regimen.events]
    return np.concatenate([np.arange(start, max(ends) + 300.0, 3.0), ends, starts])


@dataclass(slots=True)
class _Top:
    """State just before the highest grid point of each person, its time [min] and session."""

    state: FloatArray
    session: npt.NDArray[np.int64]
    t_min: FloatArray
    width_min: FloatArray
    value: FloatArray


class _Run:
    """A stack of people, each on one system in each session.

    Parameters
    ----------
    systems : sequence of System
        Equations of all of them, session by session.
    starts : sequence of float
        When each session begins [min].
    count : int
        How many people.
    analyte : str
        Output that is reported.
    """

    def __init__(
        self, systems: Sequence[System], starts: Sequence[float], count: int, analyte: str
    ) -> None:
        n = systems[0].rates.shape[-1]
        self.n, self.count = n, count
        inputs = [entry for system in systems for entry in system.inputs]
        self.flows = [entry for entry in inputs if isinstance(entry, Flow)]
        self.jumps = [entry for entry in inputs if isinstance(entry, Jump)]
        self.sources = sorted({flow.state for flow in self.flows})
        self.starts = np.array(starts)
        self.rates = np.array([np.broadcast_to(s.rates, (count, n, n)) for s in systems])
        self.extended = np.array([_extended(rates, self.sources) for rates in self.rates])
        self.index = systems[0].outputs[analyte][0]
        self.factor = np.array([np.broadcast_to(s.outputs[analyte][1], (count,)) for s in systems])

    def session_at(self, t_min: FloatArray) -> npt.NDArray[np.int64]:
        """Which session each time [min] belongs to; what comes before the first counts to it."""
        return np.maximum(np.searchsorted(self.starts, t_min, side="right") - 1, 0)

    def value(self, state: FloatArray, factor: FloatArray) -> FloatArray:
        """Concentration [ng/mL] of each person."""
        return np.asarray(state[:, self.index] * factor)

    def through(self, times: FloatArray) -> tuple[FloatArray, _Top]:
        """Carry everybody along a grid [min]; report concentrations and where the top lies."""
        lengths, session = np.round(np.diff(times), 9), self.session_at(times)
        kinds: dict[tuple[int, float], FloatArray] = {}
        state = np.zeros((self.count, self.n))
        self._jump(state, times[0])
        line = np.empty((times.size, self.count))
        line[0] = self.value(state, self.factor[0])
        none = np.zeros(self.count)
        top = _Top(
            state.copy(), none.astype(np.int64), none + times[0], none + 0.0, line[0].copy()
        )
        for j, length in enumerate(lengths):
            kind = (int(session[j]), float(length))
            if kind not in kinds:
                kinds[kind] = transitions(self.extended[kind[0]], np.full(self.count, length))
            after = self.advance(state, times[j], np.full(self.count, times[j + 1]), kinds[kind])
            self._jump(after, times[j + 1])
            line[j + 1] = self.value(after, self.factor[session[j + 1]])
            higher = line[j + 1] > top.value
            beyond = j + 2 if j + 2 < times.size and session[j + 1] == session[j] else j + 1
            top.value[higher] = line[j + 1][higher]
            top.state[higher], top.t_min[higher] = state[higher], times[j]
            top.session[higher] = session[j]
            top.width_min[higher] = times[beyond] - times[j]
            state = after
        return line, top

    def advance(
        self,
        state: FloatArray,
        start: float | FloatArray,
        end: FloatArray,
        step: FloatArray,
        extended: FloatArray | None = None,
    ) -> FloatArray:
        """States after a step during which nothing jumps and no session begins."""
        if extended is None:
            extended = self.extended[self.session_at(np.asarray(start))]
        after = np.einsum("bij,bj->bi", step[:, : self.n, : self.n], state)
        for flow in self.flows:
            column = self.n + self.sources.index(flow.state)
            began = np.broadcast_to(start, end.shape)
            after += self._flowed(flow, began, end, step, column, extended)
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
        own = (top.session, np.arange(self.count))
        rates, extended, factor = self.rates[own], self.extended[own], self.factor[own]
        end = top.t_min + tau
        state = self.advance(top.state, top.t_min, end, transitions(extended, tau), extended)
        for jump in self.jumps:
            inside = (top.t_min < jump.t_min) & (jump.t_min <= end)
            if inside.any():
                rest = transitions(rates[inside], (end - jump.t_min)[inside])
                amount = np.broadcast_to(jump.amount_mg, (self.count,))[inside]
                state[inside] += rest[:, :, jump.state] * amount[:, None]
        flowing = np.zeros((self.count, self.n))
        for flow in self.flows:
            on = (flow.t_min <= end) & (end < flow.end_min)
            flowing[:, flow.state] += np.where(on, flow.rate_mg_per_min, 0.0)
        speed = np.einsum("bij,bj->bi", rates, state) + flowing
        bend = np.einsum("bij,bj->bi", rates, speed)
        value = self.value
        return state, value(state, factor), value(speed, factor), value(bend, factor)

    def _jump(self, state: FloatArray, t_min: float) -> None:
        for jump in self.jumps:
            if jump.t_min == t_min:
                state[:, jump.state] += jump.amount_mg

    def _flowed(
        self,
        flow: Flow,
        start: FloatArray,
        end: FloatArray,
        step: FloatArray,
        column: int,
        extended: FloatArray,
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
            begun = transitions(extended[partly], since)[:, : self.n, column]
            ended = transitions(extended[partly], until)[:, : self.n, column]
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
