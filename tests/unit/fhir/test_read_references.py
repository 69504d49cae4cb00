import pytest

from leeward.exchange.fhir.datatypes import Unresolved
from leeward.exchange.fhir.references import References, resource_name
from leeward.usecases.imported import Skipped

from .resources import RXNORM, concept, condition, patient, read, request

MEDICATION = {
    "resourceType": "Medication",
    "id": "med2",
    "code": concept("4493", "fluoxetine", RXNORM),
}


def about(reference):
    return condition(subject={"reference": reference})


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/cora",
        "https://hospital.example/fhir/Patient/cora",
        "https://hospital.example/fhir/Patient/cora/_history/3",
    ],
)
def test_follows_relative_absolute_and_versioned_references(reference):
    assert read(about(reference)).patient == "Patient/cora"


def test_follows_a_full_url_to_the_id_of_the_resource():
    bundle = References(parent=References())
    bundle.add(patient(), "urn:uuid:0b1c")
    assert read(about("urn:uuid:0b1c"), bundle).patient == "Patient/cora"


def test_a_resource_without_id_goes_by_its_full_url():
    assert resource_name({"resourceType": "Patient"}, "urn:uuid:0b1c") == "Patient/0b1c"


def test_follows_a_conditional_reference_to_a_patient_seen_before():
    references = References()
    references.add(patient(identifier=[{"system": "http://h.example", "value": "77"}]))
    found = read(about("Patient?identifier=http://h.example|77"), references)
    assert found.patient == "Patient/cora"


def test_follows_a_logical_reference_by_identifier():
    references = References()
    references.add(patient(identifier=[{"system": "http://h.example", "value": "77"}]))
    subject = {"type": "Patient", "identifier": {"system": "http://h.example", "value": "77"}}
    assert read(condition(subject=subject), references).patient == "Patient/cora"


@pytest.mark.parametrize("reference", ["Patient?identifier=x|1", "urn:uuid:unseen"])
def test_what_has_not_been_seen_yet_is_put_off(reference):
    with pytest.raises(Unresolved, match="not in these files"):
        read(about(reference))


def test_conditional_references_to_others_do_no_harm():
    practitioner = {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|99"}
    assert read(condition(recorder=practitioner)).patient == "Patient/cora"


def test_a_resource_about_a_group_is_left():
    found = read(about("Group/7"))
    assert isinstance(found, Skipped)
    assert "not about a patient" in found.because


def test_a_resource_about_nobody_is_left():
    resource = condition()
    del resource["subject"]
    assert "whom it is about" in read(resource).because


def test_finds_a_contained_medicine():
    resource = request(
        contained=[MEDICATION],
        medicationReference={"reference": "#med2"},
        medicationCodeableConcept=None,
    )
    assert read(resource).concept.codings[0].code == "4493"


def test_finds_a_medicine_described_elsewhere():
    references = References()
    references.add(MEDICATION)
    resource = request(
        medicationReference={"reference": "Medication/med2"}, medicationCodeableConcept=None
    )
    assert read(resource, references).concept.label == "fluoxetine"


def test_a_medicine_described_elsewhere_is_part_of_the_content():
    resource = request(
        medicationReference={"reference": "Medication/med2"}, medicationCodeableConcept=None
    )
    digests = set()
    for code in ("4493", "36437"):
        references = References()
        references.add({**MEDICATION, "code": concept(code, "", RXNORM)})
        digests.add(read(resource, references).origin.digest)
    assert len(digests) == 2


def test_a_missing_medicine_is_put_off_and_then_taken_by_its_name():
    resource = request(
        medicationReference={"reference": "Medication/med9", "display": "Sertraline 50 mg"},
        medicationCodeableConcept=None,
    )
    with pytest.raises(Unresolved, match="Sertraline"):
        read(resource)
    found = read(resource, References(complete=True))
    assert (found.concept.text, found.concept.codings) == ("Sertraline 50 mg", ())
