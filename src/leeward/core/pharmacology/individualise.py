"""Learning one person's parameters from the pump log and a few samples.

Maximum a posteriori after Sheiner & Beal 1982, with interaction; samples below the limit of
quantification by method M3 (Beal 2001); Laplace uncertainty.  The prior never gives way silently:
when data and prior disagree the result says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal

from .admission import admit
from .model import Model
from .observation import Observation, SampleError, errors_of, misfit, standardised
from .patient import Patient
from .provenance import Finding
from .regimen import Regimen
from .simulate import Simulation
from .variability import Variability, variability_of

FloatArray = npt.NDArray[np.float64]

_MOVED_SD = 2.0
_UNLIKELY = 0.01
_TOLD = 0.05
_STEP = 1e-4
_Function = Callable[[FloatArray], float]
FIGHT = "individualise.data_fight_prior"


@dataclass(frozen=True, slots=True)
class Individual:
    """What the data say about one person.

    Attributes
    ----------
    names : tuple of str
        Parameters that were allowed to deviate.
    eta : mapping of str to float
        Most probable deviations [1].
    sd : mapping of str to float
        Their posterior standard deviations [1].
    covariance : float array, shape (p, p)
        Posterior covariance of the deviations [1].
    shrinkage : mapping of str to float
        1 when the data said nothing about a parameter, near 0 when they said all [1].
    parameters : mapping of str to float
        Parameters of the person in engine units (L, L/min, 1/min, min, 1).
    predicted_ng_per_ml : float array
        Individual prediction at each observation [ng/mL].
    typical_ng_per_ml : float array
        Prediction for the typical person [ng/mL].
    weighted_residuals : float array
        Individual weighted residuals [1]; NaN below the limit.
    prior_predictive_p : float
        Probability of data at least this far from the prior [1].
    method : str
        ``prior``, ``laplace`` or ``importance resampling``.
    findings : tuple of Finding
        What a reader must know.
    borrowed_from : str or None
        Where the prior was borrowed from.
    """

    names: tuple[str, ...]
    eta: Mapping[str, float]
    sd: Mapping[str, float]
    covariance: FloatArray
    shrinkage: Mapping[str, float]
    parameters: Mapping[str, float]
    predicted_ng_per_ml: FloatArray
    typical_ng_per_ml: FloatArray
    weighted_residuals: FloatArray
    objective: float
    prior_predictive_p: float
    method: str
    findings: tuple[Finding, ...]
    borrowed_from: str | None

    @property
    def data_fight_prior(self) -> bool:
        """Whether data and prior disagree: look for a swapped sample or a wrong dose."""
        return any(finding.code == FIGHT for finding in self.findings)


def individualise(
    model: Model,
    patient: Patient,
    regimen: Regimen,
    observations: Sequence[Observation],
    *,
    iiv: Model | Variability | None = None,
    residual_from: Model | None = None,
    other_site: Model | None = None,
    robust: bool = False,
    seed: int = 1,
) -> Individual | Refusal:
    """Find the most probable parameters of one person.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    regimen : Regimen
        What was delivered, from the pump log.
    observations : sequence of Observation
        Samples; none gives the prior.
    iiv : Model or Variability, optional
        Where to borrow the prior from, for a set without published variability.
    residual_from : Model, optional
        Where to borrow residual error from; `iiv` by default if that is a set.
    other_site : Model, optional
        A set of the other site. A sample from that site is admitted only with it: the error is
        widened by how far the two sets lie apart.
    robust : bool
        Residuals with heavier tails (Student, 4 degrees of freedom).
    seed : int
        Seed of resampling, should it be needed.

    Returns
    -------
    Individual or Refusal
        The posterior, or why it cannot be formed.
    """
    admitted = admit(model, patient, regimen)
    if isinstance(admitted, Refusal):
        return admitted
    effects = variability_of(model, iiv)
    if isinstance(effects, Refusal):
        return effects
    donor = residual_from or (iiv if isinstance(iiv, Model) else None)
    errors = errors_of(model, patient, regimen, observations, donor, other_site)
    if isinstance(errors, Refusal):
        return errors
    names, omega = prior_covariance(effects)
    problem = _Problem(model, patient, regimen, tuple(observations), errors, names, omega, robust)
    return problem.solve(effects.borrowed_from, admitted, seed)


def prior_covariance(effects: Variability) -> tuple[tuple[str, ...], FloatArray]:
    """Assemble one covariance [1] from the blocks; effects on one parameter add."""
    names = tuple(dict.fromkeys(name for block in effects.blocks for name in block.names))
    omega = np.zeros((len(names), len(names)))
    for block in effects.blocks:
        index = [names.index(name) for name in block.names]
        omega[np.ix_(index, index)] += np.array(block.matrix)
    return names, omega


@dataclass(frozen=True, slots=True)
class _Problem:
    model: Model
    patient: Patient
    regimen: Regimen
    observations: tuple[Observation, ...]
    errors: tuple[SampleError, ...]
    names: tuple[str, ...]
    omega: FloatArray
    robust: bool

    def run(self, eta: FloatArray) -> Simulation:
        deviations = dict(zip(self.names, (float(x) for x in eta), strict=True))
        return Simulation(self.model, self.patient, self.regimen, np.empty(0), (), deviations)

    def predict(self, eta: FloatArray) -> FloatArray:
        """Prediction at each observation [ng/mL]."""
        run = self.run(eta)
        result = np.empty(len(self.observations))
        for analyte in {o.analyte or self.model.parent for o in self.observations}:
            where = [
                i
                for i, o in enumerate(self.observations)
                if (o.analyte or self.model.parent) == analyte
            ]
            times = np.array([self.observations[i].t_min for i in where])
            result[where] = run.at(times, analyte)
        return result

    def objective(self, eta: FloatArray, inverse: FloatArray) -> float:
        """Minus twice the log posterior, up to a constant."""
        total = float(eta @ inverse @ eta)
        for f, o, e in zip(self.predict(eta), self.observations, self.errors, strict=True):
            total += misfit(float(f), o, e, self.robust)
        return total

    def solve(self, borrowed: str | None, admitted: tuple[Finding, ...], seed: int) -> Individual:
        p = len(self.names)
        inverse = np.asarray(np.linalg.inv(self.omega), dtype=float)
        zero = np.zeros(p)
        if not self.observations:
            return self._result(zero, self.omega, "prior", 1.0, borrowed, admitted)
        best = self._minimise(inverse)
        hessian = _hessian(lambda x: 0.5 * self.objective(x, inverse), best)
        method = "laplace"
        try:
            np.linalg.cholesky(hessian)
            covariance = np.asarray(np.linalg.inv(hessian), dtype=float)
        except np.linalg.LinAlgError:
            method = "importance resampling"
            best, covariance = self._resample(inverse, seed)
        far = self._distance(best, inverse)
        return self._result(best, covariance, method, far, borrowed, admitted)

    def _minimise(self, inverse: FloatArray) -> FloatArray:
        """Quasi-Newton from the prior mean and from one standard deviation either side."""
        from scipy.optimize import minimize

        sd = np.sqrt(np.diag(self.omega))
        root = np.linalg.cholesky(self.omega)

        def scaled(z: FloatArray) -> float:
            return self.objective(root @ z, inverse)

        starts = [np.zeros(sd.size), np.ones(sd.size), -np.ones(sd.size)]
        runs = [
            minimize(scaled, z, jac=lambda x: _gradient(scaled, x), method="BFGS",
                     options={"gtol": 1e-6})
            for z in starts
        ]  # fmt: skip
        return np.asarray(root @ min(runs, key=lambda run: float(run.fun)).x)

    def _resample(self, inverse: FloatArray, seed: int) -> tuple[FloatArray, FloatArray]:
        """Weigh draws from the prior by how well they meet the data."""
        normal = np.random.Generator(np.random.Philox(key=seed))
        draws = (
            normal.standard_normal((2000, self.omega.shape[0])) @ np.linalg.cholesky(self.omega).T
        )
        cost = np.array([self.objective(d, inverse) - d @ inverse @ d for d in draws])
        weights = np.exp(-0.5 * (cost - cost.min()))
        weights /= weights.sum()
        mean = weights @ draws
        centred = draws - mean
        return mean, np.asarray((centred * weights[:, None]).T @ centred)

    def _distance(self, eta: FloatArray, inverse: FloatArray) -> float:
        """Probability of data at least this far from what the prior predicts.

        At the most probable point the sum of squared residuals and deviations is, to first order,
        the squared distance of the data from the prior predictive mean.
        """
        from scipy.special import gammaincc

        residuals = self.weighted_residuals(eta)
        seen = np.isfinite(residuals)
        square = float((residuals[seen] ** 2).sum() + eta @ inverse @ eta)
        return float(gammaincc(0.5 * max(int(seen.sum()), 1), 0.5 * square))

    def weighted_residuals(self, eta: FloatArray) -> FloatArray:
        """Individual weighted residuals [1]; NaN below the limit."""
        result = np.full(len(self.observations), np.nan)
        predicted = self.predict(eta)
        for i, (f, o, e) in enumerate(zip(predicted, self.observations, self.errors, strict=True)):
            if o.value_ng_per_ml is not None:
                result[i] = standardised(float(f), o.value_ng_per_ml, e)[0]
        return result

    def _result(
        self,
        eta: FloatArray,
        covariance: FloatArray,
        method: str,
        far: float,
        borrowed: str | None,
        admitted: tuple[Finding, ...],
    ) -> Individual:
        prior_sd, sd = np.sqrt(np.diag(self.omega)), np.sqrt(np.diag(covariance))
        findings = [
            *admitted,
            *self._site_findings(),
            *_fight(self.names, _moves(eta, prior_sd, sd), far),
        ]
        run = self.run(eta)
        return Individual(
            names=self.names,
            eta=dict(zip(self.names, (float(x) for x in eta), strict=True)),
            sd=dict(zip(self.names, (float(x) for x in sd), strict=True)),
            covariance=covariance,
            shrinkage={
                name: float(min(1.0, (a / b) ** 2))
                for name, a, b in zip(self.names, sd, prior_sd, strict=True)
            },
            parameters=run.parameters,
            predicted_ng_per_ml=self.predict(eta),
            typical_ng_per_ml=self.predict(np.zeros_like(eta)),
            weighted_residuals=self.weighted_residuals(eta),
            objective=self.objective(eta, np.asarray(np.linalg.inv(self.omega), dtype=float)),
            prior_predictive_p=far,
            method=method,
            findings=tuple(findings),
            borrowed_from=borrowed,
        )

    def _site_findings(self) -> list[Finding]:
        if all(e.widening == 0.0 for e in self.errors):
            return []
        return [
            Finding(
                "individualise.site_mismatch",
                f"A sample was taken at another site than {self.model.id} predicts "
                f"({self.model.site}); its error was widened by the distance between sets.",
                "site",
            )
        ]


def _moves(eta: FloatArray, prior_sd: FloatArray, sd: FloatArray) -> FloatArray:
    """How far each deviation moved, in units of how far it is expected to move [1].

    If the prior holds, an estimate that data of this precision give has the variance of the prior
    less that of the posterior.  A parameter the data say next to nothing about did not move.
    """
    expected = prior_sd**2 - sd**2
    told = expected > _TOLD * prior_sd**2
    return np.where(told, np.abs(eta) / np.sqrt(np.where(told, expected, 1.0)), 0.0)


def _fight(names: tuple[str, ...], moves: FloatArray, far: float) -> list[Finding]:
    moved = [name for name, move in zip(names, moves, strict=True) if move > _MOVED_SD]
    if not moved and far >= _UNLIKELY:
        return []
    what = f"{', '.join(moved)} moved more than 2 SD. " if moved else ""
    return [
        Finding(
            FIGHT,
            f"The data fight the prior: {what}Data this far from the prior have a probability of "
            f"{far:.2g}. Check times, doses, sample labels and units before using this fit.",
            "observations",
        )
    ]


def _gradient(function: _Function, x: FloatArray) -> FloatArray:
    result = np.empty_like(x)
    for i in range(x.size):
        step = np.zeros_like(x)
        step[i] = _STEP
        result[i] = (function(x + step) - function(x - step)) / (2.0 * _STEP)
    return result


def _hessian(function: _Function, x: FloatArray) -> FloatArray:
    rows = []
    for i in range(x.size):
        step = np.zeros_like(x)
        step[i] = 10.0 * _STEP
        rows.append(
            (_gradient(function, x + step) - _gradient(function, x - step)) / (20.0 * _STEP)
        )
    h = np.array(rows)
    return np.asarray(0.5 * (h + h.T))
