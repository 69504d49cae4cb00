"""Change between two administrations, read by a published definition."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Citation, Grade

from .instrument import Instrument
from .outcome import OutcomeDefinition
from .rules import Bound
from .score import as_number

FINEST_DENOMINATOR: Final = 1000


@dataclass(frozen=True, slots=True)
class Measurement:
    """One total at one time.

    Attributes
    ----------
    at : datetime
        When the form was completed, UTC-aware.
    total : int or float or None
        Result [score]; None if the administration has none.
    mode : str
        Who answered and how, such as ``self``; only equal modes are compared.
    prorated : bool
        True if missing answers were filled in by proportion.
    """

    at: datetime
    total: int | float | None
    mode: str
    prorated: bool = False

    @property
    def complete(self) -> bool:
        """Whether the total rests on every answer."""
        return self.total is not None and not self.prorated


class Direction(StrEnum):
    """Where a change leads."""

    BETTER = "better"
    WORSE = "worse"
    NO_CHANGE = "no_change"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a baseline.

    Attributes
    ----------
    definition, version : str
        Which definition of change, and its cuts in words; shown beside every result.
    baseline, current : Measurement
        The two administrations.
    points : int or float
        Current minus baseline [score].
    improvement : int or float
        Points [score] in the good direction; negative if worse.
    improvement_percent : float or None
        Improvement as a share of the baseline [%]; None at a baseline of 0, or where the
        definition wants points.
    response, remission, relapsed : bool or None
        None where the definition does not say or the reading is not allowed.
    reliable, meaningful : Direction or None
        Whether the change is beyond error, and whether it matters; None where undefined.
    category : str or None
        Named size of the improvement, if the definition has such names.
    flags : tuple of str
        ``baseline_zero``, ``floor``, ``points_only``, ``mode_differs``, ``prorated``,
        ``unverified``.
    grade : Grade or None
        Weakest grade among the lines of the definition.
    citations : tuple of Citation
        Where they were read.
    """

    definition: str
    version: str
    baseline: Measurement
    current: Measurement
    points: int | float
    improvement: int | float
    improvement_percent: float | None
    response: bool | None
    remission: bool | None
    relapsed: bool | None
    reliable: Direction | None
    meaningful: Direction | None
    category: str | None
    flags: tuple[str, ...]
    grade: Grade | None
    citations: tuple[Citation, ...]


def change_between(
    instrument: Instrument,
    baseline: Measurement,
    current: Measurement,
    *,
    definition_id: str | None = None,
) -> Change | Refusal:
    """Read the change from a baseline.

    Parameters
    ----------
    instrument : Instrument
        The scale both were taken with.
    baseline, current : Measurement
        The two administrations.
    definition_id : str, optional
        Which definition of the scale; its default otherwise.

    Returns
    -------
    Change or Refusal
        Refused if there is no such definition or one of the two has no total.
    """
    definition = instrument.outcome(definition_id)
    if definition is None:
        return Refusal(
            "outcome.undefined",
            f"No published definition of change is known for {instrument.title}"
            + (f" under the name {definition_id!r}." if definition_id else "."),
        )
    if baseline.total is None or current.total is None:
        return Refusal("outcome.no_total", "Change needs a total at both times.")
    before, now = exact(baseline.total), exact(current.total)
    better = now - before if instrument.scoring.higher_is_better else before - now
    flags = _flags(definition, baseline, current, before)
    share = better / before * 100 if before and "points_only" not in flags else None
    comparable = "mode_differs" not in flags
    return Change(
        definition=definition.id,
        version=definition.version,
        baseline=baseline,
        current=current,
        points=as_number(now - before),
        improvement=as_number(better),
        improvement_percent=None if share is None else float(share),
        response=_response(definition, share, better) if _readable(flags) else None,
        remission=None if "floor" in flags else _within(definition.remission, now),
        relapsed=_within(definition.relapse, now),
        reliable=_direction(definition.reliable, better) if comparable else None,
        meaningful=_direction(definition.meaningful, better) if comparable else None,
        category=_category(definition, share) if comparable else None,
        flags=flags,
        grade=definition.grade,
        citations=definition.citations,
    )


def exact(total: int | float) -> Fraction:
    """Recover the exact total [score] behind a number such as 6.666666666666667."""
    return Fraction(total).limit_denominator(FINEST_DENOMINATOR)


def _flags(
    definition: OutcomeDefinition, baseline: Measurement, current: Measurement, before: Fraction
) -> tuple[str, ...]:
    found = {
        "baseline_zero": before == 0,
        "floor": definition.floor is not None and definition.floor.holds(before),
        "points_only": definition.points_only is not None and definition.points_only.holds(before),
        "mode_differs": baseline.mode != current.mode,
        "prorated": baseline.prorated or current.prorated,
        "unverified": definition.grade is not None and definition.grade.unverified,
    }
    return tuple(name for name, holds in found.items() if holds)


def _readable(flags: tuple[str, ...]) -> bool:
    return not {"floor", "mode_differs"} & set(flags)


def _response(
    definition: OutcomeDefinition, share: Fraction | None, better: Fraction
) -> bool | None:
    by_share = None
    if definition.response is not None and share is not None:
        by_share = definition.response.holds(share)
    if definition.response_points is not None:
        return bool(by_share) or definition.response_points.holds(better)
    return by_share


def _within(bound: Bound | None, total: Fraction) -> bool | None:
    return None if bound is None else bound.holds(total)


def _direction(bound: Bound | None, better: Fraction) -> Direction | None:
    if bound is None:
        return None
    if bound.holds(better):
        return Direction.BETTER
    return Direction.WORSE if bound.holds(-better) else Direction.NO_CHANGE


def _category(definition: OutcomeDefinition, share: Fraction | None) -> str | None:
    if share is None:
        return None
    reached = [part.label for part in definition.categories if part.improvement.holds(share)]
    return reached[-1] if reached else None
