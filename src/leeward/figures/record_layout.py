"""Where things lie in a record's drawing: rows from top to bottom, and the three scales."""

import math
from dataclasses import dataclass
from datetime import datetime

from .canvas import text_width
from .record_chart import PRESSURES, RATES, SATURATION, RecordChart
from .series import spread

TEXT = 12.5
KEY_ROW, CLOCK_ROW, DISC_ROW, LEADER = 20.0, 18.0, 20.0, 14.0
INFUSION_ROW, TEXT_ROW, MINUTE_ROW = 34.0, 18.0, 18.0
DISC_RADIUS, DISC_STEP = 9.0, 20.0
STEPS_MIN = (5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)
# The usual range of the left scale [mmHg, /min] and of the right one [%]; a reading outside
# widens it, because an odd reading is shown and not cut off.
LEFT_SCALE, LEFT_STEP = (40.0, 200.0), 20.0
RIGHT_SCALE, RIGHT_STEP, RIGHT_TICKS_FROM = (60.0, 100.0), 5.0, 80.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A mark in a row of marks: its place, its row counted from the plot, its words."""

    x: float
    row: int
    words: str
    true_x: float


@dataclass(frozen=True, slots=True)
class Layout:
    """All measures of one drawing."""

    width: float
    left: float
    right: float
    clock_y: float
    discs_y: float
    plot_top: float
    plot_bottom: float
    infusion_bottom: float
    rr_y: float | None
    observations_y: float
    bottom: float
    height: float
    from_s: float
    to_s: float
    left_range: tuple[float, float]
    right_range: tuple[float, float]
    discs: tuple[Lane, ...]
    observations: tuple[Lane, ...]

    def x(self, at: datetime) -> float:
        return self.x_s(at.timestamp())

    def x_s(self, at_s: float) -> float:
        share = (at_s - self.from_s) / (self.to_s - self.from_s)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """On the left scale: pressures and heart rate."""
        return self._y(value, self.left_range)

    def y_spo2(self, value: float) -> float:
        return self._y(value, self.right_range)

    def step_min(self, room: float) -> int:
        """Minutes between labels so that each has `room` pixels."""
        per_min = (self.right - self.left) / (self.to_s - self.from_s) * 60
        return next((s for s in STEPS_MIN if s * per_min >= room), STEPS_MIN[-1])

    def _y(self, value: float, scale: tuple[float, float]) -> float:
        low, high = scale
        share = (value - low) / (high - low)
        return self.plot_bottom - share * (self.plot_bottom - self.plot_top)


def lay_out(chart: RecordChart, *, wide: bool) -> Layout:
    """Measure one drawing: as high as its events and observations need."""
    width, plot_height = (780.0, 200.0) if wide else (340.0, 240.0)
    left, right = 36.0, width - (34.0 if wide else 32.0)
    seconds = [at.timestamp() for at in chart.times()]
    from_s, to_s = min(seconds), max(*seconds, min(seconds) + 60)
    scale = (right - left) / (to_s - from_s)

    def place(at: datetime) -> float:
        return left + (at.timestamp() - from_s) * scale

    discs = _place_discs([(str(n), place(at)) for n, at, _ in chart.events], left, right)
    marks = _place_marks([(words, place(at)) for at, words in chart.observations], left, right)
    key_rows = 1 if wide else 2
    clock_y = KEY_ROW * key_rows + 13
    discs_top = KEY_ROW * key_rows + CLOCK_ROW + 2
    plot_top = discs_top + _rows(discs) * DISC_ROW + LEADER
    plot_bottom = plot_top + plot_height
    infusion_bottom = plot_bottom + 6 + INFUSION_ROW
    rr_y = infusion_bottom + TEXT_ROW - 4 if any(v is not None for _, v in chart.rr) else None
    observations_y = infusion_bottom + (TEXT_ROW if rr_y else 0.0) + TEXT_ROW - 4
    bottom = infusion_bottom + TEXT_ROW * (_rows(marks) + bool(rr_y)) + 4
    height = bottom + (MINUTE_ROW if chart.zero else 6.0)
    return Layout(
        width, left, right, clock_y, discs_top, plot_top, plot_bottom, infusion_bottom, rr_y,
        observations_y, bottom, height, from_s, to_s, _left_range(chart), _right_range(chart),
        discs, marks,
    )  # fmt: skip


def _rows(lanes: tuple[Lane, ...]) -> int:
    return max((lane.row for lane in lanes), default=-1) + 1


def _place_discs(wanted: list[tuple[str, float]], left: float, right: float) -> tuple[Lane, ...]:
    """Discs beside each other near their minutes, in as many rows as they need."""
    wanted = sorted(wanted, key=lambda mark: mark[1])
    low, high = left + DISC_RADIUS, right - DISC_RADIUS
    rows = _rows_for([x for _, x in wanted], low, high)
    places = spread([x for _, x in wanted], DISC_STEP / rows, low, high)
    return tuple(
        Lane(place, k % rows, words, x)
        for k, ((words, x), place) in enumerate(zip(wanted, places, strict=True))
    )


def _rows_for(wanted: list[float], low: float, high: float) -> int:
    """One row while no disc strays far from its minute; two, or more, when many crowd."""
    needed = max(1, math.ceil(max(len(wanted) - 1, 0) * DISC_STEP / (high - low)))
    for rows in range(needed, needed + 2):
        places = spread(wanted, DISC_STEP / rows, low, high)
        strays = [abs(a - b) for a, b in zip(places, wanted, strict=True)]
        if max(strays, default=0.0) <= 2 * DISC_STEP:
            return rows
    return needed + 1


def _place_marks(wanted: list[tuple[str, float]], left: float, right: float) -> tuple[Lane, ...]:
    """Words at their minutes; one that would touch its neighbour goes a row lower."""
    ends: list[float] = []
    found = []
    for words, x in sorted(wanted, key=lambda mark: mark[1]):
        half = text_width(words, TEXT) / 2
        centre = min(max(x, left + half), max(right - half, left + half))
        row = next((k for k, end in enumerate(ends) if centre - half >= end + 3), len(ends))
        ends[row : row + 1] = [centre + half]
        found.append(Lane(centre, row, words, x))
    return tuple(found)


def _left_range(chart: RecordChart) -> tuple[float, float]:
    values = [v for _, v in chart.hr if v is not None]
    values += [v for _, *pair in chart.pressures for v in pair]
    values += [v for channel, _, v in chart.limits if channel in PRESSURES | RATES]
    return _widened(LEFT_SCALE, LEFT_STEP, values)


def _right_range(chart: RecordChart) -> tuple[float, float]:
    values = [v for _, v in chart.spo2 if v is not None]
    values += [v for channel, _, v in chart.limits if channel == SATURATION]
    return _widened(RIGHT_SCALE, RIGHT_STEP, values)


def _widened(usual: tuple[float, float], step: float, values: list[float]) -> tuple[float, float]:
    low, high = min([usual[0], *values]), max([usual[1], *values])
    return math.floor(low / step) * step, math.ceil(high / step) * step
