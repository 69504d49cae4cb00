"""A positive answer about suicide that comes with imported records reaches somebody."""

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest

from leeward.records.charts.models import Task
from leeward.usecases.import_records import import_records
from tests.cast import cid
from tests.unit.fhir.resources import patient, read

pytestmark = pytest.mark.django_db
EXAMPLE = json.loads(
    (Path(__file__).parents[1] / "data/us-core-examples/QuestionnaireResponse-phq-9-example.json")
    .read_text(encoding="utf-8")
)  # fmt: skip
NOT_AT_ALL, SEVERAL_DAYS = "LA6568-5", "LA6569-3"
ITEM_9 = "44260-8"


def phq9(answer, *, name, authored):
    response = deepcopy(EXAMPLE) | {"id": name, "authored": authored}
    response["subject"] = {"reference": "Patient/cora"}
    for item in response["item"]:
        if item["linkId"].endswith(ITEM_9):
            item["answer"] = [{"valueCoding": {"system": "http://loinc.org", "code": answer}}]
    return response


@pytest.fixture
def take(cast):
    def taken(*resources, name="import", later=0):
        import_records(
            actor=cast.bea, now=cast.now + timedelta(minutes=later), command_id=cid(name),
            location_id=cast.location.id, resources=[read(each) for each in resources],
        )  # fmt: skip
        return list(Task.objects.filter(kind="answer_alert"))

    return taken


@pytest.mark.hazard("H27")
def test_a_positive_item_nine_raises_an_urgent_task(take):
    (task,) = take(patient(), phq9(SEVERAL_DAYS, name="q1", authored="2026-11-18T10:00:00Z"))
    assert (task.priority, task.role) == ("urgent", "nurse")
    assert "18 Nov 2026" in task.because
    assert "suicide-risk workflow" in task.because


def test_the_same_file_again_raises_no_second_task(take):
    form = phq9(SEVERAL_DAYS, name="q1", authored="2026-11-18T10:00:00Z")
    take(patient(), form)
    assert len(take(patient(), form, name="again", later=5)) == 1


def test_a_negative_item_nine_raises_none(take):
    assert take(patient(), phq9(NOT_AT_ALL, name="q1", authored="2026-11-18T10:00:00Z")) == []


def test_an_answer_followed_by_a_newer_one_is_history(take):
    older = phq9(SEVERAL_DAYS, name="q1", authored="2020-11-18T10:00:00Z")
    newer = phq9(NOT_AT_ALL, name="q2", authored="2026-11-18T10:00:00Z")
    assert take(patient(), older, newer) == []


def test_an_answer_that_is_corrected_to_positive_raises_one(take):
    take(patient(), phq9(NOT_AT_ALL, name="q1", authored="2026-11-18T10:00:00Z"))
    corrected = phq9(SEVERAL_DAYS, name="q1", authored="2026-11-18T10:00:00Z")
    assert len(take(corrected, name="corrected", later=5)) == 1
