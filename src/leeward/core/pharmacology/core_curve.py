"""Plasma concentration of a mammillary core by superposed modes, carried from event to event.

The state is the concentration held in each mode.  Doses are never summed again for each time
asked: cost is the number of events plus the number of times.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from .modes import Modes
from .regimen import Bolus, Infusion, Regimen

FloatArray = npt.NDArray[np.float64]

_EVEN = 1e-10
"""Largest relative unevenness of a grid that still counts as even [1]."""


@dataclass(frozen=True, slots=True)
class CoreCurve:
    """Modal state at every change of input.

    Attributes
    ----------
    modes : Modes
        Rates and coefficients.
    starts_min : float array, shape (m,)
        Times of change [min].
    held : float array, shape (m, n)
        Concentration held in each mode just after the change [ng/mL].
    rate_mg_per_min : float array, shape (m,)
        Infusion rate from there on [mg/min].
    """

    modes: Modes
    starts_min: FloatArray
    held: FloatArray
    rate_mg_per_min: FloatArray

    @classmethod
    def of(cls, modes: Modes, regimen: Regimen) -> "CoreCurve":
        """Carry the modes through the boluses and infusions of a regimen.

        Parameters
        ----------
        modes : Modes
            Modes of one person.
        regimen : Regimen
            Intravenous doses only.

        Returns
        -------
        CoreCurve
            State at every change.
        """
        starts, jumps, rates = changes_of_input(regimen)
        steps = [
            (there - here, rate, jump)
            for here, there, rate, jump in zip(starts, starts[1:], rates, jumps[1:], strict=False)
        ]
        held = [
            _carried(lam, gain, jumps[0], steps)
            for lam, gain in zip(
                modes.rates_per_min.tolist(), modes.coefficients.tolist(), strict=True
            )
        ]
        return cls(modes, np.array(starts), np.array(held).T, np.array(rates))

    def concentration(self, t_min: FloatArray) -> FloatArray:
        """Concentration [ng/mL] at `t_min` [min]; 0 before the first dose.

        Parameters
        ----------
        t_min : float array, shape (k,)
            Times [min], any order.

        Returns
        -------
        float array, shape (k,)
            Concentration [ng/mL].
        """
        if t_min.size < 2:
            return self._ascending(t_min)
        gaps = t_min[1:] - t_min[:-1]
        step = float(t_min[-1] - t_min[0]) / gaps.size
        smallest, largest = float(np.minimum.reduce(gaps)), float(np.maximum.reduce(gaps))
        if smallest > 0.0 and largest - smallest <= _EVEN * step:
            return self._even(t_min, step)
        if smallest >= 0.0:
            return self._ascending(t_min)
        order = np.argsort(t_min, kind="stable")
        result = np.empty(t_min.size)
        result[order] = self._ascending(t_min[order])
        return result

    def _even(self, t_min: FloatArray, step_min: float) -> FloatArray:
        """Spread the states over an even grid: all stretches share one table of powers.

        Each state is carried to the first grid time of its stretch; from there on every time is a
        power of the same step.  All that is added has one sign, so nothing cancels.
        """
        first = t_min.searchsorted(self.starts_min)
        bounds = [*first.tolist(), t_min.size]
        many = [there - here for here, there in pairwise(bounds)]
        table = self._at_first(t_min, first) @ self.modes.response(step_min, max(many))
        result = np.empty(t_min.size)
        result[: bounds[0]] = 0.0
        for k, count in enumerate(many):
            if count:
                here = bounds[k]
                result[here : here + count] = table[k, :count]
        return result

    def _at_first(self, t_min: FloatArray, first: Any) -> FloatArray:
        """State of each stretch at its first grid time, if it has one; last, its rate."""
        since = t_min.take(first, mode="clip") - self.starts_min
        np.maximum(since, 0.0, out=since)
        rates, flow = self.modes.rates_per_min, self.rate_mg_per_min[:, None]
        spent = np.multiply.outer(since, -rates)
        state = np.empty((since.size, rates.size + 1))
        state[:, -1:] = flow
        state[:, :-1] = self.held * np.exp(spent)
        state[:, :-1] -= flow * (self.modes.coefficients / rates) * np.expm1(spent)
        return state

    def _feed(self, result: FloatArray, t_min: FloatArray, first: Any, many: Any) -> None:
        """Add what the running infusions built up since their stretch began."""
        if not self.rate_mg_per_min.any():
            return
        stretch = np.arange(many.size).repeat(many)
        rate = self.rate_mg_per_min[stretch]
        running = np.flatnonzero(rate)
        since = t_min[running + first[0]] - self.starts_min[stretch[running]]
        spent = np.multiply.outer(-self.modes.rates_per_min, since)
        result[running + first[0]] += (
            (self.modes.coefficients / -self.modes.rates_per_min) @ np.expm1(spent) * rate[running]
        )

    def _ascending(self, t_min: FloatArray) -> FloatArray:
        """Spread the states over ascending times; times before the first dose come out as 0."""
        first = t_min.searchsorted(self.starts_min)
        many = np.diff(first, append=t_min.size)
        result = np.zeros(t_min.size)
        begun = first[0]
        spent = np.multiply.outer(
            -self.modes.rates_per_min, t_min[begun:] - self.starts_min.repeat(many)
        )
        parts = self.held.repeat(many, axis=0).T * np.exp(spent)
        np.add.reduce(parts, axis=0, out=result[begun:])
        self._feed(result, t_min, first, many)
        return result


def _carried(
    lam: float, gain: float, jump_mg: float, steps: list[tuple[float, float, float]]
) -> list[float]:
    """One mode just after every change: time until it, rate meanwhile, bolus at it."""
    held, unit, exp, expm1 = gain * jump_mg, -gain / lam, math.exp, math.expm1
    column = [held]
    for tau, rate, jump in steps:
        spent = -lam * tau
        held *= exp(spent)
        if rate:
            held += rate * unit * expm1(spent)
        if jump:
            held += gain * jump
        column.append(held)
    return column


def changes_of_input(regimen: Regimen) -> tuple[list[float], list[float], list[float]]:
    """Times at which anything changes, boluses there [mg], and the rate from there on [mg/min]."""
    jumps: dict[float, float] = {}
    flows: list[tuple[float, float, float]] = []
    for event in regimen.events:
        start = event.t_min
        if isinstance(event, Infusion):
            end = start + event.duration_min
            flows.append((start, end, event.rate_mg_per_min))
            jumps.setdefault(start, 0.0)
            jumps.setdefault(end, 0.0)
        elif isinstance(event, Bolus):
            jumps[start] = jumps.get(start, 0.0) + event.dose_mg
    starts = sorted(jumps)
    return starts, [jumps[start] for start in starts], _rates(starts, flows)


def _rates(starts: list[float], flows: list[tuple[float, float, float]]) -> list[float]:
    """Sum of the rates that run from each time on, in any order to the same last bit."""
    place = {start: k for k, start in enumerate(starts)}
    rates = [0.0] * len(starts)
    shared: dict[int, list[float]] = {}
    for start, end, rate in flows:
        for k in range(place[start], place[end]):
            if k in shared:
                shared[k].append(rate)
                rates[k] = math.fsum(shared[k])
            else:
                shared[k] = [rate]
                rates[k] = rate
    return rates
