"""Measured values: into the unit Leeward reads, with what was written kept beside it."""

from decimal import ROUND_HALF_EVEN, Decimal

from leeward.core.candidacy import systems
from leeward.core.quantities import UnitMismatch
from leeward.core.quantities.ucum import OTHER_SPELLINGS, convert, parse_unit
from leeward.usecases.imported import Amount

from .datatypes import Json, is_believable, number, string

STORED_PLACES = Decimal("0.000001")
TOO_LARGE = Decimal(10) ** 12
# Words that hospital systems write where UCUM has a code; the code, if there is one, goes first.
SPELLED = {
    "beats/min": "/min",
    "beats/minute": "/min",
    "breaths/min": "/min",
    "breaths/minute": "/min",
    "breaths per minute": "/min",
    "beats per minute": "/min",
    "in": "[in_i]",
    "inches": "[in_i]",
    "pounds": "[lb_av]",
    "kilograms": "kg",
    "%o2": "%",
    "degrees c": "Cel",
    "degrees f": "[degF]",
    "units/l": "U/L",
    "score": "{score}",
    "(score)": "{score}",
    "points": "{score}",
}


def read_amount(quantity: Json, wanted: str | None) -> tuple[Amount, str]:
    """Read a Quantity; the second value is a note when it had to stay as it was written.

    With `wanted` None the value keeps the unit it came in, provided that unit can be read.
    """
    value = number(quantity, "value")
    shown = string(quantity, "unit") or string(quantity, "code")
    comparator = string(quantity, "comparator")
    original = f"{comparator}{'' if value is None else f'{value:f}'} {shown}".strip()
    if value is None:
        return Amount(original), ""
    if comparator:
        return Amount(original), "a bound such as < or > is kept in words, not as a value"
    unit = unit_of(quantity, wanted)
    if unit is None:
        return Amount(
            original
        ), f'the unit "{shown[:40]}" cannot be read; the value is kept as written'
    try:
        in_wanted = convert(value, unit, wanted) if wanted else value
    except UnitMismatch:
        return Amount(original), f'"{shown[:40]}" does not turn into {wanted}; kept as written'
    stored = _stored(in_wanted)
    if stored is None:
        return Amount(original), "a value too large or too small to keep; kept as written"
    return Amount(original, stored, wanted or unit), ""


def read_score(text: str) -> Amount:
    """A score that was written as text, such as ``"12"``."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= 4:
        return Amount(plain, Decimal(plain), "{score}")
    return Amount(plain)


def plain_value(value: Decimal, unit: str, wanted: str | None) -> Decimal | None:
    """Give a value as `read_amount` does, from a unit that it reads; None if it is not plain."""
    if not is_believable(value):
        return None
    if unit == wanted or wanted is None:
        return _stored(value)
    try:
        return _stored(convert(value, unit, wanted))
    except UnitMismatch:
        return None


def unit_of(quantity: Json, wanted: str | None) -> str | None:
    """Give the unit in which an amount can be read, as its code or its words give it."""
    code, words = string(quantity, "code"), string(quantity, "unit")
    system = string(quantity, "system")
    candidates = [code] if code and system in ("", systems.UCUM) else []
    candidates.append(words)
    for candidate in candidates:
        unit = _readable(candidate)
        if unit:
            return unit
    return wanted if wanted == "{score}" and not code and not words else None


def _readable(text: str) -> str | None:
    for spelled in (text, SPELLED.get(text.lower(), ""), OTHER_SPELLINGS.get(text.lower(), "")):
        if not spelled:
            continue
        try:
            return parse_unit(spelled).symbol
        except UnitMismatch:
            continue
    return OTHER_SPELLINGS.get(text)


def _stored(value: Decimal) -> Decimal | None:
    """To the millionth, as it is stored; None where that would make it another value."""
    if abs(value) >= TOO_LARGE:
        return None
    stored = value.quantize(STORED_PLACES, rounding=ROUND_HALF_EVEN)
    if value and not stored:
        return None
    return value if value == stored else stored
