"""A course of treatment as one scale saw it: baseline, changes, milestones, trend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from leeward.core.quantities import Refusal

from .change import Change, Measurement, change_between, exact
from .instrument import Instrument
from .outcome import OutcomeDefinition

POINTS_FOR_A_TREND: Final = 3


class Trend(StrEnum):
    """The last measurements in a word. `MIXED` turns back on itself."""

    BETTER = "better"
    WORSE = "worse"
    LEVEL = "level"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A course on one scale.

    Attributes
    ----------
    baseline : Measurement or Refusal
        Where the course began, or why nobody can say.
    changes : tuple of Change
        Every later measurement against the baseline, in order of time.
    responded_at, remitted_at : datetime or None
        First measurement with response, and with remission.
    response_lost_at, remission_lost_at : datetime or None
        First measurement without it since it was last reached; None while it holds.
    relapsed_at : datetime or None
        First relapse after remission; None where no definition of relapse is known.
    trend : Trend or None
        None with fewer than three totals since the first session.
    """

    baseline: Measurement | Refusal
    changes: tuple[Change, ...]
    responded_at: datetime | None
    remitted_at: datetime | None
    response_lost_at: datetime | None
    remission_lost_at: datetime | None
    relapsed_at: datetime | None
    trend: Trend | None

    @property
    def latest(self) -> Change | None:
        """The last change; None if there is none."""
        return self.changes[-1] if self.changes else None


def choose_baseline(
    measurements: Iterable[Measurement], *, first_session_at: datetime, within: timedelta
) -> Measurement | Refusal:
    """Choose the baseline of a course: the last complete score before the first session.

    Parameters
    ----------
    measurements : iterable of Measurement
        All of one scale, in any order.
    first_session_at : datetime
        When the first treatment session began, UTC-aware.
    within : timedelta
        How long before that a baseline may have been taken.

    Returns
    -------
    Measurement or Refusal
        Refused if there is no complete score in that time. Once chosen it stays the baseline of
        the course.
    """
    earliest = first_session_at - within
    usable = [m for m in measurements if m.complete and earliest <= m.at <= first_session_at]
    if not usable:
        return Refusal(
            "outcome.no_baseline",
            f"There is no complete score in the {within.days} days before the first session, so "
            "change cannot be read.",
        )
    return max(usable, key=lambda measurement: measurement.at)


def follow(
    instrument: Instrument,
    measurements: Iterable[Measurement],
    *,
    first_session_at: datetime,
    definition_id: str | None = None,
    within: timedelta | None = None,
) -> Trajectory | Refusal:
    """Follow a course of treatment on one scale.

    Parameters
    ----------
    instrument : Instrument
        The scale.
    measurements : iterable of Measurement
        All of it, in any order.
    first_session_at : datetime
        When the first treatment session began, UTC-aware.
    definition_id : str, optional
        Which definition of change; the default of the scale otherwise.
    within : timedelta, optional
        How old a baseline may be at the first session; as the definition says otherwise.

    Returns
    -------
    Trajectory or Refusal
        Refused if no such definition of change is known for the scale.
    """
    definition = instrument.outcome(definition_id)
    if definition is None:
        return Refusal(
            "outcome.undefined",
            f"No published definition of change is known for {instrument.title}.",
        )
    in_order = sorted(measurements, key=lambda measurement: measurement.at)
    after = [m for m in in_order if m.at > first_session_at and m.total is not None]
    window = within or timedelta(days=float(definition.baseline_within.value))
    baseline = choose_baseline(in_order, first_session_at=first_session_at, within=window)
    changes: list[Change] = []
    if isinstance(baseline, Measurement):
        for measurement in after:
            change = change_between(instrument, baseline, measurement, definition_id=definition.id)
            if isinstance(change, Change):
                changes.append(change)
    return _with_milestones(instrument, definition, baseline, tuple(changes), after)


def too_soon_after_session(
    instrument: Instrument, *, session_ended_at: datetime, completed_at: datetime
) -> Refusal | None:
    """Refuse a scale whose recall period reaches back over a session that has just ended.

    Parameters
    ----------
    instrument : Instrument
        The scale.
    session_ended_at, completed_at : datetime
        End of the last session and completion of the form, UTC-aware.

    Returns
    -------
    Refusal or None
        None if the scale may be used.
    """
    wait = instrument.wait_after_session
    if wait is None:
        return None
    if not timedelta() <= completed_at - session_ended_at <= timedelta(hours=float(wait.value)):
        return None
    return Refusal(
        "instrument.too_soon",
        f"{instrument.title} looks back over weeks, so it says nothing within {wait.value:f} "
        "hours of a session. Use a question about today instead.",
        source=wait.citation.source,
    )


def _with_milestones(
    instrument: Instrument,
    definition: OutcomeDefinition,
    baseline: Measurement | Refusal,
    changes: tuple[Change, ...],
    after: list[Measurement],
) -> Trajectory:
    responses = [(c.current.at, c.response) for c in changes if c.response is not None]
    remissions = [(c.current.at, c.remission) for c in changes if c.remission is not None]
    remitted_at = _first(remissions)
    relapses = [
        (c.current.at, c.relapsed)
        for c in changes
        if c.relapsed is not None and remitted_at is not None and c.current.at > remitted_at
    ]
    return Trajectory(
        baseline=baseline,
        changes=changes,
        responded_at=_first(responses),
        remitted_at=remitted_at,
        response_lost_at=_lost(responses),
        remission_lost_at=_lost(remissions),
        relapsed_at=_first(relapses),
        trend=_trend(instrument, definition, after),
    )


def _first(marks: list[tuple[datetime, bool]]) -> datetime | None:
    return next((at for at, reached in marks if reached), None)


def _lost(marks: list[tuple[datetime, bool]]) -> datetime | None:
    """Find where the present spell without it began, if it was ever reached."""
    lost, ever = None, False
    for at, reached in marks:
        if reached:
            lost, ever = None, True
        elif ever and lost is None:
            lost = at
    return lost


def _trend(
    instrument: Instrument, definition: OutcomeDefinition, after: list[Measurement]
) -> Trend | None:
    """Name the way of the last three totals; a way too short to matter is level."""
    last = [exact(m.total) for m in after if m.total is not None][-POINTS_FOR_A_TREND:]
    if len(last) < POINTS_FOR_A_TREND:
        return None
    better = [(b - a if instrument.scoring.higher_is_better else a - b) for a, b in pairwise(last)]
    whole = sum(better, Fraction(0))
    matters = definition.meaningful or definition.reliable
    if not whole and not any(better):
        return Trend.LEVEL
    if min(better) < 0 < max(better):
        return Trend.MIXED
    if matters is not None and not (matters.holds(whole) or matters.holds(-whole)):
        return Trend.LEVEL
    return Trend.BETTER if whole > 0 else Trend.WORSE
