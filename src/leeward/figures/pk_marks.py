"""Bands, reference lines, curves and their letters on a plot of levels."""

from collections.abc import Sequence

from .canvas import Canvas, Point, text_width
from .labels import Box, Labels
from .legend import Key
from .pk_chart import STYLES, Band, LevelCurve, PkChart, ReferenceLine
from .pk_frame import Frame, decimals_of

# Fill, opacity and edge of each kind of band.
_BANDS = {
    "people": ("brand", 0.2, ""),
    "sets": ("muted", 0.1, "control"),
    "interval": ("etco2", 0.16, ""),
}
_ASIDE = 18.0
_THIN = 6.0


def gutter_of(chart: PkChart) -> float:
    """Room at the right for published ranges."""
    return _ASIDE * sum(line.high is not None for line in chart.references)


def draw_bands(canvas: Canvas, frame: Frame, bands: Sequence[Band]) -> None:
    """Fill each band; the spread over sets has edges as well."""
    for band in bands:
        fill, opacity, edge = _BANDS[band.kind]
        upper = frame.curve(band.t_min, band.high)
        lower = frame.curve(band.t_min, band.low)
        canvas.polygon([*upper, *reversed(lower)], fill, opacity=opacity)
        if edge:
            canvas.polyline(upper, edge, width=1.0, dash="1 3")
            canvas.polyline(lower, edge, width=1.0, dash="1 3")


def draw_references(canvas: Canvas, frame: Frame, chart: PkChart) -> None:
    """Levels across the plot, ranges beside it."""
    place = frame.right + 8
    for line in chart.references:
        if line.high is not None:
            _range(canvas, frame, line, line.high, place)
            place += _ASIDE
            continue
        left, right = frame.at(0, line.level), frame.at(frame.horizon, line.level)
        canvas.line(left, right, "control", width=1.2, dash="2 4")
        at = right[0] - 4, right[1] - 4
        if line.letter or fits(line, frame):
            words = line.letter or words_of(line)
            canvas.text(at, words, size=12.5, fill="muted", anchor="end")


def _range(canvas: Canvas, frame: Frame, line: ReferenceLine, high: float, x: float) -> None:
    """A bracket at the right from the lower to the upper end, faint lines across the plot."""
    _, low_y = frame.at(0, line.level)
    _, high_y = frame.at(0, high)
    for y in (low_y, high_y):
        canvas.line((frame.left, y), (frame.right, y), "control", width=0.8, dash="1 5")
        canvas.line((x, y), (x + 5, y), "control", width=1.4)
    canvas.line((x, low_y), (x, high_y), "control", width=1.4)
    middle = (low_y + high_y) / 2 + 4
    canvas.text((x + 4, middle), line.letter, size=13, fill="muted", bold=True)


def words_of(line: ReferenceLine) -> str:
    """A reference line's words."""
    return f"{line.label} ({line.source})"


def fits(line: ReferenceLine, frame: Frame) -> bool:
    """Whether a level's words have room at its line."""
    return text_width(words_of(line), 12.5) < (frame.right - frame.left) * 0.6


def draw_curves(canvas: Canvas, frame: Frame, curves: Sequence[LevelCurve]) -> None:
    """Every curve, then the letters where they disturb least."""
    labels = Labels(Box(frame.left, frame.top - 6, frame.right, frame.bottom))
    peaks = [_peak(frame, curve) for curve in curves if curve.letter and curve.level]
    for curve in curves:
        colour, width, dash = STYLES[curve.style]
        points = frame.curve(curve.t_min, curve.level)
        dashed = dash or ("6 4" if curve.dashed else "")
        canvas.polyline(points, colour, width=width, dash=dashed)
        _block(labels, [p for p in points if any(_near(p, peak) for peak in peaks)])
    for curve in curves:
        if curve.letter and curve.level:
            _letter(canvas, frame, curve, labels)


def _letter(canvas: Canvas, frame: Frame, curve: LevelCurve, labels: Labels) -> None:
    words = f"{curve.letter}: {max(curve.level):.{decimals_of(frame.highest)}f}"
    place = labels.place(_peak(frame, curve), words, 13.5, 6)
    canvas.text(place, words, size=13.5, fill=STYLES[curve.style][0], anchor="middle", bold=True)


def _peak(frame: Frame, curve: LevelCurve) -> Point:
    highest = max(curve.level)
    return frame.at(curve.t_min[curve.level.index(highest)], highest)


def _block(labels: Labels, points: Sequence[Point]) -> None:
    """Take the room along a curve, thinly: a letter is larger than the steps."""
    last = (-99.0, -99.0)
    for point in points:
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) >= _THIN:
            labels.block_point(point, _THIN / 2)
            last = point


def _near(point: Point, peak: Point) -> bool:
    """Whether a letter at a peak could touch a point."""
    return abs(point[0] - peak[0]) < 62 and abs(point[1] - peak[1]) < 40


def draw_now(canvas: Canvas, frame: Frame, chart: PkChart) -> None:
    """A line at the present, and the level there."""
    if chart.now_min is None:
        return
    x, bottom = frame.at(chart.now_min, 0)
    canvas.line((x, frame.top), (x, bottom), "ink", width=1.4)
    so_far = next((c for c in chart.curves if c.style == "model" and c.level), None)
    if so_far is not None:
        canvas.circle(frame.at(so_far.t_min[-1], so_far.level[-1]), 4, "brand")


def keys_of(chart: PkChart, frame: Frame) -> list[Key]:
    """What each sign means: curves, bands, bars, and references with long words."""
    found = []
    for curve in chart.curves:
        colour, stroke, dash = STYLES[curve.style]
        words = f"{curve.letter}: {curve.label}" if curve.letter else curve.label
        dashed = dash or ("6 4" if curve.dashed else "")
        found.append(Key(words, colour, width=stroke, dash=dashed))
    for band in chart.bands:
        fill, opacity, _ = _BANDS[band.kind]
        found.append(Key(band.label, fill, fill_opacity=opacity))
    shown = {bar.label: bar for bar in reversed(chart.bars) if bar.label}
    for words, bar in reversed(shown.items()):
        opacity = 0.25 if bar.planned else 0.7
        found.append(Key(words, STYLES[bar.style][0], fill_opacity=opacity))
    long = [r for r in chart.references if r.high is None and not r.letter and not fits(r, frame)]
    return found + [Key(words_of(line), "control", width=1.2, dash="2 4") for line in long]
