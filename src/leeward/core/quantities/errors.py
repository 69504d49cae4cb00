"""Exceptions for defects: something in the program or its content is wrong.

An expected clinical "no" is never one of these; it is a `Refusal`.
"""


class LeewardError(Exception):
    """Root of the exceptions that Leeward raises itself."""


class UnitMismatch(LeewardError):
    """Two quantities of different dimension met, or a unit could not be read."""


class OutOfDomain(LeewardError):
    """A value lies where the formula has no meaning (a negative clearance, a time before zero)."""
