"""The largest pulse that takes the effect site to a target, after Shafer & Gregg 1992."""

import numpy as np
import numpy.typing as npt

from .exponential import transition
from .metrics import Peak

FloatArray = npt.NDArray[np.float64]


class Pulse:
    """Response of the effect site to a unit rate held for one planning step.

    Parameters
    ----------
    rates : float array, shape (n, n)
        Matrix of core and effect site [1/min], the effect site last.
    after : float array, shape (n,)
        State [mg] that a unit rate held for one step leaves.
    interval_min : float
        Length of a planning step [min].
    """

    def __init__(self, rates: FloatArray, after: FloatArray, interval_min: float) -> None:
        self.rates, self.after, self.interval = rates, after, interval_min
        self.powers = [transition(rates, interval_min * 2.0**k) for k in range(14)]

    def largest_rate(self, decayed: FloatArray, target_mg: float) -> float:
        """Rate [mg/min] whose peak at the effect site just touches `target_mg` [mg].

        Parameters
        ----------
        decayed : float array, shape (n,)
            State [mg] at the end of the step if the pump stays off.
        target_mg : float
            Target at the effect site, as an amount [mg].

        Returns
        -------
        float
            Rate [mg/min], 0 if the pump-off peak already reaches the target.

        Notes
        -----
        Starts from the peak of the pulse alone and iterates peak and rate; both the state with
        the pump off and the pulse decay freely after the step, so the peak is that of one freely
        decaying state and is found as the root of its slope.
        """
        if self._crest(decayed).value_ng_per_ml >= target_mg:
            return 0.0
        rate = (target_mg - float(decayed[-1])) / self._crest(self.after).value_ng_per_ml
        for _ in range(50):
            top = self._crest(decayed + rate * self.after)
            there = transition(self.rates, top.t_min)
            new = (target_mg - float((there @ decayed)[-1])) / float((there @ self.after)[-1])
            if abs(new - rate) <= 1e-12 * abs(new):
                return new
            rate = new
        return rate

    def _crest(self, state: FloatArray) -> Peak:
        """Exact highest effect-site value of a freely decaying state, and when."""
        slope = self.rates[-1]
        if float(slope @ state) <= 0.0:
            return Peak(float(state[-1]), 0.0)
        tau, here = 0.0, state
        width = self.interval
        for k, power in enumerate(self.powers):
            there = power @ here
            if float(slope @ there) <= 0.0:
                width = self.interval * 2.0**k
                break
            tau, here = tau + self.interval * 2.0**k, there
        else:
            return Peak(float(here[-1]), tau)
        within = _zero_of_slope(self.rates, here, width)
        value = float((transition(self.rates, within) @ here)[-1])
        return Peak(value, tau + within)


def _zero_of_slope(rates: FloatArray, state: FloatArray, width: float) -> float:
    """Time in (0, width] at which the last state stops rising; bracketed Newton."""
    slope, bend = rates[-1], rates[-1] @ rates
    low, high, tau = 0.0, width, 0.5 * width
    for _ in range(80):
        here = transition(rates, tau) @ state
        f, g = float(slope @ here), float(bend @ here)
        low, high = (tau, high) if f > 0 else (low, tau)
        new = tau - f / g if g else low - 1.0
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - tau) <= 1e-13 * width:
            return new
        tau = new
    return tau
