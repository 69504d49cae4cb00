from datetime import UTC, date, datetime

import pytest

from leeward.usecases.imported import ImportedCondition, Skipped

from .resources import concept, condition, read


def test_reads_a_problem_with_its_statuses():
    found = read(condition(category=[concept("problem-list-item")]))
    assert isinstance(found, ImportedCondition)
    assert (found.clinical_status, found.verification) == ("active", "confirmed")
    assert found.category == "problem-list-item"
    assert found.concept.codings[0].code == "370143000"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2019-02-03", date(2019, 2, 3), date(2019, 2, 3)),
    ],
)
def test_a_partial_date_spans_what_it_can_mean(text, first, last):
    onset = read(condition(onsetDateTime=text)).onset
    assert (onset.first, onset.last, onset.text) == (first, last, text)


@pytest.mark.hazard("H32")
def test_a_time_zone_becomes_an_instant_and_keeps_its_own_day():
    onset = read(condition(onsetDateTime="2019-05-01T23:30:00-05:00")).onset
    assert onset.instant == datetime(2019, 5, 2, 4, 30, tzinfo=UTC)
    assert onset.first == date(2019, 5, 1)


def test_an_age_or_words_instead_of_a_date_stay_words():
    resource = condition(onsetAge={"value": 33, "unit": "years"}, abatementString="last spring")
    del resource["onsetDateTime"]
    found = read(resource)
    assert (found.onset, found.onset_text) == (None, "at age 33 years")
    assert (found.abatement, found.abatement_text) == (None, "last spring")


def test_a_record_entered_in_error_is_kept_and_flagged():
    found = read(condition(verificationStatus=concept("entered-in-error")))
    assert found.entered_in_error


@pytest.mark.hazard("H27")
def test_an_unknown_code_system_is_kept_as_it_is():
    found = read(condition(code=concept("X1", "Something", "urn:local")))
    assert (found.concept.codings[0].system, found.concept.label) == ("urn:local", "Something")


def test_words_without_a_code_are_kept():
    assert read(condition(code={"text": "low mood"})).concept.label == "low mood"


@pytest.mark.parametrize("code", [None, {}, {"coding": []}])
def test_a_condition_that_names_nothing_is_left(code):
    found = read(condition(code=code))
    assert isinstance(found, Skipped)
    assert found.because == "it does not say which condition"
    assert found.resource == "Condition/c1"
