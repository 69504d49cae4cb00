"""One person, one regimen, one set: the exact curve and its landmarks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.published import Grade

from .admission import admit
from .core_curve import CoreCurve
from .metrics import Peak, crossings, last_time_above, peak, time_above
from .model import Model, Same
from .modes import Modes, modes_of_core
from .parameters import check_eta, effect_rate, individual_parameters
from .patient import Patient
from .provenance import Finding
from .regimen import Regimen
from .solution import Solution
from .structures import build_system

FloatArray = npt.NDArray[np.float64]
EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Summary:
    """Landmarks of one curve, over the whole of it unless a name says otherwise.

    Attributes
    ----------
    cmax_ng_per_ml : float
        Highest concentration [ng/mL].
    tmax_min : float
        Its time [min].
    auc_0_t : float
        Area from the first dose to the last time asked for [ng min/mL].
    auc_0_inf : float
        Area to infinity [ng min/mL].
    time_above_min : mapping of float to float
        Level [ng/mL] to total time above it [min].
    last_above_min : mapping of float to (float or None)
        Level [ng/mL] to the time it is left for good [min]; None if it is never exceeded.
    """

    cmax_ng_per_ml: float
    tmax_min: float
    auc_0_t: float
    auc_0_inf: float
    time_above_min: Mapping[float, float]
    last_above_min: Mapping[float, float | None]


@dataclass(frozen=True)
class Simulation:
    """An exact simulation; curves and landmarks are worked out when asked for.

    Attributes
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    regimen : Regimen
        The doses.
    t_min : float array, shape (k,)
        Times [min].
    findings : tuple of Finding
        What a reader must know.
    eta : mapping
        Individual deviations used [1].
    """

    model: Model
    patient: Patient
    regimen: Regimen
    t_min: FloatArray
    findings: tuple[Finding, ...]
    eta: Mapping[str, float] = field(default_factory=dict)

    @property
    def grade(self) -> Grade:
        """Weakest grade among the numbers used."""
        return self.model.grade

    @property
    def analytes(self) -> tuple[str, ...]:
        """Names a curve can be asked for, ``effect`` last if the set has an effect link."""
        return (*self.model.analytes, EFFECT) if self.model.effect else self.model.analytes

    def site(self, analyte: str) -> str:
        """Where a curve holds: ``arterial``, ``venous`` or ``effect``."""
        return EFFECT if analyte == EFFECT else self.model.site

    @cached_property
    def parameters(self) -> Mapping[str, float]:
        """Parameters of this person in engine units (L, L/min, 1/min, min, 1)."""
        return _parameters(self.model, self.patient, self.eta)

    @cached_property
    def parameter_hash(self) -> str:
        """SHA-256 [hex] over the model id and the parameters of this person."""
        import hashlib

        text = ";".join(f"{k}={v!r}" for k, v in sorted(self.parameters.items()))
        return hashlib.sha256(f"{self.model.id};{text}".encode()).hexdigest()

    @cached_property
    def solution(self) -> Solution:
        """Exact solution of the whole system, effect site included."""
        ke0 = effect_rate(self.model, self.patient)
        return Solution(build_system(self.model, self.parameters, self.regimen, ke0))

    def curve(self, analyte: str | None = None) -> FloatArray:
        """Concentration at `t_min`.

        Parameters
        ----------
        analyte : str, optional
            Analyte or ``effect``; the parent by default.

        Returns
        -------
        float array, shape (k,)
            Concentration [ng/mL]; at the time of a bolus the value just after it.

        Raises
        ------
        OutOfDomain
            If the set has no such curve.
        """
        return self.at(self.t_min, analyte)

    def at(self, t_min: FloatArray, analyte: str | None = None) -> FloatArray:
        """Concentration [ng/mL] at any times [min]; see `curve`."""
        parent = self.model.parent
        name = analyte or parent
        if name == parent and self.model.structure == "mammillary":
            return CoreCurve.of(self._modes(), self.regimen).concentration(t_min)
        if name not in self.analytes:
            raise OutOfDomain(f"{self.model.id} has no curve {name}; it has {self.analytes}")
        return self.solution.concentration(name, t_min)

    def peak(self, analyte: str | None = None) -> Peak:
        """Cmax and Tmax over the whole curve."""
        return peak(self.solution, analyte or self.model.parent)

    def last_above_min(self, level_ng_per_ml: float, analyte: str | None = None) -> float | None:
        """Time at which a curve falls below a level for good.

        Parameters
        ----------
        level_ng_per_ml : float
            Level [ng/mL], > 0.
        analyte : str, optional
            Analyte or ``effect``; the parent by default.

        Returns
        -------
        float or None
            Time [min]; None if the level is never exceeded.
        """
        return last_time_above(self.solution, analyte or self.model.parent, level_ng_per_ml)

    def summary(self, analyte: str | None = None, thresholds: Sequence[float] = ()) -> Summary:
        """Landmarks of one curve.

        Parameters
        ----------
        analyte : str, optional
            Analyte or ``effect``; the parent by default.
        thresholds : sequence of float
            Levels [ng/mL], > 0.

        Returns
        -------
        Summary
            Exact landmarks.
        """
        name = analyte or self.model.parent
        top = self.peak(name)
        end = float(self.t_min.max()) if self.t_min.size else float(self.solution.starts_min[0])
        return Summary(
            cmax_ng_per_ml=top.value_ng_per_ml,
            tmax_min=top.t_min,
            auc_0_t=self.solution.area(name, end),
            auc_0_inf=self.solution.area_to_infinity(name),
            time_above_min={x: time_above(self.solution, name, x) for x in thresholds},
            last_above_min={x: last_time_above(self.solution, name, x) for x in thresholds},
        )

    def crossings_min(
        self, level_ng_per_ml: float, analyte: str | None = None
    ) -> tuple[float, ...]:
        """Times of every passage through a level.

        Parameters
        ----------
        level_ng_per_ml : float
            Level [ng/mL], > 0.
        analyte : str, optional
            Analyte or ``effect``; the parent by default.

        Returns
        -------
        tuple of float
            Times [min].
        """
        found = crossings(self.solution, analyte or self.model.parent, level_ng_per_ml)
        return tuple(crossing.t_min for crossing in found)

    def _modes(self) -> Modes:
        if self.eta:
            return modes_of_core(self.parameters)
        return _typical_modes(Same(self.model), self.patient)


def simulate(
    model: Model,
    patient: Patient,
    regimen: Regimen,
    t_min: FloatArray | Sequence[float],
    *,
    eta: Mapping[str, float] | None = None,
) -> Simulation | Refusal:
    """Simulate one person exactly.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    regimen : Regimen
        Doses [mg], times [min].
    t_min : float array, shape (k,)
        Times [min] at which curves are wanted.
    eta : mapping, optional
        Individual deviations by parameter name [1].

    Returns
    -------
    Simulation or Refusal
        The curve, or why this set must not be asked.
    """
    findings = admit(model, patient, regimen)
    if isinstance(findings, Refusal):
        return findings
    times = np.asarray(t_min, dtype=float)
    if not np.isfinite(times).all():
        return Refusal("times.not_a_number", "A time is not a number.", field="times")
    if eta:
        refusal = check_eta(model, eta)
        if refusal is not None:
            return refusal
    return Simulation(model, patient, regimen, times, findings, dict(eta or {}))


def _parameters(model: Model, patient: Patient, eta: Mapping[str, float]) -> Mapping[str, float]:
    return cast(Mapping[str, float], individual_parameters(model, patient, eta))


@lru_cache(maxsize=256)
def _typical_modes(model: Same, patient: Patient) -> Modes:
    return modes_of_core(_parameters(model.model, patient, {}))
