"""Exact modes of a mammillary core: rates and bolus coefficients.

The matrix of a mammillary core is similar to a symmetric arrowhead matrix, so its rates are real
and are separated by k21 and k31.  Each is the root of the secular equation inside its own bracket,
found by Newton steps that never leave the bracket, in variables that keep full relative accuracy
in the smallest rate.  The trigonometric solution of the cubic loses that accuracy.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .parameters import Number

FloatArray = npt.NDArray[np.float64]
NG_PER_ML = 1000.0
"""1 mg/L is 1000 ng/mL."""
_KEPT_TIMES = 4096


@dataclass(frozen=True, slots=True)
class Modes:
    """Response of the central concentration to a unit bolus: sum of C_i exp(-lambda_i t).

    Attributes
    ----------
    rates_per_min : float array, shape (n,)
        Rates lambda [1/min], fastest first.
    coefficients : float array, shape (n,)
        Coefficients C [(ng/mL)/mg].
    """

    rates_per_min: FloatArray
    coefficients: FloatArray

    def response(self, step_min: float, count: int) -> FloatArray:
        """What is left of each mode after 0, 1, 2 ... steps, and what a unit rate has made.

        Kept for the person and step last asked for, so that a change of dose costs no exponential.

        Parameters
        ----------
        step_min : float
            Step [min].
        count : int
            Number of times, the first at 0.

        Returns
        -------
        float array, shape (n + 1, count)
            Share of each mode left [1]; last, concentration per unit rate [(ng/mL)/(mg/min)].
        """
        rates, gains = tuple(self.rates_per_min.tolist()), tuple(self.coefficients.tolist())
        if count > _KEPT_TIMES:
            return _response(rates, gains, step_min, count)
        return _kept_response(rates, gains, step_min, 1 << (count - 1).bit_length())[:, :count]


def _response(
    rates: tuple[float, ...], gains: tuple[float, ...], step_min: float, count: int
) -> FloatArray:
    lambdas = np.array(rates)
    spent = np.multiply.outer(-step_min * lambdas, np.arange(count))
    result = np.empty((lambdas.size + 1, count))
    np.exp(spent, out=result[:-1])
    np.matmul(np.array(gains) / -lambdas, np.expm1(spent), out=result[-1])
    result.flags.writeable = False
    return result


_kept_response = lru_cache(maxsize=64)(_response)


def modes_of_core(values: Mapping[str, Number]) -> Modes:
    """Find the modes of a core given by clearances and volumes.

    Parameters
    ----------
    values : mapping
        ``cl``, ``v1`` and pairs ``q2, v2``, ``q3, v3`` [L/min, L], all scalars.

    Returns
    -------
    Modes
        Rates and coefficients.
    """
    v1, cl = float(values["v1"]), float(values["cl"])
    links: dict[float, float] = {}
    for q, v in (("q2", "v2"), ("q3", "v3")):
        flow = float(values.get(q, 0.0))
        if flow > 0.0:
            back = flow / float(values[v])
            links[back] = links.get(back, 0.0) + flow / v1
    backs = sorted(links, reverse=True)
    outs = [links[back] for back in backs]
    roots = secular_roots(cl / v1, outs, backs)
    coefficients = [_coefficient(roots, backs, i) * NG_PER_ML / v1 for i in range(len(roots))]
    return Modes(np.array(roots), np.array(coefficients))


def secular_roots(k10: float, outs: list[float], backs: list[float]) -> list[float]:
    """Return the rates of a mammillary core, fastest first.

    Parameters
    ----------
    k10 : float
        Elimination rate constant [1/min].
    outs : list of float
        Rate constants from the centre [1/min].
    backs : list of float
        Rate constants back to the centre [1/min], distinct, largest first.

    Returns
    -------
    list of float
        Rates [1/min]; one more than there are peripheral compartments.
    """
    edges = [k10 + math.fsum(outs) + (backs[0] if backs else 0.0), *backs, 0.0]
    return [_root_between(k10, outs, backs, low, high) for high, low in pairwise(edges)]


def _balance(k10: float, outs: list[float], backs: list[float], rate: float) -> float:
    """Return k10 - rate - sum(out rate / (back - rate)); falls from edge to edge, root inside.

    It equals k10 + sum(out) - rate - sum(out back / (back - rate)), written so that nothing
    cancels when `rate` is small.
    """
    return k10 - rate - sum(o * rate / (b - rate) for o, b in zip(outs, backs, strict=True))


def _slope(outs: list[float], backs: list[float], rate: float) -> float:
    return -1.0 - sum(o * b / (b - rate) ** 2 for o, b in zip(outs, backs, strict=True))


def _root_between(
    k10: float, outs: list[float], backs: list[float], low: float, high: float
) -> float:
    """Newton steps inside a shrinking bracket, to the last bit or nearly."""
    if k10 == 0.0 and low == 0.0:
        return 0.0
    rate = 0.5 * (low + high)
    for _ in range(200):
        f = _balance(k10, outs, backs, rate) if rate not in backs else math.nan
        if f == 0.0:
            return rate
        if f > 0.0:
            low = rate
        else:
            high = rate
        step = rate - f / _slope(outs, backs, rate) if math.isfinite(f) else math.nan
        if not low < step < high:
            step = 0.5 * (low + high) if low > 0.0 else _geometric(low, high)
        if abs(step - rate) <= 2e-16 * abs(step) or high - low <= 2e-16 * high:
            return step
        rate = step
    return rate


def _geometric(low: float, high: float) -> float:
    """Halve towards zero in ratio, so that very small roots are reached."""
    return math.sqrt(low * high) if low > 0.0 else high * 0.0625


def _coefficient(roots: list[float], backs: list[float], i: int) -> float:
    """Return the share of a unit bolus in mode i: prod(back - root_i) / prod(root_j - root_i)."""
    value = 1.0
    others = [root for j, root in enumerate(roots) if j != i]
    for back, other in zip(backs, others, strict=True):
        value *= (back - roots[i]) / (other - roots[i])
    return value


def modes_of_cores(values: Mapping[str, Number], count: int) -> tuple[FloatArray, FloatArray]:
    """Find the modes of many cores at once.

    Parameters
    ----------
    values : mapping
        ``cl``, ``v1`` and pairs ``q2, v2``, ``q3, v3`` [L/min, L]; scalars or arrays.
    count : int
        Number of cores.

    Returns
    -------
    rates_per_min : float array, shape (n, count)
        Rates [1/min], fastest first.
    coefficients : float array, shape (n, count)
        Coefficients [(ng/mL)/mg].
    """
    full = {
        name: np.broadcast_to(np.asarray(v, dtype=float), (count,)) for name, v in values.items()
    }
    pairs = [(q, v) for q, v in (("q2", "v2"), ("q3", "v3")) if q in full]
    outs = np.array([full[q] / full["v1"] for q, _ in pairs]).reshape(len(pairs), count)
    backs = np.array([full[q] / full[v] for q, v in pairs]).reshape(len(pairs), count)
    order = np.argsort(-backs, axis=0, kind="stable")
    backs, outs = np.take_along_axis(backs, order, 0), np.take_along_axis(outs, order, 0)
    k10 = full["cl"] / full["v1"]
    top = (k10 + outs.sum(axis=0) + (backs[0] if pairs else 0.0))[None, :]
    edges = np.vstack([top, backs, np.zeros((1, count))])
    roots = _roots_between(k10, outs, backs, edges[1:], edges[:-1])
    coefficients = np.empty_like(roots)
    for i in range(roots.shape[0]):
        others = [j for j in range(roots.shape[0]) if j != i]
        coefficients[i] = NG_PER_ML / full["v1"]
        for back, j in zip(backs, others, strict=True):
            coefficients[i] *= (back - roots[i]) / (roots[j] - roots[i])
    return roots, coefficients


def _roots_between(
    k10: FloatArray, outs: FloatArray, backs: FloatArray, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Bracketed Newton steps on all roots of all cores together."""
    low, high = low.copy(), high.copy()
    rate = 0.5 * (low + high)
    for _ in range(120):
        gap = backs[:, None, :] - rate
        f = k10 - rate - (outs[:, None, :] * rate / gap).sum(axis=0)
        slope = -1.0 - (outs[:, None, :] * backs[:, None, :] / gap**2).sum(axis=0)
        low, high = np.where(f > 0, rate, low), np.where(f > 0, high, rate)
        step = rate - f / slope
        inside = (low < step) & (step < high)
        step = np.where(inside, step, np.where(low > 0, 0.5 * (low + high), high * 0.0625))
        done = np.abs(step - rate) <= 4e-16 * np.abs(step)
        rate = step
        if done.all() or (high - low <= 4e-16 * high).all():
            break
    return rate
