"""Samples, and how far a prediction may lie from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from leeward.core.quantities import Refusal

from .model import Model, Residual
from .patient import Patient
from .regimen import Regimen
from .simulate import simulate

_STUDENT_NU = 4.0


@dataclass(frozen=True, slots=True)
class Observation:
    """A measured concentration.

    Attributes
    ----------
    t_min : float
        Time of the sample [min].
    value_ng_per_ml : float or None
        Measured concentration [ng/mL]; None when it was below the limit.
    site : str
        ``arterial`` or ``venous``.
    analyte : str or None
        What was measured; the parent of the set if None.
    below_ng_per_ml : float or None
        Limit of quantification the value was below [ng/mL].
    """

    t_min: float
    value_ng_per_ml: float | None
    site: str
    analyte: str | None = None
    below_ng_per_ml: float | None = None


@dataclass(frozen=True, slots=True)
class SampleError:
    """Residual error of one observation, widened where sites differ."""

    residual: Residual
    widening: float


def errors_of(
    model: Model,
    patient: Patient,
    regimen: Regimen,
    observations: Sequence[Observation],
    donor: Model | None,
    other_site: Model | None,
) -> tuple[SampleError, ...] | Refusal:
    result = []
    for o in observations:
        problem = _unusable(o, model)
        if problem is not None:
            return problem
        residual = _residual_for(model, o.analyte or model.parent, donor)
        if residual is None:
            return Refusal(
                "individualise.no_residual",
                f"No residual error was published with {model.id} for "
                f"{o.analyte or model.parent}; name a set to borrow it from.",
                source=model.source.source,
                field="iiv",
            )
        widening = 0.0
        if o.site != model.site:
            distance = _distance_of_sites(model, other_site, patient, regimen, o)
            if isinstance(distance, Refusal):
                return distance
            widening = distance
        result.append(SampleError(residual, widening))
    return tuple(result)


def _unusable(o: Observation, model: Model) -> Refusal | None:
    name = o.analyte or model.parent
    if name not in model.analytes:
        return Refusal(
            "individualise.analyte", f"{model.id} does not predict {name}.", field="observations"
        )
    if o.site not in ("arterial", "venous"):
        return Refusal(
            "individualise.site", "Say where a sample was taken: arterial or venous.",
            field="observations",
        )  # fmt: skip
    value = o.below_ng_per_ml if o.value_ng_per_ml is None else o.value_ng_per_ml
    if value is None or not (math.isfinite(value) and value > 0 and math.isfinite(o.t_min)):
        return Refusal(
            "individualise.value",
            "An observation needs a time and a concentration above 0, or the limit it was below.",
            field="observations",
        )
    return None


def _residual_for(model: Model, analyte: str, donor: Model | None) -> Residual | None:
    own = next((r for r in model.residual if r.analyte == analyte), None)
    if own is not None or donor is None or analyte != model.parent:
        return own
    return next((r for r in donor.residual if r.analyte == donor.parent), None)


def _distance_of_sites(
    model: Model, other: Model | None, patient: Patient, regimen: Regimen, o: Observation
) -> float | Refusal:
    """Distance between two sets at a sample's time, as a relative standard deviation [1]."""
    if other is None or other.site != o.site:
        return Refusal(
            "individualise.site_mismatch",
            f"The sample is {o.site} and {model.id} is {model.site}. Name a {o.site} set to judge "
            "the difference by, or choose a set of that site.",
            field="site",
        )
    here, there = (simulate(m, patient, regimen, [o.t_min]) for m in (model, other))
    if isinstance(here, Refusal):
        return here
    if isinstance(there, Refusal):
        return there
    a, b = float(here.curve()[0]), float(there.curve()[0])
    return abs(math.log(a / b)) if a > 0 and b > 0 else 1.0


def standardised(f: float, y: float, error: SampleError) -> tuple[float, float]:
    """Standardised residual and the logarithm of its variance.

    Parameters
    ----------
    f : float
        Prediction [ng/mL].
    y : float
        Measurement [ng/mL].
    error : SampleError
        Residual error.

    Returns
    -------
    tuple of float
        Residual [1], log variance.
    """
    r = error.residual
    if r.scale == "log":
        sd = math.hypot(r.proportional, error.widening)
        return (math.log(y) - math.log(max(f, 1e-300))) / sd, 2.0 * math.log(sd)
    sd = math.sqrt((r.proportional**2 + error.widening**2) * f * f + r.additive_ng_per_ml**2)
    sd = max(sd, 1e-12)
    return (y - f) / sd, 2.0 * math.log(sd)


def misfit(f: float, o: Observation, error: SampleError, robust: bool) -> float:
    """Minus twice the log likelihood of one sample, up to a constant.

    Parameters
    ----------
    f : float
        Prediction [ng/mL].
    o : Observation
        The sample.
    error : SampleError
        Residual error.
    robust : bool
        Heavier tails.

    Returns
    -------
    float
        Misfit [1].
    """
    if o.value_ng_per_ml is None:
        return -2.0 * _log_normal_cdf(standardised(f, float(o.below_ng_per_ml or 0.0), error)[0])
    z, log_variance = standardised(f, o.value_ng_per_ml, error)
    if robust:
        return (_STUDENT_NU + 1.0) * math.log1p(z * z / _STUDENT_NU) + log_variance
    return z * z + log_variance


def _log_normal_cdf(z: float) -> float:
    """Logarithm of the normal distribution function, sound far into the tail."""
    if z > -30.0:
        return math.log(0.5 * math.erfc(-z / math.sqrt(2.0)))
    return -0.5 * z * z - math.log(-z) - 0.5 * math.log(2.0 * math.pi)
