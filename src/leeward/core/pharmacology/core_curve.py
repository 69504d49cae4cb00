"""Plasma concentration of a mammillary core by superposed modes, carried from event to event.

The state is the concentration held in each mode.  Doses are never summed again for each time
asked: cost is the number of events plus the number of times.
"""

import math
from dataclasses import dataclass
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
        lambdas = modes.rates_per_min.tolist()
        gains = modes.coefficients.tolist()
        units = [gain / lam for gain, lam in zip(gains, lambdas, strict=True)]
        held = [0.0] * len(lambdas)
        rows = []
        for k, start in enumerate(starts):
            if k:
                tau, rate = start - starts[k - 1], rates[k - 1]
                for i, lam in enumerate(lambdas):
                    held[i] *= math.exp(-lam * tau)
                    if rate:
                        held[i] -= rate * units[i] * math.expm1(-lam * tau)
            if jumps[k]:
                held = [h + gain * jumps[k] for h, gain in zip(held, gains, strict=True)]
            rows.append(list(held))
        return cls(modes, np.array(starts), np.array(rows), np.array(rates))

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
        smallest, largest = float(gaps.min()), float(gaps.max())
        if smallest > 0.0 and largest - smallest <= _EVEN * step:
            return self._even(t_min, step)
        if smallest >= 0.0:
            return self._ascending(t_min)
        order = np.argsort(t_min, kind="stable")
        result = np.empty(t_min.size)
        result[order] = self._ascending(t_min[order])
        return result

    def _even(self, t_min: FloatArray, step_min: float) -> FloatArray:
        """Spread the states over an even grid: all stretches share one table of powers."""
        first = t_min.searchsorted(self.starts_min)
        many = np.diff(first, append=t_min.size)
        rates = self.modes.rates_per_min
        powers = np.exp(np.multiply.outer(-step_min * rates, np.arange(int(many.max()))))
        since = t_min[np.minimum(first, t_min.size - 1)] - self.starts_min
        held = self.held * np.exp(np.multiply.outer(-since, rates))
        table = held @ powers
        result = np.zeros(t_min.size)
        for k, (here, count) in enumerate(zip(first.tolist(), many.tolist(), strict=True)):
            result[here : here + count] = table[k, :count]
        self._feed(result, t_min, first, many)
        return result

    def _feed(self, result: FloatArray, t_min: FloatArray, first: Any, many: Any) -> None:
        """Add what the running infusions built up since their stretch began."""
        if not self.rate_mg_per_min.any():
            return
        stretch = np.arange(many.size).repeat(many)
        rate = self.rate_mg_per_min[stretch]
        running = np.flatnonzero(rate)
        since = t_min[running + first[0]] - self.starts_min[stretch[running]]
        gain = self.modes.coefficients / -self.modes.rates_per_min
        grown = gain @ np.expm1(np.multiply.outer(-self.modes.rates_per_min, since))
        result[running + first[0]] += grown * rate[running]

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


def changes_of_input(regimen: Regimen) -> tuple[list[float], list[float], list[float]]:
    """Times at which anything changes, boluses there [mg], and the rate from there on [mg/min]."""
    jumps: dict[float, float] = {}
    ends: list[tuple[float, float, float]] = []
    for event in regimen.events:
        if isinstance(event, Bolus):
            jumps[event.t_min] = jumps.get(event.t_min, 0.0) + event.dose_mg
        elif isinstance(event, Infusion):
            end = event.t_min + event.duration_min
            ends.append((event.t_min, end, event.rate_mg_per_min))
            jumps.setdefault(event.t_min, 0.0)
            jumps.setdefault(end, 0.0)
    starts = sorted(jumps)
    rates = [math.fsum(r for a, b, r in ends if a <= start < b) for start in starts]
    return starts, [jumps[start] for start in starts], rates
