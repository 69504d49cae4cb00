"""Scales and answers as FHIR R4, and the published examples read back."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from leeward.core.instruments import DECLINED, score
from leeward.core.quantities import Refusal
from leeward.exchange.fhir.questionnaires import (
    LOINC_NOTICE,
    ORDINAL,
    questionnaire,
    questionnaire_response,
    read_response,
    with_words,
    words_of,
)
from tests.content.instruments.library import shipped, values_of

EXAMPLES = Path(__file__).parents[2] / "data/us-core-examples"
FORMS = sorted((i.id, form.language) for i in shipped().values() for form in i.forms)
PHQ_2 = ("44250-9", "44255-8")
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def worded(name, language):
    instrument = shipped()[name]
    (form,) = (each for each in instrument.forms if each.language == language)
    return instrument, form


def answered(name, *values):
    instrument = shipped()[name]
    form = instrument.form("en")
    answers = values_of(instrument, *values)
    return questionnaire_response(instrument, form, answers, subject="Patient/1", authored=NOW)


def example(name):
    return json.loads((EXAMPLES / name).read_text(), parse_float=Decimal)


@pytest.mark.parametrize(("name", "language"), FORMS)
def test_every_form_is_a_valid_questionnaire_and_comes_back_in_the_same_words(name, language):
    instrument, form = worded(name, language)
    resource = json.loads(json.dumps(questionnaire(instrument, form)))
    Questionnaire.model_validate(resource)
    read = words_of(resource, instrument)
    assert replace(read, recall_period=form.recall_period, sha256=form.sha256) == form


@pytest.mark.parametrize(("name", "language"), FORMS)
def test_the_notice_goes_with_the_words(name, language):
    instrument, form = worded(name, language)
    copyright_ = questionnaire(instrument, form).get("copyright", "")
    assert form.notice in copyright_
    coded = bool(instrument.codes) or any(item.loinc for item in instrument.items)
    assert (LOINC_NOTICE in copyright_) is coded


def test_branching_is_written_down():
    instrument, form = worded("asq", "en-US")
    last = questionnaire(instrument, form)["item"][-1]
    assert {each["question"] for each in last["enableWhen"]} == {f"asq-{n}" for n in range(1, 5)}
    assert last["enableBehavior"] == "any"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("phq-9", (1, 2, None, 0, 0, 1, 1, 0, 1, 2)),
        ("asq", (0, 1, DECLINED, 0, 0)),
        ("pc-ptsd-5", (0,)),
        ("rass", (-2,)),
        ("news2", (18, 97, 0, 120, 72, 0, Decimal("36.9"))),
    ],
)
def test_a_response_is_valid_and_scores_the_same_when_it_comes_back(name, values):
    instrument = shipped()[name]
    resource = json.loads(json.dumps(answered(name, *values), default=float), parse_float=Decimal)
    QuestionnaireResponse.model_validate(resource)
    read = read_response(resource, shipped().values())
    assert (read.instrument, read.left) == (name, ())
    assert score(instrument, read.answers) == score(instrument, values_of(instrument, *values))


def test_a_declined_question_keeps_its_reason():
    items = answered("asq", 0, DECLINED, 0, 0)["item"]
    assert items[1]["extension"][0]["valueCode"] == "asked-declined"
    assert "answer" not in items[1]


def test_the_phq_9_example_of_us_core_is_read_by_its_codes():
    read = read_response(example("QuestionnaireResponse-phq-9-example.json"), shipped().values())
    assert read.instrument == "phq-9"
    result = score(shipped()["phq-9"], read.answers)
    assert (result.total, read.stated_total) == (12, 12)
    assert read.answers["phq9-difficulty"] == 1


def test_the_audit_c_example_of_us_core_lacks_its_first_question():
    read = read_response(example("QuestionnaireResponse-AUDIT-C.json"), shipped().values())
    assert read.instrument == "audit-c"
    assert any(reason.startswith("/68517-2: not a question") for reason in read.left)
    result = score(shipped()["audit-c"], read.answers)
    assert (result.total, result.missing) == (None, ("auditc-1",))


def test_questions_of_no_known_scale_are_refused():
    item = {"linkId": "/89555-7", "answer": [{"valueDecimal": Decimal(3)}]}
    refused = read_response({"item": [item]}, shipped().values())
    assert isinstance(refused, Refusal)
    assert refused.code == "questionnaire.unknown"


def test_plain_numbers_and_exact_words_are_read_and_others_left():
    def item(link_id, answer):
        return {"linkId": link_id, "answer": [answer]}

    resource = {
        "resourceType": "QuestionnaireResponse",
        "item": [
            item("/69725-0", {"valueInteger": 2}),
            item("/68509-9", {"valueDecimal": Decimal(1)}),
            item("/69733-4", {"valueCoding": {"display": "Nearly every day"}}),
            item("/69734-2", {"valueCoding": {"display": "Quite often"}}),
            item("/69735-9", {"valueDecimal": Decimal("1.5")}),
            item("/69689-8", {"valueInteger": 7}),
        ],
    }
    read = read_response(resource, shipped().values())
    assert read.instrument == "gad-7"
    assert dict(read.answers) == {"gad7-1": 2, "gad7-2": 1, "gad7-3": 3}
    assert len(read.left) == 3


def test_a_question_answered_twice_and_differently_is_not_believed():
    resource = answered("phq-9", *[1] * 9)
    resource["item"].append({"linkId": "phq9-1", "answer": [{"valueInteger": 3}]})
    read = read_response(resource, shipped().values())
    assert read.answers["phq9-1"] is None
    assert read.left == ("phq9-1: answered twice, and not the same",)


def test_answers_in_groups_are_found():
    resource = answered("gad-7", *[2] * 7)
    resource["item"] = [{"linkId": "group", "item": resource["item"]}]
    assert len(read_response(resource, shipped().values()).answers) == 7


def test_answers_that_are_no_numbers_are_left_and_never_guessed():
    for answer in (
        {"valueDecimal": "two"},
        {"valueDecimal": Decimal("Infinity")},
        {"valueDecimal": True},
        {"valueCoding": {"extension": [{"url": ORDINAL}]}},
        {"valueString": "Several days"},
        {},
    ):
        resource = {"item": [{"linkId": f"/{code}", "answer": [answer]} for code in PHQ_2]}
        assert set(read_response(resource, shipped().values()).answers) == set()


def test_a_resource_of_the_wrong_shape_is_refused_in_words():
    refused = read_response({"item": "all of it"}, shipped().values())
    assert refused.code == "questionnaire.unreadable"


def test_a_clinic_brings_its_own_words_for_a_scale_without():
    columbia = shipped()["c-ssrs-screener"]
    yes_no = [{"valueCoding": {"display": label}} for label in ("Yes", "No")]
    resource = {
        "language": "en",
        "title": "Our licensed form",
        "item": [
            {"linkId": item.link_id, "text": f"Question {n}", "answerOption": yes_no}
            for n, item in enumerate(columbia.items, start=1)
        ],
    }
    with_form = with_words(columbia, words_of(resource, columbia))
    assert with_form.form("en").item("cssrs-1").text == "Question 1"
    del resource["item"][2]
    assert words_of(resource, columbia).code == "questionnaire.does_not_fit"
