from datetime import date

from leeward.usecases.imported import ImportedPatient, Skipped

from .resources import concept, patient, read

RACE = {
    "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
    "extension": [{"url": "text", "valueString": "White"}],
}
BIRTH_SEX = {
    "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
    "valueCode": "F",
}


def identifier(code, value):
    return {
        "type": concept(code, system="http://terminology.hl7.org/CodeSystem/v2-0203"),
        "system": "http://h.example",
        "value": value,
    }


def test_reads_who_and_how_to_reach_her():
    found = read(
        patient(
            telecom=[
                {"system": "phone", "value": "555-1", "use": "home"},
                {"system": "phone", "value": "555-2", "use": "mobile"},
                {"system": "email", "value": "cora@example.org"},
            ],
            communication=[{"language": concept("es-MX", system="urn:ietf:bcp:47")}],
        )
    )
    assert isinstance(found, ImportedPatient)
    assert (found.family, found.given, found.sex) == ("Cruz", "Cora", "female")
    assert (found.phone, found.email, found.language) == ("555-2", "cora@example.org", "es-MX")
    assert found.birth_date.first == date(1980, 3, 2)
    assert not found.deceased


def test_race_is_not_taken_and_birth_sex_is():
    found = read(patient(extension=[RACE, BIRTH_SEX]))
    assert found.birth_sex == "F"
    assert "White" not in repr(found)


def test_national_licence_and_passport_numbers_are_left_behind():
    numbers = [identifier(code, code) for code in ("MR", "SS", "DL", "PPN")]
    assert read(patient(identifier=numbers)).identifiers == (("http://h.example", "MR"),)


def test_prefers_the_name_in_use_to_a_maiden_name():
    names = [
        {"use": "maiden", "family": "Old"},
        {"use": "official", "family": "Cruz", "given": ["Cora", "Ines"]},
    ]
    found = read(patient(name=names))
    assert (found.family, found.given) == ("Cruz", "Cora Ines")


def test_a_name_that_is_only_text_is_kept():
    assert read(patient(name=[{"text": "Cora Cruz"}])).family == "Cora Cruz"


def test_a_nameless_patient_is_left():
    found = read(patient(name=[]))
    assert isinstance(found, Skipped)
    assert found.because == "it gives no name"


def test_a_partial_or_missing_birth_date_stays_partial_or_missing():
    partial = read(patient(birthDate="1980")).birth_date
    assert (partial.first, partial.last) == (date(1980, 1, 1), date(1980, 12, 31))
    absent = patient(_birthDate={"extension": [{"valueCode": "unknown"}]})
    del absent["birthDate"]
    assert read(absent).birth_date is None


def test_death_is_read_as_a_date_or_as_a_fact():
    dated = read(patient(deceasedDateTime="2015-01-02T10:00:00Z"))
    assert dated.deceased
    assert dated.deceased_when.first == date(2015, 1, 2)
    undated = read(patient(deceasedBoolean=True))
    assert undated.deceased
    assert undated.deceased_when is None


def test_an_impossible_birth_date_is_named():
    found = read(patient(birthDate="1980-02-30"))
    assert isinstance(found, Skipped)
    assert "birthDate" in found.because
