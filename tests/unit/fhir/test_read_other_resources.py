from datetime import date

import pytest

from leeward.exchange.fhir.datatypes import Unreadable
from leeward.exchange.fhir.digest import digest
from leeward.usecases.imported import (
    ImportedEncounter,
    ImportedProcedure,
    ImportedQuestionnaireResponse,
    Skipped,
)

from .resources import CORA, LOINC, concept, condition, patient, read

PROCEDURE = {
    "resourceType": "Procedure",
    "id": "p1",
    "status": "completed",
    "subject": CORA,
    "code": concept("232717009", "Coronary artery bypass grafting"),
    "performedPeriod": {"start": "2010-03-01", "end": "2010-03-02"},
}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"code": "AMB"},
    "subject": CORA,
    "period": {"start": "2020-01-02T10:00:00Z"},
    "reasonCode": [concept("370143000", "Depression")],
}
ANSWERED = {
    "resourceType": "QuestionnaireResponse",
    "id": "q1",
    "status": "completed",
    "questionnaire": "http://example.org/Questionnaire/phq-9",
    "subject": CORA,
    "authored": "2022-11-29",
    "item": [
        {
            "linkId": "group",
            "item": [
                {
                    "linkId": "/44250-9",
                    "answer": [
                        {"valueCoding": {"system": LOINC, "code": "LA6570-1", "display": "More"}}
                    ],
                },
                {"linkId": "/n", "answer": [{"valueInteger": 3}]},
                {"linkId": "/b", "answer": [{"valueBoolean": False}]},
                {"linkId": "/q", "answer": [{"valueQuantity": {"value": 2, "unit": "h"}}]},
                {"linkId": "/empty"},
            ],
        }
    ],
}


def test_reads_a_procedure():
    found = read(PROCEDURE)
    assert isinstance(found, ImportedProcedure)
    assert (found.starts.first, found.ends.first) == (date(2010, 3, 1), date(2010, 3, 2))


def test_a_procedure_that_was_not_done_says_so():
    assert read({**PROCEDURE, "status": "not-done"}).status == "not-done"


def test_an_encounter_without_type_is_named_by_its_reason():
    found = read(ENCOUNTER)
    assert isinstance(found, ImportedEncounter)
    assert (found.concept.label, found.class_code) == ("Depression", "AMB")
    assert read({**ENCOUNTER, "reasonCode": None}).concept.label == "AMB"


def test_reads_answers_through_groups_in_order():
    found = read(ANSWERED)
    assert isinstance(found, ImportedQuestionnaireResponse)
    assert [(a.link_id, a.value) for a in found.answers] == [
        ("/44250-9", "More"),
        ("/n", "3"),
        ("/b", "false"),
        ("/q", "2 h"),
    ]
    assert found.answers[0].codings[0].code == "LA6570-1"


def test_an_unanswered_questionnaire_is_left():
    found = read({**ANSWERED, "item": [{"linkId": "1"}]})
    assert isinstance(found, Skipped)
    assert found.because == "it holds no answer"


def test_answers_nested_without_end_are_refused():
    item = {"linkId": "0", "answer": [{"valueInteger": 1}]}
    for _ in range(40):
        item = {"linkId": "1", "item": [item]}
    assert "nested too deeply" in read({**ANSWERED, "item": [item]}).because


@pytest.mark.parametrize("kind", ["Claim", "Immunization", "Goal"])
def test_what_leeward_does_not_keep_is_left_by_name(kind):
    found = read({"resourceType": kind, "id": "7"})
    assert (found.resource, found.because) == (f"{kind}/7", f"Leeward keeps no {kind}")


def test_narrative_and_meta_are_not_content():
    plain = digest(patient())
    assert digest(patient(meta={"lastUpdated": "2020"}, text={"div": "x"})) == plain
    assert digest(patient(gender="male")) != plain


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_characters_that_are_no_text_are_refused(bad):
    with pytest.raises(Unreadable, match="not text"):
        digest(patient(name=[{"family": bad}]))
    assert isinstance(read(patient(name=[{"family": bad}])), Skipped)


def test_characters_beyond_the_basic_plane_are_text():
    assert read(patient(name=[{"family": "\U0001f600"}])).family == "\U0001f600"


def test_a_resource_without_id_is_known_by_its_content():
    nameless = condition()
    del nameless["id"]
    first, again = read(nameless), read(nameless)
    assert first.origin.resource == again.origin.resource
    assert first.origin.resource.startswith("Condition/sha256-")
