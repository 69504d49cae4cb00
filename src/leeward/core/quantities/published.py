"""A number as it was published: value, unit, source, grade; and values that change with time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Grade(StrEnum):
    """How a figure was seen in its source, from best to weakest.

    `READ`: in the source itself. `CURATED`: in a curated transcription that names the place.
    `DERIVED`: computed from graded figures by a stated formula. `SECONDARY`: only in a secondary
    text. `KNOWN`: well established, not read again.
    """

    READ = "V"
    CURATED = "Vs"
    DERIVED = "D"
    SECONDARY = "V*"
    KNOWN = "K"

    @property
    def unverified(self) -> bool:
        """Whether what rests on this grade must be shown as unverified."""
        return self in (Grade.SECONDARY, Grade.KNOWN)


def weakest(grades: Iterable[Grade]) -> Grade | None:
    """Find the least trustworthy of some grades; ``None`` if there are none."""
    order = list(Grade)
    return max(grades, key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something was read.

    Attributes
    ----------
    source : str
        Id in the register of sources.
    at : str
        Section, table or page in that source.
    """

    source: str
    at: str


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One number from a source.

    Attributes
    ----------
    value : Decimal
        The number as printed [unit].
    unit : str
        UCUM code.
    citation : Citation
        Where it was read.
    grade : Grade
        How it was seen there.
    note : str or None
        What a reader must know to use it rightly.
    """

    value: Decimal
    unit: str
    citation: Citation
    grade: Grade
    note: str | None = None

    @property
    def unverified(self) -> bool:
        """Whether the figure must be shown as unverified."""
        return self.grade.unverified


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """What held from which day on.

    Attributes
    ----------
    entries : tuple of (date, T)
        First day of validity and value, in ascending order of days.
    """

    entries: tuple[tuple[date, T], ...]

    def as_of(self, day: date) -> T | None:
        """Value in force on a day; ``None`` before the first entry."""
        in_force = [value for first_day, value in self.entries if first_day <= day]
        return in_force[-1] if in_force else None
