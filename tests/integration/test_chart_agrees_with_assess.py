"""A person assessed from the chart gets the findings that `leeward assess` gives for the file."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from leeward.cli.assess import assess_facts
from leeward.exchange.fhir.importing import import_files
from leeward.exchange.fhir.one_person import read_one_person, read_people
from leeward.records.accounts.actor import NURSE, Actor, system_actor
from leeward.records.charts.assessment import assess_patient
from leeward.records.charts.facts import facts_of
from leeward.records.charts.models import FamilyMemberHistory, MedicationStatement
from leeward.records.charts.selectors import get_chart
from leeward.records.organizations.models import Location, Organization
from leeward.records.people.models import Patient
from leeward.usecases.import_records import import_records
from tests.unit.fhir.resources import CORA, concept, patient

pytestmark = [pytest.mark.django_db, pytest.mark.hazard("H27")]
DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
AS_OF = date(2026, 11, 22)
ASKED = [("racemic_ketamine", "iv"), ("racemic_ketamine", "oral"), ("esketamine", "intranasal")]
BUNDLES = sorted((DATA / "synthea-r4").glob("*.json.gz"))
EXPORT = sorted((DATA / "bulk-export").glob("*.ndjson.gz"))
EXAMPLES = sorted((DATA / "us-core-examples").glob("*.json"))


@pytest.fixture
def quay(db):
    ours = Organization.objects.create(name="Harbour", slug="harbour")
    return Location.objects.create(organization=ours, name="Quay", slug="quay")


def take(quay, *paths):
    actor = system_actor("import", quay.organization_id)
    return import_files(
        [str(path) for path in paths],
        lambda batch: import_records(
            actor=actor, now=NOW, command_id=UUID(int=8), location_id=quay.id, resources=batch
        ),
    )


def charted(person):
    return Patient.objects.get(source_id=person.removeprefix("Patient/"))


def said(found):
    """Everything an assessment says, but not how its records reached Leeward, nor their order.

    Records of one day have no order of their own.
    """
    return [
        replace(each, facts=frozenset(replace(line, origin="") for line in each.facts))
        for each in (*found.findings, *found.indications, *found.workup)
    ]


def differences(person, facts):
    """For which questions chart and file disagree about a person."""
    differing = []
    for drug, route in ASKED:
        chart = assess_patient(charted(person), drug=drug, route=route, as_of=AS_OF, limits={})
        if said(chart.assessment) != said(assess_facts(facts, drug, route, AS_OF, None)):
            differing.append((drug, route))
    return differing


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.name[:8])
def test_for_everybody_in_a_bundle(quay, bundle):
    take(quay, bundle)
    person = f"Patient/{bundle.name.removesuffix('.json.gz')}"
    assert differences(person, read_one_person(str(bundle)).facts) == []


@pytest.mark.parametrize("files", [EXPORT, EXAMPLES], ids=["export", "examples"])
def test_for_everybody_in_files_of_several_people(quay, files):
    take(quay, *files)
    people, _ = read_people(map(str, files))
    kept = {f"Patient/{each}" for each in Patient.objects.values_list("source_id", flat=True)}
    assert kept == {p for p, facts in people.items() if any(f.name == "birth_date" for f in facts)}
    assert {person: differences(person, people[person]) for person in kept} == {
        person: [] for person in kept
    }


def relative(conditions, **more):
    return {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "completed",
        "patient": CORA,
        "name": "Mrs Cruz",
        "relationship": concept(
            "MTH", "mother", "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
        ),
        "date": "2020-02",
        "condition": conditions,
        **more,
    }


def given(**more):
    return {
        "resourceType": "MedicationAdministration",
        "id": "a1",
        "status": "completed",
        "subject": CORA,
        "medicationCodeableConcept": {"text": "lorazepam 1 mg"},
        "effectiveDateTime": "2026-11-20T08:00:00Z",
        "dosage": {"dose": {"value": 1, "unit": "mg"}, "route": {"text": "by mouth"}},
        **more,
    }


SCHIZOPHRENIA = {"code": {"text": "Schizophrenia"}, "onsetAge": {"value": 20, "unit": "a"}}


def written(tmp_path, *resources):
    """A Bundle about Cora, and what `assess` reads in it."""
    file = tmp_path / "cora.json"
    if not any(resource["resourceType"] == "Patient" for resource in resources):
        resources = (patient(), *resources)
    entries = [{"resource": resource} for resource in resources]
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return file, read_one_person(str(file)).facts


@pytest.mark.parametrize(
    "resource",
    [
        relative([SCHIZOPHRENIA, {"code": {"text": "diabetes"}}]),
        relative([SCHIZOPHRENIA], status="entered-in-error"),
        relative([SCHIZOPHRENIA], status="partial", relationship=None, date=None),
        relative([{**SCHIZOPHRENIA, "onsetAge": "young"}]),
        relative([{"outcome": {"text": "well"}}]),
        given(),
        given(status="not-done"),
        given(status="in-progress", effectiveDateTime="2026"),
        given(status="stopped", effectiveDateTime=None, effectivePeriod={"start": "2026-11-01"}),
        given(effectiveDateTime=None, effectivePeriod={"start": "2026-10-01", "end": "2026-10"}),
        given(effectiveDateTime="2027-01-01"),
        given(status="entered-in-error", medicationCodeableConcept={"text": "phenelzine 15 MG"}),
        patient(deceasedDateTime="2015"),
        patient(deceasedDateTime="2026-12-24T10:00:00Z"),
    ],
)
def test_for_family_history_administrations_and_deaths(quay, tmp_path, resource):
    file, facts = written(tmp_path, resource)
    report = take(quay, file)
    assert differences("Patient/cora", facts) == []
    assert report.skipped_count == 0
    bare = Counter((f.kind, f.text, f.relation, f.clinical_status, f.resource) for f in facts)
    charts = facts_of(charted("Patient/cora"))
    assert bare == Counter(
        (f.kind, f.text, f.relation, f.clinical_status, f.resource) for f in charts
    )


def test_an_administration_is_a_medicine_given_on_a_day(quay, tmp_path):
    file, _ = written(tmp_path, given(), given(id="a2", status="not-done"))
    assert take(quay, file).created == {"Patient": 1, "MedicationAdministration": 2}
    lines = {line.reference: line for line in chart_of(quay).medicines}
    done, refused = lines["MedicationAdministration/a1"], lines["MedicationAdministration/a2"]
    assert (done.given, done.current, done.since[:10]) == (True, False, "2026-11-20")
    assert done.dosage == "1 mg, by mouth"
    assert refused.status == "not-taken"


def test_family_history_is_a_list_of_its_own_without_names(quay, tmp_path):
    file, _ = written(tmp_path, relative([SCHIZOPHRENIA]), relative([], id="f2"))
    assert take(quay, file).created == {"Patient": 1, "FamilyMemberHistory": 2}
    told, empty = sorted(chart_of(quay).family, key=lambda line: line.reference)
    assert (told.relation, told.conditions) == ("mother", ("Schizophrenia (at age 20 years)",))
    assert (told.recorded, empty.conditions) == ("2020-02", ())
    assert "Cruz" not in repr(FamilyMemberHistory.objects.values().get(source_id=told.reference))


def test_taken_twice_nothing_changes_and_a_correction_updates_the_row(quay, tmp_path):
    file, _ = written(tmp_path, relative([SCHIZOPHRENIA]), given())
    first = take(quay, file)
    again = take(quay, file)
    assert (again.created, again.updated, again.unchanged) == ({}, {}, first.created)
    file, _ = written(tmp_path, relative([]), given(status="entered-in-error"))
    assert take(quay, file).updated == {"FamilyMemberHistory": 1, "MedicationAdministration": 1}
    assert MedicationStatement.objects.get().status == "entered-in-error"
    assert chart_of(quay).medicines == ()


def test_a_vague_birth_date_and_a_person_without_a_name_are_where_they_differ(quay, tmp_path):
    """The chart keeps no half birth date and nobody without a name; `assess` reads both."""
    file, facts = written(tmp_path, patient(birthDate="2015"))
    take(quay, file)
    assert differences("Patient/cora", facts) == ASKED
    assert not any(fact.name == "birth_date" for fact in facts_of(charted("Patient/cora")))
    file, facts = written(tmp_path, patient(id="nameless", name=None))
    assert "Patient/nameless" not in take(quay, file).created


def chart_of(quay):
    nurse = Actor(
        id=UUID(int=9),
        kind="staff",
        name="Bea",
        organization_id=quay.organization_id,
        grants=frozenset({(NURSE, quay.id)}),
    )
    return get_chart(nurse, charted("Patient/cora").id, now=NOW)
