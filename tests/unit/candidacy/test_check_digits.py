import pytest

from leeward import content
from leeward.core.candidacy.systems import LOINC, SNOMED, loinc_check, snomed_check


@pytest.mark.parametrize("code", ["38341003", "82423001", "124171000119105", "373464007"])
def test_snomed_identifier_with_right_check_digit_passes(code):
    assert snomed_check(code)


@pytest.mark.parametrize("code", ["38341004", "83341003", "3834100", "", "38341003a", "٣٨٣٤١٠٠٣"])
def test_snomed_identifier_with_wrong_check_digit_fails(code):
    assert not snomed_check(code)


@pytest.mark.parametrize("code", ["8480-6", "82810-3", "44260-8", "93373-9"])
def test_loinc_code_with_right_check_digit_passes(code):
    assert loinc_check(code)


@pytest.mark.parametrize("code", ["93373-7", "8480-5", "8480", "8480-66", "-6", "a480-6"])
def test_loinc_code_with_wrong_check_digit_fails(code):
    assert not loinc_check(code)


def test_every_listed_snomed_and_loinc_code_passes():
    listed = [code for concept in content.load().concepts.values() for code in concept.codes]
    snomed = [code.code for code in listed if code.system == SNOMED]
    loinc = [code.code for code in listed if code.system == LOINC]
    assert len(snomed) > 60
    assert len(loinc) > 10
    assert all(map(snomed_check, snomed))
    assert all(map(loinc_check, loinc))
