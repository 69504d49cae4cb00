"""What a place's alarms were in a month: how many, of what, and how soon somebody answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from .terms import Priority

# The share answered within this time is what alarm committees count.
SOON_S = 30


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One alarm from its raising to its answer.

    Attributes
    ----------
    condition : str
        What it was about.
    priority : Priority
        Its priority.
    raised_at : datetime
        When it was raised.
    ended_at, answered_at : datetime or None
        When the condition ended, and when somebody acknowledged it.
    pauses : int
        How often its sound was paused.
    escalated_step : int
        How far it went.
    """

    condition: str
    priority: Priority
    raised_at: datetime
    ended_at: datetime | None = None
    answered_at: datetime | None = None
    pauses: int = 0
    escalated_step: int = 0

    @property
    def answered_after_s(self) -> int | None:
        """Whole seconds until somebody answered [s]; None while nobody has."""
        if self.answered_at is None:
            return None
        return max(0, int((self.answered_at - self.raised_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some alarms.

    Attributes
    ----------
    count : int
        How many alarms.
    answered, soon : int
        How many were answered, and how many of these within `SOON_S`.
    ended_alone : int
        How many ended before anybody answered.
    paused, escalated : int
        How many had their sound paused, and how many went further.
    waits_s : tuple of int
        Seconds until each answer [s], ascending.
    """

    count: int = 0
    answered: int = 0
    soon: int = 0
    ended_alone: int = 0
    paused: int = 0
    escalated: int = 0
    waits_s: tuple[int, ...] = ()

    @property
    def median_s(self) -> int | None:
        """The middle one of the waits [s], the lower of two; None without an answer."""
        return self.waits_s[(len(self.waits_s) - 1) // 2] if self.waits_s else None

    @property
    def longest_s(self) -> int | None:
        """The longest wait [s]."""
        return self.waits_s[-1] if self.waits_s else None

    @property
    def soon_pct(self) -> int | None:
        """Share of all alarms answered within `SOON_S` [%], rounded down; None without alarms."""
        return 100 * self.soon // self.count if self.count else None


@dataclass(frozen=True, slots=True)
class AlarmReport:
    """A month of alarms at one place.

    Attributes
    ----------
    whole : Tally
        All of them.
    by_priority : dict of Priority to Tally
        By priority, the most urgent first.
    by_condition : dict of (str, Priority) to Tally
        By condition and priority, the most frequent first.
    sessions : int
        Sessions of the month.
    watched_s : int
        Time that patients were here [s].
    """

    whole: Tally
    by_priority: dict[Priority, Tally] = field(default_factory=dict)
    by_condition: dict[tuple[str, Priority], Tally] = field(default_factory=dict)
    sessions: int = 0
    watched_s: int = 0

    @property
    def per_hour(self) -> Fraction | None:
        """Alarms in an hour of a patient's stay [1/h]; None without any stay."""
        return Fraction(self.whole.count * 3600, self.watched_s) if self.watched_s else None


def summarise(
    occurrences: Iterable[Occurrence], *, sessions: int = 0, watched_s: int = 0
) -> AlarmReport:
    """The report over some alarms.

    Parameters
    ----------
    occurrences : iterable of Occurrence
        The alarms, in any order.
    sessions : int
        How many sessions they come from.
    watched_s : int
        How long these lasted together [s].

    Returns
    -------
    AlarmReport
    """
    alarms = list(occurrences)
    kinds = {(a.condition, a.priority) for a in alarms}
    conditions = {
        kind: tally(a for a in alarms if (a.condition, a.priority) == kind) for kind in kinds
    }
    ordered = sorted(conditions, key=lambda k: (-conditions[k].count, k[1].rank, k[0]))
    return AlarmReport(
        whole=tally(alarms),
        by_priority={p: tally(a for a in alarms if a.priority is p) for p in Priority},
        by_condition={kind: conditions[kind] for kind in ordered},
        sessions=sessions,
        watched_s=watched_s,
    )


def tally(occurrences: Iterable[Occurrence]) -> Tally:
    """Counts over some alarms.

    Parameters
    ----------
    occurrences : iterable of Occurrence
        The alarms.

    Returns
    -------
    Tally
    """
    alarms = list(occurrences)
    waits_s = sorted(a.answered_after_s for a in alarms if a.answered_after_s is not None)
    return Tally(
        count=len(alarms),
        answered=len(waits_s),
        soon=sum(1 for wait_s in waits_s if wait_s < SOON_S),
        ended_alone=sum(
            1
            for a in alarms
            if a.ended_at is not None and (a.answered_at is None or a.answered_at > a.ended_at)
        ),
        paused=sum(1 for a in alarms if a.pauses),
        escalated=sum(1 for a in alarms if a.escalated_step),
        waits_s=tuple(waits_s),
    )
