"""Compiled: the modes of many mammillary cores.  See `modes` for the method."""

import math
from typing import Any

import numpy as np

from .kernel_compiling import compiled


@compiled
def _links(core: Any, s: int, links: Any) -> Any:
    """Rates out and back of the peripherals, fastest way back first; absent ones are 0."""
    v1 = core[1, s]
    o1, o2 = core[2, s] / v1, core[4, s] / v1
    b1 = core[2, s] / core[3, s]
    b2 = core[4, s] / core[5, s]
    if b2 > b1:
        o1, o2, b1, b2 = o2, o1, b2, b1
    links[0], links[1], links[2], links[3] = o1, b1, o2, b2
    return 1 + (o1 > 0.0) + (o2 > 0.0)


@compiled
def _cubic(k10: float, links: Any, starts: Any) -> None:
    """Trigonometric roots of the cubic: start values only, they lose digits in slow rates."""
    o1, b1, o2, b2 = links[0], links[1], links[2], links[3]
    shift = (k10 + o1 + o2 + b1 + b2) / 3.0
    pairs = k10 * (b1 + b2) + o1 * b2 + o2 * b1 + b1 * b2
    p = max(shift * shift - pairs / 3.0, 0.0)
    q = shift * shift * shift - 0.5 * shift * pairs + 0.5 * k10 * b1 * b2
    root = math.sqrt(p)
    cosine = min(1.0, max(-1.0, q / (p * root))) if p > 0.0 else 0.0
    angle = math.acos(cosine) / 3.0
    across, up = math.cos(angle), math.sin(angle)
    starts[0] = shift + 2.0 * root * across
    starts[1] = shift + root * (math.sqrt(3.0) * up - across)
    starts[2] = shift - root * (math.sqrt(3.0) * up + across)


@compiled
def _root(k10: float, links: Any, low: float, high: float, rate: float) -> float:
    """Newton on the secular equation, never outside a shrinking bracket."""
    o1, b1, o2, b2 = links[0], links[1], links[2], links[3]
    for _ in range(100):
        f = k10 - rate - o1 * rate / (b1 - rate) - o2 * rate / (b2 - rate)
        bend = o1 * b1 / ((b1 - rate) * (b1 - rate)) + o2 * b2 / ((b2 - rate) * (b2 - rate))
        if f > 0.0:
            low = rate
        else:
            high = rate
        step = rate + f / (1.0 + bend)
        if not low < step < high:
            step = 0.5 * (low + high) if low > 0.0 else 0.0625 * high
        done = abs(step - rate) <= 1e-13 * step  # the next error is far smaller
        rate = step
        if done or high - low <= 4e-16 * high:
            break
    return rate


@compiled
def modes_of_people(core: Any, rates: Any, gains: Any) -> None:
    """Rates and gains of every core; unused modes have rate 1 and gain 0."""
    links, starts = np.empty(4), np.empty(3)
    for s in range(core.shape[1]):
        v1 = core[1, s]
        k10 = core[0, s] / v1
        n = _links(core, s, links)
        edges = (k10 + links[0] + links[2] + links[1], links[1], links[3], 0.0)
        _cubic(k10, links, starts)
        for i in range(n):
            start = starts[i]
            if n < 3 or not edges[i + 1] < start < edges[i]:
                start = 0.5 * (edges[i + 1] + edges[i])
            rates[s, i] = _root(k10, links, edges[i + 1], edges[i], start)
        for i in range(n, 3):
            rates[s, i] = 1.0
        _gains(links, v1, n, rates[s], gains[s])


@compiled
def _gains(links: Any, v1: float, n: int, rates: Any, gains: Any) -> None:
    """Share of a unit bolus in each mode [(ng/mL)/mg]."""
    gains[:] = 0.0
    for i in range(n):
        gain, place = 1000.0 / v1, 0
        for j in range(n):
            if j != i:
                gain *= (links[2 * place + 1] - rates[i]) / (rates[j] - rates[i])
                place += 1
        gains[i] = gain
