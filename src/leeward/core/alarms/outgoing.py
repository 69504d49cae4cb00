"""What the alarm engine tells: each is written to the session's log."""

from dataclasses import dataclass
from decimal import Decimal

from .terms import Priority


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm condition has become present; figures in `unit`."""

    alarm_id: str
    condition: str
    channel: str
    priority: Priority
    limit: Decimal | None
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An alarm condition is present no more."""

    alarm_id: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """Nobody answered a HIGH alarm in time, and it goes further."""

    alarm_id: str
    step: int
    to: str


AlarmEvent = Raised | Ended | Escalated
