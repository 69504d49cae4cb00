"""Units as UCUM writes them: a dimension and an exact factor.

A unit is parsed once, compared by dimension and converted by an exact fraction, so that no
rounding hides in a change of unit. Only units that a ketamine clinic meets are known; an
unknown one is refused with the spelling that was probably meant.

Departures from UCUM, all on the safe side. A mass below the line is not cancelled by a mass
above it, so that ``mg/kg`` is never a plain number and ``mg/kg/h`` never a frequency. `mol`,
`[IU]` and pressure are dimensions of their own. An empty unit is refused, where UCUM reads 1.

Source of symbols and factors: The Unified Code for Units of Measure (ucum.org).
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from .errors import UnitMismatch
from .ucum_atoms import (
    ATOMS,
    AXES,
    METRIC,
    NO_DIMENSION,
    OTHER_SPELLINGS,
    PREFIXES,
    SPECIAL,
    Dimension,
)

__all__ = [
    "AXES",
    "NO_DIMENSION",
    "OTHER_SPELLINGS",
    "Dimension",
    "Unit",
    "conversion_factor",
    "convert",
    "describe_dimension",
    "parse_unit",
    "same_dimension",
]

WORKING: Final = Context(prec=34)
ANNOTATION: Final = re.compile(r"\{[^{}]*\}")
SIMPLE: Final = re.compile(
    r"(?P<symbol>10[*^]|%|(?:[A-Za-z]|\[[A-Za-z0-9_]+\])+|[1-9][0-9]*)(?P<power>[+-]?[0-9]+)?"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A parsed unit.

    Attributes
    ----------
    symbol : str
        The unit as it was written.
    dimension : tuple of int
        Exponents of the base units named in `AXES`. ``g{below}`` counts masses in the
        denominator, as a positive number.
    factor : Fraction
        How many base units one of this unit is.
    offset : Fraction
        Zero point [base units]; differs from 0 only for `Cel` and `[degF]`.
    """

    symbol: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)

    @property
    def is_dimensionless(self) -> bool:
        """Whether the unit counts or scores something rather than measuring it."""
        return self.dimension == NO_DIMENSION


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Read a UCUM unit such as ``mg/kg``, ``mm[Hg]``, ``10*3/uL`` or ``{score}``.

    Parameters
    ----------
    text : str
        Case-sensitive UCUM code.

    Returns
    -------
    Unit

    Raises
    ------
    UnitMismatch
        If the text is empty, spelled another way, or names an unknown unit. The message says
        what to write instead where that is clear.
    """
    _refuse_empty(text)
    _refuse_other_spellings(text)
    dimension, factor, offset = _Reader(text).read()
    return Unit(text, dimension, factor, offset)


def same_dimension(left: str, right: str) -> bool:
    """Whether two units measure the same kind of thing (``mg`` and ``ug`` do)."""
    return parse_unit(left).dimension == parse_unit(right).dimension


def conversion_factor(from_unit: str, to_unit: str) -> Fraction:
    """Exact number by which a value in `from_unit` is multiplied to be in `to_unit`.

    Raises
    ------
    UnitMismatch
        If the dimensions differ, or one of the units has a zero point of its own.
    """
    source, target = _convertible(from_unit, to_unit)
    if source.offset or target.offset:
        raise UnitMismatch(
            f"{from_unit!r} to {to_unit!r} is not a plain factor, because a temperature scale has"
            " its own zero. Use convert() on the value."
        )
    return source.factor / target.factor


def convert(value: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """Express a value in another unit of the same dimension.

    Parameters
    ----------
    value : Decimal
        Value [from_unit]; finite.
    from_unit, to_unit : str
        UCUM codes of the same dimension.

    Returns
    -------
    Decimal
        Value [to_unit]: exact where the result is a finite decimal, else to 34 digits.

    Raises
    ------
    UnitMismatch
        If the dimensions differ or `value` is not a finite number.
    """
    source, target = _convertible(from_unit, to_unit)
    if not value.is_finite():
        raise UnitMismatch(f"{value} {from_unit} is not a finite number and cannot be converted.")
    if from_unit == to_unit:
        return value
    exact = (Fraction(value) * source.factor + source.offset - target.offset) / target.factor
    return WORKING.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _convertible(from_unit: str, to_unit: str) -> tuple[Unit, Unit]:
    source, target = parse_unit(from_unit), parse_unit(to_unit)
    if source.dimension != target.dimension:
        raise UnitMismatch(
            f"{from_unit!r} and {to_unit!r} measure different things"
            f" ({describe_dimension(source.dimension)} against"
            f" {describe_dimension(target.dimension)}), so one cannot be turned into the other."
        )
    return source, target


def describe_dimension(dimension: Dimension) -> str:
    """Write a dimension in base units, such as ``g.m-3``; ``1`` if there is none."""
    signed = (dimension[0], -dimension[1], *dimension[2:])
    named = zip(("g", *AXES[:1], *AXES[2:]), signed, strict=True)
    parts = [f"{axis}{power if power != 1 else ''}" for axis, power in named if power]
    return ".".join(parts) or "1"


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise UnitMismatch(
            'A bare number has no meaning here: give its unit. A pure number is "1", and a'
            ' count or score is written in braces, such as "{score}" or "{session}".'
        )
    if text != text.strip() or " " in re.sub(r"\{[^}]*\}", "", text):
        raise UnitMismatch(f"{text!r} has a space in it. UCUM units have none: {_tight(text)!r}.")


def _tight(text: str) -> str:
    return "".join(text.split())


def _refuse_other_spellings(text: str) -> None:
    for word in re.findall(r"[A-Za-zµμ°%]+", re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", text)):
        meant = OTHER_SPELLINGS.get(word) or OTHER_SPELLINGS.get(word.lower())
        if meant and word not in ATOMS:
            raise UnitMismatch(f"{word!r} is not a UCUM unit. Write {meant!r}.")


class _Reader:
    """Left to right over one unit: terms joined by `.` and `/`, atoms with exponents."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> tuple[Dimension, Fraction, Fraction]:
        special = SPECIAL.get(self.text)
        if special is not None:
            return ATOMS["K"][0], special[0], special[1]
        dimension, factor = self._term()
        if self.at != len(self.text):
            raise self._unreadable()
        return dimension, factor, Fraction(0)

    def _term(self) -> tuple[Dimension, Fraction]:
        dimension, factor = NO_DIMENSION, Fraction(1)
        sign = 1
        if self._peek() == "/":
            self.at, sign = self.at + 1, -1
        while True:
            part_dimension, part_factor = self._component()
            raised = _to_power(part_dimension, sign)
            dimension = tuple(a + b for a, b in zip(dimension, raised, strict=True))
            factor = factor * part_factor**sign
            if self._peek() not in (".", "/"):
                return dimension, factor
            sign = 1 if self._peek() == "." else -1
            self.at += 1

    def _component(self) -> tuple[Dimension, Fraction]:
        if self._peek() == "(":
            self.at += 1
            inner = self._term()
            if self._peek() != ")":
                raise self._unreadable()
            self.at += 1
            return inner
        if matched := ANNOTATION.match(self.text, self.at):
            self.at = matched.end()
            return NO_DIMENSION, Fraction(1)
        return self._simple()

    def _simple(self) -> tuple[Dimension, Fraction]:
        matched = SIMPLE.match(self.text, self.at)
        if matched is None:
            raise self._unreadable()
        self.at = matched.end()
        symbol, power = matched["symbol"], int(matched["power"] or 1)
        if annotated := ANNOTATION.match(self.text, self.at):
            self.at = annotated.end()
        dimension, factor = self._atom(symbol)
        return _to_power(dimension, power), factor**power

    def _atom(self, symbol: str) -> tuple[Dimension, Fraction]:
        if symbol in ATOMS:
            return ATOMS[symbol]
        if symbol.isdigit() and int(symbol) > 0:
            return NO_DIMENSION, Fraction(int(symbol))
        for prefix, scale in PREFIXES.items():
            rest = symbol[len(prefix) :]
            if symbol.startswith(prefix) and rest in METRIC:
                dimension, factor = ATOMS[rest]
                return dimension, factor * scale
        if symbol in SPECIAL:
            raise UnitMismatch(
                f"{symbol!r} has its own zero and stands alone; in {self.text!r} write 'K'."
            )
        raise UnitMismatch(f"The unit {self.text!r} is not known: {_nearest(symbol)}")

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _unreadable(self) -> UnitMismatch:
        return UnitMismatch(
            f"The unit {self.text!r} cannot be read after {self.text[: self.at]!r}. UCUM joins"
            ' units with "." and "/", as in "mg/kg", "mL/min" or "kg/m2".'
        )


def _to_power(dimension: Dimension, power: int) -> Dimension:
    """Raise to a power; a negative one exchanges the masses above and below the line."""
    above, below, *rest = dimension
    if power < 0:
        above, below = below, above
    return (above * abs(power), below * abs(power), *(power * d for d in rest))


def _nearest(symbol: str) -> str:
    known = [*ATOMS, *SPECIAL]
    same = [name for name in known if name.lower() == symbol.lower()]
    if same:
        return f"did you mean {same[0]!r}? Case matters in UCUM."
    for prefix in PREFIXES:
        rest = symbol[len(prefix) :]
        close = [name for name in METRIC if name.lower() == rest.lower()]
        if symbol.lower().startswith(prefix.lower()) and close:
            return f"did you mean {prefix + close[0]!r}? Case matters in UCUM."
    return f"{symbol!r} is none of the units this program reads."
