"""The frame of a record: clock above, minutes below, two scales, the key, and the present."""

from datetime import datetime

from .canvas import Canvas, figure, text_width
from .record_chart import RecordChart
from .record_layout import LEFT_STEP, RIGHT_STEP, RIGHT_TICKS_FROM, TEXT, TEXT_ROW, Layout

LABEL_ROOM, FINE_ROOM = 62.0, 14.0
MINUTE_S = 60


def draw_axes(canvas: Canvas, layout: Layout, chart: RecordChart, *, wide: bool) -> None:
    """Grid, scales and the names of the rows."""
    if chart.now is not None:
        x = layout.x(chart.now)
        size = (layout.right - x, layout.bottom - layout.plot_top)
        canvas.rect((x, layout.plot_top), size, "chart-future")
    _scales(canvas, layout)
    _times(canvas, layout, chart)
    _row_names(canvas, layout, wide=wide)


def draw_key(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    """What each sign means; symbols differ from clinic to clinic, so it is always there."""
    wide = layout.width > 400
    x, y = 2.0, 14.0
    canvas.polyline([(x, y - 11), (x + 5, y - 5), (x + 10, y - 11)], "bp", width=1.8)
    canvas.polyline([(x, y + 2), (x + 5, y - 4), (x + 10, y + 2)], "bp", width=1.8)
    canvas.text((x + 16, y), "BP mmHg", size=TEXT, fill="muted")
    x += 86
    canvas.line((x, y - 4), (x + 16, y - 4), "hr", width=1.2)
    canvas.circle((x + 8, y - 4), 2.6, "hr")
    canvas.text((x + 22, y), "HR /min", size=TEXT, fill="muted")
    x, y = (x + 86, y) if wide else (2.0, y + 20)
    canvas.line((x, y - 4), (x + 18, y - 4), "spo2", width=1.8, dash="5 3")
    canvas.text((x + 24, y), "SpO2 %, right scale", size=TEXT, fill="muted")
    if chart.events:
        x += 164
        canvas.circle((x + 8, y - 4), 7.5, "card", stroke="muted")
        canvas.text((x + 8, y), "1", size=12, anchor="middle", bold=True)
        canvas.text((x + 22, y), "event, see list", size=TEXT, fill="muted")


def draw_now(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    """A line through the drawing, with the time on a tag at the top."""
    if chart.now is None:
        return
    x = layout.x(chart.now)
    canvas.line((x, layout.plot_top), (x, layout.bottom), "ink", width=1.4)
    tag = min(max(x, layout.left + 21), layout.right - 10)
    canvas.rect((tag - 21, layout.clock_y - 12), (42, 16), "ink")
    canvas.text((tag, layout.clock_y), f"{chart.now:%H:%M}", size=TEXT, fill="card",
                anchor="middle", bold=True)  # fmt: skip


def _scales(canvas: Canvas, layout: Layout) -> None:
    low, high = layout.left_range
    for k in range(int((high - low) / LEFT_STEP) + 1):
        y = layout.y(low + k * LEFT_STEP)
        canvas.line((layout.left, y), (layout.right, y), "grid")
        if (layout.plot_bottom - layout.plot_top) / (high - low) * LEFT_STEP * (1 + k % 2) > 14:
            words = figure(low + k * LEFT_STEP)
            canvas.text((layout.left - 6, y + 4), words, size=TEXT, fill="muted", anchor="end")
    low, high = layout.right_range
    first = RIGHT_TICKS_FROM if low >= 60 else low
    step = RIGHT_STEP if low >= 60 else 2 * RIGHT_STEP
    canvas.line((layout.right, layout.y_spo2(first)), (layout.right, layout.plot_top), "spo2",
                width=1.5)  # fmt: skip
    value = high
    while value >= first:
        at = (layout.right + 5, layout.y_spo2(value) + 4)
        canvas.text(at, figure(value), size=TEXT, fill="spo2")
        value -= step


def _times(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    step_s, fine_s = (layout.step_min(room) * MINUTE_S for room in (LABEL_ROOM, FINE_ROOM))
    anchor = (chart.zero or _whole_hour(chart.start)).timestamp()
    zone = chart.start.tzinfo
    at = anchor + fine_s * _ceil_div(layout.from_s - anchor, fine_s)
    while at <= layout.to_s:
        x, is_strong = layout.x_s(at), (at - anchor) % step_s == 0
        stroke = "grid-strong" if is_strong else "grid"
        canvas.line((x, layout.plot_top), (x, layout.bottom), stroke)
        if is_strong:
            _tick(canvas, layout, chart, x, datetime.fromtimestamp(at, zone), (at - anchor) / 60)
        at += fine_s
    if chart.zero is not None:
        y = layout.bottom + 13
        canvas.text((2, y), "Min", size=TEXT, fill="muted")


def _tick(
    canvas: Canvas, layout: Layout, chart: RecordChart, x: float, clock: datetime, minute: float
) -> None:
    if chart.zero is not None and x > 2 + text_width("Min", TEXT) + 10:
        at = (x, layout.bottom + 13)
        canvas.text(at, figure(minute), size=TEXT, fill="muted", anchor="middle")
    is_by_now = chart.now is not None and abs(x - layout.x(chart.now)) < 44
    if not is_by_now:
        canvas.text((x, layout.clock_y), f"{clock:%H:%M}", size=TEXT, anchor="middle")


def _row_names(canvas: Canvas, layout: Layout, *, wide: bool) -> None:
    x = layout.right - 5
    base = layout.infusion_bottom
    canvas.line((layout.left, base), (layout.right, base), "grid-strong")
    canvas.line((layout.left, layout.bottom), (layout.right, layout.bottom), "grid-strong")
    name = "Infusion, mL/h" if wide else "mL/h"
    canvas.text((x, base - 22), name, size=TEXT, fill="muted", anchor="end")
    if layout.rr_y is not None:
        canvas.text((2, layout.rr_y), "RR", size=TEXT, fill="muted")
    if layout.observations:
        canvas.text((2, layout.observations_y), "Obs", size=TEXT, fill="muted")
        y = layout.observations_y - TEXT_ROW + 4
        canvas.line((layout.left, y), (layout.right, y), "grid")


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _ceil_div(value: float, step: float) -> int:
    return int(-(-value // step))
