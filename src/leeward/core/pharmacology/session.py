"""The running session: level now, forecast, what if, time until below a level.

Everything is worked out again from the recorded pump log each time it is asked, so replaying
the log gives the same answers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Grade

from .admission import admit_patient
from .model import Drug, Model
from .patient import Patient
from .population import last_times_above
from .provenance import Finding
from .pump_log import PumpLog, pump_log
from .regimen import DoseEvent, Infusion, Regimen
from .simulate import Simulation, simulate

FloatArray = npt.NDArray[np.float64]
NOT_SAFE_TO_LEAVE = (
    "A predicted level below a number never means that a person may leave; the discharge checks "
    "decide that."
)


@dataclass(frozen=True, slots=True)
class LevelNow:
    """Predicted concentrations at one moment.

    Attributes
    ----------
    t_min : float
        The moment [min].
    levels_ng_per_ml : dict of str to float
        Analyte (or ``effect``) to concentration [ng/mL].
    given_mg : float
        Dose delivered so far [mg].
    site : str
        ``arterial`` or ``venous``.
    model_id : str
        Set used.
    grade : Grade
        Weakest grade of the numbers used.
    findings : tuple of Finding
        What a reader must know.
    """

    t_min: float
    levels_ng_per_ml: dict[str, float]
    given_mg: float
    site: str
    model_id: str
    grade: Grade
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TimeBelow:
    """When a curve will have fallen below a level for good.

    Attributes
    ----------
    level_ng_per_ml : float
        The level [ng/mL].
    typical_min : float or None
        For the typical person [min]; None if the level is not reached.
    early_min, late_min : float or None
        Band between people [min] (`share` of people inside); None without published variability.
    share : float
        Share of people inside the band [1].
    borrowed_from : str or None
        Set whose variability the band borrows.
    caution : str
        What the number never means.
    """

    level_ng_per_ml: float
    typical_min: float | None
    early_min: float | None
    late_min: float | None
    share: float
    borrowed_from: str | None
    caution: str = NOT_SAFE_TO_LEAVE


@dataclass(frozen=True, slots=True)
class Session:
    """A person, a set and a pump log; each question starts from the log.

    Attributes
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    log : PumpLog
        What was delivered.
    drug : str or None
        Drug in the syringe; the model's own if None.
    """

    model: Model
    patient: Patient
    log: PumpLog
    drug: Drug | None = None

    def logged(self, t_min: float, rate_mg_per_min: float) -> "Session":
        """Return the session with one more rate in its log.

        Parameters
        ----------
        t_min : float
            From when [min].
        rate_mg_per_min : float
            Rate [mg/min].

        Returns
        -------
        Session
            The session as it is then.
        """
        segments = (*self.log.segments, (t_min, rate_mg_per_min))
        return replace(self, log=replace(self.log, segments=segments, last_heard_min=None))

    def level_now(self, now_min: float) -> LevelNow | Refusal:
        """Concentrations from what was delivered.

        Parameters
        ----------
        now_min : float
            The present [min].

        Returns
        -------
        LevelNow or Refusal
            Levels, or why there are none.
        """
        run = self._run(self.log.regimen(now_min, self.drug), np.array([now_min]))
        if isinstance(run, Refusal):
            return run
        names = run.analytes
        levels = {name: float(run.curve(name)[0]) for name in names}
        return LevelNow(
            now_min,
            levels,
            self.log.delivered_mg(now_min),
            self.model.site,
            self.model.id,
            run.grade,
            run.findings,
        )

    def forecast(
        self,
        t_min: FloatArray,
        now_min: float,
        *,
        rate_mg_per_min: float | None = None,
        stop_min: float = math.inf,
    ) -> Simulation | Refusal:
        """What is to come: the running rate, or another one from now on.

        Parameters
        ----------
        t_min : float array, shape (k,)
            Times [min], past and future.
        now_min : float
            The present [min].
        rate_mg_per_min : float, optional
            "What if" rate from now on [mg/min]; the running rate by default.
        stop_min : float
            When the infusion ends [min]; the last of `t_min` by default.

        Returns
        -------
        Simulation or Refusal
            The past as delivered and the future as assumed.
        """
        return self._run(
            self.plan(now_min, rate_mg_per_min, min(stop_min, float(t_min[-1]))), t_min
        )

    def plan(
        self, now_min: float, rate_mg_per_min: float | None = None, stop_min: float | None = None
    ) -> Regimen:
        """Return the past as delivered and a rate from now on.

        Parameters
        ----------
        now_min : float
            The present [min].
        rate_mg_per_min : float, optional
            Rate from now on [mg/min]; the running one by default.
        stop_min : float, optional
            When it ends [min]; it does not go on if None.

        Returns
        -------
        Regimen
            Past and future doses.
        """
        past = self.log.regimen(now_min, self.drug)
        rate = self.log.rate_now_mg_per_min if rate_mg_per_min is None else rate_mg_per_min
        events: list[DoseEvent] = list(past.events)
        if stop_min is not None and rate > 0 and stop_min > now_min:
            events.append(Infusion(now_min, stop_min - now_min, rate))
        return Regimen(tuple(events), past.drug)

    def time_below(
        self,
        level_ng_per_ml: float,
        now_min: float,
        *,
        stop_min: float | None = None,
        analyte: str | None = None,
        share: float = 0.9,
        iiv: Model | None = None,
        subjects: int = 400,
        seed: int = 1,
    ) -> TimeBelow | Refusal:
        """When the curve falls below a level for good, with its band between people.

        Parameters
        ----------
        level_ng_per_ml : float
            Level [ng/mL], > 0.
        now_min : float
            The present [min].
        stop_min : float, optional
            When the running infusion ends [min]; now by default.
        analyte : str, optional
            Analyte or ``effect``; the parent by default.
        share : float
            Share of people inside the band [1].
        iiv : Model, optional
            Set to borrow variability from, if the set has none.
        subjects : int
            Virtual people behind the band.
        seed : int
            Seed of the draw.

        Returns
        -------
        TimeBelow or Refusal
            Times [min] on the session's clock.
        """
        if not level_ng_per_ml > 0:
            return Refusal("level.not_positive", "Choose a level above 0 ng/mL.", field="level")
        regimen = self.plan(now_min, None, stop_min)
        run = self._run(regimen, np.array([now_min]))
        if isinstance(run, Refusal):
            return run
        name = analyte or self.model.parent
        typical = _not_before(run.last_above_min(level_ng_per_ml, name), now_min)
        band = None
        if name == self.model.parent:
            band = _band(
                self.model, self.patient, regimen, level_ng_per_ml, now_min, share, iiv,
                subjects, seed,
            )  # fmt: skip
        low, high = band if band else (None, None)
        borrowed = iiv.id if iiv is not None and iiv is not self.model and band else None
        return TimeBelow(level_ng_per_ml, typical, low, high, share, borrowed)

    def _run(self, regimen: Regimen, t_min: FloatArray) -> Simulation | Refusal:
        if not regimen.events:
            findings = admit_patient(self.model, self.patient)
            if isinstance(findings, Refusal):
                return findings
            nothing = Regimen((Infusion(0.0, 1.0, 0.0),))
            return Simulation(self.model, self.patient, nothing, t_min, findings)
        return simulate(self.model, self.patient, regimen, t_min)


def track(
    model: Model,
    patient: Patient,
    segments: Sequence[tuple[float, float]],
    boluses: Sequence[tuple[float, float]] = (),
    last_heard_min: float | None = None,
    drug: Drug | None = None,
) -> Session | Refusal:
    """Open a session on what the pump has reported so far.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    segments : sequence of (float, float)
        From when [min], at which rate [mg/min]; each holds until the next.
    boluses : sequence of (float, float)
        When [min], how much [mg].
    last_heard_min : float, optional
        Time of the last word from the pump [min].
    drug : str, optional
        Drug in the syringe; the model's own by default.

    Returns
    -------
    Session or Refusal
        The session, or why the set or the log cannot be used.
    """
    log = pump_log(segments, boluses, last_heard_min)
    if isinstance(log, Refusal):
        return log
    findings = admit_patient(model, patient)
    if isinstance(findings, Refusal):
        return findings
    return Session(model, patient, log, drug)


def level_now(
    model: Model, patient: Patient, segments: Sequence[tuple[float, float]], now_min: float
) -> LevelNow | Refusal:
    """Concentrations at one moment, straight from pump segments.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    segments : sequence of (float, float)
        From when [min], at which rate [mg/min].
    now_min : float
        The present [min].

    Returns
    -------
    LevelNow or Refusal
        Levels, or why there are none.
    """
    session = track(model, patient, segments)
    return session if isinstance(session, Refusal) else session.level_now(now_min)


def _not_before(t_min: float | None, now_min: float) -> float | None:
    return None if t_min is None else max(t_min, now_min)


def _band(
    model: Model,
    patient: Patient,
    regimen: Regimen,
    level_ng_per_ml: float,
    now_min: float,
    share: float,
    iiv: Model | None,
    subjects: int,
    seed: int,
) -> tuple[float, float] | None:
    """Band of the last time above a level, from virtual people."""
    times = last_times_above(
        model, patient, regimen, level_ng_per_ml, iiv=iiv, n=subjects, seed=seed
    )
    if times is None or isinstance(times, Refusal):
        return None
    edges = [(1.0 - share) / 2.0, (1.0 + share) / 2.0]
    low, high = np.quantile(np.maximum(times, now_min), edges)
    return float(low), float(high)
