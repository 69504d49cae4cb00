"""The words of alarms: priority, side of a limit, part of a session."""

from enum import StrEnum


class Priority(StrEnum):
    """Priority of an alarm condition, in the sense of IEC 60601-1-8."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the most urgent; orders alarms worst first."""
        return _RANK[self]


_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


class Direction(StrEnum):
    """On which side of its limit a value is a breach."""

    BELOW = "below"
    ABOVE = "above"
    AT_OR_BELOW = "at_or_below"
    AT_OR_ABOVE = "at_or_above"


class Phase(StrEnum):
    """The part of a session in which a limit applies."""

    PREPARING = "preparing"
    INFUSING = "infusing"
    PAUSED = "paused"
    RECOVERY = "recovery"
    ENDED = "ended"
