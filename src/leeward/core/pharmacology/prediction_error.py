"""How well predictions met samples, after Varvel 1992."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leeward.core.quantities import Refusal


@dataclass(frozen=True, slots=True)
class PredictionError:
    """How well predictions met samples, after Varvel 1992.

    Attributes
    ----------
    mdpe_pct : float
        Median of the signed errors, 100 (measured - predicted) / predicted [%].
    mdape_pct : float
        Median of their sizes [%].
    wobble_pct : float
        Median distance from the median error [%].
    divergence_pct_per_h : float or None
        Trend of the size of the error with time [%/h]; None with fewer than two times.
    n : int
        Number of samples.
    """

    mdpe_pct: float
    mdape_pct: float
    wobble_pct: float
    divergence_pct_per_h: float | None
    n: int


def prediction_error(
    t_min: Sequence[float],
    measured_ng_per_ml: Sequence[float],
    predicted_ng_per_ml: Sequence[float],
) -> PredictionError | Refusal:
    """Compare samples with predictions.

    Parameters
    ----------
    t_min : sequence of float
        Times [min].
    measured_ng_per_ml, predicted_ng_per_ml : sequence of float
        Concentrations [ng/mL]; predictions > 0.

    Returns
    -------
    PredictionError or Refusal
        The measures, or why they cannot be formed.
    """
    t, y, f = (
        np.asarray(x, dtype=float) for x in (t_min, measured_ng_per_ml, predicted_ng_per_ml)
    )
    if not (t.size == y.size == f.size and t.size):
        return Refusal(
            "prediction_error.empty", "Give as many samples as predictions, and one at least."
        )
    if not (np.isfinite([t, y, f]).all() and (f > 0).all()):
        return Refusal("prediction_error.values", "Every prediction must be above 0.")
    error = 100.0 * (y - f) / f
    middle = float(np.median(error))
    trend = None
    if np.ptp(t) > 0:
        trend = float(60.0 * np.polyfit(t, np.abs(error), 1)[0])
    return PredictionError(
        middle,
        float(np.median(np.abs(error))),
        float(np.median(np.abs(error - middle))),
        trend,
        t.size,
    )
