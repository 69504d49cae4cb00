"""A symptom that calls the clinician at once: a condition of its own, beside all figures."""

from decimal import Decimal
from typing import Final

from .limits import Direction, Priority, Threshold

ONGOING: Final = Decimal(1)
OVER: Final = Decimal(0)
PREFIX: Final = "effect."


def symptom_channel(symptom: str) -> str:
    """The channel on which a symptom is `ONGOING` or `OVER`; also the name of its condition."""
    return f"{PREFIX}{symptom}"


def symptom_threshold(symptom: str) -> Threshold:
    """The HIGH condition that lasts as long as the symptom; no figure of it is anybody's to set.

    Parameters
    ----------
    symptom : str
        Id of the symptom.

    Returns
    -------
    Threshold
    """
    channel = symptom_channel(symptom)
    return Threshold(
        condition=channel,
        channel=channel,
        direction=Direction.AT_OR_ABOVE,
        priority=Priority.HIGH,
        limit=ONGOING,
        unit="{effect}",
    )
