"""Codes on containers, and numbers that check themselves."""

from datetime import UTC, date, datetime

import pytest

from leeward.core.quantities import Refusal
from leeward.records.pharmacy.clock import one_business_day_after
from leeward.records.pharmacy.labels import (
    Scanned,
    is_dea_number,
    normal_ndc,
    read_barcode,
    same_drug_code,
)

# An invented code: 03 and ten digits of an NDC, then its check digit.
GTIN = "00312345678906"


def test_a_scan_gives_drug_code_expiry_lot_and_serial():
    scanned = read_barcode(f"01{GTIN}17270531" + "10AB12\x1d21S-77")
    assert scanned == Scanned("1234567890", "AB12", date(2027, 5, 31), "S-77")


def test_what_prints_beside_the_code_reads_the_same():
    assert read_barcode(f"(01){GTIN}(17)270500(10)AB12").expiry == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"01{GTIN[:-1]}1", "label.check_digit"),
        ("0109501101530003", "label.not_a_drug_code"),
        (f"01{GTIN}17271331", "label.expiry"),
        (f"01{GTIN}9912", "label.unreadable"),
        (f"01{GTIN[:9]}", "label.unreadable"),
        ("10", "label.unreadable"),
        ("", "label.unreadable"),
        ("10A" * 99, "label.unreadable"),
    ],
)
def test_a_code_that_is_misread_is_refused(text, code):
    assert read_barcode(text).code == code


@pytest.mark.parametrize("text", ["1234-5678-90", "12345-678-90", "12345-6789-0"])
def test_every_form_of_an_ndc_becomes_eleven_digits_and_fits_its_scan(text):
    code = normal_ndc(text)
    assert len(code) == 11
    assert same_drug_code(code, text.replace("-", ""))


@pytest.mark.parametrize("text", ["1234567890", "123-456-7890", "a2345-678-90", ""])
def test_an_ndc_whose_zero_is_unknown_is_refused(text):
    assert isinstance(normal_ndc(text), Refusal)


@pytest.mark.parametrize(
    ("text", "good"),
    [("AB1234563", True), ("AB1234564", False), ("1B1234563", False), ("", False)],
)
def test_a_dea_number_checks_itself(text, good):
    assert is_dea_number(text) is good


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (datetime(2026, 11, 18, 22, 0, tzinfo=UTC), datetime(2026, 11, 20, 5, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)),
    ],
    ids=["Wednesday", "Friday", "Saturday in UTC is Friday evening at the clinic"],
)
def test_a_case_is_due_at_the_end_of_the_next_weekday_at_the_clinic(found, due):
    assert one_business_day_after(found, "America/New_York") == due
