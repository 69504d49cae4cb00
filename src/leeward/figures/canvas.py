"""A small SVG builder: escaped text, numbers with a point, colours by theme."""

import re
from collections.abc import Iterable, Sequence
from html import escape

# The paper theme's literal colours, for files and PDF where style sheets do not reach.
PAPER = {
    "ink": "#17212b", "muted": "#4b5866", "line": "#d5dbe1", "card": "#ffffff",
    "control": "#7b8794", "brand": "#0b5a6f", "brand-soft": "#e3f0f3", "ok": "#1d6b3f",
    "danger": "#b3201a", "amber": "#8a5200", "hr": "#1a7a3c", "spo2": "#0b66a8",
    "bp": "#a2185b", "rr": "#3a4450", "etco2": "#5b4a9e", "band-0": "#e7f3ec",
    "band-1": "#f3f4dc", "band-2": "#fbeacb", "band-3": "#f9dccb", "band-4": "#f3cfcf",
    "grid": "#e3e8ec", "grid-strong": "#c3ccd4", "well": "#eef1f4", "chart-future": "#f4f6f8",
}  # fmt: skip
FONT = "Atkinson Hyperlegible Next, sans-serif"
# Advance widths of the house font in thousandths, from the space on; digits are the tabular ones.
_WIDTHS = (
    280, 286, 301, 651, 592, 919, 731, 160, 299, 299, 485, 606, 210, 362, 210, 387,
    632, 632, 632, 632, 632, 632, 632, 632, 632, 632, 210, 210, 553, 628, 553, 480,
    778, 626, 613, 645, 669, 569, 552, 694, 694, 392, 512, 631, 541, 824, 693, 714,
    592, 724, 614, 592, 558, 690, 593, 856, 623, 575, 607, 317, 387, 344, 552, 372,
    243, 525, 566, 485, 564, 538, 314, 558, 550, 252, 245, 492, 262, 845, 550, 548,
    566, 574, 349, 471, 326, 540, 461, 684, 481, 449, 460, 344, 237, 344, 555,
)  # fmt: skip
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Point = tuple[float, float]


def num(value: float) -> str:
    """A coordinate: at most two decimals, always a point, never an exponent."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def figure(value: float) -> str:
    """A reading as it is printed: at most two decimals, none trailing."""
    return num(value)


def text_width(words: str, size: float) -> float:
    """Width of a line of words in the house font, in the unit of its size."""
    places = (ord(letter) - 32 for letter in words)
    return sum(_WIDTHS[p] if 0 <= p < len(_WIDTHS) else 560 for p in places) / 1000 * size


class Canvas:
    """Collects the parts of one drawing."""

    def __init__(self, width: float, height: float, *, standalone: bool) -> None:
        self.width, self.height, self.standalone = width, height, standalone
        self._parts: list[str] = []

    def colour(self, name: str) -> str:
        """A token as the style sheet's variable, or its literal in a standalone drawing."""
        return PAPER[name] if self.standalone else f"var(--{name})"

    def rect(self, at: Point, size: Point, fill: str, *, stroke: str = "", opacity: float = 1.0,
             dash: str = "") -> None:  # fmt: skip
        edge = f' stroke="{self._paint(stroke)}" stroke-width="1.2"' if stroke else ""
        self._parts.append(
            f'<rect x="{num(at[0])}" y="{num(at[1])}" width="{num(max(size[0], 0))}" '
            f'height="{num(max(size[1], 0))}" fill="{self._paint(fill)}"{edge}'
            f"{_opacity(opacity)}{_dash(dash)}/>"
        )

    def line(self, start: Point, end: Point, stroke: str, *, width: float = 1.0,
             dash: str = "") -> None:  # fmt: skip
        self._parts.append(
            f'<line x1="{num(start[0])}" y1="{num(start[1])}" x2="{num(end[0])}" '
            f'y2="{num(end[1])}" stroke="{self._paint(stroke)}" stroke-width="{num(width)}"'
            f"{_dash(dash)}/>"
        )

    def polyline(self, points: Sequence[Point], stroke: str, *, width: float = 2.0,
                 dash: str = "") -> None:  # fmt: skip
        if len(points) > 1:
            path = " ".join(f"{num(x)},{num(y)}" for x, y in points)
            self._parts.append(
                f'<polyline points="{path}" fill="none" stroke="{self._paint(stroke)}" '
                f'stroke-width="{num(width)}" stroke-linejoin="round"{_dash(dash)}/>'
            )

    def polygon(self, points: Sequence[Point], fill: str, *, opacity: float = 1.0) -> None:
        path = " ".join(f"{num(x)},{num(y)}" for x, y in points)
        self._parts.append(
            f'<polygon points="{path}" fill="{self._paint(fill)}"{_opacity(opacity)}/>'
        )

    def circle(self, at: Point, radius: float, fill: str, *, stroke: str = "") -> None:
        edge = f' stroke="{self._paint(stroke)}" stroke-width="1.4"' if stroke else ""
        self._parts.append(
            f'<circle cx="{num(at[0])}" cy="{num(at[1])}" r="{num(radius)}" '
            f'fill="{self._paint(fill)}"{edge}/>'
        )

    def text(self, at: Point, words: str, *, size: float = 13.0, fill: str = "ink",
             anchor: str = "start", bold: bool = False) -> None:  # fmt: skip
        weight = ' font-weight="700"' if bold else ""
        self._parts.append(
            f'<text x="{num(at[0])}" y="{num(at[1])}" font-size="{num(size)}" '
            f'fill="{self._paint(fill)}" text-anchor="{anchor}"{weight}>{_plain(words)}</text>'
        )

    def render(self, *, title: str, description: str) -> str:
        """The whole drawing, with its words for those who do not see it."""
        face = f' font-family="{FONT}"' if self.standalone else ""
        space = ' xmlns="http://www.w3.org/2000/svg"'
        return (
            f'<svg{space} class="chart" viewBox="0 0 {num(self.width)} {num(self.height)}" '
            f'role="img" aria-label="{_plain(description)}"{face}>'
            f"<title>{_plain(title)}</title><desc>{_plain(description)}</desc>"
            f"{''.join(self._parts)}</svg>"
        )

    def _paint(self, name: str) -> str:
        return name if name == "none" else self.colour(name)


def runs(points: Iterable[tuple[float, float | None]]) -> list[list[Point]]:
    """Unbroken stretches of a series: a missing value ends one, and nothing is drawn across."""
    found: list[list[Point]] = [[]]
    for x, y in points:
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return [stretch for stretch in found if stretch]


def _plain(words: str) -> str:
    """Words as SVG can hold them: escaped, without the characters that XML forbids."""
    return escape(_FORBIDDEN.sub("", words))


def _dash(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _opacity(opacity: float) -> str:
    return "" if opacity >= 1 else f' opacity="{num(opacity)}"'
