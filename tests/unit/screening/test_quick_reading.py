"""A Bundle read quickly gives the very facts, and the very reasons, of the careful reading."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from leeward.exchange.fhir import one_person, quick
from leeward.exchange.fhir.one_person import read_one_person

RECORDS = sorted((Path(__file__).parents[2] / "data" / "synthea-r4").glob("*.json.gz"))


def carefully(path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(one_person, "read_bundle", lambda _: None)
        return read_one_person(path)


def counted(person):
    return Counter((each.resource, each.because) for each in person.skipped)


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.name[:8])
def test_same_facts_in_the_same_order(record, monkeypatch):
    assert quick.read_bundle(str(record)) is not None
    slow, fast = carefully(str(record), monkeypatch), read_one_person(str(record))
    assert fast.facts == slow.facts
    assert counted(fast) == counted(slow)


def bundle(*resources, **more):
    return {"resourceType": "Bundle", "entry": [{"resource": r, **more} for r in resources]}


ANN = {"resourceType": "Patient", "id": "ann", "birthDate": "1980-01-01"}
FALSE_CODE = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/ann"},
              "code": "text"}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        bundle(ANN, FALSE_CODE),
        bundle(ANN, {"resourceType": "Observation", "id": "o", "code": 5}),
        bundle(ANN, {"resourceType": "Bundle", "entry": []}),
        bundle(ANN, {"id": "nothing"}),
        bundle(ANN, request={"method": "DELETE"}),
        bundle({**ANN, "id": "a\x00b"}),
        {"resourceType": "Bundle", "entry": "none"},
        ANN,
    ],
)
def test_odd_bundles_read_as_the_careful_way_reads_them(content, tmp_path, monkeypatch):
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(content))
    slow, fast = carefully(str(file), monkeypatch), read_one_person(str(file))
    assert getattr(fast, "facts", fast) == getattr(slow, "facts", slow)
    if hasattr(fast, "facts"):
        assert counted(fast) == counted(slow)


BY_ANN = {"subject": {"reference": "Patient/ann"}}


def told(kind, **more):
    return {"resourceType": kind, "id": "k", **BY_ANN, **more}


def measured(quantity, code="8480-6", **more):
    named = {"coding": [{"system": "http://loinc.org", "code": code}]}
    fields = {"status": "final", "code": named, "effectiveDateTime": "2020-01-02", **more}
    return told("Observation", **(fields | ({"valueQuantity": quantity} if quantity else {})))


MMHG = {"value": 120.50, "unit": "mm[Hg]", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
PART = {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
        "valueQuantity": MMHG}  # fmt: skip
PANEL = {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}
TAKEN = {"medicationCodeableConcept": {"text": "phenelzine 15 MG"}, "status": "active"}
ALIKE = [
    measured(MMHG),
    measured({**MMHG, "value": 0}),
    measured({**MMHG, "value": -3}),
    measured({**MMHG, "value": 1e-9}),
    measured({**MMHG, "value": 10**14}),
    measured({**MMHG, "value": 123456789012345678901234567890123456}),
    measured({**MMHG, "value": "120"}),
    measured({**MMHG, "value": True}),
    measured({**MMHG, "value": None}),
    measured({**MMHG, "comparator": "<"}),
    measured({"unit": "mmHg"}),
    measured({"value": 16, "unit": "kPa"}),
    measured({"value": 120, "unit": "furlong"}),
    measured({"value": 154.2, "unit": "lb", "code": "[lb_av]"}, "29463-7"),
    measured({"value": 70.1234567, "unit": "kg"}, "29463-7"),
    measured({"value": 9, "unit": 5}),
    measured(None, dataAbsentReason={"text": "unknown"}),
    measured(None, valueInteger=12, code="44261-6"),
    measured(None, valueString="7"),
    measured(None, effectiveDateTime=None, component=[PART], code=PANEL),
    measured(MMHG, effectiveDateTime=None, issued="2020-01-02T10:00:00Z"),
    measured(MMHG, issued="yesterday"),
    measured(MMHG, effectiveDateTime="yesterday"),
    measured(MMHG, effectiveDateTime=" 2020 "),
    measured(MMHG, effectiveDateTime=""),
    measured(MMHG, effectivePeriod={"start": "2021"}, effectiveDateTime=None),
    measured(None, component=[PART, {**PART, "valueQuantity": {"value": 7, "unit": "kPa"}}]),
    measured(None, component=[{**PART, "dataAbsentReason": {"text": "?"}}]),
    measured(None, component=[{"valueQuantity": MMHG}]),
    measured(MMHG, component="none"),
    measured(MMHG, subject={"reference": "Group/1"}),
    measured(MMHG, subject={"display": "Ann"}),
    measured(MMHG, id=" k "),
    told("Condition", code={"text": "mania"}, onsetDateTime="2019", recordedDate="2019-02-31"),
    told("Condition", code={"text": "mania"}, onsetDateTime="2019-05", recordedDate="2020"),
    told("Condition", code={"text": "mania"}, onsetPeriod={"start": "2019", "end": "2020"}),
    told("Condition", code={"text": "mania"}, onsetPeriod={"start": "2018"}),
    told("Condition", code={"text": "mania"}, abatementDateTime="2020-01-01T10:00:00+02:00"),
    told("Procedure", code={"text": "bypass"}, performedPeriod={"start": "2020", "end": "2021"}),
    told("Procedure", code={"text": "bypass"}, performedPeriod={"end": "2021"}),
    told("Procedure", code={"text": "bypass"}, performedPeriod={"start": 5}),
    told("Procedure", code={"text": "bypass"}, performedPeriod={"start": "", "note": "x"}),
    told("Procedure", code={"text": "bypass"}, performedDateTime="2020-01-01"),
    told("MedicationRequest", authoredOn="2020-01-01", **TAKEN),
    told("MedicationRequest", medicationReference={"reference": "Medication/m"}),
    told("MedicationRequest", doNotPerform=True, dosageInstruction=[{"timing": {"repeat": {
        "boundsPeriod": {"start": "2020", "end": "2021"}}}}], **TAKEN),
    told("MedicationStatement", effectivePeriod={"start": "2020"}, **TAKEN),
    told("MedicationAdministration", effectiveDateTime="2020-01-01", **TAKEN),
    told("AllergyIntolerance", patient=BY_ANN["subject"], code={"text": "x"}, recordedDate="2020",
         reaction=[{"substance": {"text": "ketamine"}}]),
    told("FamilyMemberHistory", patient=BY_ANN["subject"], date="2020",
         condition=[{"code": {"text": "psychosis"}}, {"code": {"text": "diabetes"}}]),
    told("Encounter"),
    told("Encounter", subject=None),
]  # fmt: skip


def without_nulls(resource):
    return {name: value for name, value in resource.items() if value is not None}


@pytest.mark.hazard("H27")
@pytest.mark.parametrize("resource", ALIKE, ids=lambda each: each["resourceType"])
def test_what_is_remembered_is_what_would_be_read(resource, tmp_path, monkeypatch):
    """Twice in one file, with nulls and without: the second is told from memory."""
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "lorazepam"}}
    plain = without_nulls(resource)
    later = {**plain, "id": "later"}
    if "onsetDateTime" in later:
        later["onsetDateTime"] = "2018-01"
    file = tmp_path / "alike.json"
    entries = bundle(ANN, medicine, plain, resource, later, {**plain, "id": "z" * 70})
    file.write_text(json.dumps(entries))
    slow = carefully(str(file), monkeypatch)
    for _ in range(2):
        fast = read_one_person(str(file))
        assert fast.facts == slow.facts
        assert [repr(fact) for fact in fast.facts] == [repr(fact) for fact in slow.facts]
        assert counted(fast) == counted(slow)


def test_a_damaged_gzip_is_left_to_the_careful_way(tmp_path):
    file = tmp_path / "cut.json.gz"
    file.write_bytes(gzip.compress(json.dumps(bundle(ANN)).encode())[:-12])
    assert quick.read_bundle(str(file)) is None
