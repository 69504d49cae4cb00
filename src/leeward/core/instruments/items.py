"""One question of a rating scale: what can be answered and what the answer scores."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final


class Declined(Enum):
    """The person was asked and would not say: not the same as never having been asked."""

    DECLINED = "declined"


DECLINED: Final = Declined.DECLINED

Answer = int | Decimal | Declined | None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen.

    Attributes
    ----------
    value : int
        What is stored. It equals the score wherever the form prints scores; an answer without a
        score has a value all the same.
    score : int or None
        Points [score]; None for an answer that is kept and not scored.
    loinc_answer : str or None
        LOINC answer code (LA...), where it is sure.
    not_applicable : bool
        True if the option says that the question does not apply; it still scores, and every
        reader must see that it was chosen.
    """

    value: int
    score: int | None
    loinc_answer: str | None = None
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Readings from `lo` to `hi`, both included, score the same.

    Attributes
    ----------
    lo, hi : Decimal or None
        Ends of the step in the unit of the reading; None is open.
    score : int
        Points [score].
    """

    lo: Decimal | None
    hi: Decimal | None
    score: int

    def holds(self, reading: Decimal) -> bool:
        """Say whether a reading, in the unit of the item, lies in this step."""
        return (self.lo is None or reading >= self.lo) and (self.hi is None or reading <= self.hi)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that is answered by a number, not by choosing.

    Attributes
    ----------
    unit : str
        UCUM code of the number.
    decimals : int
        Digits after the point that the number may have.
    minimum, maximum : Decimal
        Range that can be entered, in `unit`.
    steps : tuple of Step
        How readings score; empty if the number is its own score.
    """

    unit: str
    decimals: int
    minimum: Decimal
    maximum: Decimal
    steps: tuple[Step, ...] = ()

    def accepts(self, reading: Decimal) -> bool:
        """Say whether a number, in `unit`, is in range and no finer than it may be."""
        if not reading.is_finite() or not self.minimum <= reading <= self.maximum:
            return False
        return reading == round(reading, self.decimals)

    def score(self, reading: Decimal) -> int | Decimal:
        """Give the points [score] of an accepted number."""
        if not self.steps:
            return int(reading) if reading == int(reading) else reading
        return next(step.score for step in self.steps if step.holds(reading))


@dataclass(frozen=True, slots=True)
class AskedIf:
    """When a question is asked at all.

    Attributes
    ----------
    any_of : tuple of str
        Link ids of the questions that decide.
    values : tuple of int
        It is asked if any of those has one of these values,
    declined : bool
        or, if True, if any of those was declined.
    """

    any_of: tuple[str, ...]
    values: tuple[int, ...]
    declined: bool = False

    def admits(self, answer: Answer) -> bool:
        """Say whether one deciding answer opens the question."""
        return self.declined if answer is DECLINED else answer in self.values


@dataclass(frozen=True, slots=True)
class Item:
    """One question, without its words: those are in the forms, one for each language.

    Attributes
    ----------
    link_id : str
        Name of the question, the same in every language.
    scored : bool
        False if the answer is kept and enters no score.
    options : tuple of Option
        The answers to choose from, in printed order; empty if `reading` is set.
    reading : Reading or None
        Set if the answer is a number.
    asked_if : AskedIf or None
        Branching; None if the question is always asked.
    loinc : str or None
        LOINC code, where it is sure.
    """

    link_id: str
    scored: bool
    options: tuple[Option, ...] = ()
    reading: Reading | None = None
    asked_if: AskedIf | None = None
    loinc: str | None = None

    def option(self, value: Answer) -> Option | None:
        """Find the option with this value; None if there is none."""
        return next((option for option in self.options if option.value == value), None)

    def accepts(self, value: int | Decimal) -> bool:
        """Say whether a value can be an answer to this question."""
        if self.reading is not None:
            return self.reading.accepts(Decimal(value))
        return self.option(value) is not None

    def points(self, value: int | Decimal) -> int | Decimal:
        """Give the points [score] of an accepted value; 0 if the answer is not scored."""
        if self.reading is not None:
            return self.reading.score(Decimal(value)) if self.scored else 0
        option = self.option(value)
        return 0 if option is None or option.score is None else option.score

    @property
    def highest(self) -> int | Decimal | None:
        """Most points [score] the question can give; None if it is not scored."""
        return max(self._possible(), default=None)

    @property
    def lowest(self) -> int | Decimal | None:
        """Fewest points [score] the question can give; None if it is not scored."""
        return min(self._possible(), default=None)

    def _possible(self) -> list[int | Decimal]:
        if not self.scored:
            return []
        if self.reading is None:
            return [option.score for option in self.options if option.score is not None]
        if self.reading.steps:
            return [step.score for step in self.reading.steps]
        return [self.reading.minimum, self.reading.maximum]
