"""What a plot of scores shows, and the words it is written with."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """The drawing's own words, for another language.

    Placeholders as in `str.format`: {first}, {last}, {days}, {sessions}, {when} and so on.
    """

    months: tuple[str, ...] = (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    )  # fmt: skip
    day: str = "{day} {month}"
    band: str = "{name}, {low} to {high}"
    sessions: str = "sessions"
    planned: str = "hollow: planned"
    response_half: str = "response: half of {baseline}"
    response: str = "response line: {value}"
    remission: str = "remission line: {value}"
    no_scores: str = "{title}: no scores yet."
    one_score: str = "{title} was {last} on {when}."
    fell: str = "{title} fell from {first} to {last} in {days} days, {sessions} sessions."
    rose: str = "{title} rose from {first} to {last} in {days} days, {sessions} sessions."
    same: str = "{title} was {first} and is {last} after {days} days, {sessions} sessions."
    missing: str = "{count} without an answer."
    response_met: str = "At or under the response line."
    response_not_met: str = "Over the response line."
    remission_met: str = "Under the remission line."
    remission_not_met: str = "Not under the remission line."


ENGLISH = OutcomeWords()


@dataclass(frozen=True, slots=True)
class OutcomePoint:
    """One score, or None with a label that says why there is none."""

    at: date
    value: float | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeChart:
    """Scores of one measure over one course; lower is better.

    Attributes
    ----------
    maximum : float
        Highest score the measure can give.
    bands : tuple of (float, float, str)
        Severity ranges as published: lowest and highest score, name; from mild to severe.
    sessions, planned : tuple of date
        Sessions given, and those still to come.
    baseline : float or None
        The score the course started from.
    response_line, remission_line : float or None
        Scores to reach; shown to clinicians.
    """

    title: str
    maximum: float
    bands: tuple[tuple[float, float, str], ...] = ()
    points: tuple[OutcomePoint, ...] = ()
    sessions: tuple[date, ...] = ()
    planned: tuple[date, ...] = ()
    baseline: float | None = None
    response_line: float | None = None
    remission_line: float | None = None
    words: OutcomeWords = ENGLISH
