"""What was given in a session: the medicine, the administration, each stretch of rate."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from leeward.content.kinds.drug import Drug
from leeward.content.kinds.route import Route
from leeward.core.treatment import RateSegment, SessionState, Stage

from .datatypes import Json
from .writing import DOSE_PER_KG, address, coded, entry, period, quantity, reference

STATUS = {Stage.INFUSING: "in-progress", Stage.PAUSED: "on-hold"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the administration resources are written from."""

    session_id: UUID
    state: SessionState
    drug: Drug
    route: Route
    patient: Json
    encounter: Json
    procedure: Json


def medication_entries(given: Given) -> Iterator[Json]:
    """The Medication and its administrations; nothing if the infusion never began."""
    if given.state.started is None:
        return
    medication = address(given.session_id, "medication")
    whole = address(given.session_id, "administration")
    yield entry(medication, _medication(given))
    yield entry(whole, _whole(given, reference(medication, given.drug.label)))
    for count, segment in enumerate(given.state.pump_log, start=1):
        url = address(given.session_id, f"administration:{count}")
        yield entry(url, _stretch(given, segment, reference(medication), reference(whole)))


def _medication(given: Given) -> Json:
    state, drug = given.state, given.drug
    concentration = state.pump_log[0].concentration_mg_per_ml
    name = coded(drug.codes[0].system, drug.codes[0].code, drug.codes[0].display)
    batch = {"lotNumber": state.lot} if state.lot else {}
    if state.expiry:
        batch["expirationDate"] = state.expiry.isoformat()
    return {
        "resourceType": "Medication",
        "code": {**name, "text": drug.label},
        "ingredient": [
            {
                "itemCodeableConcept": {**name, "text": drug.strength_of},
                "strength": {
                    "numerator": quantity(concentration, "mg"),
                    "denominator": quantity(1, "mL"),
                },
            }
        ],
        "batch": batch,
    }


def _common(given: Given, medication: Json) -> Json:
    state = given.state
    return {
        "resourceType": "MedicationAdministration",
        "status": STATUS.get(state.stage, "completed"),
        "medicationReference": medication,
        "subject": given.patient,
        "context": given.encounter,
        "performer": [{"actor": {"display": state.started.by.name}}] if state.started else [],
    }


def _whole(given: Given, medication: Json) -> Json:
    state, plan = given.state, given.state.plan
    dosage: Json = {
        "extension": [
            {
                "url": DOSE_PER_KG,
                "valueQuantity": quantity(plan.dose_mg_per_kg, "mg/kg"),
            }
        ],
        "text": (
            f"Ordered {plan.dose_mg} mg ({plan.dose_mg_per_kg} mg/kg x {plan.weight_kg} kg)"
            f" over {plan.duration_min} min"
        ),
        "route": _route(given.route),
    }
    if state.given_mg is not None:
        dosage["dose"] = quantity(state.given_mg, "mg")
    else:
        dosage["rateQuantity"] = quantity(plan.rate_ml_per_h, "mL/h")
    end = state.infusion_ended_at
    return {
        **_common(given, medication),
        "partOf": [given.procedure],
        "effectivePeriod": period(state.started.at if state.started else None, end),
        "dosage": dosage,
        "note": [{"text": f"Stopped: {state.stop_reason}"}] if state.stop_reason else [],
    }


def _stretch(given: Given, segment: RateSegment, medication: Json, whole: Json) -> Json:
    return {
        **_common(given, medication),
        "status": "completed" if segment.to_at else "in-progress",
        "partOf": [whole],
        "effectivePeriod": period(segment.from_at, segment.to_at),
        "dosage": {
            "text": f"{segment.rate_mg_per_h} mg/h",
            "route": _route(given.route),
            "rateQuantity": quantity(segment.rate_ml_per_h, "mL/h"),
        },
    }


def _route(route: Route) -> Json:
    return coded(route.code.system, route.code.code, route.code.display)
