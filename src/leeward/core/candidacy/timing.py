"""Where a fact stands in time, seen from one date."""

from datetime import date, timedelta
from enum import StrEnum

from .facts import Fact, FactKind

ACTIVE = frozenset({"active", "recurrence", "relapse"})
ENDED = frozenset({"inactive", "remission", "resolved"})
UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
TAKING = frozenset({"active", "on-hold", "intended", "in-progress"})
STOPPED = frozenset({"completed", "stopped", "ended"})
NEVER_TAKEN = frozenset(
    {"not-taken", "cancelled", "draft", "do-not-perform", "not-done", "declined"}
)
VOID_OBSERVATION = frozenset({"cancelled", "registered", "unknown"})


class Standing(StrEnum):
    """What a record says about a date.

    `CURRENT` it holds now; `CURRENT_UNSTATED` nothing says whether it still holds; `PAST` it has
    ended; `UNSURE` it was never confirmed; `DENIED` it was refuted; `VOID` it is no statement
    at all (entered in error, cancelled); `FUTURE` it was not yet known.
    """

    CURRENT = "current"
    CURRENT_UNSTATED = "current_unstated"
    PAST = "past"
    UNSURE = "unsure"
    DENIED = "denied"
    VOID = "void"
    FUTURE = "future"


def standing(fact: Fact, as_of: date) -> Standing:
    """Judge one fact from one date.

    Parameters
    ----------
    fact : Fact
        The record.
    as_of : datetime.date
        The date of the question. What was written down later was not known yet.

    Returns
    -------
    Standing
    """
    if "entered-in-error" in (fact.verification, fact.clinical_status):
        return Standing.VOID
    if not known_by(fact, as_of):
        return Standing.FUTURE
    if fact.verification == "refuted":
        return Standing.DENIED
    if fact.kind is FactKind.MEDICATION:
        return _of_medication(fact, as_of)
    if fact.kind in (FactKind.OBSERVATION, FactKind.PROCEDURE):
        return _of_event(fact)
    return _of_condition(fact, as_of)


def known_by(fact: Fact, as_of: date) -> bool:
    """Say whether a record could have been read on a date."""
    return not any(day is not None and day.first > as_of for day in (fact.onset, fact.recorded))


def days_since_end(fact: Fact, as_of: date) -> int | None:
    """Count whole days since a fact ended, at the latest it can have; None if not recorded.

    Returns
    -------
    int or None
        Days [d], never negative.
    """
    if fact.abatement is None:
        return None
    return max(0, (as_of - min(fact.abatement.last, as_of)).days)


def ended_within(fact: Fact, as_of: date, window_days: int) -> bool | None:
    """Say whether a fact ended within a number of days before a date.

    Parameters
    ----------
    fact : Fact
        An ended record.
    as_of : datetime.date
        The date of the question.
    window_days : int
        Length of the window [days]; its last day counts as inside.

    Returns
    -------
    bool or None
        None when the record does not say when it ended.
    """
    passed = days_since_end(fact, as_of)
    return None if passed is None else passed <= window_days


def began_within(fact: Fact, as_of: date, window_days: int) -> bool | None:
    """Say whether a fact can have begun within a number of days [days] before a date."""
    began = fact.when()
    return None if began is None else began.last >= as_of - timedelta(days=window_days)


def _of_condition(fact: Fact, as_of: date) -> Standing:
    if fact.verification in UNSURE:
        return Standing.UNSURE
    if fact.abatement is not None and fact.abatement.last <= as_of:
        return Standing.PAST
    if fact.abatement is not None and fact.abatement.first > as_of:
        return Standing.CURRENT
    if fact.clinical_status in ACTIVE:
        return Standing.CURRENT
    return Standing.PAST if fact.clinical_status in ENDED else Standing.CURRENT_UNSTATED


def _of_medication(fact: Fact, as_of: date) -> Standing:
    if fact.clinical_status in NEVER_TAKEN:
        return Standing.VOID
    if fact.abatement is not None:
        return Standing.CURRENT if fact.abatement.last >= as_of else Standing.PAST
    if fact.clinical_status in TAKING:
        return Standing.CURRENT
    return Standing.PAST if fact.clinical_status in STOPPED else Standing.CURRENT_UNSTATED


def _of_event(fact: Fact) -> Standing:
    if fact.clinical_status in VOID_OBSERVATION | NEVER_TAKEN:
        return Standing.VOID
    return Standing.CURRENT
