"""What a reader of a result must know beside the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader of a result must know; it does not stop the calculation.

    Attributes
    ----------
    code : str
        Stable dotted name.
    because : str
        One or two plain sentences.
    field : str or None
        The input or parameter it concerns.
    """

    code: str
    because: str
    field: str | None = None
