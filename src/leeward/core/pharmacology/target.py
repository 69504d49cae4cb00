"""Advice on rates that reach and hold a target; it advises and never commands.

Plasma targets use the discrete form of the bolus-elimination-transfer scheme, effect-site targets
the method of Shafer and Gregg 1992 with the peak found exactly.  Every step is planned from what
was delivered: the pump log first, then the rounded rates of the plan itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal

from .admission import admit_patient
from .exponential import transition
from .model import Model
from .parameters import effect_rate, individual_parameters
from .patient import Patient
from .provenance import Finding
from .pulse import Pulse
from .pump_log import PumpLog
from .regimen import Regimen
from .solution import Solution
from .structures import build_system

FloatArray = npt.NDArray[np.float64]

_NEAR = 0.05
"""Within this fraction of an effect-site target the plan turns to plasma control [1]."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits on what may be advised; None leaves a quantity unlimited.

    Attributes
    ----------
    rate_mg_per_min : float or None
        Highest rate [mg/min].
    bolus_mg : float or None
        Most that one planning step may give above the running need [mg].
    overshoot : float or None
        Highest plasma concentration as a multiple of the target [1].
    total_mg : float or None
        Most in all, what was delivered before included [mg].
    per_hour_mg_per_kg : float or None
        Most in any 60 min [mg/kg].
    resolution_mg_per_min : float
        Smallest change of rate the pump can make [mg/min]; rates are rounded down to it.
    """

    rate_mg_per_min: float | None = None
    bolus_mg: float | None = None
    overshoot: float | None = None
    total_mg: float | None = None
    per_hour_mg_per_kg: float | None = None
    resolution_mg_per_min: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One advised stretch.

    Attributes
    ----------
    t_min : float
        From when [min].
    rate_mg_per_min : float
        Rate [mg/min].
    limited_by : str or None
        The cap that held it down.
    """

    t_min: float
    rate_mg_per_min: float
    limited_by: str | None


@dataclass(frozen=True, slots=True)
class Advice:
    """A schedule that reaches and holds a target, if the model is right.

    Attributes
    ----------
    steps : tuple of Step
        Rates from now on.
    t_min : float array, shape (k,)
        Times [min].
    plasma_ng_per_ml : float array, shape (k,)
        Predicted plasma [ng/mL].
    effect_ng_per_ml : float array, shape (k,), or None
        Predicted effect site [ng/mL].
    total_mg : float
        Delivered and advised together [mg].
    log_heard_min : float
        Time of the last word from the pump [min].
    reasons : tuple of str
        What shaped the schedule.
    findings : tuple of Finding
        What a reader must know.
    """

    model_id: str
    site: str
    target_ng_per_ml: float
    steps: tuple[Step, ...]
    t_min: FloatArray
    plasma_ng_per_ml: FloatArray
    effect_ng_per_ml: FloatArray | None
    total_mg: float
    log_heard_min: float
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]


def advise(
    model: Model,
    patient: Patient,
    log: PumpLog,
    *,
    target_ng_per_ml: float,
    site: str,
    now_min: float,
    horizon_min: float,
    caps: Caps | None = None,
    interval_min: float = 1.0 / 6.0,
    stale_after_min: float | None = None,
) -> Advice | Refusal:
    """Plan the rates that reach a target and hold it.

    Parameters
    ----------
    model : Model
        A mammillary set.
    patient : Patient
        The person.
    log : PumpLog
        What was delivered so far.
    target_ng_per_ml : float
        Target [ng/mL], > 0.
    site : {"plasma", "effect"}
        Where the target holds.
    now_min : float
        The present [min].
    horizon_min : float
        How far to plan [min].
    caps : Caps, optional
        Limits.
    interval_min : float
        Length of a planning step [min].
    stale_after_min : float, optional
        Age of the pump's last word beyond which there is no advice [min].

    Returns
    -------
    Advice or Refusal
        The schedule, or why there is none.
    """
    caps = caps or Caps()
    refusal = _refuse(model, log, target_ng_per_ml, site, now_min, horizon_min, interval_min,
                      stale_after_min, caps)  # fmt: skip
    if refusal is not None:
        return refusal
    findings = admit_patient(model, patient)
    if isinstance(findings, Refusal):
        return findings
    planner = _Planner(model, patient, log, target_ng_per_ml, site == "effect", now_min,
                       interval_min, caps)  # fmt: skip
    count = max(1, round(horizon_min / interval_min))
    for _ in range(count):
        planner.step()
    return planner.advice(site, findings)


