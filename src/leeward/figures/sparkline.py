"""The last minutes of heart rate and saturation as two small lines: help beside the numbers."""

from collections.abc import Sequence

from .canvas import Canvas, Point, figure, runs
from .series import thin

WIDTH, HEIGHT, MARGIN = 240.0, 44.0, 4.0
# The least a line's scale spans, so that a resting flutter does not look like a storm.
HR_SPAN_PER_MIN = 40.0
SPO2_SPAN_PCT = 10.0


def draw_sparkline(
    hr: Sequence[float | None], spo2: Sequence[float | None], *, standalone: bool = False
) -> str:
    """Two lines of evenly spaced readings, oldest first; None leaves a gap."""
    canvas = Canvas(WIDTH, HEIGHT, standalone=standalone)
    middle = HEIGHT / 2
    _line(canvas, spo2, "spo2", (MARGIN, middle - 2), SPO2_SPAN_PCT, dash="5 3")
    _line(canvas, hr, "hr", (middle + 2, HEIGHT - MARGIN), HR_SPAN_PER_MIN)
    words = describe_sparkline(hr, spo2)
    return canvas.render(title="Heart rate and SpO2", description=words)


def describe_sparkline(hr: Sequence[float | None], spo2: Sequence[float | None]) -> str:
    """The range of each line in words."""
    return f"{_range('Heart rate', hr, 'per minute')}. {_range('SpO2', spo2, 'percent')}."


def _line(
    canvas: Canvas,
    values: Sequence[float | None],
    colour: str,
    rows: tuple[float, float],
    span: float,
    dash: str = "",
) -> None:
    present = [value for value in values if value is not None]
    if not present:
        return
    low, high = min(present), max(present)
    spare = max(span - (high - low), 0.0) / 2
    low, high = low - spare, high + spare
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    top, bottom = rows
    for run in runs((float(k), value) for k, value in enumerate(values)):
        points: list[Point] = [
            (MARGIN + k * step, bottom - (bottom - top) * (value - low) / (high - low))
            for k, value in run
        ]
        if len(points) == 1:
            canvas.circle(points[0], 1.2, colour)
        canvas.polyline(thin(points), colour, width=1.6, dash=dash)


def _range(name: str, values: Sequence[float | None], unit: str) -> str:
    present = [value for value in values if value is not None]
    if not present:
        return f"{name} without a value"
    low, high = figure(min(present)), figure(max(present))
    return f"{name} {low if low == high else f'{low} to {high}'} {unit}"
