"""The driver against a small stand-in for the use case, without a database."""

import io
import json
from collections import Counter

import pytest

from leeward.core.quantities import Refusal
from leeward.exchange.fhir.importing import import_files
from leeward.exchange.fhir.reader import ReadLimits
from leeward.usecases.imported import ImportedPatient, ImportOutcome

from .resources import BULK, MILAN, RXNORM, SYNTHEA, US_CORE, concept, condition, patient, request


class Register:
    """Keeps what it is given, by source reference and digest, as the clinic's records do."""

    def __init__(self):
        self.kept = {}
        self.calls = 0

    def take(self, batch):
        self.calls += 1
        created, updated, unchanged, unplaced = Counter(), Counter(), Counter(), []
        for each in sorted(batch, key=lambda one: not isinstance(one, ImportedPatient)):
            origin = each.origin
            if not isinstance(each, ImportedPatient) and each.patient not in self.kept:
                unplaced.append(each)
                continue
            known = self.kept.get(origin.resource)
            tally = unchanged if known == origin.digest else updated if known else created
            tally[origin.resource.partition("/")[0]] += 1
            self.kept[origin.resource] = origin.digest
        return ImportOutcome(created, updated, unchanged, (), tuple(unplaced))


def ndjson(tmp_path, *resources, name="in.ndjson"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(each) + "\n" for each in resources))
    return str(path)


def as_json(report):
    out = io.StringIO()
    report.write_json(out)
    return json.loads(out.getvalue())


def test_importing_twice_changes_nothing(tmp_path):
    path = ndjson(tmp_path, patient(), condition(), request())
    register = Register()
    first = as_json(import_files([path], register.take))
    assert first == {
        "created": {"Condition": 1, "MedicationRequest": 1, "Patient": 1},
        "updated": {},
        "unchanged": {},
        "skipped": [],
    }
    again = as_json(import_files([path], register.take))
    assert again["created"] == again["updated"] == {}
    assert again["unchanged"] == first["created"]


def test_changed_content_is_an_update(tmp_path):
    register = Register()
    import_files([ndjson(tmp_path, patient(), condition())], register.take)
    changed = ndjson(tmp_path, patient(), condition(clinicalStatus=concept("resolved")))
    report = import_files([changed], register.take)
    assert (report.updated, report.unchanged) == ({"Condition": 1}, {"Patient": 1})


def test_the_order_of_lines_does_not_matter(tmp_path):
    medication = {
        "resourceType": "Medication",
        "id": "med2",
        "code": concept("4493", "", RXNORM),
    }
    order = request(
        medicationReference={"reference": "Medication/med2"}, medicationCodeableConcept=None
    )
    first = ndjson(tmp_path, order, condition(), name="a.ndjson")
    second = ndjson(tmp_path, medication, patient(), name="b.ndjson")
    report = import_files([first, second], Register().take)
    assert report.created == {"Patient": 1, "Condition": 1, "MedicationRequest": 1}
    assert [each.resource for each in report.skipped()] == ["Medication/med2"]


def test_what_was_put_off_from_a_bundle_still_finds_its_patient(tmp_path):
    order = request(
        subject={"reference": "urn:uuid:0b1c"},
        medicationReference={"reference": "Medication/med2"},
        medicationCodeableConcept=None,
    )
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {"fullUrl": "urn:uuid:0b1c", "resource": patient()},
            {"fullUrl": "urn:uuid:0b1d", "resource": order},
        ],
    }
    medication = {
        "resourceType": "Medication",
        "id": "med2",
        "code": concept("4493", "", RXNORM),
    }
    paths = [ndjson(tmp_path, bundle, name="a.ndjson"), ndjson(tmp_path, medication)]
    assert import_files(paths, Register().take).created["MedicationRequest"] == 1


def test_a_statement_about_an_unknown_person_is_left_with_the_reason(tmp_path):
    report = import_files([ndjson(tmp_path, condition())], Register().take)
    (left,) = report.skipped()
    assert (left.file, left.where, left.resource) == ("in.ndjson", "line 1", "Condition/c1")
    assert "Patient/cora" in left.because


def test_one_bad_resource_never_loses_the_others(tmp_path):
    path = ndjson(tmp_path, patient(), condition(code=7), condition(id="c2"), {"a": 1})
    report = import_files([path], Register().take)
    assert report.created == {"Patient": 1, "Condition": 1}
    assert [each.where for each in report.skipped()] == ["line 2", "line 4"]


def test_a_refusal_ends_the_import(tmp_path):
    refusal = Refusal("import.not_permitted", "Only staff import records.")
    register = Register()

    def take(batch):
        register.calls += 1
        return refusal

    path = ndjson(tmp_path, *(patient(id=f"p{n}") for n in range(1200)))
    assert import_files([path], take) is refusal
    assert register.calls == 1


def test_ndjson_goes_in_batches_and_tells_how_far_it_is(tmp_path):
    register, told = Register(), []
    path = ndjson(tmp_path, *(patient(id=f"p{n}") for n in range(1200)))
    import_files([path], register.take, progress=told.append)
    assert register.calls == 3
    assert [each.read for each in told] == [500, 1000, 1200]
    assert told[-1].taken == 1200


def test_a_line_over_the_limit_is_reported(tmp_path):
    path = ndjson(tmp_path, patient(), condition(note=[{"text": "x" * 5000}]))
    report = import_files([path], Register().take, limits=ReadLimits(line_bytes=2000))
    assert report.created == {"Patient": 1}
    assert report.skipped_count == 1


def test_the_text_report_gathers_equal_reasons(tmp_path):
    claims = [{"resourceType": "Claim", "id": str(n)} for n in range(3)]
    report = import_files([ndjson(tmp_path, patient(), *claims)], Register().take)
    out = io.StringIO()
    report.write_text(out)
    assert "created: Patient 1\n" in out.getvalue()
    assert "  3 x Claim: Leeward keeps no Claim\n" in out.getvalue()


@pytest.mark.parametrize(
    ("files", "total", "patients"),
    [
        (sorted(SYNTHEA.glob("*.json.gz")), 2005, 8),
        (sorted(US_CORE.glob("*.json")), 42, 2),
        (sorted(BULK.glob("*.ndjson.gz")), 407, 5),
    ],
)
def test_every_published_resource_is_taken_or_left_with_a_reason(files, total, patients):
    register = Register()
    report = import_files(map(str, files), register.take)
    assert report.created["Patient"] == patients
    assert report.taken_count + report.skipped_count == total
    assert all(each.because and each.where and each.file for each in report.skipped())
    again = import_files(map(str, files), register.take)
    assert again.created == again.updated == {}
    assert again.unchanged == report.created


def test_the_depression_case_comes_in_whole():
    report = import_files([str(MILAN)], Register().take)
    assert report.created == {
        "Patient": 1,
        "Condition": 5,
        "MedicationRequest": 3,
        "Encounter": 15,
        "Observation": 36,
        "Procedure": 5,
    }


def test_an_upload_is_reported_by_its_own_name_and_read_by_it(tmp_path):
    copy = tmp_path / "tmp123"
    copy.write_text("{oops\n" + json.dumps(patient()) + "\n")
    names = {str(copy): "cora.ndjson"}
    report = import_files([str(copy)], Register().take, names=names)
    assert report.created == {"Patient": 1}
    assert [each.file for each in report.skipped()] == ["cora.ndjson"]
