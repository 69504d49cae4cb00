"""Triage of a suicide-risk screen (C-SSRS screener, recent version), from its six questions.

The level is read from single answers, as the screener's triage guidelines do; answers are never
summed.  Sources: `cssrs-triage`, `safet-cssrs`, `spravato-uspi`.
"""

from dataclasses import dataclass
from enum import StrEnum

from leeward.core.quantities import OutOfDomain


class Level(StrEnum):
    """Risk level; `UNKNOWN` while an answer that could raise it is missing."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Screen:
    """Answers to the screener; None where a question has not been answered.

    Attributes
    ----------
    q1, q2, q3, q4, q5 : bool or None
        Past month: wish to be dead; thoughts of suicide; method; intent; plan with intent.
    behaviour_ever : bool or None
        Question 6, lifetime: attempt, interrupted, aborted or preparatory behaviour.
    behaviour_recent : bool or None
        Question 6, past three months.
    """

    q1: bool | None = None
    q2: bool | None = None
    q3: bool | None = None
    q4: bool | None = None
    q5: bool | None = None
    behaviour_ever: bool | None = None
    behaviour_recent: bool | None = None


@dataclass(frozen=True, slots=True)
class Triage:
    """What a screen means and what it asks for.

    Attributes
    ----------
    level : Level
        The level that is certain, or `UNKNOWN`.
    at_least : Level
        The least level that the given answers already force.
    because : str
        The answers it rests on.
    actions : tuple of str
        What is to be done now.
    missing : tuple of str
        Questions still to be asked.
    hold_session : bool
        True if a routine session must not go on today.
    """

    level: Level
    at_least: Level
    because: str
    actions: tuple[str, ...]
    missing: tuple[str, ...]
    hold_session: bool


_ACTIONS = {
    Level.HIGH: (
        "Bring a clinician now; do not leave the person alone.",
        "Psychiatric evaluation the same day.",
        "Hold the routine session.",
    ),
    Level.MODERATE: (
        "Clinician review the same day.",
        "Safety plan before the person leaves.",
    ),
    Level.LOW: ("Review; safety plan and resources.",),
    Level.NONE: (),
    Level.UNKNOWN: ("Finish the screen before going on.",),
}


def questions_to_ask(screen: Screen) -> tuple[str, ...]:
    """Name the questions that are still open, by the screener's own skip rule.

    Questions 1 and 2 come first; 3 to 5 only after a yes to 2; 6 always, and its three-month
    part only after a yes to the lifetime part.
    """
    asked = ["q1", "q2"]
    if screen.q2:
        asked += ["q3", "q4", "q5"]
    asked.append("behaviour_ever")
    if screen.behaviour_ever:
        asked.append("behaviour_recent")
    return tuple(name for name in asked if getattr(screen, name) is None)


def triage(screen: Screen) -> Triage:
    """Give the risk level of a screen.

    Parameters
    ----------
    screen : Screen
        The answers so far.

    Returns
    -------
    Triage
        `HIGH` as soon as one answer makes it so; any other level only once every question that
        could raise it has been answered.
    """
    missing = questions_to_ask(screen)
    forced, because = _forced(screen)
    if forced is Level.HIGH:
        level = Level.HIGH
    elif missing:
        level = Level.UNKNOWN
    else:
        level = forced
    return Triage(level, forced, because, _ACTIONS[level], missing, forced is Level.HIGH)


def _forced(screen: Screen) -> tuple[Level, str]:
    if screen.q4 or screen.q5:
        return Level.HIGH, "Intent to act, or a plan with intent, in the past month."
    if screen.behaviour_recent:
        return Level.HIGH, "Suicidal behaviour in the past three months."
    if screen.q3:
        return Level.MODERATE, "Thoughts with a method, without intent, in the past month."
    if screen.behaviour_ever:
        return Level.MODERATE, "Suicidal behaviour, more than three months ago."
    if screen.q1 or screen.q2:
        return Level.LOW, "A wish to be dead or thoughts of suicide, nothing further."
    return Level.NONE, "No question was answered yes."


def needs_screen(phq9_item9: int | None) -> bool | None:
    """Say whether PHQ-9 item 9 calls for the screener at once.

    Parameters
    ----------
    phq9_item9 : int or None
        Item score, 0 to 3; None when it was not answered.

    Returns
    -------
    bool or None
        None stays unknown: an unanswered item is not a zero.

    Raises
    ------
    OutOfDomain
        If the score is none that the item has.
    """
    if phq9_item9 is None:
        return None
    if phq9_item9 not in (0, 1, 2, 3):
        raise OutOfDomain(f"PHQ-9 item 9 is 0 to 3, not {phq9_item9}")
    return phq9_item9 >= 1
