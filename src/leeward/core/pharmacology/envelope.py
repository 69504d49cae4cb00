"""Routes whose rate of absorption nobody has published well enough: an envelope, and no more.

Between the edges lies every curve the stated ranges allow.  There is no line in the middle, no
landmark and no advice: the published facts do not carry them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Citation, Grade, weakest

from .admission import admit_patient
from .metrics import peak
from .model import Drug, Model
from .parameters import individual_parameters
from .patient import Patient
from .provenance import Finding
from .regimen import Bolus, Extravascular, Infusion, Regimen, check_regimen
from .solution import Solution
from .structures import Jump, System, build_system

FloatArray = npt.NDArray[np.float64]

_RATES = 41
_AT_ONCE_PER_MIN = 50.0
_NEARLY_NOTHING_PER_MIN = 1e-4


@dataclass(frozen=True, slots=True)
class Range:
    """A stated range with its source.

    Attributes
    ----------
    low, high : float or None
        Ends, in the unit of the field it belongs to; None where none is stated.
    """

    low: float | None
    high: float | None
    grade: Grade
    source: Citation


@dataclass(frozen=True, slots=True)
class Absorption:
    """What is known of a route without a published rate model.

    Attributes
    ----------
    route : str
        ``im``, ``sc``, ``sublingual`` or ``oral``.
    fraction : Range
        Bioavailability [1].
    rate_per_min : Range or None
        Absorption rate constant [1/min].
    tmax_min : Range or None
        Time of the peak [min], from which the rate follows where none is stated.
    statement : str
        What a reader must know.
    """

    id: str
    route: str
    drug: Drug
    fraction: Range
    rate_per_min: Range | None
    tmax_min: Range | None
    statement: str

    @property
    def grade(self) -> Grade:
        """Weakest grade among the stated ranges."""
        ranges = [r for r in (self.fraction, self.rate_per_min, self.tmax_min) if r is not None]
        return weakest(r.grade for r in ranges) or Grade.KNOWN


@dataclass(frozen=True, slots=True)
class Envelope:
    """The span of curves that the stated ranges allow; it has no middle.

    Attributes
    ----------
    t_min : float array, shape (k,)
        Times [min].
    low_ng_per_ml, high_ng_per_ml : float array, shape (k,)
        Edges [ng/mL].
    rate_range_per_min : tuple of (float or None)
        Rates of absorption spanned [1/min]; None for no limit.
    findings : tuple of Finding
        What a reader must know.
    """

    model_id: str
    site: str
    t_min: FloatArray
    low_ng_per_ml: FloatArray
    high_ng_per_ml: FloatArray
    rate_range_per_min: tuple[float | None, float | None]
    findings: tuple[Finding, ...]
    live_advice: bool = False


def envelope(
    model: Model,
    patient: Patient,
    absorption: Absorption,
    regimen: Regimen,
    t_min: FloatArray | Sequence[float],
) -> Envelope | Refusal:
    """Span the curves of a route over its stated ranges.

    Parameters
    ----------
    model : Model
        A mammillary set of the same drug; it gives what happens after absorption.
    patient : Patient
        The person.
    absorption : Absorption
        What is known of the route.
    regimen : Regimen
        Doses of that route, and intravenous ones beside them.
    t_min : float array, shape (k,)
        Times [min].

    Returns
    -------
    Envelope or Refusal
        Edges without a middle, or why not even they can be given.
    """
    findings = admit_patient(model, patient)
    refusal = findings if isinstance(findings, Refusal) else check_regimen(regimen)
    refusal = refusal or _mismatch(model, absorption, regimen)
    if refusal is not None:
        return refusal
    assert not isinstance(findings, Refusal)
    times = np.asarray(t_min, dtype=float)
    low_rate, high_rate = _rates(model, patient, absorption)
    shares = absorption.fraction
    curves = [
        _given(model, patient, regimen, rate, times) for rate in _spaced(low_rate, high_rate)
    ]
    iv = _given(model, patient, _intravenous(regimen), None, times)
    absorbed = np.array(curves)
    low = absorbed.min(axis=0) * (shares.low or 0.0) if low_rate is not None else 0.0 * iv
    high = absorbed.max(axis=0) * (1.0 if shares.high is None else shares.high)
    said = Finding("envelope.no_median", f"{absorption.statement} {_LABEL}", "route")
    return Envelope(
        model.id, model.site, times, low + iv, high + iv, (low_rate, high_rate), (*findings, said)
    )


_LABEL = (
    "An envelope over the stated range, without a middle line; it supports no advice during a "
    "session."
)


def _mismatch(model: Model, absorption: Absorption, regimen: Regimen) -> Refusal | None:
    if model.structure != "mammillary" or model.drug != absorption.drug:
        return Refusal(
            "envelope.model",
            f"An envelope for {absorption.drug} needs an intravenous set of that drug.",
            field="model",
        )
    if regimen.drug not in (None, absorption.drug):
        return Refusal("envelope.drug", f"This route is for {absorption.drug} only.", field="drug")
    for event in regimen.events:
        other = isinstance(event, Extravascular) and event.route != absorption.route
        if other or not isinstance(event, Extravascular | Bolus | Infusion):
            return Refusal(
                "envelope.route",
                f"This envelope is for the route {absorption.route} only.",
                field="regimen",
            )
    return None


def _rates(
    model: Model, patient: Patient, absorption: Absorption
) -> tuple[float | None, float | None]:
    if absorption.rate_per_min is not None:
        return absorption.rate_per_min.low, absorption.rate_per_min.high
    if absorption.tmax_min is not None:
        early, late = absorption.tmax_min.low, absorption.tmax_min.high
        return (
            None if late is None else _rate_for_peak(model, patient, late),
            None if early is None else _rate_for_peak(model, patient, early),
        )
    return None, None


def _rate_for_peak(model: Model, patient: Patient, tmax_min: float) -> float:
    """Absorption rate constant [1/min] whose single-dose peak falls at `tmax_min` [min]."""
    low, high = 1e-5, _AT_ONCE_PER_MIN
    dose = Regimen((Extravascular(0.0, 1.0, "oral"),))
    for _ in range(50):
        middle = math.sqrt(low * high)
        solution = Solution(_system(model, patient, dose, middle))
        if peak(solution, model.parent).t_min > tmax_min:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)


def _spaced(low: float | None, high: float | None) -> list[float | None]:
    """Rates across the range; None stands for all at once."""
    slow = _NEARLY_NOTHING_PER_MIN if low is None else low
    if high is None:
        return [*np.geomspace(slow, _AT_ONCE_PER_MIN, _RATES), None]
    return list(np.geomspace(slow, high, _RATES))


def _given(
    model: Model, patient: Patient, regimen: Regimen, rate: float | None, times: FloatArray
) -> FloatArray:
    """Curve of the absorbed doses at one rate, or of intravenous ones if there are no others."""
    if not regimen.events:
        return np.zeros(times.size)
    only = tuple(e for e in regimen.events if isinstance(e, Extravascular)) or regimen.events
    part = Regimen(only, regimen.drug)
    return Solution(_system(model, patient, part, rate)).concentration(model.parent, times)


def _system(model: Model, patient: Patient, regimen: Regimen, rate: float | None) -> System:
    """The core with a depot in front of it; without a rate doses enter at once."""
    values = individual_parameters(model, patient)
    core = build_system(model, values, _intravenous(regimen))
    n = core.rates.shape[-1]
    rates = np.zeros((n + 1, n + 1))
    rates[:n, :n] = core.rates
    rates[0, n], rates[n, n] = rate or 0.0, -(rate or 0.0)
    doses = tuple(
        Jump(e.t_min, 0 if rate is None else n, e.dose_mg)
        for e in regimen.events
        if isinstance(e, Extravascular)
    )
    return System(rates, core.outputs, (*core.inputs, *doses))


def _intravenous(regimen: Regimen) -> Regimen:
    events = tuple(e for e in regimen.events if not isinstance(e, Extravascular))
    return Regimen(events, regimen.drug)
