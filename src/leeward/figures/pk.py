"""Levels over time: curves, bands, infusion bars, reference lines."""

from .canvas import Canvas
from .legend import KEY_HEIGHT, draw_keys, place_keys
from .pk_axes import draw_axes, foot_of
from .pk_chart import STYLES, Band, InfusionBar, LevelCurve, PkChart, ReferenceLine
from .pk_frame import Frame, decimals_of, highest_of
from .pk_marks import draw_bands, draw_curves, draw_now, draw_references, gutter_of, keys_of

__all__ = ["STYLES", "Band", "InfusionBar", "LevelCurve", "PkChart", "ReferenceLine",
           "describe_pk", "draw_pk"]  # fmt: skip


def draw_pk(chart: PkChart, *, wide: bool = True, standalone: bool = False) -> str:
    """Draw levels over time; `standalone` embeds colours for files and PDF."""
    width, plot_height = (640.0, 230.0) if wide else (340.0, 206.0)
    right = width - 24 - gutter_of(chart)
    frame = Frame(46, 22, right, 22 + plot_height, chart.horizon_min, highest_of(chart))
    keys = place_keys(keys_of(chart, frame), frame.left if wide else 4, width)
    foot = frame.bottom + foot_of(chart)
    height = foot + 8 + KEY_HEIGHT * (keys[-1].row + 1 if keys else 0)
    canvas = Canvas(width, height, standalone=standalone)
    draw_bands(canvas, frame, chart.bands)
    draw_axes(canvas, frame, chart, wide=wide)
    draw_references(canvas, frame, chart)
    draw_curves(canvas, frame, chart.curves)
    draw_now(canvas, frame, chart)
    draw_keys(canvas, keys, foot + 2)
    return canvas.render(title=chart.title, description=describe_pk(chart))


def describe_pk(chart: PkChart) -> str:
    """One sentence with the highest point of each curve."""
    digits = decimals_of(highest_of(chart))
    parts = []
    for curve in chart.curves:
        if curve.level:
            peak = max(curve.level)
            when = curve.t_min[curve.level.index(peak)]
            parts.append(f"{curve.label} at most {peak:.{digits}f} {chart.unit} at {when:.0f} min")
    spread = "".join(f"; band over {band.label}" for band in chart.bands)
    return f"Model estimate. {'; '.join(parts)}{spread}."
