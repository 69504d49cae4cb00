"""Scores over a course of treatment: lower is better, severity bands named, sessions below."""

from dataclasses import dataclass

from .canvas import Canvas, Point, figure, runs, text_width
from .labels import Box, Labels
from .outcome_axes import (
    SMALL,
    Frame,
    draw_bands,
    draw_dates,
    draw_sessions,
    frame_of,
    name_bands,
    reference_lines,
)
from .outcome_chart import ENGLISH, OutcomeChart, OutcomePoint, OutcomeWords
from .outcome_words import describe_outcome

__all__ = [
    "ENGLISH",
    "OutcomeChart",
    "OutcomePoint",
    "OutcomeWords",
    "describe_outcome",
    "draw_outcome",
]


@dataclass(frozen=True, slots=True)
class _Look:
    """The line's measures: bigger for patients."""

    radius: float
    size: float
    width: float
    colour: str


CLINICIAN, PATIENT = _Look(4, 13, 1.8, "ink"), _Look(7, 15, 3.2, "brand")


def draw_outcome(
    chart: OutcomeChart, *, wide: bool = True, standalone: bool = False, patient: bool = False
) -> str:
    """Draw scores over time.

    The clinician's drawing has the response and remission lines; the patient's has larger marks
    and leaves the lines out, because they need explaining.
    """
    frame = frame_of(chart, wide=wide, patient=patient)
    canvas = Canvas(frame.width, frame.height, standalone=standalone)
    labels = Labels(Box(frame.left, frame.top, frame.right, frame.bottom))
    lines = () if patient else reference_lines(chart, frame)
    draw_bands(canvas, frame, chart)
    for line in lines:
        canvas.line((frame.left, line.y), (frame.right, line.y), "ok", width=1.5, dash=line.dash)
        labels.block_line([(frame.left, line.y), (frame.right, line.y)])
    _draw_unanswered(canvas, frame, chart, labels)
    _draw_scores(canvas, frame, chart, PATIENT if patient else CLINICIAN, labels)
    for line in lines:
        at = labels.choose(labels.along(line.y, line.words, SMALL), line.words, SMALL)
        canvas.text(at, line.words, size=SMALL, fill="ok", anchor="middle")
    name_bands(canvas, frame, chart, labels)
    _name_unanswered(canvas, frame, chart, labels)
    draw_sessions(canvas, frame, chart)
    draw_dates(canvas, frame, chart)
    words = describe_outcome(chart, patient=patient)
    if all(point.value is None for point in chart.points):
        middle = ((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2)
        canvas.text(middle, words, size=15, anchor="middle")
    return canvas.render(title=chart.title, description=words)


def _draw_scores(
    canvas: Canvas, frame: Frame, chart: OutcomeChart, look: _Look, labels: Labels
) -> None:
    """Straight segments, broken where a score is missing; every value printed."""
    ordered = sorted(chart.points, key=lambda point: point.at)
    for run in runs((float(point.at.toordinal()), point.value) for point in ordered):
        line: list[Point] = [(frame.x_day(day), frame.y(value)) for day, value in run]
        canvas.polyline(line, look.colour, width=look.width)
        labels.block_line(line)
    scored = [(frame.x(p.at), frame.y(p.value), p.value) for p in ordered if p.value is not None]
    for x, y, _ in scored:
        canvas.circle((x, y), look.radius, look.colour, stroke="card")
        labels.block_point((x, y), look.radius)
    for x, y, value in scored:
        words = figure(value)
        at = labels.place((x, y), words, look.size, look.radius + 4)
        canvas.text(at, words, size=look.size, anchor="middle", bold=True)


def _draw_unanswered(canvas: Canvas, frame: Frame, chart: OutcomeChart, labels: Labels) -> None:
    """A missing score: a dotted mark through its day."""
    for point in chart.points:
        if point.value is None:
            ends = [(frame.x(point.at), frame.top), (frame.x(point.at), frame.bottom)]
            canvas.line(ends[0], ends[1], "control", width=1.2, dash="2 4")
            labels.block_line(ends)


def _name_unanswered(canvas: Canvas, frame: Frame, chart: OutcomeChart, labels: Labels) -> None:
    """The words of a missing score beside its mark; equal words in a row are said once."""
    said = ""
    for point in sorted(chart.points, key=lambda p: p.at):
        if point.value is not None or not point.label or point.label == said:
            said = said if point.value is None else ""
            continue
        x, side = frame.x(point.at), text_width(point.label, SMALL) / 2 + 6
        rows = (frame.bottom - 6, frame.bottom - 22, frame.top + 14, frame.top + 30)
        offers = [(x + dx, y) for y in rows for dx in (side, -side)]
        at = labels.choose(offers, point.label, SMALL)
        canvas.text(at, point.label, size=SMALL, fill="muted", anchor="middle")
        said = point.label
