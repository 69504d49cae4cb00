"""A patient as a FHIR R4 Patient."""

from leeward.usecases.read_everything import Person

from .datatypes import Json

LANGUAGES = "urn:ietf:bcp:47"


def patient_resource(person: Person) -> Json:
    """The resource; what is not known is left out."""
    telecom = [
        {"system": system, "value": value}
        for system, value in (("phone", person.phone), ("email", person.email))
        if value
    ]
    resource: Json = {
        "resourceType": "Patient",
        "id": str(person.id),
        "identifier": [
            {"system": system, "value": value} if system else {"value": value}
            for system, value in person.identifiers
        ],
        "name": [{"family": person.family, **({"given": [person.given]} if person.given else {})}],
        "telecom": telecom,
        "gender": person.sex,
        "birthDate": person.birth_date.isoformat() if person.birth_date else None,
        "deceasedBoolean": True if person.deceased else None,
        "address": [{"text": person.address}] if person.address else [],
        "communication": [
            {"language": {"coding": [{"system": LANGUAGES, "code": person.language}]}}
        ],
        "managingOrganization": {"display": person.organization_name},
    }
    return {name: value for name, value in resource.items() if value not in (None, [], "")}
