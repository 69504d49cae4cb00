"""An entry of the audit trail as a FHIR R4 AuditEvent."""

from leeward.records.audit.selectors import Entry

from .datatypes import Json
from .writing import CODES, moment

DCM = "http://dicom.nema.org/resources/ontology/DCM"
KINDS = (
    ("access.", "110114", "User Authentication"),
    ("audit.exported", "110106", "Export"),
    ("note.exported", "110106", "Export"),
    ("data.exported", "110106", "Export"),
)
READS = (".viewed", ".exported", ".printed")
ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ENTITY_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"


def audit_event(entry: Entry, organization_name: str) -> Json:
    """The resource; the hash that chains the entry is its identifier in the source."""
    code, display = next(
        ((c, d) for begins, c, d in KINDS if entry.action.startswith(begins)),
        ("110110", "Patient Record"),
    )
    who: Json = {"display": entry.actor_name or entry.actor_kind}
    if entry.actor_id:
        who["identifier"] = {"value": str(entry.actor_id)}
    agent: Json = {"who": who, "requestor": entry.actor_kind in ("staff", "patient")}
    if entry.origin:
        agent["network"] = {"address": entry.origin, "type": "2"}
    event: Json = {
        "resourceType": "AuditEvent",
        "id": entry.hash,
        "type": {"system": DCM, "code": code, "display": display},
        "subtype": [{"system": CODES, "code": entry.action}],
        "action": "R" if entry.action.endswith(READS) else "E",
        "recorded": moment(entry.at),
        "outcome": "0" if entry.outcome == "done" else "4",
        "agent": [agent],
        "source": {"site": organization_name, "observer": {"display": "Leeward"}},
    }
    if entities := [*_patient(entry), *_subject(entry)]:
        event["entity"] = entities
    return event


def _patient(entry: Entry) -> list[Json]:
    if entry.patient_id is None:
        return []
    return [
        {
            "what": {"reference": f"Patient/{entry.patient_id}"},
            "type": {"system": ENTITY_TYPE, "code": "1", "display": "Person"},
            "role": {"system": ENTITY_ROLE, "code": "1", "display": "Patient"},
        }
    ]


def _subject(entry: Entry) -> list[Json]:
    if not entry.subject_type and not entry.detail:
        return []
    told = [
        {"type": name, "valueString": str(value)}
        for name, value in entry.detail.items()
        if str(value).strip()
    ]
    about: Json = {"what": {"display": f"{entry.subject_type} {entry.subject_id}".strip() or "-"}}
    return [{**about, "detail": told} if told else about]
