"""What is given, when, and by which route: doses as events on one clock, in mg of base."""

import math
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from leeward.core.quantities import Refusal

from .model import Drug

ExtravascularRoute = Literal["im", "sc", "sublingual", "oral"]
NASAL_SESSION_MIN = 360.0
"""Devices within this time of the first one [min] belong to one dosing session."""
SESSION_MIN = 360.0
"""Doses up to this time after the first one [min] share one draw of variability between sessions.

A convention of this engine; it keeps a film and the infusion six hours later in one session.
"""


@dataclass(frozen=True, slots=True)
class Bolus:
    """An intravenous bolus.

    Attributes
    ----------
    t_min : float
        Time [min].
    dose_mg : float
        Dose [mg].
    """

    t_min: float
    dose_mg: float


@dataclass(frozen=True, slots=True)
class Infusion:
    """An intravenous infusion at a constant rate.

    Attributes
    ----------
    t_min : float
        Start [min].
    duration_min : float
        Duration [min].
    rate_mg_per_min : float
        Rate [mg/min].
    """

    t_min: float
    duration_min: float
    rate_mg_per_min: float

    @property
    def dose_mg(self) -> float:
        """Dose [mg]."""
        return self.rate_mg_per_min * self.duration_min


@dataclass(frozen=True, slots=True)
class NasalDevice:
    """One nasal device (two sprays), at its own clock time.

    Attributes
    ----------
    t_min : float
        Time [min].
    dose_mg : float
        Dose in the device [mg].
    """

    t_min: float
    dose_mg: float


@dataclass(frozen=True, slots=True)
class Film:
    """A buccal or sublingual film.

    Attributes
    ----------
    t_min : float
        Time [min].
    dose_mg : float
        Dose [mg].
    """

    t_min: float
    dose_mg: float


@dataclass(frozen=True, slots=True)
class Extravascular:
    """A dose by a route whose rate of absorption decides the curve.

    Attributes
    ----------
    t_min : float
        Time [min].
    dose_mg : float
        Dose [mg].
    route : str
        ``im``, ``sc``, ``sublingual`` or ``oral``.
    """

    t_min: float
    dose_mg: float
    route: ExtravascularRoute


DoseEvent = Bolus | Infusion | NasalDevice | Film | Extravascular
_ROUTES: dict[type, str] = {Bolus: "iv", Infusion: "iv", NasalDevice: "nasal", Film: "film"}


def route_of(event: DoseEvent) -> str:
    """Name of the route an event uses, as models list it."""
    return event.route if isinstance(event, Extravascular) else _ROUTES[type(event)]


@dataclass(frozen=True, slots=True)
class Regimen:
    """Dose events in order of time.

    Attributes
    ----------
    events : tuple of DoseEvent
        What is given.
    drug : str or None
        Drug the doses are of; None means the drug of the model it is given to.
    """

    events: tuple[DoseEvent, ...]
    drug: Drug | None = None

    @property
    def dose_mg(self) -> float:
        """Total dose [mg]."""
        return math.fsum(event.dose_mg for event in self.events)

    def shifted(self, by_min: float) -> "Regimen":
        """Return the same doses later.

        Parameters
        ----------
        by_min : float
            Shift [min].

        Returns
        -------
        Regimen
            Shifted doses.
        """
        return Regimen(tuple(_moved(event, by_min) for event in self.events), self.drug)

    def sessions(self) -> tuple["Regimen", ...]:
        """Split into dosing sessions: one ends `SESSION_MIN` after its first dose."""
        groups: list[list[DoseEvent]] = []
        for event in sorted(self.events, key=lambda event: event.t_min):
            if not groups or event.t_min - groups[-1][0].t_min > SESSION_MIN:
                groups.append([])
            groups[-1].append(event)
        return tuple(Regimen(tuple(group), self.drug) for group in groups)

    def __add__(self, other: "Regimen") -> "Regimen":
        events = sorted((*self.events, *other.events), key=lambda event: event.t_min)
        return Regimen(tuple(events), self.drug or other.drug)


def check_regimen(regimen: Regimen) -> Refusal | None:
    """Say what is wrong with the numbers of a regimen, or None."""
    if not regimen.events:
        return Refusal("regimen.empty", "The regimen has no dose.", field="regimen")
    for event in regimen.events:
        wrong = _wrong(event)
        if wrong is not None:
            return wrong
    return None


def _wrong(event: DoseEvent) -> Refusal | None:
    """Say what is wrong with one dose; a rate that is no number makes its dose none."""
    dose_mg = event.dose_mg
    duration_min = event.duration_min if isinstance(event, Infusion) else 1.0
    if not (isfinite(event.t_min) and isfinite(dose_mg) and isfinite(duration_min)):
        return Refusal("regimen.not_a_number", "A time or dose is not a number.", field="regimen")
    if duration_min <= 0 or (dose_mg < 0 and isinstance(event, Infusion)):
        return Refusal(
            "regimen.infusion",
            "An infusion needs a duration above zero and a rate of zero or more.",
            field="regimen",
        )
    if dose_mg < 0:
        return Refusal("regimen.negative_dose", "A dose is below zero.", field="regimen")
    return None


def sessions_of_nasal_devices(regimen: Regimen) -> dict[NasalDevice, int]:
    """Number the nasal devices within their dosing session, from 0.

    Returns
    -------
    dict
        Device to its ordinal; equal devices at one time share the larger ordinal's place in
        line by the order of the events.
    """
    ordinals: dict[NasalDevice, int] = {}
    first_min, count = -math.inf, 0
    for device in sorted(
        (event for event in regimen.events if isinstance(event, NasalDevice)),
        key=lambda event: event.t_min,
    ):
        if device.t_min - first_min >= NASAL_SESSION_MIN:
            first_min, count = device.t_min, 0
        ordinals[device] = count
        count += 1
    return ordinals


def _moved(event: DoseEvent, by_min: float) -> DoseEvent:
    match event:
        case Bolus(t, dose):
            return Bolus(t + by_min, dose)
        case Infusion(t, duration, rate):
            return Infusion(t + by_min, duration, rate)
        case NasalDevice(t, dose):
            return NasalDevice(t + by_min, dose)
        case Film(t, dose):
            return Film(t + by_min, dose)
        case Extravascular(t, dose, route):
            return Extravascular(t + by_min, dose, route)
