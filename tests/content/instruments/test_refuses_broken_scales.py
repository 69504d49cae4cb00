"""Each mistake in a scale is told in its own words."""

import copy

import pytest
from pydantic import ValidationError

from leeward.content.errors import Mistake
from leeward.content.kinds import instrument as kind
from leeward.content.kinds._instrument_checks import loinc_answer_check

SOURCE = {"id": "made_up", "at": "nowhere"}
FIGURE = {"value": 2, "unit": "{score}", "source": SOURCE, "grade": "V"}
DAYS = {"value": 14, "unit": "d", "source": SOURCE, "grade": "K"}
GOOD = {
    "id": "made-up",
    "review": {"status": "sourced"},
    "title": "Made up",
    "version": "1",
    "mode": "self",
    "terms": {"licence": "ship", "basis": "made up"},
    "answers": {"two": [{"value": 0, "score": 0}, {"value": 1, "score": 1}]},
    "items": [{"link_id": "q1", "answers": "two"}, {"link_id": "q2", "answers": "two"}],
    "scoring": {
        "method": "sum",
        "source": SOURCE,
        "grade": "V",
        "minimum": 0,
        "maximum": 2,
        "bands": {
            "version": "1",
            "source": SOURCE,
            "grade": "V",
            "steps": [
                {"lo": 0, "hi": 0, "code": "low", "label": "low"},
                {"lo": 1, "hi": 2, "code": "high", "label": "high"},
            ],
        },
        "cut_offs": [{"code": "positive", "means": "look", "at_least": FIGURE}],
    },
    "outcomes": [
        {
            "id": "made-up.1",
            "version": "1",
            "baseline_within": DAYS,
            "response": {"at_least": {**FIGURE, "value": 50, "unit": "%"}},
        }
    ],
    "forms": [
        {
            "language": "en",
            "title": "Made up",
            "version": "1",
            "recall_period": "now",
            "labels": {"two": ["no", "yes"]},
            "texts": {"q1": "First", "q2": "Second"},
        }
    ],
}


def at(doc, path):
    for part in path[:-1]:
        doc = doc[part]
    return doc, path[-1]


def broken(path, value):
    doc = copy.deepcopy(GOOD)
    place, last = at(doc, path)
    place[last] = value
    return doc


def complaint(doc):
    with pytest.raises((Mistake, ValidationError)) as caught:
        kind.build(kind.Doc.model_validate(doc))
    return str(caught.value)


def test_the_whole_one_is_taken():
    assert kind.build(kind.Doc.model_validate(GOOD)).form("en").item("q2").text == "Second"


STEPS = ("scoring", "bands", "steps")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ((*STEPS, 1, "lo"), 2, "without gap or overlap"),
        ((*STEPS, 1, "lo"), 0, "without gap or overlap"),
        ((*STEPS, 1, "hi"), 3, "must end at the highest total, 2"),
        (("scoring", "maximum"), 3, "answers give totals from 0 to 2"),
        (("items", 1, "link_id"), "q1", "stands twice"),
        (("items", 1, "answers"), "three", "add that list"),
        (("items", 1, "loinc"), "44250-8", "does not check"),
        (("answers", "two", 1, "loinc"), "LA6568-6", "does not check"),
        (("forms", 0, "texts"), {"q1": "First"}, "a text for each question"),
        (("forms", 0, "texts"), {"q2": "Second", "q1": "First"}, "in the same order"),
        (("forms", 0, "labels", "two"), ["no"], "which are 2"),
        (("scoring", "subscales"), [{"code": "A", "items": ["q9"]}], "'q9', which is not there"),
        (("scoring", "cut_offs", 0, "above"), FIGURE, "exactly one of"),
        (("scoring", "cut_offs", 0, "at_least", "grade"), "?", "never encoded"),
        (("scoring", "cut_offs", 0, "at_least", "source"), None, "source"),
        (("outcomes", 0, "response", "at_least", "unit"), "{score}", "with the unit '%'"),
        (("outcomes", 0, "remission"), {"below": {**FIGURE, "unit": "%"}}, "unit '{score}'"),
        (("outcomes", 0, "baseline_within", "unit"), "mg", "measures something else"),
        (("wait_after_session",), FIGURE, "measures something else"),
        (("numbered_items",), {"count": 2, "lowest": 0, "highest": 1}, "stand alone"),
        (("scoring", "bandz"), {}, "bandz"),
        (("items", 1, "answers"), None, "either answers or a reading"),
    ],
)
def test_refuses(path, value, words):
    assert words in complaint(broken(path, value))


def test_refuses_steps_that_leave_a_gap():
    steps = [{"hi": 10, "score": 0}, {"lo": 12, "score": 1}]
    reading = {"unit": "/min", "minimum": 0, "maximum": 50, "source": SOURCE, "grade": "V"}
    doc = broken(("items", 1), {"link_id": "q2", "reading": {**reading, "steps": steps}})
    assert "gap or overlap between 10 and 12" in complaint(doc)


def test_refuses_steps_without_a_source():
    reading = {"unit": "/min", "minimum": 0, "maximum": 50, "steps": [{"score": 1}]}
    doc = broken(("items", 1), {"link_id": "q2", "reading": reading})
    assert "add their source and grade" in complaint(doc)


def test_refuses_steps_with_a_closed_end():
    steps = [{"lo": 0, "hi": 10, "score": 0}, {"lo": 11, "score": 1}]
    reading = {"unit": "/min", "minimum": 0, "maximum": 50, "source": SOURCE, "grade": "V"}
    doc = broken(("items", 1), {"link_id": "q2", "reading": {**reading, "steps": steps}})
    assert "are open: leave out lo and hi" in complaint(doc)


def test_check_digits_of_answer_codes():
    for code in ("LA6568-5", "LA6571-9", "LA18926-8", "LA6270-8", "LA15694-5", "LA6574-3"):
        assert loinc_answer_check(code)
    for code in ("LA6568-4", "LA6586-5", "LA6568", "LA-5", ""):
        assert not loinc_answer_check(code)
