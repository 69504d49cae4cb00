"""A treatment session as a FHIR R4 Bundle.

Written from the folded log alone, so the same log gives the same Bundle. Entries that were
withdrawn are left out; device readings come from the record, as sampled data with their gaps.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from leeward.content.kinds.drug import Drug
from leeward.content.kinds.effect import SessionEffect
from leeward.content.kinds.route import Route
from leeward.core.treatment import SessionState, Stage
from leeward.core.treatment.entries import Signature

from .datatypes import Json
from .session_incidents import (
    alarm_entries,
    effect_entries,
    emergency_entries,
    override_entries,
)
from .session_medication import Given, medication_entries, rescue_entries
from .session_observations import observation_entries
from .session_samples import sample_entries
from .writing import DIGEST, address, coded, entry, moment, period, reference

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
AUTHOR_SIGNATURE = {
    "system": "urn:iso-astm:E1762-95:2013",
    "code": "1.2.840.10065.1.12.1.1",
    "display": "Author's Signature",
}
OVER = (Stage.DEPARTED, Stage.SIGNED)


@dataclass(frozen=True, slots=True)
class SessionSubject:
    """Whose session it is, and where it was held."""

    session_id: UUID
    patient_id: UUID
    family: str
    given: str
    birth_date: date | None
    sex: str
    identifiers: tuple[tuple[str, str], ...]
    organization_name: str
    location_name: str


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """What the clinic's content says about the drug, the route and the effects."""

    drug: Drug
    route: Route
    effects: Mapping[str, SessionEffect]


def session_bundle(
    state: SessionState,
    subject: SessionSubject,
    terms: SessionTerms,
    *,
    record_digest: str,
    written_at: datetime,
    series: Sequence[Json] = (),
) -> Json:
    """The session as a collection Bundle; `writing.to_json` makes it text.

    `series` are the device readings as the record holds them.

    `record_digest` is the SHA-256 [hex] of the canonical record that this is derived from; it
    stands in the Provenance, beside the signatures.
    """
    entries = list(_entries(state, subject, terms, series))
    entries.append(_document(state, subject, record_digest, written_at))
    targets = [reference(each["fullUrl"]) for each in entries]
    provenance = _provenance(state, subject, targets, record_digest, written_at)
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{subject.session_id}"},
        "type": "collection",
        "timestamp": moment(written_at),
        "entry": [*entries, provenance],
    }


def _entries(
    state: SessionState, subject: SessionSubject, terms: SessionTerms, series: Sequence[Json]
) -> Iterator[Json]:
    session_id = subject.session_id
    patient_url = f"urn:uuid:{subject.patient_id}"
    encounter_url = address(session_id, "encounter")
    procedure_url = address(session_id, "procedure")
    name = f"{subject.given} {subject.family}".strip()
    patient, encounter = reference(patient_url, name), reference(encounter_url)
    yield entry(patient_url, _patient(subject))
    yield entry(encounter_url, _encounter(state, subject, patient))
    if state.started:
        yield entry(procedure_url, _procedure(state, terms, patient, encounter))
    given = Given(
        session_id, state, terms.drug, terms.route, patient, encounter, reference(procedure_url)
    )
    yield from medication_entries(given)
    yield from observation_entries(session_id, state, patient, encounter)
    yield from effect_entries(session_id, state, terms.effects, patient, encounter)
    yield from alarm_entries(session_id, state, patient)
    yield from rescue_entries(given)
    yield from sample_entries(session_id, series, patient, encounter)
    yield from emergency_entries(session_id, state, patient, encounter)
    yield from override_entries(session_id, state, patient)


def _document(
    state: SessionState, subject: SessionSubject, record_digest: str, written_at: datetime
) -> Json:
    """The note: known by the digest of the record it is derived from, signed or not."""
    resource = {
        "resourceType": "DocumentReference",
        "identifier": [{"system": DIGEST, "value": record_digest}],
        "status": "current",
        "docStatus": "final" if state.signatures else "preliminary",
        "type": {"text": "Session note and flowsheet"},
        "subject": reference(f"urn:uuid:{subject.patient_id}"),
        "date": moment(written_at),
        "author": [{"display": name} for name in _authors(state)],
        "content": [{"attachment": {"contentType": "application/pdf", "title": "Session note"}}],
        "context": {"encounter": [reference(address(subject.session_id, "encounter"))]},
    }
    return entry(address(subject.session_id, "document"), resource)


def _authors(state: SessionState) -> list[str]:
    """Who signed; until then, who opened the session."""
    return list(dict.fromkeys(s.said.by.name for s in state.signatures)) or [state.opened.by.name]


def _patient(subject: SessionSubject) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [
            {"system": system, "value": value} if system else {"value": value}
            for system, value in subject.identifiers
        ],
        "name": [
            {"family": subject.family, **({"given": [subject.given]} if subject.given else {})}
        ],
        "gender": subject.sex,
        "birthDate": subject.birth_date.isoformat() if subject.birth_date else None,
    }


def _encounter(state: SessionState, subject: SessionSubject, patient: Json) -> Json:
    departed = state.departed.at if state.departed else None
    resource: Json = {
        "resourceType": "Encounter",
        "status": "finished" if state.stage in OVER else "in-progress",
        "class": {"system": ACT_CODE, "code": "AMB", "display": "ambulatory"},
        "subject": patient,
        "period": period(state.opened.at, departed),
        "location": [{"location": {"display": subject.location_name}}],
        "serviceProvider": {"display": subject.organization_name},
    }
    if state.discharged:
        resource["hospitalization"] = {"dischargeDisposition": {"text": state.discharged_to}}
    return resource


def _procedure(state: SessionState, terms: SessionTerms, patient: Json, encounter: Json) -> Json:
    ended = state.infusion_ended_at
    return {
        "resourceType": "Procedure",
        "status": "completed" if state.stopped else "in-progress",
        "code": {"text": f"{terms.drug.name}, {terms.route.name}"},
        "subject": patient,
        "encounter": encounter,
        "performedPeriod": period(state.started.at if state.started else None, ended),
        "performer": [{"actor": {"display": state.started.by.name}}] if state.started else [],
        "reasonCode": [{"text": state.plan.indication}] if state.plan.indication else [],
    }


def _provenance(
    state: SessionState,
    subject: SessionSubject,
    targets: list[Json],
    record_digest: str,
    written_at: datetime,
) -> Json:
    resource = {
        "resourceType": "Provenance",
        "target": targets,
        "recorded": moment(written_at),
        "agent": [
            {"type": coded(PARTICIPANT, "author", "Author"), "who": {"display": name}}
            for name in _authors(state)
        ],
        "entity": [
            {"role": "source", "what": {"identifier": {"system": DIGEST, "value": record_digest}}}
        ],
        "signature": [_signature(each) for each in state.signatures],
    }
    return entry(address(subject.session_id, "provenance"), resource)


def _signature(signature: Signature) -> Json:
    return {
        "type": [AUTHOR_SIGNATURE],
        "when": moment(signature.said.at),
        "who": {"display": signature.said.by.name, "identifier": {"value": signature.key_id}},
        "data": b64encode(bytes.fromhex(signature.signature)).decode(),
    }
