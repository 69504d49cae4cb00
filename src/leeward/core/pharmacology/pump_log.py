"""What a pump really delivered, as a regimen."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from leeward.core.quantities import Refusal

from .model import Drug
from .regimen import Bolus, DoseEvent, Infusion, Regimen


@dataclass(frozen=True, slots=True)
class PumpLog:
    """Delivered rates and boluses on one clock.

    Attributes
    ----------
    segments : tuple of (float, float)
        From when [min], at which rate [mg/min]; each holds until the next. A stop is a rate of 0.
    boluses : tuple of (float, float)
        When [min], how much [mg].
    last_heard_min : float or None
        Time of the last word from the pump [min]; the last segment or bolus if None.
    """

    segments: tuple[tuple[float, float], ...] = ()
    boluses: tuple[tuple[float, float], ...] = ()
    last_heard_min: float | None = None

    @property
    def heard_min(self) -> float:
        """Time of the last word from the pump [min]."""
        if self.last_heard_min is not None:
            return self.last_heard_min
        return max((t for t, _ in (*self.segments, *self.boluses)), default=-math.inf)

    @property
    def rate_now_mg_per_min(self) -> float:
        """Rate of the last segment [mg/min]; 0 if there is none."""
        return self.segments[-1][1] if self.segments else 0.0

    def delivered_mg(self, until_min: float) -> float:
        """Amount delivered up to a time.

        Parameters
        ----------
        until_min : float
            Time [min].

        Returns
        -------
        float
            Amount [mg].
        """
        regimen = self.regimen(until_min)
        return regimen.dose_mg

    def regimen(self, until_min: float, drug: Drug | None = None) -> Regimen:
        """Return what was delivered up to a time.

        Parameters
        ----------
        until_min : float
            End of the running segment [min].
        drug : str, optional
            Drug in the syringe.

        Returns
        -------
        Regimen
            Boluses and infusions that began before `until_min`.
        """
        events: list[DoseEvent] = [Bolus(t, mg) for t, mg in self.boluses if t <= until_min]
        ends = [*(t for t, _ in self.segments[1:]), math.inf]
        for (start, rate), end in zip(self.segments, ends, strict=False):
            stop = min(end, until_min)
            if rate > 0 and stop > start:
                events.append(Infusion(start, stop - start, rate))
        return Regimen(tuple(sorted(events, key=lambda event: event.t_min)), drug)


def pump_log(
    segments: Iterable[tuple[float, float]],
    boluses: Iterable[tuple[float, float]] = (),
    last_heard_min: float | None = None,
) -> PumpLog | Refusal:
    """Check and keep what a pump reported.

    Parameters
    ----------
    segments : iterable of (float, float)
        From when [min], at which rate [mg/min], in order of time.
    boluses : iterable of (float, float)
        When [min], how much [mg].
    last_heard_min : float, optional
        Time of the last word from the pump [min].

    Returns
    -------
    PumpLog or Refusal
        The log, or why it cannot be one.
    """
    rates = tuple((float(t), float(rate)) for t, rate in segments)
    doses = tuple((float(t), float(mg)) for t, mg in boluses)
    if not all(math.isfinite(x) for pair in (*rates, *doses) for x in pair):
        return _refuse("a time, rate or dose is not a number")
    if any(amount < 0 for _, amount in (*rates, *doses)):
        return _refuse("a rate or dose is below zero")
    if not _ordered([t for t, _ in rates]):
        return _refuse("its rates are not in order of time")
    if last_heard_min is not None and not math.isfinite(last_heard_min):
        return _refuse("the time of the last word from the pump is not a number")
    return PumpLog(rates, doses, last_heard_min)


def _ordered(times: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(times))


def _refuse(why: str) -> Refusal:
    return Refusal("pump_log.unusable", f"The pump log cannot be used: {why}.", field="log")
