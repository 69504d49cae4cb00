"""Records from elsewhere, taken into a real database."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from leeward.cli import main as cli
from leeward.core.candidacy import FactKind
from leeward.core.quantities import Refusal
from leeward.exchange.fhir.facts import to_facts
from leeward.exchange.fhir.importing import import_files
from leeward.exchange.fhir.mapping import map_resource
from leeward.exchange.fhir.reader import read_resources
from leeward.exchange.fhir.references import References
from leeward.records.accounts.actor import NURSE, PATIENT, Actor, NotFound, system_actor
from leeward.records.accounts.models import User
from leeward.records.audit.models import AuditEntry
from leeward.records.charts.facts import facts_of
from leeward.records.charts.models import (
    AllergyIntolerance,
    CandidacyDecision,
    Condition,
    MedicationStatement,
    Observation,
    QuestionnaireResponse,
    Task,
)
from leeward.records.organizations.models import Location, Organization
from leeward.records.people.models import Patient
from leeward.usecases.import_records import import_records
from leeward.usecases.imported import Skipped
from tests.unit.fhir.resources import (
    concept,
    condition,
    observation,
    patient,
    quantity,
    read,
    request,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
IMPORT = UUID(int=7)
SYNTHEA = Path(__file__).parents[1] / "data" / "synthea-r4"
MILAN = str(SYNTHEA / "8adf7251-257f-4b45-8ef5-0a6b3b9fe0ef.json.gz")
LOUIS = str(next(SYNTHEA.glob("bae2bf00*")))


@dataclass(frozen=True)
class Clinic:
    here: Location
    annex: Location
    elsewhere: Location

    @property
    def system(self):
        return system_actor("import", self.here.organization_id)

    def nurse(self, location=None):
        place = location or self.here
        return Actor(
            id=uuid5(IMPORT, "bea"),
            kind="staff",
            name="Bea",
            organization_id=place.organization_id,
            grants=frozenset({(NURSE, place.id)}),
        )

    def take(self, *resources, actor=None, location=None, now=NOW):
        return import_records(
            actor=actor or self.system,
            now=now,
            command_id=IMPORT,
            location_id=(location or self.here).id,
            resources=[read(each) if isinstance(each, dict) else each for each in resources],
        )

    def files(self, *paths):
        return import_files(
            paths,
            lambda batch: import_records(
                actor=self.system,
                now=NOW,
                command_id=IMPORT,
                location_id=self.here.id,
                resources=batch,
            ),
        )


@pytest.fixture
def clinic(db):
    ours = Organization.objects.create(name="Harbour", slug="harbour")
    theirs = Organization.objects.create(name="Hill", slug="hill")
    return Clinic(
        Location.objects.create(organization=ours, name="Quay", slug="quay"),
        Location.objects.create(organization=ours, name="Annex", slug="annex"),
        Location.objects.create(organization=theirs, name="Top", slug="top"),
    )


def decided(person):
    user = User.objects.create_account(
        login="adams",
        name="Adams",
        organization=person.organization,
        kind="staff",
        password="a long password",
    )
    from leeward.records.charts.facts import digest_of

    return CandidacyDecision.objects.create(
        patient=person,
        drug="racemic_ketamine",
        route="iv",
        as_of=NOW.date(),
        assessment={},
        content_digest="0" * 64,
        facts_digest=digest_of(facts_of(person)),
        decision="accept",
        rationale="fits",
        decided_by=user,
        decided_at=NOW,
    )


def test_a_published_record_comes_in_and_a_second_time_changes_nothing(clinic):
    first = clinic.files(MILAN)
    assert first.created == {
        "Patient": 1,
        "Condition": 5,
        "MedicationRequest": 3,
        "Encounter": 15,
        "Observation": 36,
        "Procedure": 5,
    }
    entries = AuditEntry.objects.count()
    again = clinic.files(MILAN)
    assert again.created == again.updated == {}
    assert again.unchanged == first.created
    assert AuditEntry.objects.count() == entries
    assert again.skipped_count == first.skipped_count


@pytest.mark.hazard("H27")
def test_the_chart_says_what_the_record_said(clinic):
    clinic.files(LOUIS)
    person = Patient.objects.get()
    found = [each for each in read_resources(LOUIS) if not isinstance(each, Skipped)]
    references = References()
    for each in found:
        references.add(each.resource, each.full_url)
    imported = [map_resource(each, references) for each in found]
    facts = to_facts(each for each in imported if not isinstance(each, Skipped))

    def said(fact):
        return (
            fact.kind,
            fact.codings,
            fact.text,
            fact.clinical_status,
            fact.onset and fact.onset.text,
            fact.value,
            fact.unit,
        )

    of_chart = Counter(
        map(said, (f for f in facts_of(person) if f.kind is not FactKind.DEMOGRAPHIC))
    )
    of_record = Counter(map(said, (f for f in facts if f.kind is not FactKind.DEMOGRAPHIC)))
    assert of_chart == of_record


def test_a_person_is_who_the_record_says(clinic):
    clinic.take(patient(communication=[{"language": concept("es-MX", system="urn:ietf:bcp:47")}]))
    person = Patient.objects.get()
    assert (person.family, person.given, person.sex) == ("Cruz", "Cora", "female")
    assert (person.birth_date, person.language) == (date(1980, 3, 2), "es")
    assert person.location == clinic.here


def test_a_vague_birth_date_is_not_made_sharp(clinic):
    clinic.take(patient(birthDate="1980"))
    assert Patient.objects.get().birth_date is None


def test_a_vague_onset_stays_as_it_was_written(clinic):
    clinic.take(patient(), condition(onsetDateTime="2019-05"))
    row = Condition.objects.get()
    assert (row.onset, row.sort_at) == ("2019-05", datetime(2019, 5, 1, tzinfo=UTC))


def test_a_value_is_stored_in_its_unit_beside_what_was_written(clinic):
    clinic.take(patient(), observation("29463-7", quantity(154, "[lb_av]")))
    row = Observation.objects.get()
    assert (row.value, row.unit, row.original) == (Decimal("69.853225"), "kg", "154 [lb_av]")


def test_changed_content_updates_the_same_row(clinic):
    clinic.take(patient(), condition())
    before = Condition.objects.get().id
    outcome = clinic.take(patient(), condition(clinicalStatus=concept("resolved")))
    assert (outcome.updated, outcome.unchanged) == ({"Condition": 1}, {"Patient": 1})
    row = Condition.objects.get()
    assert (row.id, row.status) == (before, "resolved")


def test_the_same_resource_twice_in_one_batch_is_one_row(clinic):
    outcome = clinic.take(
        patient(), patient(), condition(), condition(), condition(clinicalStatus=concept("x"))
    )
    assert outcome.created == {"Patient": 1, "Condition": 1}
    assert outcome.unchanged == {"Patient": 1, "Condition": 1}
    assert outcome.updated == {"Condition": 1}
    assert Condition.objects.get().status == "x"


def test_statements_before_their_person_are_handed_back(clinic):
    outcome = clinic.take(condition())
    assert [each.origin.resource for each in outcome.unplaced] == ["Condition/c1"]
    assert not Condition.objects.exists()


def test_a_later_batch_finds_a_person_already_here(clinic):
    clinic.take(patient())
    assert clinic.take(condition(), request()).created == {
        "Condition": 1,
        "MedicationRequest": 1,
    }
    assert MedicationStatement.objects.get().form == "request"


def test_what_the_clinic_wrote_about_reaching_a_person_is_kept(clinic):
    clinic.take(patient(telecom=[{"system": "phone", "value": "1"}]))
    Patient.objects.update(phone="2", language="es")
    clinic.take(patient(gender="other", telecom=[{"system": "phone", "value": "3"}]))
    person = Patient.objects.get()
    assert (person.phone, person.language, person.sex) == ("2", "es", "other")


@pytest.mark.hazard("H8")
def test_two_people_of_one_number_are_never_merged(clinic):
    clinic.take(patient(), condition())
    other = patient(name=[{"family": "Berg", "given": ["Dan"]}], birthDate="1955-01-01")
    outcome = clinic.take(other, condition(id="c2"))
    assert not outcome.created
    assert not outcome.updated
    assert [each.resource for each in outcome.skipped] == ["Patient/cora", "Condition/c2"]
    assert "another name" in outcome.skipped[0].because
    assert Patient.objects.get().family == "Cruz"
    assert Condition.objects.count() == 1


def test_a_shared_identifier_lets_a_name_be_corrected(clinic):
    number = [{"system": "http://h.example", "value": "77"}]
    clinic.take(patient(identifier=number))
    clinic.take(patient(identifier=number, name=[{"family": "Cruz-Vega"}], birthDate="1980-03-20"))
    assert Patient.objects.get().family == "Cruz-Vega"


def test_another_organization_gets_a_record_of_its_own(clinic):
    clinic.take(patient(), condition())
    theirs = system_actor("import", clinic.elsewhere.organization_id)
    outcome = clinic.take(condition(), actor=theirs, location=clinic.elsewhere)
    assert len(outcome.unplaced) == 1
    clinic.take(patient(), condition(), actor=theirs, location=clinic.elsewhere)
    assert Patient.objects.count() == 2
    assert Condition.objects.filter(patient__location=clinic.elsewhere).count() == 1


@pytest.mark.parametrize("who", ["system", "nurse"])
def test_a_location_of_another_organization_is_not_there(clinic, who):
    actor = clinic.system if who == "system" else clinic.nurse()
    with pytest.raises(NotFound):
        clinic.take(patient(), actor=actor, location=clinic.elsewhere)


def test_a_person_kept_at_another_location_is_left_alone(clinic):
    clinic.take(patient())
    outcome = clinic.take(
        patient(gender="male"),
        condition(),
        actor=clinic.nurse(clinic.annex),
        location=clinic.annex,
    )
    assert [each.resource for each in outcome.skipped] == ["Patient/cora", "Condition/c1"]
    assert Patient.objects.get().sex == "female"


def test_a_patient_cannot_import(clinic):
    cora = Actor(
        id=uuid5(IMPORT, "cora"),
        kind=PATIENT,
        name="Cora",
        organization_id=clinic.here.organization_id,
    )
    refused = clinic.take(patient(), actor=cora)
    assert isinstance(refused, Refusal)
    assert refused.code == "import.not_permitted"


def test_the_trail_names_the_person_the_counts_and_the_file(clinic):
    clinic.take(patient(), condition())
    entry = AuditEntry.objects.get(action="records.imported")
    assert entry.patient_id == Patient.objects.get().id
    assert entry.detail["counts"] == {"Condition created": 1, "Patient created": 1}
    assert entry.detail["files"] == ["test.json"]


@pytest.mark.hazard("H27")
def test_new_data_reopens_a_decision_and_raises_one_task(clinic):
    clinic.take(patient())
    decision = decided(Patient.objects.get())
    later = NOW + timedelta(days=1)
    outcome = clinic.take(condition(), now=later)
    decision.refresh_from_db()
    assert outcome.new_for_assessed == 1
    assert decision.review_since == later
    assert "test.json" in decision.review_because
    assert Task.objects.get().kind == "review_candidacy"
    clinic.take(condition(id="c2"), now=later)
    assert Task.objects.count() == 1


def test_an_encounter_or_nothing_new_reopens_no_decision(clinic):
    clinic.take(patient(), condition())
    decision = decided(Patient.objects.get())
    encounter = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "subject": {"reference": "Patient/cora"},
        "period": {"start": "2026-01-01"},
    }
    clinic.take(patient(), condition(), encounter)
    decision.refresh_from_db()
    assert decision.review_since is None


def test_text_longer_than_its_column_is_cut_and_shows_it(clinic):
    clinic.take(patient(), condition(code={"text": "x" * 700}))
    text = Condition.objects.get().text
    assert len(text) == 500
    assert text.endswith("…")


def test_an_allergy_keeps_its_reactions(clinic):
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/cora"},
        "code": concept("373464007", "Ketamine"),
        "criticality": "high",
        "reaction": [{"manifestation": [concept("271807003", "Rash")], "severity": "mild"}],
    }
    clinic.take(patient(), allergy)
    row = AllergyIntolerance.objects.get()
    assert row.criticality == "high"
    assert row.reactions == [{"substance": None, "manifestations": ["Rash"], "severity": "mild"}]


def test_a_failing_batch_leaves_nothing_behind(clinic):
    good = read(patient())
    broken = replace(read(condition()), concept=None)
    with pytest.raises(AttributeError):
        clinic.take(good, broken)
    assert not Patient.objects.exists()


def test_the_command_prints_the_stable_json(clinic, capsys):
    assert cli.main(["import", MILAN, "--format", "json", "--location", "Quay"]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert list(report) == ["created", "updated", "unchanged", "skipped"]
    assert report["created"]["Condition"] == 5
    assert set(report["skipped"][0]) == {"file", "where", "resource", "because"}
    assert "220 read" in printed.err


def test_the_command_asks_which_location(clinic, capsys):
    assert cli.main(["import", MILAN]) == 1
    assert "--location" in capsys.readouterr().err
    assert not Patient.objects.exists()


def test_the_command_fails_on_a_file_that_is_not_there(clinic, capsys):
    assert cli.main(["import", "nowhere.json", "--location", str(clinic.here.id)]) == 1
    assert "there is no such file" in capsys.readouterr().out


def test_an_imported_phq9_is_recognised_and_scored(clinic):
    us_core = SYNTHEA.parent / "us-core-examples"
    person = str(us_core / "patient-example.json")
    clinic.files(person, str(us_core / "QuestionnaireResponse-phq-9-example.json"))
    row = QuestionnaireResponse.objects.get()
    assert (row.instrument, row.total, row.band) == ("phq-9", 12, "moderate")
    assert row.answers["phq9-9"] == 0
    assert row.completed_at.date() == date(2022, 11, 29)


def test_an_unknown_questionnaire_keeps_its_answers_as_given(clinic):
    response = {
        "resourceType": "QuestionnaireResponse",
        "id": "q1",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/sleep|1",
        "subject": {"reference": "Patient/cora"},
        "item": [{"linkId": "1", "text": "Hours", "answer": [{"valueInteger": 6}]}],
    }
    clinic.take(patient(), response)
    row = QuestionnaireResponse.objects.get()
    assert (row.instrument, row.total, row.requested_at) == ("sleep", None, NOW)
    assert row.answers == {"1": {"text": "Hours", "value": "6", "codings": []}}


def test_a_person_without_a_decision_is_not_assessed_anew(clinic, monkeypatch):
    """Reading the whole chart for every batch would make a long file slower with each line."""
    clinic.take(patient())
    monkeypatch.setattr("leeward.usecases.import_records.mark_for_review", None)
    assert clinic.take(condition()).created == {"Condition": 1}