@dataclass(slots=True)
class _Planner:
    """Carries the state of the model from step to step."""

    model: Model
    patient: Patient
    log: PumpLog
    target: float
    to_effect: bool
    now: float
    interval: float
    caps: Caps
    steps: list[Step] = field(default_factory=list)
    plasma: list[float] = field(default_factory=list)
    effect: list[float] = field(default_factory=list)
    given: list[tuple[float, float]] = field(default_factory=list)
    reasons: dict[str, None] = field(default_factory=dict)

    state: FloatArray = field(init=False)
    decay: FloatArray = field(init=False)
    unit: FloatArray = field(init=False)
    pulse: Pulse | None = field(init=False)
    per_ml: float = field(init=False)
    rates: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        values = individual_parameters(self.model, self.patient)
        ke0 = effect_rate(self.model, self.patient)
        past = self.log.regimen(self.now)
        system = build_system(self.model, values, past, ke0)
        n = system.rates.shape[-1]
        self.rates = system.rates
        solution = Solution(system)
        self.state = solution.states(np.array([self.now]))[:n, 0]
        self.per_ml = float(system.outputs[self.model.parent][1])
        fed = np.zeros((n + 1, n + 1))
        fed[:n, :n] = system.rates
        fed[0, n] = 1.0
        one_step = transition(fed, self.interval)
        self.decay, self.unit = one_step[:n, :n], one_step[:n, n]
        self.pulse = Pulse(system.rates, self.unit, self.interval) if self.to_effect else None
        self.given = [(e.t_min, e.dose_mg) for e in past.events]
        self._note()

    def step(self) -> None:
        """Choose one rate, round it down, and move on with what it delivers."""
        wanted = self._to_effect() if self.to_effect else self._to_plasma(self.target)
        rate, limit = self._limited(max(0.0, wanted))
        if limit:
            self.reasons[f"limited by {limit}"] = None
        t = self.now + len(self.steps) * self.interval
        self.steps.append(Step(t, rate, limit))
        self.given.append((t, rate * self.interval))
        self.state = self.decay @ self.state + self.unit * rate
        self._note()

    def _note(self) -> None:
        self.plasma.append(float(self.state[0] * self.per_ml))
        if self.state.size > self.rates.shape[0] - 1 and effect_rate(self.model, self.patient):
            self.effect.append(float(self.state[-1] * self.per_ml))

    def _to_plasma(self, target: float) -> float:
        """Rate that brings plasma to the target at the end of the step."""
        left = float((self.decay @ self.state)[0] * self.per_ml)
        return (target - left) / float(self.unit[0] * self.per_ml)

    def _to_effect(self) -> float:
        """Largest rate for one step whose effect-site peak, pump off after it, is the target."""
        assert self.pulse is not None
        ce, cp = float(self.state[-1] * self.per_ml), float(self.state[0] * self.per_ml)
        near = abs(ce - self.target) < _NEAR * self.target
        if near and abs(cp - self.target) < 2.0 * _NEAR * self.target:
            self.reasons["close to the effect-site target: holds plasma at it"] = None
            return self._to_plasma(self.target)
        return self.pulse.largest_rate(self.decay @ self.state, self.target / self.per_ml)

    def _limited(self, rate: float) -> tuple[float, str | None]:
        """Apply the caps, the tightest first, then round down to the pump's resolution."""
        caps, limit = self.caps, None
        for name, most in self._limits():
            if most is not None and rate > most:
                rate, limit = max(0.0, most), name
        if caps.resolution_mg_per_min > 0:
            steps = math.floor(rate / caps.resolution_mg_per_min + 1e-9)
            rate = round(steps * caps.resolution_mg_per_min, 12)
        return rate, limit

    def _limits(self) -> list[tuple[str, float | None]]:
        caps, step = self.caps, self.interval
        t = self.now + len(self.steps) * step
        total = math.fsum(mg for _, mg in self.given)
        hour = math.fsum(mg for at, mg in self.given if at > t + step - 60.0)
        need = max(0.0, self._to_plasma(self.target))
        holding = min(need, self._holding())
        return [
            ("highest rate", caps.rate_mg_per_min),
            ("bolus", None if caps.bolus_mg is None else holding + caps.bolus_mg / step),
            ("overshoot", self._overshoot()),
            ("total dose", None if caps.total_mg is None else (caps.total_mg - total) / step),
            (
                "dose per hour",
                None
                if caps.per_hour_mg_per_kg is None
                else (caps.per_hour_mg_per_kg * self.patient.weight_kg - hour) / step,
            ),
        ]

    def _holding(self) -> float:
        """Rate that keeps plasma where it is over the step [mg/min]."""
        now = float(self.state[0] * self.per_ml)
        left = float((self.decay @ self.state)[0] * self.per_ml)
        return max(0.0, (now - left) / float(self.unit[0] * self.per_ml))

    def _overshoot(self) -> float | None:
        if self.caps.overshoot is None:
            return None
        return self._to_plasma(self.target * self.caps.overshoot)

    def advice(self, site: str, findings: tuple[Finding, ...]) -> Advice:
        times = np.asarray(
            self.now + self.interval * np.arange(len(self.steps) + 1.0), dtype=float
        )
        return Advice(
            self.model.id,
            site,
            self.target,
            _joined(self.steps),
            times,
            np.array(self.plasma),
            np.array(self.effect) if self.effect else None,
            math.fsum(mg for _, mg in self.given),
            self.log.heard_min,
            tuple(self.reasons),
            findings,
        )


