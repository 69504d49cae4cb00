"""Compiled: exact Cmax and area of many people."""

import math
from typing import Any

import numpy as np

from .kernel_compiling import compiled


@compiled
def _given(starts: Any, jumps: Any, flows: Any) -> float:
    """Whole dose."""
    dose = 0.0
    for k in range(starts.size):
        dose += jumps[k]
        if k + 1 < starts.size:
            dose += flows[k] * (starts[k + 1] - starts[k])
    return dose


@compiled
def landmarks_of_people(
    core: Any,
    rates: Any,
    gains: Any,
    starts: Any,
    jumps: Any,
    flows: Any,
    cmax: Any,
    auc: Any,
) -> None:
    """Exact Cmax and area to infinity of each person."""
    held = np.empty(3)
    dose = _given(starts, jumps, flows)
    for s in range(core.shape[1]):
        held[:] = 0.0
        best = 0.0
        for k in range(starts.size):
            for i in range(3):
                held[i] += gains[s, i] * jumps[k]
            best = max(best, held[0] + held[1] + held[2])
            if k + 1 < starts.size:
                length = starts[k + 1] - starts[k]
                if flows[k] > 0.0 and held[0] > 0.0:
                    best = max(best, _inner(rates[s], gains[s], held, flows[k], length))
                _move(rates[s], gains[s], held, flows[k], length)
        cmax[s] = best
        auc[s] = 1000.0 * dose / core[0, s]


@compiled
def _move(rates: Any, gains: Any, held: Any, flow: float, length: float) -> None:
    """Carry held modes over a stretch."""
    for i in range(3):
        spent = -rates[i] * length
        held[i] *= math.exp(spent)
        if flow > 0.0:
            held[i] -= math.expm1(spent) * gains[i] / rates[i] * flow


@compiled
def _slope(rates: Any, gains: Any, held: Any, flow: float, tau: float) -> float:
    total = 0.0
    for i in range(3):
        total += (gains[i] * flow - rates[i] * held[i]) * math.exp(-rates[i] * tau)
    return total


@compiled
def _inner(rates: Any, gains: Any, held: Any, flow: float, length: float) -> float:
    """Highest value inside an infusion; one known turning point parts the zeros of the slope."""
    turn = 0.5 * length
    slope0 = (gains[0] * flow - rates[0] * held[0]) * (rates[0] - rates[2])
    slope1 = (gains[1] * flow - rates[1] * held[1]) * (rates[1] - rates[2])
    if slope1 != 0.0 and -slope0 / slope1 > 0.0 and rates[0] != rates[1]:
        at = math.log(-slope0 / slope1) / (rates[0] - rates[1])
        if 0.0 < at < length:
            turn = at
    best = 0.0
    for half in range(2):
        low, high = (0.0, turn) if half == 0 else (turn, length)
        if not (
            _slope(rates, gains, held, flow, low) > 0.0
            and _slope(rates, gains, held, flow, high) < 0.0
        ):
            continue
        for _ in range(60):
            middle = 0.5 * (low + high)
            if _slope(rates, gains, held, flow, middle) > 0.0:
                low = middle
            else:
                high = middle
        value = 0.0
        for i in range(3):
            spent = -rates[i] * low
            value += held[i] * math.exp(spent) - math.expm1(spent) * gains[i] / rates[i] * flow
        best = max(best, value)
    return best
