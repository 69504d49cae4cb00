"""Concentration against time as a file: curves, a band, observed points, reference lines.

A plain drawing for reports and the command line, with its colours inside.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_INKS = ("#1f4e79", "#b3541e", "#2e7d4f", "#7a3e8e", "#8a6d1a", "#4a4a4a")
_DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 2", "12 4")
_WIDTH, _HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 40, 84


@dataclass(frozen=True, slots=True)
class Curve:
    """A line.

    Attributes
    ----------
    name : str
        Label.
    t_min, value : float array, shape (k,)
        Times [min] and concentrations [ng/mL].
    """

    name: str
    t_min: FloatArray
    value: FloatArray


@dataclass(frozen=True, slots=True)
class Points:
    """Observations.

    Attributes
    ----------
    name : str
        Label.
    t_min, value : sequence of float
        Times [min] and concentrations [ng/mL].
    spread : sequence of float or None
        Half length of the bars [ng/mL].
    """

    name: str
    t_min: Sequence[float]
    value: Sequence[float]
    spread: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Scales from data to the drawing."""

    t_low: float
    t_high: float
    top: float

    def x(self, t: float) -> float:
        share = (t - self.t_low) / (self.t_high - self.t_low)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value / self.top * (_HEIGHT - _TOP - _BOTTOM)

    def path(self, times: Iterable[float], values: Iterable[float]) -> str:
        return " ".join(
            f"{self.x(t):.2f},{self.y(v):.2f}" for t, v in zip(times, values, strict=True)
        )


def concentration_plot(
    title: str,
    curves: Sequence[Curve],
    *,
    band: tuple[FloatArray, FloatArray, FloatArray] | None = None,
    points: Sequence[Points] = (),
    lines: Sequence[tuple[str, float]] = (),
) -> str:
    """Draw concentrations against time.

    Parameters
    ----------
    title : str
        Title; what, for whom, by which set.
    curves : sequence of Curve
        Lines, told apart by colour and by dashes.
    band : tuple of float array, optional
        Times [min], lower and upper edge [ng/mL].
    points : sequence of Points
        Observations.
    lines : sequence of (str, float)
        Labelled levels [ng/mL].

    Returns
    -------
    str
        An SVG document with its colours inside.
    """
    frame = _frame(curves, band, points, lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="22" font-size="14" fill="#1a1a1a">{escape(title)}</text>',
        *_axes(frame),
    ]
    if band is not None:
        times, low, high = band
        outline = frame.path([*times, *times[::-1]], [*high, *low[::-1]])
        parts.append(f'<polygon points="{outline}" fill="{_INKS[0]}" fill-opacity="0.15"/>')
    parts += [part for label, level in lines for part in _level(frame, label, level)]
    for k, curve in enumerate(curves):
        ink, dash = _INKS[k % len(_INKS)], _DASHES[k % len(_DASHES)]
        parts.append(
            f'<polyline points="{frame.path(curve.t_min, curve.value)}" fill="none" '
            f'stroke="{ink}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
    for k, cloud in enumerate(points):
        parts += _cloud(frame, cloud, _INKS[(k + len(curves)) % len(_INKS)])
    parts += _legend(curves, points)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _frame(
    curves: Sequence[Curve],
    band: tuple[FloatArray, FloatArray, FloatArray] | None,
    points: Sequence[Points],
    lines: Sequence[tuple[str, float]],
) -> _Frame:
    times = [t for c in curves for t in (c.t_min.min(), c.t_min.max())]
    values = [float(c.value.max()) for c in curves] + [level for _, level in lines]
    if band is not None:
        times += [band[0].min(), band[0].max()]
        values.append(float(band[2].max()))
    for cloud in points:
        times += [min(cloud.t_min), max(cloud.t_min)]
        bars = cloud.spread or [0.0] * len(cloud.value)
        values += [v + s for v, s in zip(cloud.value, bars, strict=True)]
    low, high = float(min(times, default=0.0)), float(max(times, default=1.0))
    return _Frame(low, high if high > low else low + 1.0, 1.08 * max([*values, 1e-9]))


def _ticks(low: float, high: float, many: int = 6) -> list[float]:
    rough = (high - low) / many
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough)
    first = math.ceil(low / step - 1e-9)
    return [step * k for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _axes(frame: _Frame) -> list[str]:
    bottom = _HEIGHT - _BOTTOM
    parts = []
    for value in _ticks(0.0, frame.top):
        y = frame.y(value)
        ends = f'x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
        place = f'x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end"'
        parts.append(f'<line {ends} stroke="#dddddd"/>')
        parts.append(f'<text {place} fill="#333333">{value:g}</text>')
    for t in _ticks(frame.t_low, frame.t_high, 8):
        x = frame.x(t)
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" fill="#333333">{t:g}</text>'
        )
    parts.append(
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{bottom + 34}" text-anchor="middle" '
        f'fill="#333333">time (min)</text>'
        f'<text x="{_LEFT - 8}" y="{_TOP - 6}" text-anchor="end" fill="#333333">ng/mL</text>'
    )
    return parts


def _level(frame: _Frame, label: str, level: float) -> list[str]:
    y = frame.y(level)
    return [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#777777" '
        f'stroke-dasharray="3 3"/>',
        f'<text x="{_WIDTH - _RIGHT}" y="{y - 4:.1f}" text-anchor="end" fill="#555555" '
        f'font-size="11">{escape(label)}</text>',
    ]


def _cloud(frame: _Frame, cloud: Points, ink: str) -> list[str]:
    parts = []
    for k, (t, value) in enumerate(zip(cloud.t_min, cloud.value, strict=True)):
        x, y = frame.x(t), frame.y(value)
        if cloud.spread is not None:
            low = frame.y(max(value - cloud.spread[k], 0.0))
            high = frame.y(value + cloud.spread[k])
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" stroke="{ink}"/>'
            )
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#ffffff" stroke="{ink}" '
            f'stroke-width="1.8"/>'
        )
    return parts


def _legend(curves: Sequence[Curve], points: Sequence[Points]) -> list[str]:
    parts, x, y = [], float(_LEFT), _HEIGHT - 28
    for k, name in enumerate([*(c.name for c in curves), *(p.name for p in points)]):
        ink = _INKS[k % len(_INKS)]
        if x + 40 + 7 * len(name) > _WIDTH:
            x, y = float(_LEFT), y + 18
        mark = (
            f'<line x1="{x}" x2="{x + 22}" y1="{y}" y2="{y}" stroke="{ink}" stroke-width="2" '
            f'stroke-dasharray="{_DASHES[k % len(_DASHES)]}"/>'
            if k < len(curves)
            else f'<circle cx="{x + 11}" cy="{y}" r="3.5" fill="#ffffff" stroke="{ink}" '
            f'stroke-width="1.8"/>'
        )
        parts.append(f'{mark}<text x="{x + 28}" y="{y + 4}" fill="#333333">{escape(name)}</text>')
        x += 44 + 7 * len(name)
    return parts
