"""Small FHIR resources about Cora, and a way to read one."""

from pathlib import Path

from leeward.exchange.fhir.mapping import map_resource
from leeward.exchange.fhir.reader import Found
from leeward.exchange.fhir.references import References

DATA = Path(__file__).parents[2] / "data"
SYNTHEA = DATA / "synthea-r4"
US_CORE = DATA / "us-core-examples"
BULK = DATA / "bulk-export"
MILAN = SYNTHEA / "8adf7251-257f-4b45-8ef5-0a6b3b9fe0ef.json.gz"
OLEN = SYNTHEA / "31055311-1cd4-432e-b864-07f395956526.json.gz"

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
CORA = {"reference": "Patient/cora"}


def concept(code, display="", system=SNOMED, text=None):
    value = {"coding": [{"system": system, "code": code, "display": display}]}
    return value if text is None else {**value, "text": text}


def patient(**more):
    return {
        "resourceType": "Patient",
        "id": "cora",
        "name": [{"family": "Cruz", "given": ["Cora"]}],
        "gender": "female",
        "birthDate": "1980-03-02",
        **more,
    }


def condition(**more):
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": CORA,
        "code": concept("370143000", "Major depressive disorder"),
        "clinicalStatus": concept("active"),
        "verificationStatus": concept("confirmed"),
        "onsetDateTime": "2019-05",
        **more,
    }


def request(**more):
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "subject": CORA,
        "medicationCodeableConcept": concept("4493", "fluoxetine", RXNORM),
        "authoredOn": "2020-01-02",
        **more,
    }


def observation(code, value=None, **more):
    resource = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": CORA,
        "code": concept(code, "", LOINC),
        "effectiveDateTime": "2020-01-02T10:00:00+02:00",
    }
    if value is not None:
        resource["valueQuantity"] = value
    return {**resource, **more}


def quantity(value, code, unit=None):
    return {"value": value, "unit": unit or code, "system": UCUM, "code": code}


def read(resource, references=None):
    return map_resource(Found("test.json", "line 1", resource), references or References())
