"""A month of alarms drawn: how many of each condition, and how soon they were answered."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from .canvas import Canvas, text_width

WIDTH, ROW, BAR, TOP, SIZE = 680.0, 26.0, 16.0, 12.0, 14.0
LABEL_END, BAR_START, MARGIN = 300.0, 312.0, 12.0
# Bars differ by length and by their word; the hue repeats what the word says.
FILLS = {"high": "danger", "medium": "amber", "low": "spo2"}
STARS = {"high": "***", "medium": "**", "low": "*"}
STEPS_S = (10, 30, 60, 120, 300)
Row = tuple[str, str, int]


def draw_counts(rows: Sequence[Row], *, standalone: bool = False) -> str:
    """Bars of `(condition in words, priority, count)`, in the order given."""
    canvas = Canvas(WIDTH, TOP * 2 + ROW * max(len(rows), 1), standalone=standalone)
    most = max((count for _, _, count in rows), default=1)
    for number, (words, priority, count) in enumerate(rows):
        middle = TOP + ROW * (number + 0.5)
        label = _fitted(words, LABEL_END - MARGIN - text_width("*** ", SIZE))
        canvas.text((MARGIN, middle + 5), STARS[priority], size=SIZE, bold=True)
        canvas.text((MARGIN + 30, middle + 5), label, size=SIZE)
        length = (WIDTH - BAR_START - 60) * count / most
        canvas.rect((BAR_START, middle - BAR / 2), (length, BAR), FILLS[priority])
        canvas.text((BAR_START + length + 6, middle + 5), str(count), size=SIZE, bold=True)
    if not rows:
        canvas.text((MARGIN, TOP + ROW / 2 + 5), "No alarm in this month.", size=SIZE)
    return canvas.render(title="Alarms by condition", description=describe_counts(rows))


def describe_counts(rows: Sequence[Row]) -> str:
    """The bars in words."""
    if not rows:
        return "No alarm in this month."
    return ". ".join(f"{words}, {priority}: {count}" for words, priority, count in rows) + "."


def draw_waits(waits_s: Mapping[str, Sequence[int]], *, standalone: bool = False) -> str:
    """Share of each priority's answers by the time they took [s]; wider steps to the right."""
    canvas = Canvas(WIDTH, TOP * 2 + ROW * (len(waits_s) + 1), standalone=standalone)
    columns = _columns()
    width = (WIDTH - 130.0 - MARGIN) / len(columns)
    for place, (words, _, _) in enumerate(columns):
        canvas.text((130.0 + width * (place + 0.5), TOP + 12), words, size=SIZE, anchor="middle",
                    fill="muted")  # fmt: skip
    for number, (priority, waits) in enumerate(waits_s.items()):
        top = TOP + ROW * (number + 1)
        canvas.text((MARGIN, top + 17), f"{STARS[priority]} {priority}", size=SIZE, bold=True)
        for place, (_, low_s, high_s) in enumerate(columns):
            count = sum(1 for wait_s in waits if low_s <= wait_s < high_s)
            at = (130.0 + width * place + 1, top + 1)
            canvas.rect(at, (width - 2, ROW - 2), "well")
            if count:
                share = count / len(waits)
                canvas.rect(at, ((width - 2) * share, ROW - 2), FILLS[priority], opacity=0.25)
            canvas.text((at[0] + width / 2, top + 17), str(count) if count else "–",
                        size=SIZE, anchor="middle")  # fmt: skip
    return canvas.render(title="Time until an answer", description=describe_waits(waits_s))


def describe_waits(waits_s: Mapping[str, Sequence[int]]) -> str:
    """The table of waits in words."""
    parts = []
    for priority, waits in waits_s.items():
        counts = [
            f"{count} {words}"
            for words, low_s, high_s in _columns()
            if (count := sum(1 for wait_s in waits if low_s <= wait_s < high_s))
        ]
        parts.append(f"{priority}: {', '.join(counts) or 'none answered'}")
    return "Answers by time. " + "; ".join(parts) + "."


def _columns() -> list[tuple[str, float, float]]:
    edges = [0, *STEPS_S]
    columns = [
        (f"{_short(low)}–{_short(high)}", float(low), float(high)) for low, high in pairwise(edges)
    ]
    return [*columns, (f"over {_short(edges[-1])}", float(edges[-1]), float("inf"))]


def _short(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"


def _fitted(words: str, width: float) -> str:
    if text_width(words, SIZE) <= width:
        return words
    while words and text_width(words + "…", SIZE) > width:
        words = words[:-1]
    return words.rstrip() + "…"
