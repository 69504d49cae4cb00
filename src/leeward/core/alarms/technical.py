"""Conditions about devices and machines: channels worked out from others, and stated faults."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .terms import Phase, Priority


class Reckoning(StrEnum):
    """How the value of a derived channel is worked out."""

    JUMP = "jump"
    DIFFERENCE = "difference"
    RISE = "rise"
    EXCESS_PCT = "excess_pct"
    DEFICIT_PCT = "deficit_pct"
    STOPPED = "stopped"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Derived:
    """A channel that no device sends: worked out from others, and from what people have stated.

    Where there is nothing to compare, its value is 0: no breach of any limit above zero.

    Attributes
    ----------
    channel : str
        Its name, such as ``"hr.jump"``.
    how : Reckoning
        ``jump``: largest difference between two readings of one channel within `within_s`.
        ``difference``: between the readings of two channels within `within_s`.
        ``rise``: reading minus what was stated. ``excess_pct``, ``deficit_pct``: by how many
        percent the reading lies above or below what was stated. ``stopped``: 1 if the reading is
        zero although something was stated. ``unstated``: 1 if it is not, although nothing was.
    of : tuple of str
        The channel, or the two channels, it is worked out from.
    against : str
        What people have stated, such as ``"rate_ml_per_h"``; empty for `JUMP` and `DIFFERENCE`.
    within_s : Decimal
        Time in which readings belong together [s].
    """

    channel: str
    how: Reckoning
    of: tuple[str, ...]
    against: str = ""
    within_s: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fault:
    """A technical condition that whoever runs the engine states: it can't be seen in samples.

    Attributes
    ----------
    condition : str
        Name of the condition, such as ``"adapter_dead"``.
    fault : str
        Which stated fault makes it, such as ``"adapter"``.
    priority : Priority
        Priority of the alarm.
    after_s : Decimal or None
        How long the fault stands before it is told [s]; None leaves it unarmed.
    phases : tuple of Phase
        Phases in which it applies; empty means all but `Phase.ENDED`.
    """

    condition: str
    fault: str
    priority: Priority
    after_s: Decimal | None = Decimal(0)
    phases: tuple[Phase, ...] = ()
