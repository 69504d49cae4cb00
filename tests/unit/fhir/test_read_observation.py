from datetime import UTC, datetime
from decimal import Decimal

import pytest

from leeward.core.candidacy.systems import loinc_check
from leeward.exchange.fhir.facts import to_facts
from leeward.exchange.fhir.observation_codes import GAD7_ITEMS, KNOWN, PHQ9_ITEMS
from leeward.usecases.imported import ImportedObservation, Skipped

from .resources import LOINC, concept, observation, quantity, read

ABSENT = concept("unknown", system="http://terminology.hl7.org/CodeSystem/data-absent-reason")


def component(code, value=None, **more):
    part = {"code": concept(code, "", LOINC), **more}
    return part if value is None else {**part, "valueQuantity": value}


def test_reads_a_weight_with_its_time():
    found = read(observation("29463-7", quantity(Decimal("70.10"), "kg")))
    assert isinstance(found, ImportedObservation)
    assert (found.measured.amount.value, found.measured.amount.unit) == (Decimal("70.10"), "kg")
    assert found.effective.instant == datetime(2020, 1, 2, 8, 0, tzinfo=UTC)


@pytest.mark.hazard("H11")
@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("29463-7", quantity(154, "[lb_av]"), ("69.853225", "kg")),
        ("29463-7", {"value": 154, "unit": "lbs"}, ("69.853225", "kg")),
        ("29463-7", quantity(70000, "g"), ("70", "kg")),
        ("8302-2", quantity(70, "[in_i]"), ("177.8", "cm")),
        ("8302-2", quantity(Decimal("1.78"), "m"), ("178", "cm")),
        ("8310-5", quantity(Decimal("98.6"), "[degF]"), ("37", "Cel")),
        ("8867-4", {"value": 60, "unit": "beats/min"}, ("60", "/min")),
        ("8480-6", {"value": 120, "unit": "mmHg"}, ("120", "mm[Hg]")),
        ("59408-5", {"value": 97, "unit": "%O2", "code": "%"}, ("97", "%")),
        ("72514-3", quantity(4, "1", "score"), ("4", "{score}")),
        ("44261-6", {"value": 12}, ("12", "{score}")),
        ("2160-0", quantity(Decimal("0.9"), "mg/dL"), ("0.9", "mg/dL")),
    ],
)
def test_a_value_is_turned_into_its_unit_and_kept_as_written(code, value, expected):
    amount = read(observation(code, value)).measured.amount
    assert (amount.value, amount.unit) == (Decimal(expected[0]), expected[1])
    assert amount.original.startswith(str(value["value"]))


@pytest.mark.hazard("H22")
@pytest.mark.parametrize(
    ("value", "note"),
    [
        ({"value": 11, "unit": "stone"}, 'the unit "stone" cannot be read'),
        (quantity(70, "cm"), '"cm" does not turn into kg'),
        ({"value": 70}, "cannot be read"),
        ({"value": 70, "unit": "kg", "comparator": "<"}, "a bound"),
    ],
)
def test_a_unit_that_cannot_be_read_gives_no_value_and_a_note(value, note):
    found = read(observation("29463-7", value))
    assert found.measured.amount.value is None
    assert str(value["value"]) in found.measured.amount.original
    assert note in found.notes[0]


@pytest.mark.hazard("H21")
def test_no_value_is_never_zero():
    zero = read(observation("8867-4", quantity(0, "/min")))
    assert zero.measured.amount.value == 0
    none = read(observation("8867-4", {"unit": "/min", "code": "/min"}, dataAbsentReason=ABSENT))
    assert none.measured.amount.value is None


def test_blood_pressure_is_read_from_its_components():
    parts = [
        component("8480-6", quantity(120, "mm[Hg]")),
        component("8462-4", quantity(80, "mm[Hg]")),
    ]
    found = read(observation("55284-4", component=parts))
    assert [part.amount.value for part in found.components] == [120, 80]
    facts = to_facts([found])
    assert [(f.codings[0].code, f.value, f.unit) for f in facts] == [
        ("8480-6", 120, "mm[Hg]"),
        ("8462-4", 80, "mm[Hg]"),
    ]


def test_half_a_blood_pressure_is_taken_and_the_other_half_is_absent():
    parts = [
        component("8480-6", quantity(109, "mm[Hg]")),
        component("8462-4", dataAbsentReason=ABSENT),
    ]
    found = read(observation("85354-9", component=parts))
    assert [part.absent_because for part in found.components] == ["", "unknown"]
    assert [fact.codings[0].code for fact in to_facts([found])] == ["8480-6"]


def test_a_coded_answer_is_kept_as_code():
    pregnant = {"valueCodeableConcept": concept("77386006", "Pregnant")}
    (fact,) = to_facts([read(observation("82810-3", **pregnant))])
    assert fact.value_codings[0].code == "77386006"
    assert fact.unit == ""


def test_a_score_written_as_text_is_a_number():
    found = read(observation("44261-6", valueString="12"))
    assert (found.measured.amount.value, found.measured.amount.unit) == (12, "{score}")


def test_a_score_written_as_words_is_no_number():
    found = read(observation("44261-6", valueString="about 12"))
    assert found.measured.amount.value is None
    assert found.measured.amount.original == "about 12"


def test_an_absent_value_is_left_with_the_reason_of_the_record():
    found = read(observation("8867-4", dataAbsentReason=ABSENT))
    assert isinstance(found, Skipped)
    assert found.because == "it carries no value (the record says: unknown)"


def test_a_panel_is_left_to_its_members():
    found = read(observation("85354-9", hasMember=[{"reference": "Observation/o2"}]))
    assert "its members are read one by one" in found.because


def test_a_code_that_nothing_reads_is_left_by_name():
    found = read(observation("2093-3", quantity(180, "mg/dL")))
    assert isinstance(found, Skipped)
    assert "2093-3" in found.because


def test_the_same_number_in_another_system_is_not_the_code():
    resource = observation("8867-4", quantity(60, "/min"))
    resource["code"] = concept("8867-4", "Heart rate", "urn:local")
    assert isinstance(read(resource), Skipped)


def test_an_observation_entered_in_error_is_kept_and_flagged():
    found = read(observation("8867-4", quantity(60, "/min"), status="entered-in-error"))
    assert found.entered_in_error
    assert to_facts([found])[0].clinical_status == "entered-in-error"


@pytest.mark.parametrize("value", [True, "70", Decimal("1E+40"), Decimal("0." + "1" * 60)])
def test_a_number_that_is_none_is_refused(value):
    found = read(observation("29463-7", quantity(value, "kg")))
    assert isinstance(found, Skipped)
    assert "value" in found.because


def test_an_index_of_filtration_is_not_converted_by_guess():
    found = read(observation("33914-3", quantity(60, "mL/min")))
    assert (found.measured.amount.value, found.measured.amount.unit) == (60, "mL/min")


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_known_codes_end_in_their_check_digit(code):
    assert loinc_check(code)


def test_questionnaires_have_as_many_items_as_they_should():
    assert (len(set(PHQ9_ITEMS)), len(set(GAD7_ITEMS))) == (9, 7)


@pytest.mark.hazard("H21")
@pytest.mark.parametrize(("number", "unit"), [("0.0000001", "kg"), ("999999999999", "Gg")])
def test_a_value_that_cannot_be_kept_whole_is_not_kept_as_zero(number, unit):
    found = read(observation("29463-7", quantity(Decimal(number), unit)))
    assert found.measured.amount.value is None
    assert found.measured.amount.original.startswith(number)
