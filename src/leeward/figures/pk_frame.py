"""Where a plot of levels lies on its canvas, and its scales."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import Point
from .pk_chart import PkChart

_TICKS_MIN = (5, 10, 15, 20, 30, 60, 120, 240, 480, 720, 1440)


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's edges and what they stand for."""

    left: float
    top: float
    right: float
    bottom: float
    horizon: float
    highest: float

    def at(self, t_min: float, level: float) -> Point:
        """Point of a time and a level, kept within the plot."""
        x = self.left + (self.right - self.left) * min(max(t_min / self.horizon, 0), 1)
        y = self.bottom - (self.bottom - self.top) * min(max(level / self.highest, 0), 1)
        return x, y

    def curve(self, t_min: Sequence[float], level: Sequence[float]) -> list[Point]:
        """The points within the window."""
        pairs = zip(t_min, level, strict=True)
        return [self.at(t, v) for t, v in pairs if 0 <= t <= self.horizon]


def highest_of(chart: PkChart) -> float:
    """Upper end of the level scale: a whole number of steps above everything drawn."""
    values = [v for c in chart.curves for v in c.level] + [v for b in chart.bands for v in b.high]
    values += [line.high or line.level for line in chart.references]
    top = max(values, default=1.0) or 1.0
    step = level_step(top)
    return step * math.ceil(top * 1.04 / step)


def level_step(top: float) -> float:
    """Distance between two level lines."""
    magnitude = 10.0 ** math.floor(math.log10(top))
    return next(s * magnitude for s in (0.2, 0.5, 1.0, 2.0) if top / (s * magnitude) <= 5.5)


def time_step(horizon_min: float, most: int) -> float:
    """Distance between two times [min], so that at most `most` of them are written."""
    fits = (step for step in _TICKS_MIN if horizon_min / step <= most)
    return next(fits, 1440.0 * math.ceil(horizon_min / 1440.0 / most))


def decimals_of(highest: float) -> int:
    """Decimals a level is written with: none for ng/mL, two for an index."""
    return 0 if highest > 5 else 2
