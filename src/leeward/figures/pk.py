"""Levels over time: curves, the spread over published sets, infusion bars, reference lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .canvas import Canvas, Point, text_width
from .legend import KEY_HEIGHT, Key, draw_keys, place_keys

STYLES = {
    "in_force": ("muted", 1.8, "5 4"),
    "draft": ("brand", 2.4, ""),
    "model": ("brand", 2.4, ""),
    "forecast": ("brand", 1.8, "6 4"),
}


@dataclass(frozen=True, slots=True)
class LevelCurve:
    """One curve. `style` is in_force, draft, model or forecast."""

    label: str
    t_min: tuple[float, ...]
    level: tuple[float, ...]
    style: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A range of levels over time, and what it ranges over."""

    t_min: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    label: str


@dataclass(frozen=True, slots=True)
class InfusionBar:
    from_min: float
    to_min: float
    label: str


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A level others have published, with where."""

    level: float
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class PkChart:
    """Everything one plot of levels shows; times in minutes from the first dose."""

    title: str
    curves: tuple[LevelCurve, ...]
    horizon_min: float
    bands: tuple[Band, ...] = ()
    bars: tuple[InfusionBar, ...] = ()
    references: tuple[ReferenceLine, ...] = field(default=())
    unit: str = "ng/mL"
    now_min: float | None = None
    clock_at_zero: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot lies, and the scales."""

    left: float
    top: float
    right: float
    bottom: float
    horizon: float
    highest: float

    def at(self, t_min: float, level: float) -> Point:
        x = self.left + (self.right - self.left) * min(max(t_min / self.horizon, 0), 1)
        y = self.bottom - (self.bottom - self.top) * min(max(level / self.highest, 0), 1)
        return x, y

    def curve(self, t_min: Sequence[float], level: Sequence[float]) -> list[Point]:
        """The points within the window."""
        pairs = zip(t_min, level, strict=True)
        return [self.at(t, v) for t, v in pairs if 0 <= t <= self.horizon]


def draw_pk(chart: PkChart, *, wide: bool = True, standalone: bool = False) -> str:
    """Draw levels over time; `standalone` embeds colours for files and PDF."""
    width, plot_height = (640.0, 216.0) if wide else (340.0, 206.0)
    frame = _Frame(46, 22, width - 24, 22 + plot_height, chart.horizon_min, _highest(chart))
    beside = [line for line in chart.references if not _fits(line, frame)]
    keys = place_keys(_keys(chart, beside), frame.left, width)
    named = 16 if chart.clock_at_zero is None else 0
    height = frame.bottom + 52 + named + KEY_HEIGHT * (keys[-1].row + 1 if keys else 0)
    canvas = Canvas(width, height, standalone=standalone)
    for band in chart.bands:
        upper = frame.curve(band.t_min, band.high)
        lower = frame.curve(band.t_min, band.low)
        canvas.polygon([*upper, *reversed(lower)], "brand", opacity=0.18)
    _axes(canvas, frame, chart, wide)
    for line in chart.references:
        _reference(canvas, frame, line, with_words=line not in beside)
    for curve in chart.curves:
        colour, stroke, dash = STYLES[curve.style]
        points = frame.curve(curve.t_min, curve.level)
        canvas.polyline(points, colour, width=stroke, dash=dash or ("6 4" if curve.dashed else ""))
    _now(canvas, frame, chart)
    draw_keys(canvas, keys, frame.bottom + 50 + named)
    return canvas.render(title=chart.title, description=describe_pk(chart))


def describe_pk(chart: PkChart) -> str:
    """One sentence with the highest point of each curve."""
    parts = []
    for curve in chart.curves:
        if curve.level:
            peak = max(curve.level)
            when = curve.t_min[curve.level.index(peak)]
            parts.append(f"{curve.label} at most {peak:.0f} {chart.unit} at {when:.0f} min")
    spread = f"; band over {chart.bands[0].label}" if chart.bands else ""
    return f"Model estimate. {'; '.join(parts)}{spread}."


