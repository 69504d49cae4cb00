"""The frame of a plot of scores: bands with names, reference lines, sessions and days."""

import math
from dataclasses import dataclass
from datetime import date

from .canvas import Canvas, figure, text_width
from .labels import Labels
from .outcome_chart import OutcomeChart
from .series import spread

SIZE, SMALL = 13.0, 12.5
BAND_COLOURS = 4
STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A level to reach, with its words."""

    y: float
    words: str
    dash: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot lies, and its scales."""

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float
    first_day: float
    last_day: float
    lowest: float
    highest: float
    names_beside: bool

    def x(self, at: date) -> float:
        return self.x_day(at.toordinal())

    def x_day(self, day: float) -> float:
        share = (day - self.first_day) / (self.last_day - self.first_day)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return self.bottom - share * (self.bottom - self.top)


def frame_of(chart: OutcomeChart, *, wide: bool, patient: bool) -> Frame:
    """Measure one drawing. The scale holds every score, even one the measure cannot give."""
    days = [float(p.at.toordinal()) for p in chart.points]
    days += [float(day.toordinal()) for day in (*chart.sessions, *chart.planned)]
    first, last = min(days, default=0.0), max(days, default=1.0)
    spare = max((last - first) * 0.045, 1.0)
    values = [p.value for p in chart.points if p.value is not None]
    lowest, highest = min([0.0, *values]), max([chart.maximum, 1.0, *values])
    width, height = (640.0, 300.0) if wide else (340.0, 320.0)
    if patient:
        height += 60
    names_width = max((text_width(_name(chart, k), SIZE) for k in range(len(chart.bands))),
                      default=0.0)  # fmt: skip
    beside = wide and 0 < names_width < width * 0.4
    under = 0 if beside or not (chart.sessions or chart.planned) else 24
    right = width - names_width - 12 if beside else width - 6
    return Frame(
        width, height + under, 34.0, 12.0, right, height - 62, first - spare, last + spare, lowest,
        highest, beside,
    )  # fmt: skip


def draw_bands(canvas: Canvas, frame: Frame, chart: OutcomeChart) -> None:
    """Severity as filled ranges, and the scale."""
    for k, (top, bottom) in enumerate(_extents(frame, chart)):
        colour = f"band-{_colour(k, len(chart.bands))}"
        canvas.rect((frame.left, top), (frame.right - frame.left, bottom - top), colour)
    step = next(s for s in STEPS if s >= (frame.highest - frame.lowest) / 7 or s == STEPS[-1])
    value = math.ceil(frame.lowest / step) * step
    while value <= frame.highest:
        y = frame.y(value)
        canvas.text((frame.left - 6, y + 4.5), figure(value), size=SIZE, fill="muted",
                    anchor="end")  # fmt: skip
        if not chart.bands:
            canvas.line((frame.left, y), (frame.right, y), "line")
        value += step
    canvas.line((frame.left, frame.bottom), (frame.right, frame.bottom), "control")


def reference_lines(chart: OutcomeChart, frame: Frame) -> list[ReferenceLine]:
    """Response and remission, those the scale holds."""
    words, found = chart.words, []
    if chart.response_line is not None:
        is_half = chart.baseline is not None and chart.response_line * 2 == chart.baseline
        pattern = words.response_half if is_half else words.response
        label = pattern.format(
            baseline=figure(chart.baseline or 0), value=figure(chart.response_line)
        )
        found.append(ReferenceLine(frame.y(chart.response_line), label, "6 4"))
    if chart.remission_line is not None:
        label = words.remission.format(value=figure(chart.remission_line))
        found.append(ReferenceLine(frame.y(chart.remission_line), label, "2 3"))
    return [line for line in found if frame.top <= line.y <= frame.bottom]


