"""A person assessed from the chart gets the findings that `leeward assess` gives for the file."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from leeward import content
from leeward.cli.assess import assess_facts
from leeward.core.candidacy import FactKind
from leeward.exchange.fhir.importing import import_files
from leeward.exchange.fhir.one_person import read_one_person, read_people
from leeward.records.accounts.actor import system_actor
from leeward.records.charts.assessment import assess_patient
from leeward.records.charts.facts import facts_of
from leeward.records.charts.models import FamilyMemberHistory, MedicationStatement
from leeward.records.charts.selectors import get_chart
from leeward.records.organizations.models import Location, Organization
from leeward.records.people.models import Patient
from leeward.usecases.import_records import import_records

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
    assert {person: differences(person, people[person]) for person in kept} == dict.fromkeys(
        kept, []
    )
