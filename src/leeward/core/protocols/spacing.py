"""How often a session may follow another, as a source published it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from leeward.core.quantities import Refusal

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Spacing:
    """A published schedule as figures.

    Attributes
    ----------
    per_week : int or None
        Sessions in any seven days [1].
    every_d : int or None
        Days from one session to the next [d].
    weeks : int or None
        How long it goes on [wk]; None: no end is published.
    source : str
        Id of the source.
    """

    per_week: int | None = None
    every_d: int | None = None
    weeks: int | None = None
    source: str = ""

    def earliest(self, given: Sequence[date]) -> date | None:
        """Give the first day on which another session keeps to the schedule.

        Parameters
        ----------
        given : sequence of date
            Days of the sessions so far.

        Returns
        -------
        date or None
            None while nothing has been given, so that any day does.
        """
        if not given:
            return None
        days = sorted(given)
        earliest = days[-1] + timedelta(days=1)
        if self.every_d is not None:
            earliest = days[-1] + timedelta(days=self.every_d)
        if self.per_week is not None and len(days) >= self.per_week:
            earliest = max(earliest, days[-self.per_week] + WEEK)
        return earliest

    def ends(self, first: date) -> date | None:
        """Give the first day after the phase that began on `first`; None if it has no end."""
        return None if self.weeks is None else first + self.weeks * WEEK


def question_spacing(spacing: Spacing, given: Sequence[date], on: date) -> Refusal | None:
    """Question a session that comes sooner than published.

    Parameters
    ----------
    spacing : Spacing
        The published schedule.
    given : sequence of date
        Days of the sessions so far; the one in question is not among them.
    on : date
        The day in question.

    Returns
    -------
    Refusal or None
        A soft finding: the prescriber confirms it with a reason.
    """
    earliest = spacing.earliest([day for day in given if day <= on])
    if earliest is None or on >= earliest:
        return None
    because = (
        f"The last session was on {max(day for day in given if day <= on)}; by the published "
        f"schedule the next is due from {earliest}. Confirm the earlier day with a reason, or "
        "choose another."
    )
    return Refusal("session.too_soon", because, source=spacing.source or None, field="starts")
