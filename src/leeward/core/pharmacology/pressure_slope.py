"""One person's own rise of blood pressure with level, learned from their sessions; optional.

No verified relation between concentration and pressure exists, so nothing here predicts a
pressure in mmHg, nothing calls it unasked, and it says nothing of a person without readings, nor
beyond the highest level at which that person was measured.  A weak published prior keeps a few
readings from making a steep line.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Citation, Grade

from .provenance import Finding

FEWEST_SESSIONS = 2
"""Sessions [1] without which a person cannot be told from a day."""
FEWEST_READINGS = 3
"""Readings [1] that each session needs, so that scatter within it can be seen."""
_FLAG = "pressure.learned_not_verified"


@dataclass(frozen=True, slots=True)
class PressurePrior:
    """A published rise at one level, through zero at level zero.

    Attributes
    ----------
    rise_pct : float
        Rise of mean arterial pressure over baseline [%].
    at_ng_per_ml : float
        Level at which it was seen [ng/mL].
    analyte : str
        What was measured; readings must be paired with levels of the same.
    grade, source
        Where it was read.
    """

    rise_pct: float
    at_ng_per_ml: float
    analyte: str
    grade: Grade
    source: Citation


@dataclass(frozen=True, slots=True)
class PressureReading:
    """Mean arterial pressure relative to the baseline of the same session.

    Attributes
    ----------
    session : str
        Which session.
    level_ng_per_ml : float
        Predicted level at the time of the reading [ng/mL].
    rise_pct : float
        Rise over that session's baseline [%].
    """

    session: str
    level_ng_per_ml: float
    rise_pct: float


@dataclass(frozen=True, slots=True)
class PressureSlope:
    """What a person's readings say, drawn towards the prior.

    Attributes
    ----------
    pct_per_ng_per_ml : float
        Slope [%/(ng/mL)].
    sd : float
        Its standard deviation [%/(ng/mL)].
    weight_of_readings : float
        Share of the answer that comes from the readings, not the prior [1].
    sessions, readings : int
        How many there were.
    highest_level_ng_per_ml : float
        Highest level with a reading [ng/mL].
    grade : Grade
        Always ``K``: unverified.
    findings : tuple of Finding
        What must be shown with it.
    """

    pct_per_ng_per_ml: float
    sd: float
    weight_of_readings: float
    sessions: int
    readings: int
    highest_level_ng_per_ml: float
    grade: Grade
    findings: tuple[Finding, ...]

    def rise_pct(self, level_ng_per_ml: float) -> tuple[float, float, float] | Refusal:
        """Rise at a level this person has been measured at, with an interval of two SD.

        Parameters
        ----------
        level_ng_per_ml : float
            Level [ng/mL].

        Returns
        -------
        tuple of float, or Refusal
            Middle, low and high rise over baseline [%].
        """
        if not 0.0 <= level_ng_per_ml <= self.highest_level_ng_per_ml:
            return Refusal(
                "pressure.beyond_readings",
                f"No reading of this person lies above {self.highest_level_ng_per_ml:g} ng/mL.",
                field="level_ng_per_ml",
            )
        middle, half = (x * level_ng_per_ml for x in (self.pct_per_ng_per_ml, 2.0 * self.sd))
        return middle, middle - half, middle + half


def learn_pressure_slope(
    readings: Sequence[PressureReading], prior: PressurePrior
) -> PressureSlope | Refusal:
    """Learn the slope of one person from several sessions.

    The slope of a session is its person's slope plus a deviation of that day.  Each session gives
    a least-squares slope through the origin; days differ by the moment estimate of DerSimonian and
    Laird; the prior is normal about the published slope with a standard deviation as large as the
    slope itself, which is an assumption.

    Parameters
    ----------
    readings : sequence of PressureReading
        Readings of one person.
    prior : PressurePrior
        What was published.

    Returns
    -------
    PressureSlope or Refusal
        The slope, or why there is none.
    """
    refusal = _unusable(readings, prior)
    if refusal is not None:
        return refusal
    slopes, weights = _of_sessions(readings)
    between = _between(slopes, weights)
    shares = [1.0 / (1.0 / w + between) for w in weights]
    centre = prior.rise_pct / prior.at_ng_per_ml
    held = 1.0 / centre**2
    total = held + math.fsum(shares)
    middle = (
        held * centre + math.fsum(s * b for s, b in zip(shares, slopes, strict=True))
    ) / total
    return PressureSlope(
        middle,
        math.sqrt(1.0 / total),
        1.0 - held / total,
        len(slopes),
        len(readings),
        max(r.level_ng_per_ml for r in readings),
        Grade.KNOWN,
        _findings(prior),
    )


def _unusable(readings: Sequence[PressureReading], prior: PressurePrior) -> Refusal | None:
    if not (0 < prior.rise_pct < math.inf and 0 < prior.at_ng_per_ml < math.inf):
        return Refusal("pressure.prior", "The prior needs a rise at a level above 0.")
    numbers = [x for r in readings for x in (r.level_ng_per_ml, r.rise_pct)]
    if not all(map(math.isfinite, numbers)) or any(r.level_ng_per_ml < 0 for r in readings):
        return Refusal("pressure.not_a_number", "A level or a rise is not a number.")
    told: dict[str, int] = defaultdict(int)
    for reading in readings:
        told[reading.session] += reading.level_ng_per_ml > 0
    if len(told) < FEWEST_SESSIONS or min(told.values()) < FEWEST_READINGS:
        return Refusal(
            "pressure.too_few_readings",
            f"At least {FEWEST_SESSIONS} sessions with {FEWEST_READINGS} readings each are "
            "needed; without them there is nothing to say of this person.",
            field="readings",
        )
    return None


def _of_sessions(readings: Sequence[PressureReading]) -> tuple[list[float], list[float]]:
    """Least-squares slope of each session and the inverse of its variance."""
    groups: dict[str, list[PressureReading]] = defaultdict(list)
    for reading in readings:
        groups[reading.session].append(reading)
    squares = [math.fsum(r.level_ng_per_ml**2 for r in group) for group in groups.values()]
    slopes = [
        math.fsum(r.level_ng_per_ml * r.rise_pct for r in group) / s
        for group, s in zip(groups.values(), squares, strict=True)
    ]
    left = math.fsum(
        (r.rise_pct - slope * r.level_ng_per_ml) ** 2
        for group, slope in zip(groups.values(), slopes, strict=True)
        for r in group
    )
    scatter = max(left / (len(readings) - len(slopes)), 1.0)  # cuffs read in whole mmHg
    return slopes, [s / scatter for s in squares]


def _between(slopes: Sequence[float], weights: Sequence[float]) -> float:
    """Variance between days by moments; never below zero."""
    total = math.fsum(weights)
    mean = math.fsum(w * b for w, b in zip(weights, slopes, strict=True)) / total
    spread = math.fsum(w * (b - mean) ** 2 for w, b in zip(weights, slopes, strict=True))
    room = total - math.fsum(w * w for w in weights) / total
    return max((spread - (len(slopes) - 1)) / room, 0.0)


def _findings(prior: PressurePrior) -> tuple[Finding, ...]:
    return (
        Finding(
            _FLAG,
            "Learned from this person's own readings. No verified relation between level and "
            "pressure exists; it predicts no pressure in mmHg and replaces no measurement.",
        ),
        Finding(
            "pressure.weak_prior",
            f"Drawn towards {prior.rise_pct:g} % at {prior.at_ng_per_ml:g} ng/mL of "
            f"{prior.analyte} ({prior.source.source}); how weakly is an assumption.",
        ),
    )
