"""Units are read as UCUM writes them, told apart by dimension and converted exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest

from leeward.core.quantities import UnitMismatch
from leeward.core.quantities.ucum import (
    conversion_factor,
    convert,
    describe_dimension,
    parse_unit,
    same_dimension,
)


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        ("mg", "g"),
        ("mg/kg", "g.g-1"),
        ("mg/kg/h", "g.g-1.s-1"),
        ("mg/(kg.h)", "g.g-1.s-1"),
        ("mg.kg-1.h-1", "g.g-1.s-1"),
        ("mL/min/kg", "g-1.m3.s-1"),
        ("kg/m2", "g.m-2"),
        ("ng.h/mL", "g.m-3.s"),
        ("10*3/uL", "m-3"),
        ("mm[Hg]", "Pa"),
        ("U/L", "m-3.s-1.mol"),
        ("[IU]/mL", "m-3.[IU]"),
        ("Cel", "K"),
        ("/min", "s-1"),
        ("{beats}/min", "s-1"),
        ("%", "1"),
        ("1", "1"),
        ("{score}", "1"),
    ],
)
def test_reads_the_units_of_a_clinic(unit: str, dimension: str) -> None:
    assert describe_dimension(parse_unit(unit).dimension) == dimension


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("0.5", "mg", "ug", "500"),
        ("1", "g", "mg", "1000"),
        ("154", "[lb_av]", "kg", "69.85322498"),
        ("37", "Cel", "[degF]", "98.6"),
        ("98.6", "[degF]", "Cel", "37"),
        ("60", "mg/h", "mg/min", "1"),
        ("0.5", "mg/kg", "ug/kg", "500"),
        ("240", "ng/mL", "ug/L", "240"),
        ("2", "h", "min", "120"),
        ("16.6652500", "kPa", "mm[Hg]", "125"),
    ],
)
def test_converts_exactly(value: str, source: str, target: str, expected: str) -> None:
    assert convert(Decimal(value), source, target) == Decimal(expected)


def test_gives_the_factor_as_a_fraction() -> None:
    assert conversion_factor("mg/h", "ug/min") == Fraction(1000, 60)


def test_refuses_a_plain_factor_between_scales_with_their_own_zero() -> None:
    with pytest.raises(UnitMismatch, match="its own zero"):
        conversion_factor("Cel", "[degF]")


@pytest.mark.hazard("H11")
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("mg", "mL"),
        ("mg/kg", "1"),
        ("mg/kg", "mg"),
        ("mg/kg", "mg/kg/h"),
        ("mg/kg/h", "/min"),
        ("mg/h", "mL/h"),
        ("mmol", "mg"),
        ("mmol/L", "mg/L"),
        ("[IU]", "mg"),
        ("{score}", "mm[Hg]"),
    ],
)
def test_does_not_mix_what_is_measured_differently(left: str, right: str) -> None:
    assert not same_dimension(left, right)
    with pytest.raises(UnitMismatch, match="measure different things"):
        convert(Decimal(1), left, right)


@pytest.mark.hazard("H11")
@pytest.mark.parametrize(
    ("unit", "hint"),
    [
        ("mcg", "'ug'"),
        ("mcg/kg/min", "'ug'"),
        ("µg/mL", "'ug'"),
        ("cc", "'mL'"),
        ("mmHg", r"mm\[Hg\]"),
        ("bpm", "/min"),
        ("lb", r"\[lb_av\]"),
        ("hr", "'h'"),
        ("mins", "'min'"),
        ("Mg", "did you mean 'mg'"),
        ("MG/KG", "Case matters"),
        ("", "bare number"),
        ("   ", "bare number"),
        ("mg / kg", "'mg/kg'"),
        ("mg//kg", "cannot be read after 'mg/'"),
        ("mg/", "cannot be read"),
        ("(mg", "cannot be read"),
        ("kg/Cel", "stands alone"),
        ("furlong", "none of the units"),
    ],
)
def test_teaches_the_right_spelling(unit: str, hint: str) -> None:
    with pytest.raises(UnitMismatch, match=hint):
        parse_unit(unit)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_refuses_to_convert_what_is_no_number(value: str) -> None:
    with pytest.raises(UnitMismatch, match="not a finite number"):
        convert(Decimal(value), "mg", "g")


def test_leaves_a_value_untouched_in_its_own_unit() -> None:
    assert str(convert(Decimal("0.50"), "mg", "mg")) == "0.50"
