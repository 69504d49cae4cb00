"""Records of the demo's patients, taken in the way any record is: as FHIR R4 files."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.exchange.fhir.importing import TakeBatch, import_files
from leeward.records.accounts.actor import Actor
from leeward.usecases.import_records import import_records

from .people import Person

Json = dict[str, Any]
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def shipped_records() -> list[Path]:
    """The synthetic patients that come with the demo, nothing yet decided about them."""
    return sorted((Path(str(files("leeward.demo"))) / "data" / "fhir").glob("*.json.gz"))


def write_record(person: Person, folder: Path, today: date) -> Path:
    """A Bundle about an invented person, with dates counted back from `today`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{person.key}.json"
    entries = [{"fullUrl": f"urn:x:{r['resourceType']}:{r['id']}", "resource": r}
               for r in _resources(person, today)]  # fmt: skip
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    file.write_text(json.dumps(bundle, indent=1), encoding="utf-8")
    return file


def import_all(
    paths: Iterable[Path], *, actor: Actor, now: datetime, command_id: UUID, location_id: UUID
) -> None:
    """Import files into the charts of one location."""
    report = import_files(
        [str(path) for path in paths], _taker(actor, now, command_id, location_id)
    )
    if isinstance(report, Refusal) or report.unusable_files:
        raise RuntimeError(f"the demo's own records could not be imported: {report}")


def _taker(actor: Actor, now: datetime, command_id: UUID, location_id: UUID) -> TakeBatch:
    def take(batch: Any) -> Any:
        return import_records(
            actor=actor, now=now, command_id=command_id, location_id=location_id, resources=batch
        )

    return take


def _resources(person: Person, today: date) -> list[Json]:
    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    made: list[Json] = [_patient(person)]
    made.append(_about(person, "Condition", "depression", {
        "clinicalStatus": _concept("http://terminology.hl7.org/CodeSystem/condition-clinical",
                                   "active", "Active"),
        "verificationStatus": _concept(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed"
        ),
        "code": _concept("http://hl7.org/fhir/sid/icd-10-cm", "F33.2", "Major depressive "
                         "disorder, recurrent severe without psychotic features"),
        "onsetDateTime": ago(1400), "recordedDate": ago(1390),
    }))  # fmt: skip
    made.append(_about(person, "AllergyIntolerance", "none", {
        "clinicalStatus": _concept(
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active"
        ),
        "code": _concept("http://snomed.info/sct", "716186003", "No known allergy"),
        "recordedDate": ago(40),
    }, subject="patient"))  # fmt: skip
    for number, drug in enumerate(person.tried, start=1):
        days = 1300 - 400 * number
        made.append(_medicine(person, f"tried-{number}", drug, "completed", ago(days + 180),
                              ago(days)))  # fmt: skip
    if person.takes:
        made.append(_medicine(person, "takes", person.takes, "active", ago(200), None))
    made += [
        _measured(person, "weight", "29463-7", "Body weight", person.weight_kg, "kg", ago(12)),
        _measured(person, "height", "8302-2", "Body height", person.height_cm, "cm", ago(12)),
        _pressure(person, ago(12)),
    ]
    return made


def _patient(person: Person) -> Json:
    telecom = [{"system": "phone", "value": person.phone}] if person.phone else []
    telecom += [{"system": "email", "value": person.email}] if person.email else []
    return {
        "resourceType": "Patient",
        "id": f"demo-{person.key}",
        "name": [{"use": "official", "family": person.family, "given": [person.given]}],
        "gender": person.sex,
        "birthDate": person.born.isoformat(),
        "telecom": telecom,
        "communication": [{"language": _concept("urn:ietf:bcp:47", "en", "English")}],
    }


def _about(person: Person, kind: str, key: str, fields: Json, subject: str = "subject") -> Json:
    reference = {"reference": f"Patient/demo-{person.key}"}
    return {"resourceType": kind, "id": f"demo-{person.key}-{key}", subject: reference, **fields}


def _medicine(
    person: Person, key: str, drug: tuple[str, str], status: str, start: str, end: str | None
) -> Json:
    period = {"start": start} | ({"end": end} if end else {})
    fields = {
        "status": status,
        "medicationCodeableConcept": _concept(RXNORM, *drug),
        "effectivePeriod": period,
    }
    return _about(person, "MedicationStatement", key, fields)


def _measured(
    person: Person, key: str, code: str, name: str, value: str, unit: str, on: str
) -> Json:
    fields = {
        "status": "final",
        "code": _concept(LOINC, code, name),
        "effectiveDateTime": on,
        "valueQuantity": _quantity(value, unit),
    }
    return _about(person, "Observation", key, fields)


def _pressure(person: Person, on: str) -> Json:
    systolic, diastolic = person.pressure_mmhg
    parts = (
        ("8480-6", "Systolic blood pressure", systolic),
        ("8462-4", "Diastolic blood pressure", diastolic),
    )
    fields = {
        "status": "final",
        "code": _concept(LOINC, "85354-9", "Blood pressure panel"),
        "effectiveDateTime": on,
        "component": [
            {"code": _concept(LOINC, code, name), "valueQuantity": _quantity(value, "mm[Hg]")}
            for code, name, value in parts
        ],
    }
    return _about(person, "Observation", "pressure", fields)


def _quantity(value: str, unit: str) -> Json:
    number = float(value)
    return {"value": number, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def _concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}