def name_bands(canvas: Canvas, frame: Frame, chart: OutcomeChart, labels: Labels) -> None:
    """Each range's name and scores: beside the plot, or within it where nothing else is."""
    for k, (top, bottom) in enumerate(_extents(frame, chart)):
        name = _name(chart, k)
        if frame.names_beside:
            at = (frame.right + 8, (top + bottom) / 2 + 4.5)
            canvas.text(at, name, size=SIZE, fill="muted")
            continue
        if text_width(name, SMALL) > 0.48 * (frame.right - frame.left):
            name = chart.bands[k][2]  # the scale at the left has its scores
        half = text_width(name, SMALL) / 2 + 5
        sides = (frame.right - half, frame.left + half, (frame.left + frame.right) / 2)
        offers = [(x, y) for x in sides for y in (top + 15, bottom - 6, (top + bottom) / 2 + 4)]
        canvas.text(labels.choose(offers, name, SMALL), name, size=SMALL, fill="muted",
                    anchor="middle")  # fmt: skip


def draw_sessions(canvas: Canvas, frame: Frame, chart: OutcomeChart) -> None:
    """A triangle under the axis for each session, numbered; hollow ones are still to come."""
    days = [(day, True) for day in sorted(chart.sessions)]
    days += [(day, False) for day in sorted(chart.planned)]
    top, numbers_end = frame.bottom + 6, -math.inf
    for number, (day, is_given) in enumerate(days, start=1):
        x = frame.x(day)
        corners = [(x - 5, top), (x + 5, top), (x, top + 9)]
        if is_given:
            canvas.polygon(corners, "brand")
        else:
            canvas.polyline([*corners, corners[0], corners[1]], "brand", width=1.3)
        half = text_width(str(number), 12.5) / 2
        if x - half > numbers_end:
            canvas.text((x, top + 23), str(number), size=12.5, anchor="middle")
            numbers_end = x + half + 1
    _name_sessions(canvas, frame, chart)


def _name_sessions(canvas: Canvas, frame: Frame, chart: OutcomeChart) -> None:
    """What the triangles are: beside their row, or in a row of its own under the days."""
    names = [chart.words.sessions] if chart.sessions or chart.planned else []
    names += [chart.words.planned] if chart.planned else []
    if frame.names_beside:
        for k, name in enumerate(names):
            at = (frame.right + 8, frame.bottom + 15 + 16 * k)
            canvas.text(at, name, size=SIZE, fill="muted")
        return
    if names:
        x, y = frame.left + 5, frame.height - 18
        canvas.polygon([(x - 5, y), (x + 5, y), (x, y + 9)], "brand")
        canvas.text((x + 11, y + 9), ", ".join(names), size=SIZE, fill="muted")


def draw_dates(canvas: Canvas, frame: Frame, chart: OutcomeChart) -> None:
    """Days under the axis: the first and the last, and between them those with room."""
    days = sorted({p.at for p in chart.points} | {*chart.sessions, *chart.planned})
    if not days:
        return
    words = [
        chart.words.day.format(day=day.day, month=chart.words.months[day.month - 1])
        for day in days
    ]
    wide = max(text_width(label, SIZE) for label in words) + 14
    chosen = [0]
    end = len(days) - 1
    for k in range(1, end):
        x = frame.x(days[k])
        if x - frame.x(days[chosen[-1]]) >= wide and frame.x(days[end]) - x >= wide:
            chosen.append(k)
    chosen += [end] if end else []
    low, high = frame.left + wide / 2 - 10, frame.width - wide / 2 + 6
    places = spread([frame.x(days[k]) for k in chosen], wide, low, high)
    for k, x in zip(chosen, places, strict=True):
        canvas.text((x, frame.bottom + 54), words[k], size=SIZE, fill="muted", anchor="middle")


def _name(chart: OutcomeChart, k: int) -> str:
    low, high, name = chart.bands[k]
    return chart.words.band.format(name=name, low=figure(low), high=figure(high))


def _extents(frame: Frame, chart: OutcomeChart) -> list[tuple[float, float]]:
    """Top and bottom of each range: it reaches to where the next begins."""
    if not chart.bands:
        return []
    lows = [low for low, _, _ in chart.bands]
    highs = [*lows[1:], max(chart.maximum, frame.lowest)]
    return [(frame.y(high), frame.y(low)) for low, high in zip(lows, highs, strict=True)]


def _colour(k: int, many: int) -> int:
    """Bands from mild to severe, over as many of the five colours as there are bands."""
    return round(k * BAND_COLOURS / (many - 1)) if many > 1 else 0
