"""A training run on one time line: what happened, when it was alarmed, seen and treated."""

from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import Canvas, num

LEFT_SHARE, LEFT_MOST, RIGHT, TOP, ROW, BOTTOM = 0.32, 190.0, 24.0, 22.0, 46.0, 40.0
TICKS = (1, 2, 5, 10, 15, 20, 30, 60)
MOST_TICKS = 9
# Sign, colour and words of each moment, in the order in which it should come.
MARKS = (
    ("alarm_min", "A", "danger", "alarm"),
    ("seen_min", "S", "amber", "first act"),
    ("acknowledged_min", "K", "brand", "acknowledged"),
    ("treated_min", "T", "ok", "treated"),
)


@dataclass(frozen=True, slots=True)
class DebriefLane:
    """One happening: its span and its moments [min after the start]; None: it never came."""

    words: str
    from_min: float
    to_min: float
    alarm_min: float | None
    seen_min: float | None
    acknowledged_min: float | None
    treated_min: float | None


def draw_debrief(
    lanes: Sequence[DebriefLane], end_min: float, *, width: float = 900.0, standalone: bool = False
) -> str:
    """One row a happening, bars for how long it lasted, lettered marks for what was done."""
    height = TOP + ROW * len(lanes) + BOTTOM
    canvas = Canvas(width, height, standalone=standalone)
    span, left = max(end_min, 1.0), min(LEFT_MOST, LEFT_SHARE * width)

    def x(minute: float) -> float:
        return left + (width - left - RIGHT) * min(max(minute, 0.0), span) / span

    foot = TOP + ROW * len(lanes)
    step = next((t for t in TICKS if span / t <= MOST_TICKS), TICKS[-1])
    for minute in range(0, int(span) + 1, step):
        canvas.line((x(minute), TOP - 6), (x(minute), foot), "grid")
        canvas.text((x(minute), foot + 16), str(minute), size=12, fill="muted", anchor="middle")
    canvas.text((width - RIGHT, foot + 34), "minutes after the start", size=12, fill="muted",
                anchor="end")  # fmt: skip
    for number, lane in enumerate(lanes):
        middle = TOP + ROW * number + ROW / 2
        canvas.text((8, middle + 4), lane.words, size=13, bold=True)
        canvas.rect((x(lane.from_min), middle - 11), (x(lane.to_min) - x(lane.from_min), 22),
                    "band-3", stroke="control")  # fmt: skip
        _marks(canvas, lane, x, middle)
    return canvas.render(title="Training run", description=describe_debrief(lanes))


def _marks(canvas: Canvas, lane: DebriefLane, x, middle: float) -> None:  # type: ignore[no-untyped-def]
    """Marks in their order; one that would lie on another moves beside it."""
    last = -1e9
    for name, letter, colour, _ in MARKS:
        minute = getattr(lane, name)
        if minute is None:
            continue
        at = max(x(minute), last + 20)
        last = at
        canvas.circle((at, middle), 9, "card", stroke=colour)
        canvas.text((at, middle + 4), letter, size=12, fill=colour, anchor="middle", bold=True)


def describe_debrief(lanes: Sequence[DebriefLane]) -> str:
    """The same in words."""
    if not lanes:
        return "Nothing happened in this scenario."
    return " ".join(_said(lane) for lane in lanes)


def _said(lane: DebriefLane) -> str:
    moments = [
        f"{words} at {num(minute)} min" if (minute := getattr(lane, name)) is not None
        else f"{words}: never"
        for name, _, _, words in MARKS
    ]  # fmt: skip
    return f"{lane.words} from {num(lane.from_min)} min: {', '.join(moments)}."