def _joined(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Join neighbouring steps of the same rate."""
    result: list[Step] = []
    for step in steps:
        if result and result[-1].rate_mg_per_min == step.rate_mg_per_min:
            continue
        result.append(step)
    return tuple(result)


def _refuse(
    model: Model,
    log: PumpLog,
    target: float,
    site: str,
    now: float,
    horizon: float,
    interval: float,
    stale_after: float | None,
    caps: Caps,
) -> Refusal | None:
    return (
        _refuse_model(model, site)
        or _refuse_numbers((target, horizon, interval), caps)
        or _refuse_log(log, now, stale_after)
    )


def _refuse_model(model: Model, site: str) -> Refusal | None:
    if model.structure != "mammillary":
        return Refusal("target.model", f"{model.id} gives no live advice.", field="model")
    if model.grade.unverified:
        return Refusal(
            "target.unverified", f"{model.id} rests on unverified numbers.", field="model"
        )
    if site not in ("plasma", "effect"):
        return Refusal("target.site", "The site is plasma or effect.", field="site")
    if site == "effect" and model.effect is None:
        return Refusal(
            "target.no_effect_site",
            f"No effect-site rate belongs to {model.id}; aim at plasma or choose another set.",
            source=model.source.source,
            field="site",
        )
    return None


def _refuse_numbers(needed: tuple[float, ...], caps: Caps) -> Refusal | None:
    if not all(math.isfinite(x) and x > 0 for x in needed):
        return Refusal(
            "target.not_positive", "Target, horizon and interval must be above 0.", field="target"
        )
    limits = (caps.rate_mg_per_min, caps.bolus_mg, caps.overshoot, caps.total_mg,
              caps.per_hour_mg_per_kg, caps.resolution_mg_per_min)  # fmt: skip
    if any(x is not None and (not math.isfinite(x) or x < 0) for x in limits):
        return Refusal("target.caps", "A limit is below 0 or not a number.", field="limits")
    if caps.overshoot is not None and caps.overshoot < 1.0:
        return Refusal(
            "target.caps", "The overshoot is at least 1 times the target.", field="limits"
        )
    return None


def _refuse_log(log: PumpLog, now: float, stale_after: float | None) -> Refusal | None:
    times = [t for t, _ in (*log.segments, *log.boluses)]
    if times and max(times) > now:
        return Refusal(
            "target.log_ahead", "The pump log holds entries later than now.", field="log"
        )
    age = now - log.heard_min
    if stale_after is not None and log.heard_min > -math.inf and age > stale_after:
        return Refusal(
            "target.log_stale",
            f"The pump was last heard {age:.1f} min ago, longer than the {stale_after:g} min "
            "that advice allows. Bring the pump log up to date first.",
            field="log",
        )
    return None


def advised_regimen(advice: Advice, log: PumpLog) -> Regimen:
    """Return what was delivered followed by what is advised, as one regimen."""
    start, end = float(advice.t_min[0]), float(advice.t_min[-1])
    before = tuple((t, rate) for t, rate in log.segments if t < start)
    planned = tuple((step.t_min, step.rate_mg_per_min) for step in advice.steps)
    return PumpLog((*before, *planned), log.boluses).regimen(end)