def _highest(chart: PkChart) -> float:
    values = [v for c in chart.curves for v in c.level] + [v for b in chart.bands for v in b.high]
    values += [line.level for line in chart.references]
    top = max(values, default=1.0) or 1.0
    step = _step(top)
    return step * math.ceil(top * 1.04 / step)


def _step(top: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(top))
    return next(s * magnitude for s in (0.2, 0.5, 1.0, 2.0) if top / (s * magnitude) <= 5.5)


def _axes(canvas: Canvas, frame: _Frame, chart: PkChart, wide: bool) -> None:
    step = _step(frame.highest)
    level = 0.0
    while level <= frame.highest + step / 10:
        left, right = frame.at(0, level), frame.at(frame.horizon, level)
        canvas.line(left, right, "grid-strong" if level == 0 else "grid")
        canvas.text((left[0] - 6, left[1] + 4.5), f"{level:g}", fill="muted", anchor="end")
        level += step
    tick = 30 if wide and frame.horizon <= 240 else 60
    for minute in range(0, int(frame.horizon) + 1, tick):
        x, y = frame.at(minute, 0)
        canvas.line((x, frame.top), (x, y), "grid")
        canvas.text((x, y + 34), _tick(chart, minute), fill="muted", anchor="middle")
    canvas.text((frame.left, 14), f"Model estimate, {chart.unit}", fill="muted")
    if chart.clock_at_zero is None:
        canvas.text((frame.right, frame.bottom + 51), "minutes from start", size=12.5,
                    fill="muted", anchor="end")  # fmt: skip
    for bar in chart.bars:
        x0, y = frame.at(bar.from_min, 0)
        x1, _ = frame.at(bar.to_min, 0)
        canvas.rect((x0, y + 6), (x1 - x0, 10), "brand", opacity=0.55)


def _tick(chart: PkChart, minute: int) -> str:
    if chart.clock_at_zero is None:
        return str(minute)
    return (chart.clock_at_zero + timedelta(minutes=minute)).strftime("%H:%M")


def _reference(canvas: Canvas, frame: _Frame, line: ReferenceLine, *, with_words: bool) -> None:
    left, right = frame.at(0, line.level), frame.at(frame.horizon, line.level)
    canvas.line(left, right, "control", width=1.2, dash="2 4")
    if with_words:
        at = (right[0] - 4, right[1] - 4)
        canvas.text(at, _words(line), size=12.5, fill="muted", anchor="end")


def _words(line: ReferenceLine) -> str:
    return f"{line.label} ({line.source})"


def _fits(line: ReferenceLine, frame: _Frame) -> bool:
    return text_width(_words(line), 12.5) < (frame.right - frame.left) * 0.6


def _now(canvas: Canvas, frame: _Frame, chart: PkChart) -> None:
    if chart.now_min is None:
        return
    x, bottom = frame.at(chart.now_min, 0)
    canvas.line((x, frame.top), (x, bottom), "ink", width=1.4)
    so_far = next((c for c in chart.curves if c.style == "model" and c.level), None)
    if so_far is not None:
        canvas.circle(frame.at(so_far.t_min[-1], so_far.level[-1]), 4, "brand")


def _keys(chart: PkChart, beside: Sequence[ReferenceLine]) -> list[Key]:
    """What each sign means: lines, the band, the bar, and references with long words."""
    found = []
    for curve in chart.curves:
        colour, stroke, dash = STYLES[curve.style]
        found.append(Key(curve.label, colour, width=stroke, dash=dash))
    found += [Key(band.label, "brand", fill_opacity=0.18) for band in chart.bands[:1]]
    bar_words = dict.fromkeys(bar.label for bar in chart.bars if bar.label)
    found += [Key(words, "brand", fill_opacity=0.55) for words in bar_words]
    return found + [Key(_words(line), "control", width=1.2, dash="2 4") for line in beside]
