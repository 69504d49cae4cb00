"""Limits on a record: dashed lines with labels, where they cover the fewest readings."""

from collections.abc import Iterator
from itertools import product

from .canvas import Canvas, Point, figure, text_width
from .record_chart import PRESSURES, RATES, SATURATION, RecordChart
from .record_layout import TEXT, Layout

LABEL_HEIGHT = 13.0


def draw_limits(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    """Every limit that has a scale here; drawn before the readings, so that it hides none."""
    taken = list(_readings(layout, chart))
    for channel, label, value in chart.limits:
        found = _place(layout, channel, value)
        if found is None:
            continue
        y, colour = found
        canvas.line((layout.left, y), (layout.right, y), colour, dash="2 4")
        words = f"{label} {figure(value)}"
        x, baseline = _quietest(layout, y, text_width(words, TEXT), taken)
        canvas.text((x, baseline), words, size=TEXT, fill=colour)
        taken += [(x + k * 4, baseline - 5) for k in range(int(text_width(words, TEXT) / 4))] * 9


def _place(layout: Layout, channel: str, value: float) -> tuple[float, str] | None:
    if channel == SATURATION:
        return layout.y_spo2(value), "spo2"
    if channel in RATES:
        return layout.y(value), "hr"
    return (layout.y(value), "bp") if channel in PRESSURES else None


def _quietest(layout: Layout, y: float, width: float, taken: list[Point]) -> Point:
    """Right of the plot before left, over the line before under it; then where least lies."""
    starts = (layout.right - 5 - width, layout.left + 5, (layout.left + layout.right - width) / 2)
    baselines = [
        at for at in (y - 4, y + LABEL_HEIGHT) if layout.plot_top + 9 < at < layout.plot_bottom
    ]

    def covered(at: Point) -> int:
        x, baseline = at
        return sum(
            x - 2 <= px <= x + width + 2 and baseline - LABEL_HEIGHT <= py <= baseline + 4
            for px, py in taken
        )

    return min(product(starts, baselines or [y - 4]), key=covered)


def _readings(layout: Layout, chart: RecordChart) -> Iterator[Point]:
    yield from ((layout.x(at), layout.y(v)) for at, v in chart.hr if v is not None)
    yield from ((layout.x(at), layout.y_spo2(v)) for at, v in chart.spo2 if v is not None)
    for at, systolic, diastolic in chart.pressures:
        high, low = layout.y(systolic), layout.y(diastolic)
        yield from ((layout.x(at), high + k * (low - high) / 12) for k in range(13))
