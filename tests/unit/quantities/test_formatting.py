"""Amounts as they are shown, and as they are read."""

from decimal import Decimal

import pytest

from leeward.core.quantities import UnitMismatch
from leeward.core.quantities.formatting import read_amount, read_number, show


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0.5", "mg/kg", "0.5 mg/kg"),
        (".50", "mg/kg", "0.5 mg/kg"),
        ("5.0", "mg", "5 mg"),
        ("1E+3", "mL", "1,000 mL"),
        ("1234567.50", "mL", "1,234,567.5 mL"),
        ("-0.005", "mg", "-0.005 mg"),
        ("-0.0", "mg", "0 mg"),
        ("120", "mm[Hg]", "120 mmHg"),
        ("36.60", "Cel", "36.6 °C"),
        ("50", "ug", "50 mcg"),
        ("3", "{score}", "3"),
        ("98", "%", "98 %"),
        ("7", "", "7"),
    ],
)
@pytest.mark.hazard("H9")
def test_shows_no_trailing_zero_and_no_naked_point(value, unit, shown):
    assert show(Decimal(value), unit) == shown


def test_what_is_no_amount_is_not_shown_as_one():
    with pytest.raises(UnitMismatch):
        show(Decimal("NaN"), "mg")


@pytest.mark.parametrize("text", ["0", "7", "70", "0.5", "35.15", " 52.7 ", "1000"])
def test_reads_what_can_be_read_in_one_way(text):
    assert read_number(text, field="x") == Decimal(text.strip())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number.empty"),
        ("   ", "number.empty"),
        (".5", "number.naked_decimal"),
        (",5", "number.naked_decimal"),
        ("1,5", "number.comma"),
        ("1,000", "number.comma"),
        ("5.0", "number.trailing_zero"),
        ("5.", "number.trailing_zero"),
        ("0.50", "number.trailing_zero"),
        ("05", "number.leading_zero"),
        ("-5", "number.sign"),
        ("+5", "number.sign"),
        ("1e3", "number.unreadable"),
        ("1.2.3", "number.unreadable"),
        ("1 000", "number.unreadable"),
        ("nan", "number.unreadable"),
        ("٣٥", "number.unreadable"),
        ("１２", "number.unreadable"),
        ("9999999999", "number.too_long"),
        ("0.1234567", "number.too_long"),
    ],
)
@pytest.mark.hazard("H9")
def test_refuses_what_can_be_misread_and_teaches_in_both_languages(text, code):
    for lang, word in (
        ("en", ("Leave", "Write", "Type", "number", "more")),
        ("es", ("Es", "Qu", "n")),
    ):
        refusal = read_number(text, field="dose_mg", lang=lang)
        assert refusal.code == code
        assert refusal.field == "dose_mg"
        assert any(w in refusal.because for w in word)
    english = read_number(text, field="x").because
    spanish = read_number(text, field="x", lang="es").because
    assert english != spanish


@pytest.mark.parametrize("text", ["70", "70 kg", "70kg", "70 KG"])
def test_takes_the_field_s_own_unit(text):
    assert read_amount(text, unit="kg", field="weight_kg") == Decimal(70)


@pytest.mark.parametrize("text", ["154 lb", "154lbs", "154 pounds", "154 libras"])
@pytest.mark.hazard("H11")
def test_refuses_pounds(text):
    assert read_amount(text, unit="kg", field="weight_kg").code == "unit.pounds"
    assert "kilogramos" in read_amount(text, unit="kg", field="weight_kg", lang="es").because


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("35 mcg", "mg"),
        ("35 µg", "mg"),
        ("35 ug", "mg"),
        ("35 g", "mg"),
        ("35 mL", "mg"),
        ("0.5 mg/kg/h", "mg/kg"),
        ("0.5 mg", "mg/kg"),
        ("52.7 mg/h", "mL/h"),
        ("16 kPa", "mm[Hg]"),
        ("98 °F", "Cel"),
        ("40 s", "min"),
    ],
)
@pytest.mark.hazard("H11", "H12")
def test_refuses_any_other_unit_and_converts_nothing(text, unit):
    assert read_amount(text, unit=unit, field="x").code == "unit.not_this_one"
