"""What was measured in a session: vital signs that a person typed or confirmed, and scores."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from leeward.core.candidacy import systems
from leeward.core.treatment import SessionState
from leeward.core.treatment.entries import Observation, RecoveryScore, Said, VitalSigns

from .datatypes import Json
from .observation_codes import KNOWN
from .writing import CONTEXT, address, coded, entry, in_words, moment, own_code, quantity

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
SINGLE = {
    "spo2_pct": "59408-5",
    "hr_per_min": "8867-4",
    "rr_per_min": "9279-1",
    "temp_cel": "8310-5",
}
PRESSURES = {"sbp_mmhg": "8480-6", "dbp_mmhg": "8462-4"}
PRESSURE_PANEL = "85354-9"
# The FHIR vital-signs profile wants the parent code beside pulse oximetry.
PARENTS = {"59408-5": "2708-6"}
SCALE_CODES = {"pain_nrs": "72514-3"}
SCALE_NAMES = {"moaas": "MOAA/S", "dissociation": "Dissociation, observer 0-3"}


def observation_entries(
    session_id: UUID, state: SessionState, patient: Json, encounter: Json
) -> Iterator[Json]:
    """Every Observation of the session, in the order they were made."""
    about = {"subject": patient, "encounter": encounter}
    for vitals in state.vitals:
        for code, body in _vital_signs(vitals):
            url = address(session_id, f"observation:{vitals.said.seq}:{code}")
            yield entry(url, {**_frame(vitals.said, "vital-signs", about), **body})
    for observed in state.observations:
        url = address(session_id, f"observation:{observed.said.seq}")
        yield entry(url, {**_frame(observed.said, "survey", about), **_scale(observed)})
    for score in state.scores:
        url = address(session_id, f"observation:{score.said.seq}")
        yield entry(url, {**_frame(score.said, "survey", about), **_recovery(score)})


def _frame(said: Said, category: str, about: Json) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        **about,
        "effectiveDateTime": moment(said.at),
        "issued": moment(said.recorded_at),
        "performer": [{"display": said.by.name}],
    }


def _vital_signs(vitals: VitalSigns) -> Iterator[tuple[str, Json]]:
    during = {"extension": [{"url": CONTEXT, "valueString": vitals.context}]}
    for name, code in SINGLE.items():
        value = vitals.values.get(name)
        if value is not None:
            yield code, {**during, "code": _loinc(code), "valueQuantity": _measured(code, value)}
    if any(name in vitals.values for name in PRESSURES):
        parts = [_pressure(code, vitals.values.get(name)) for name, code in PRESSURES.items()]
        yield PRESSURE_PANEL, {**during, "code": _loinc(PRESSURE_PANEL), "component": parts}


def _pressure(code: str, value: Decimal | None) -> Json:
    part: Json = {"code": _loinc(code)}
    if value is None:
        unknown = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
        part["dataAbsentReason"] = coded(unknown, "not-performed", "Not Performed")
    else:
        part["valueQuantity"] = _measured(code, value)
    return part


def _loinc(code: str) -> Json:
    names = (PARENTS[code], code) if code in PARENTS else (code,)
    codings = [{"system": systems.LOINC, "code": n, "display": KNOWN[n].name} for n in names]
    return {"coding": codings, "text": KNOWN[code].name}


def _measured(code: str, value: Decimal) -> Json:
    return quantity(value, KNOWN[code].unit or "1")


def _scale(observed: Observation) -> Json:
    known = SCALE_CODES.get(observed.scale)
    name = SCALE_NAMES.get(observed.scale, in_words(observed.scale))
    return {
        "code": _loinc(known) if known else own_code(observed.scale, name),
        "valueQuantity": quantity(observed.value, "{score}"),
    }


def _recovery(score: RecoveryScore) -> Json:
    return {
        "code": own_code(score.instrument, f"{in_words(score.instrument)} ({score.version})"),
        "valueQuantity": quantity(score.total, "{score}"),
        "component": [
            {
                "code": own_code(f"{score.instrument}.{item.item}", in_words(item.item)),
                "valueQuantity": quantity(item.score, "{score}"),
                **(_not_applicable() if item.not_applicable else {}),
            }
            for item in score.items
        ],
    }


def _not_applicable() -> Json:
    return {"interpretation": [{"text": "not applicable, scored all the same"}]}
