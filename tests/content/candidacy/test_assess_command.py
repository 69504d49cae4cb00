"""`leeward assess` on whole records, without a database."""

import gzip
import json
from pathlib import Path

import pytest

from leeward.cli.main import main

BUNDLES = Path(__file__).parents[2] / "data" / "synthea-r4"
RACEMIC_IV = ["--drug", "racemic_ketamine", "--route", "iv", "--as-of", "2021-04-01"]


def bundle(start: str) -> str:
    return str(next(BUNDLES.glob(f"{start}*.json.gz")))


def assessed(capsys, start, *more, question=RACEMIC_IV):
    assert main(["assess", bundle(start), *question, *more, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def by_rule(found):
    return {finding["rule"]: finding for finding in found["findings"]}


def test_json_has_the_keys_of_the_contract(capsys):
    found = assessed(capsys, "13a00221")
    contract = "as_of drug route content_digest patient findings indications summary"
    assert set(contract.split()) <= found.keys()
    for finding in found["findings"]:
        assert {
            "rule", "version", "effect", "status", "because", "facts", "missing", "source",
        } <= finding.keys()  # fmt: skip
        assert finding["status"] in ("present", "absent", "unknown")
        assert finding["effect"] in ("BLOCK", "DECISION", "HOLD", "ALERT", "INFO")
        assert set(finding["source"]) == {"id", "at"}
        for fact in finding["facts"]:
            assert {"what", "date", "resource"} <= fact.keys()
    assert len(found["content_digest"]) == 64


def test_active_opioid_abuse_blocks_and_old_pregnancies_only_ask(capsys):
    found = by_rule(assessed(capsys, "13a00221"))
    assert (found["substance_use_active"]["status"], found["substance_use_active"]["effect"]) == (
        "present", "BLOCK",
    )  # fmt: skip
    (fact,) = found["substance_use_active"]["facts"]
    assert (fact["what"], fact["date"]) == ("Opioid abuse (disorder)", "1988-10-25")
    assert fact["resource"].startswith("Condition/")
    assert found["pregnancy"]["status"] == "unknown"


def test_medicine_is_recognised_by_the_name_of_its_product(capsys):
    found = by_rule(assessed(capsys, "bae2bf00"))["interaction.benzodiazepines"]
    assert found["status"] == "present"
    assert "confirm" in found["facts"][0]["note"]


def test_stopped_medicines_do_not_count(capsys):
    found = by_rule(assessed(capsys, "31055311"))
    assert found["interaction.opioids"]["status"] == "unknown"


def test_the_date_of_the_question_decides_who_is_alive(capsys):
    before = [*RACEMIC_IV[:-1], "2014-12-31"]
    assert "deceased" not in by_rule(assessed(capsys, "31055311", question=before))
    assert by_rule(assessed(capsys, "31055311"))["deceased"]["effect"] == "BLOCK"


def test_unset_clinic_limit_leaves_high_pressure_unknown_and_shows_it(capsys):
    found = by_rule(assessed(capsys, "835a3b08"))["uncontrolled_hypertension"]
    assert found["status"] == "unknown"
    assert any("Limit not set" in text for text in found["missing"])
    assert any("Systolic" in fact["what"] for fact in found["facts"])


def test_indication_asked_about_comes_first_with_its_evidence(capsys):
    found = assessed(capsys, "8adf7251", "--indication", "treatment_resistant_depression")
    first = found["indications"][0]
    assert (first["id"], first["asked"], first["evidence"]) == (
        "treatment_resistant_depression", True, "B",
    )  # fmt: skip
    assert first["status"] == "unknown"  # depression is on record, failed trials are not
    assert first["facts"]


@pytest.mark.parametrize("path", sorted(BUNDLES.glob("*.json.gz")), ids=lambda p: p.name[:8])
@pytest.mark.parametrize(
    ("drug", "route"), [("racemic_ketamine", "iv"), ("esketamine", "intranasal")]
)
def test_every_record_is_assessed_for_both_drugs(capsys, path, drug, route):
    asked = ["--drug", drug, "--route", route, "--as-of", "2021-04-01"]
    assert main(["assess", str(path), *asked]) == 0
    said = capsys.readouterr().out
    assert "UNKNOWN (not cleared)" in said
    assert "a clinician decides" in said


def refused(capsys, path, *more):
    assert main(["assess", str(path), *RACEMIC_IV, *more, "--format", "json"]) == 1
    return json.loads(capsys.readouterr().out)["refused"]


def test_refuses_what_is_no_record(capsys, tmp_path):
    nothing = tmp_path / "nothing.json"
    assert "no such file" in refused(capsys, nothing)["because"]
    nothing.write_text("{")
    assert "not JSON" in refused(capsys, nothing)["because"]


def test_refuses_a_file_of_several_people(capsys, tmp_path):
    several = tmp_path / "people.ndjson"
    people = ({"resourceType": "Patient", "id": str(n), "gender": "female"} for n in (1, 2))
    several.write_text("\n".join(json.dumps(person) for person in people))
    assert refused(capsys, several)["code"] == "assess.one_patient"


def test_person_without_a_name_is_read_with_age_sex_and_family_history(capsys, tmp_path):
    person = {"resourceType": "Patient", "id": "p", "birthDate": "2010-05-01"}
    family = {
        "resourceType": "FamilyMemberHistory",
        "id": "f",
        "status": "completed",
        "patient": {"reference": "Patient/p"},
        "relationship": {"text": "mother"},
        "condition": [{"code": {"text": "Schizophrenia"}}],
    }
    given = {
        "resourceType": "MedicationAdministration",
        "id": "m",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2021-04-01T08:00:00Z",
        "medicationCodeableConcept": {"text": "lorazepam 1 mg"},
    }
    record = tmp_path / "record.json"
    entries = [{"resource": resource} for resource in (person, family, given)]
    record.write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    assert main(["assess", str(record), *RACEMIC_IV, "--format", "json"]) == 0
    found = by_rule(json.loads(capsys.readouterr().out))
    assert found["age_under_18"]["status"] == "present"
    assert found["family_history_psychosis"]["status"] == "present"
    assert found["interaction.benzodiazepines"]["status"] == "present"


def test_refuses_records_of_somebody_else(capsys, tmp_path):
    with gzip.open(bundle("024b1b9b"), "rt", encoding="utf-8") as file:
        record = json.load(file)
    stranger = {
        "resourceType": "Condition",
        "id": "stranger",
        "subject": {"reference": "Patient/stranger"},
        "code": {"text": "aneurysm"},
    }
    record["entry"].append({"fullUrl": "urn:uuid:stranger", "resource": stranger})
    mixed = tmp_path / "mixed.json"
    mixed.write_text(json.dumps(record))
    assert refused(capsys, mixed)["code"] == "assess.one_patient"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--as-of", "yesterday"], "assess.date"),
        (["--indication", "baldness"], "candidacy.unknown_indication"),
        (["--drug", "esketamine"], "candidacy.no_rules_for_route"),
    ],
)
def test_refuses_a_question_that_nothing_answers(capsys, more, code):
    assert refused(capsys, bundle("024b1b9b"), *more)["code"] == code


def test_wrong_drug_is_bad_usage(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["assess", bundle("024b1b9b"), "--drug", "lsd", "--route", "iv"])
    assert stopped.value.code == 2
    capsys.readouterr()
