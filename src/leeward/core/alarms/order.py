"""The one order of alarms, for every list and every screen."""

from typing import Any

from .terms import Priority


def urgency(priority: str, *, acknowledged: bool, present: bool, since: Any) -> tuple[Any, ...]:
    """Key by which alarms are sorted, the worst first.

    What nobody has answered comes before what somebody has, whatever its priority: an answered
    alarm has its nurse. Then by priority, then what lasts before what is over, then the longest.

    Parameters
    ----------
    priority : str
        Its priority.
    acknowledged, present : bool
        Whether somebody has answered it, and whether it lasts.
    since : comparable
        When it was raised.

    Returns
    -------
    tuple
        Smaller is worse.
    """
    return acknowledged, Priority(priority).rank, not present, since
