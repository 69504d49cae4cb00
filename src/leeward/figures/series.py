"""Series in pixels: where a line breaks, how dense it is drawn, how near marks are spread."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from .canvas import Point

# A line never joins two readings further apart than two of the series' own intervals; shorter
# than a quarter of a minute is not visible on a record of hours.
INTERVALS_JOINED = 2.0
SHORTEST_GAP_S = 15.0

Reading = tuple[float, float | None]


def stretches(readings: Sequence[Reading]) -> list[list[Point]]:
    """Unbroken stretches of a series of (time [s], value).

    A missing value ends a stretch, and so does a pause longer than two intervals.
    """
    ordered = sorted(readings, key=lambda reading: reading[0])
    longest = _longest_joined_s(ordered)
    found: list[list[Point]] = [[]]
    for at, value in ordered:
        if value is None:
            found.append([])
            continue
        if found[-1] and at - found[-1][-1][0] > longest:
            found.append([])
        found[-1].append((at, value))
    return [stretch for stretch in found if stretch]


def _longest_joined_s(ordered: Sequence[Reading]) -> float:
    times = [at for at, _ in ordered]
    steps = [b - a for a, b in pairwise(times) if b > a]
    return max(INTERVALS_JOINED * median(steps), SHORTEST_GAP_S) if steps else SHORTEST_GAP_S


def thin(points: Sequence[Point], width: float = 1.0) -> list[Point]:
    """The same picture with fewer points: of each column, its first, extremes and last.

    Nothing odd is lost: the highest and the lowest reading of every column stay.
    """
    kept: list[Point] = []
    column: list[Point] = []
    for point in points:
        if column and int(point[0] // width) != int(column[0][0] // width):
            kept += _corners(column)
            column = []
        column.append(point)
    return kept + _corners(column)


def _corners(column: Sequence[Point]) -> list[Point]:
    if len(column) <= 4:
        return list(column)
    middle = column[1:-1]
    extremes = {min(middle, key=lambda p: p[1]), max(middle, key=lambda p: p[1])}
    return [column[0], *sorted(extremes), column[-1]]


def apart(points: Sequence[Point], distance: float) -> list[Point]:
    """Those of the points that lie at least `distance` right of the one before; for marks."""
    kept: list[Point] = []
    for point in points:
        if not kept or point[0] - kept[-1][0] >= distance:
            kept.append(point)
    return kept


def spread(wanted: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Places near `wanted` (ascending) that keep `distance`, within [low, high] if they fit.

    Marks that would touch are set side by side around the middle of where they belong.
    """
    if len(wanted) > 1:
        distance = min(distance, (high - low) / (len(wanted) - 1))
    groups: list[tuple[float, int]] = []
    for k, place in enumerate(wanted):
        mean, count = place - k * distance, 1
        while groups and groups[-1][0] >= mean:
            before, many = groups.pop()
            mean = (before * many + mean * count) / (many + count)
            count += many
        groups.append((mean, count))
    last = high - (len(wanted) - 1) * distance
    means = [min(max(mean, low), last) for mean, count in groups for _ in range(count)]
    return [mean + k * distance for k, mean in enumerate(means)]
