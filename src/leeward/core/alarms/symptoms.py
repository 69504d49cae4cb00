"""A symptom that calls the clinician at once: a condition of its own, beside all figures."""

from decimal import Decimal
from typing import Final

from .limits import Threshold
from .terms import Direction, Priority

OVER: Final = Decimal(0)
ONGOING: Final = Decimal(1)
PREFIX: Final = "effect."


def symptom_channel(symptom: str) -> str:
    """The channel on which a symptom's degree is told; also the name of its condition."""
    return f"{PREFIX}{symptom}"


def symptom_thresholds(symptom: str, degrees: int) -> tuple[Threshold, ...]:
    """The HIGH condition that lasts as long as the symptom; no figure of it is anybody's to set.

    Its degrees are tiers: a symptom that grows worse after somebody answered it alarms anew.

    Parameters
    ----------
    symptom : str
        Id of the symptom.
    degrees : int
        How many degrees it has, the mildest being `ONGOING`.

    Returns
    -------
    tuple of Threshold
        One for each degree.
    """
    channel = symptom_channel(symptom)
    return tuple(
        Threshold(
            condition=channel,
            channel=channel,
            direction=Direction.AT_OR_ABOVE,
            priority=Priority.HIGH,
            limit=ONGOING + degree,
            unit="{effect}",
        )
        for degree in range(max(1, degrees))
    )
