"""The plot of a simulation, as a file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from leeward.core.pharmacology import Infusion, Regimen
from leeward.core.quantities import Refusal

_STYLES = ("model", "in_force", "forecast")


def drawn(
    title: str,
    times: np.ndarray,
    curves: dict[str, np.ndarray],
    band: tuple[np.ndarray, np.ndarray] | None,
    regimen: Regimen,
    band_label: str = "",
) -> str:
    """Draw concentrations [ng/mL] over `times` [min], with a band and the infusions."""
    from leeward.figures.pk import Band, InfusionBar, LevelCurve, PkChart, draw_pk

    at = tuple(times.tolist())
    lines = [
        LevelCurve(name, at, tuple(curve.tolist()), _STYLES[min(k, len(_STYLES) - 1)], k > 1)
        for k, (name, curve) in enumerate(curves.items())
    ]
    bands = (
        [Band(at, tuple(band[0].tolist()), tuple(band[1].tolist()), band_label)] if band else []
    )
    bars = [
        InfusionBar(e.t_min, e.t_min + e.duration_min, f"{e.dose_mg:.4g} mg")
        for e in regimen.events
        if isinstance(e, Infusion)
    ]
    chart = PkChart(title, tuple(lines), float(times.max()), tuple(bands), tuple(bars))
    return draw_pk(chart, standalone=True)


def write_plot(name: str, draw: Callable[[], str]) -> Refusal | None:
    """Write an SVG or PNG file; a `Refusal` if that cannot be done."""
    svg = draw()
    try:
        if name.lower().endswith(".png"):
            from leeward.figures.png import to_png

            Path(name).write_bytes(to_png(svg, 1280))
        elif name.lower().endswith(".svg"):
            Path(name).write_text(svg, encoding="utf-8")
        else:
            return Refusal("plot.format", "A plot is written as .svg or .png.", field="plot")
    except OSError as error:
        return Refusal("plot.unwritable", f"{name} cannot be written: {error}.", field="plot")
    return None
