"""The record of one session: pressures, heart rate, saturation, doses and events on one clock."""

from datetime import datetime

from .canvas import Canvas, Point, figure, text_width
from .record_axes import draw_axes, draw_key, draw_now
from .record_chart import Readings, RecordChart
from .record_layout import DISC_RADIUS, DISC_ROW, INFUSION_ROW, TEXT, TEXT_ROW, Layout, lay_out
from .record_limits import draw_limits
from .record_words import describe_record
from .series import apart, stretches, thin

__all__ = ["RecordChart", "describe_record", "draw_record"]

DOT_EVERY, NUMBER_EVERY = 5.0, 26.0
CUFF_HALF, CUFF_DEPTH = 5.0, 7.0


def draw_record(chart: RecordChart, *, wide: bool = True, standalone: bool = False) -> str:
    """Draw a record; `standalone` embeds colours for files and PDF."""
    layout = lay_out(chart, wide=wide)
    canvas = Canvas(layout.width, layout.height, standalone=standalone)
    draw_axes(canvas, layout, chart, wide=wide)
    draw_key(canvas, layout, chart)
    draw_limits(canvas, layout, chart)
    _draw_infusion(canvas, layout, chart)
    _draw_line(canvas, layout, chart.spo2, "spo2")
    _draw_pressures(canvas, layout, chart)
    _draw_line(canvas, layout, chart.hr, "hr")
    _draw_rows(canvas, layout, chart)
    draw_now(canvas, layout, chart)
    _draw_events(canvas, layout)
    return canvas.render(title=chart.title, description=describe_record(chart))


def _draw_line(canvas: Canvas, layout: Layout, readings: Readings, colour: str) -> None:
    is_rate = colour == "hr"
    scale = layout.y if is_rate else layout.y_spo2
    for stretch in stretches([(at.timestamp(), value) for at, value in readings]):
        points: list[Point] = [(layout.x_s(at), scale(value)) for at, value in stretch]
        drawn = thin(points)
        canvas.polyline(drawn, colour, width=1.2 if is_rate else 1.8,
                        dash="" if is_rate else "5 3")  # fmt: skip
        marked = apart(drawn, DOT_EVERY) if is_rate else drawn if len(drawn) == 1 else []
        for point in marked:
            canvas.circle(point, 2.2 if is_rate else 1.8, colour)


def _draw_pressures(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    """Each cuff reading: a tip pointing down at the systolic, one pointing up at the diastolic."""
    for at, systolic, diastolic in chart.pressures:
        x, high, low = layout.x(at), layout.y(systolic), layout.y(diastolic)
        canvas.line((x, high), (x, low), "bp", width=1.2)
        for tip, away in ((high, -CUFF_DEPTH), (low, CUFF_DEPTH)):
            arms = [(x - CUFF_HALF, tip + away), (x, tip), (x + CUFF_HALF, tip + away)]
            canvas.polyline(arms, "bp", width=2)


def _draw_infusion(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    """The rate as steps; what is only planned is an empty dashed box."""
    base, highest = layout.infusion_bottom, max((rate for *_, rate in chart.infusion), default=0.0)
    free_from = layout.left
    for begin, until, rate in chart.infusion:
        x0, x1 = layout.x(begin), layout.x(until or chart.now or chart.end)
        height = (INFUSION_ROW - 6) * rate / highest if highest > 0 else 0.0
        canvas.rect((x0, base - height), (x1 - x0, height), "brand-soft", stroke="brand")
        words = figure(rate)
        if x0 + 3 >= free_from and text_width(words, TEXT) + 4 <= x1 - x0:
            canvas.text((x0 + 4, base - 6), words, size=TEXT)
            free_from = x0 + 4 + text_width(words, TEXT)
    _draw_planned(canvas, layout, chart, highest)


def _draw_planned(canvas: Canvas, layout: Layout, chart: RecordChart, highest: float) -> None:
    if chart.planned_end is None or not chart.infusion or chart.infusion[-1][1] is not None:
        return
    x0, x1 = layout.x(chart.now or chart.end), layout.x(chart.planned_end)
    rate = chart.infusion[-1][2]
    height = (INFUSION_ROW - 6) * rate / highest if highest > 0 else 0.0
    if x1 > x0:
        top = layout.infusion_bottom - height
        canvas.rect((x0, top), (x1 - x0, height), "none", stroke="brand", dash="3 3")
    words = f"planned to {_clock(chart.planned_end)}"
    if text_width(words, TEXT) + 8 > x1 - x0:  # beside the box, if it does not hold them
        x0, words = max(x0, x1), f"to {_clock(chart.planned_end)}"
    if x0 + text_width(words, TEXT) + 5 <= layout.right:
        canvas.text((x0 + 5, layout.infusion_bottom - 6), words, size=TEXT, fill="muted")


def _draw_rows(canvas: Canvas, layout: Layout, chart: RecordChart) -> None:
    if layout.rr_y is not None:
        numbers: list[Point] = [
            (layout.x(at), value) for at, value in chart.rr if value is not None
        ]
        for x, value in apart(sorted(numbers), NUMBER_EVERY):
            at = (min(max(x, layout.left + 8), layout.right - 8), layout.rr_y)
            canvas.text(at, figure(value), size=TEXT, fill="rr", anchor="middle")
    for mark in layout.observations:
        y = layout.observations_y + mark.row * TEXT_ROW
        canvas.text((mark.x, y), mark.words, size=TEXT, anchor="middle")


def _draw_events(canvas: Canvas, layout: Layout) -> None:
    rows = max((disc.row for disc in layout.discs), default=0)
    for disc in layout.discs:
        y = layout.discs_y + (rows - disc.row) * DISC_ROW + DISC_RADIUS
        strip_end = layout.plot_top - 8
        path = [(disc.x, y), (disc.x, max(strip_end - 4, y)), (disc.true_x, strip_end + 4),
                (disc.true_x, layout.plot_top + 4)]  # fmt: skip
        canvas.polyline(path, "muted", width=0.9)
    for disc in layout.discs:
        y = layout.discs_y + (rows - disc.row) * DISC_ROW + DISC_RADIUS
        canvas.circle((disc.x, y), DISC_RADIUS, "card", stroke="muted")
        canvas.text((disc.x, y + 4.2), disc.words, size=12, anchor="middle",
                    bold=len(disc.words) < 3)  # fmt: skip


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
