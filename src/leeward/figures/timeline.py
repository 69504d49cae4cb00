"""A course as a line of sessions: given, today, planned, missed, and the review at its end."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .canvas import Canvas, text_width

STATES = ("given", "today", "planned", "missed", "review")
SIZE = 13.0
RADIUS = 9.5
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Stop:
    """One session or review. `state` is one of `STATES`; a review has no number."""

    on: date
    state: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """Words above a stretch of the course, as "weekly"."""

    from_on: date
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A course, its stops in order of date."""

    title: str
    stops: tuple[Stop, ...]
    phases: tuple[Phase, ...] = ()


def draw_timeline(course: Timeline, *, wide: bool = True, standalone: bool = False) -> str:
    """Draw a course; near sessions stand apart, so distances are only roughly to scale."""
    canvas = Canvas(700.0 if wide else 340.0, 92.0, standalone=standalone)
    xs = _places(course.stops, 16.0, canvas.width - 16.0)
    if xs:
        canvas.line((xs[0], 46), (xs[-1], 46), "control", width=1.2)
    for stop, x in zip(course.stops, xs, strict=True):
        _draw_stop(canvas, stop, x)
    _name_phases(canvas, course, xs)
    _name_days(canvas, course.stops, xs)
    return canvas.render(title=course.title, description=describe_timeline(course))


def describe_timeline(course: Timeline) -> str:
    """One sentence: how many sessions were given, and what comes next."""
    given = sum(stop.state == "given" for stop in course.stops)
    numbered = sum(stop.state != "review" for stop in course.stops)
    if not numbered:
        return f"{course.title}: no sessions yet."
    parts = [f"{given} of {numbered} sessions given"]
    parts += [
        f"{sum(stop.state == state for stop in course.stops)} {state}"
        for state in ("missed",)
        if any(stop.state == state for stop in course.stops)
    ]
    coming = next((s for s in course.stops if s.state in ("today", "planned")), None)
    if coming is not None:
        words = "today" if coming.state == "today" else _day(coming.on)
        parts.append(f"next {words}")
    return f"{course.title}: {', '.join(parts)}."


def _places(stops: Sequence[Stop], left: float, right: float) -> list[float]:
    """Each day its place, and at least a disc apart; closer, evenly, when there are too many."""
    if not stops:
        return []
    days = [stop.on.toordinal() for stop in stops]
    span = max(days[-1] - days[0], 1)
    least = min(2.6 * RADIUS, (right - left) / max(len(stops) - 1, 1))
    # Room is first given to the gaps, and what is left is shared by the days between.
    gaps = [b - a for a, b in itertools.pairwise(days)]
    spare = (right - left) - least * len(gaps)
    xs = [left]
    for gap in gaps:
        xs.append(xs[-1] + least + spare * gap / span)
    return xs


def _draw_stop(canvas: Canvas, stop: Stop, x: float) -> None:
    if stop.state == "review":
        r = RADIUS + 2
        canvas.polygon([(x, 46 - r), (x + r, 46), (x, 46 + r), (x - r, 46)], "ink")
        canvas.polygon([(x, 48 - r), (x + r - 2, 46), (x, 44 + r), (x - r + 2, 46)], "card")
        return
    done = stop.state == "given"
    edge = {"today": "ink", "missed": "amber"}.get(stop.state, "brand")
    canvas.circle((x, 46), RADIUS, "muted" if done else "card", stroke="muted" if done else edge)
    if stop.state == "missed":
        canvas.line((x - 5, 51), (x + 5, 41), "amber", width=1.6)
    elif stop.number is not None:
        canvas.text((x, 50.2), str(stop.number), size=12, fill="card" if done else "ink",
                    anchor="middle", bold=True)  # fmt: skip


def _name_phases(canvas: Canvas, course: Timeline, xs: Sequence[float]) -> None:
    free_from = 0.0
    for phase in course.phases:
        at = next(
            (x for s, x in zip(course.stops, xs, strict=True) if s.on >= phase.from_on), None
        )
        if at is None:
            continue
        wide = text_width(phase.words, SIZE)
        x = max(min(at - RADIUS, canvas.width - wide - 2), 0.0)
        if x >= free_from:
            canvas.text((x, 22), phase.words, size=SIZE, fill="muted")
            free_from = x + wide + 12


def _name_days(canvas: Canvas, stops: Sequence[Stop], xs: Sequence[float]) -> None:
    """The days that fit: the last, today and the first before the others."""
    order = sorted(range(len(stops)), key=lambda k: (not _is_told_first(stops, k), k))
    taken: list[tuple[float, float]] = []
    for k in order:
        words = _day(stops[k].on) + {"today": ", today", "review": ", review"}.get(
            stops[k].state, ""
        )
        half = text_width(words, SIZE) / 2 + 1
        x = min(max(xs[k], half), canvas.width - half)
        if all(x + half + 8 <= low or x - half - 8 >= high for low, high in taken):
            taken.append((x - half, x + half))
            bold = stops[k].state == "today"
            canvas.text((x, 82), words, size=SIZE, fill="ink" if bold else "muted",
                        anchor="middle")  # fmt: skip


def _is_told_first(stops: Sequence[Stop], k: int) -> bool:
    return k in (0, len(stops) - 1) or stops[k].state == "today"


def _day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]}"
