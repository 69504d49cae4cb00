"""Scales, clock and infusion bars of a plot of levels."""

from datetime import timedelta

from .canvas import Canvas
from .pk_chart import STYLES, InfusionBar, PkChart
from .pk_frame import Frame, level_step, time_step

BAR_HEIGHT = 8.0


def rows_of(chart: PkChart) -> int:
    """Lines of infusion bars under the plot."""
    return max((bar.row + 1 for bar in chart.bars), default=1)


def foot_of(chart: PkChart) -> float:
    """Height under the plot that bars, times and their unit take."""
    return 28 + BAR_HEIGHT * rows_of(chart) + (16 if chart.clock_at_zero is None else 0)


def draw_axes(canvas: Canvas, frame: Frame, chart: PkChart, *, wide: bool) -> None:
    """Level lines, times, unit and bars."""
    step = level_step(frame.highest)
    for k in range(round(frame.highest / step) + 1):
        left, right = frame.at(0, k * step), frame.at(frame.horizon, k * step)
        canvas.line(left, right, "grid-strong" if k == 0 else "grid")
        canvas.text((left[0] - 6, left[1] + 4.5), f"{k * step:g}", fill="muted", anchor="end")
    below = 20 + BAR_HEIGHT * rows_of(chart)
    tick = time_step(frame.horizon, 7 if wide else 5)
    for k in range(int(frame.horizon / tick) + 1):
        x, y = frame.at(k * tick, 0)
        canvas.line((x, frame.top), (x, y), "grid")
        canvas.text((x, y + below), _tick(chart, k * tick), fill="muted", anchor="middle")
    canvas.text((frame.left, 14), f"Model estimate, {chart.unit}", fill="muted")
    if chart.clock_at_zero is None:
        canvas.text((frame.right, frame.bottom + below + 16), "minutes from start", size=12.5,
                    fill="muted", anchor="end")  # fmt: skip
    for bar in chart.bars:
        _bar(canvas, frame, bar)


def _bar(canvas: Canvas, frame: Frame, bar: InfusionBar) -> None:
    x0, y = frame.at(bar.from_min, 0)
    x1, _ = frame.at(bar.to_min, 0)
    at, size = (x0, y + 5 + BAR_HEIGHT * bar.row), (x1 - x0, BAR_HEIGHT - 2)
    colour = STYLES[bar.style][0]
    canvas.rect(at, size, colour, opacity=0.25 if bar.planned else 0.7)


def _tick(chart: PkChart, minute: float) -> str:
    if chart.clock_at_zero is None:
        return f"{minute:g}"
    return (chart.clock_at_zero + timedelta(minutes=minute)).strftime("%H:%M")
