"""Where a value's label goes so that it touches neither the line nor its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .canvas import Point, text_width


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0


@dataclass(slots=True)
class Labels:
    """Places labels one after another within `bounds`."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)

    def block_line(self, points: Sequence[Point]) -> None:
        """Take the room along a line."""
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(int(max(abs(x1 - x0), abs(y1 - y0)) / 4), 1)
            for k in range(steps + 1):
                x, y = x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps
                self.taken.append(Box(x - 2, y - 2, x + 2, y + 2))

    def block_point(self, at: Point, radius: float) -> None:
        x, y = at
        self.taken.append(Box(x - radius, y - radius, x + radius, y + radius))

    def place(self, at: Point, words: str, size: float, clear: float) -> Point:
        """The middle of the baseline for `words` beside the point: the place least disturbed."""
        half, high = text_width(words, size) / 2 + 1, size * 0.74
        side = half + clear
        offers = (
            (0.0, -clear), (side, -clear / 2), (0.0, clear + high), (-side, clear + high),
            (side, clear + high), (-side, -clear / 2), (side, high / 2), (0.0, -clear - high - 3),
            (0.0, clear + 2 * high + 3),
        )  # fmt: skip
        return self.choose([(at[0] + dx, at[1] + dy) for dx, dy in offers], words, size)

    def choose(self, offers: Sequence[Point], words: str, size: float) -> Point:
        """Of the offered middles of a baseline, the first that is free, or the least disturbed."""
        half, high = text_width(words, size) / 2 + 1, size * 0.74
        best: tuple[float, Point, Box] | None = None
        for offer in offers:
            x, y = self._inside(offer, half, high)
            box = Box(x - half, y - high, x + half, y + 2)
            cost = sum(box.overlap(other) for other in self.taken)
            if best is None or cost < best[0]:
                best = (cost, (x, y), box)
            if cost == 0:
                break
        assert best is not None
        self.taken.append(best[2])
        return best[1]

    def along(self, y: float, words: str, size: float) -> list[Point]:
        """Offers for words over and under a level line: left, right, then between."""
        half = text_width(words, size) / 2 + 5
        left, right = self.bounds.left + half, self.bounds.right - half
        starts = (left, right, *(left + (right - left) * k / 8 for k in range(1, 8)))
        return [(x, y + dy) for x in starts for dy in (13.5, -5.0)]

    def _inside(self, at: Point, half: float, high: float) -> Point:
        x = min(max(at[0], self.bounds.left + half), self.bounds.right - half)
        return x, min(max(at[1], self.bounds.top + high), self.bounds.bottom - 2)
