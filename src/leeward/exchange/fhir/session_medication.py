"""What was given in a session: the medicine, the administration, each stretch of rate."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from leeward.content.kinds.drug import Drug
from leeward.content.kinds.route import Route
from leeward.core.treatment import (
    DevicePlan,
    DosePlan,
    InfusionPlan,
    RateSegment,
    SessionState,
    Stage,
)

from .datatypes import Json
from .writing import DOSE_PER_KG, address, coded, entry, moment, period, quantity, reference

STATUS = {
    Stage.INFUSING: "in-progress",
    Stage.DOSING: "in-progress",
    Stage.PAUSED: "on-hold",
}


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
    yield from _single_doses(given, reference(medication), reference(whole))


def _medication(given: Given) -> Json:
    state, drug = given.state, given.drug
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
                "strength": _strength(state.plan),
            }
        ],
        "batch": batch,
    }


def _strength(plan: DosePlan) -> Json:
    """Drug in one millilitre, or in one device."""
    if isinstance(plan, DevicePlan):
        return {"numerator": quantity(plan.mg_per_device, "mg"), "denominator": {"value": 1}}
    numerator = quantity(plan.concentration_mg_per_ml, "mg")
    return {"numerator": numerator, "denominator": quantity(1, "mL")}


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
    dosage: Json = {"text": _ordered(plan), "route": _route(given.route)}
    if not isinstance(plan, DevicePlan):
        per_kg = quantity(plan.dose_mg_per_kg, "mg/kg")
        dosage["extension"] = [{"url": DOSE_PER_KG, "valueQuantity": per_kg}]
    if state.given_mg is not None:
        dosage["dose"] = quantity(state.given_mg, "mg")
    elif isinstance(plan, InfusionPlan):
        dosage["rateQuantity"] = quantity(plan.rate_ml_per_h, "mL/h")
    else:
        dosage["dose"] = quantity(state.given_mg_at(state.log[-1].envelope.recorded_at), "mg")
    end = state.infusion_ended_at
    notes = [f"Stopped: {state.stop_reason}"] if state.stop_reason else []
    notes += [f"More than ordered: {state.deviation}"] if state.deviation else []
    return {
        **_common(given, medication),
        "partOf": [given.procedure],
        "effectivePeriod": period(state.started.at if state.started else None, end),
        "dosage": dosage,
        "note": [{"text": note} for note in notes],
    }


def _ordered(plan: DosePlan) -> str:
    if isinstance(plan, DevicePlan):
        return f"Ordered {plan.dose_mg} mg: {plan.devices} devices of {plan.mg_per_device} mg"
    dose = f"Ordered {plan.dose_mg} mg ({plan.dose_mg_per_kg} mg/kg x {plan.weight_kg} kg)"
    over = f" over {plan.duration_min} min" if isinstance(plan, InfusionPlan) else ""
    return dose + over


def _single_doses(given: Given, medication: Json, whole: Json) -> Iterator[Json]:
    """Boluses, injections and devices: one administration each."""
    state = given.state
    singles = [(b.said, b.dose_mg, f"Bolus of {b.volume_ml} mL by {b.by}: {b.reason}")
               for b in state.boluses]  # fmt: skip
    singles += [(i.said, i.dose_mg, f"{i.volume_ml} mL, {i.site}") for i in state.injections]
    singles += [(u.said, u.dose_mg, f"Device {u.number}") for u in state.device_uses]
    for said, dose_mg, text in singles:
        resource = {
            **_common(given, medication),
            "status": "completed",
            "partOf": [whole],
            "effectiveDateTime": moment(said.at),
            "performer": [{"actor": {"display": said.by.name}}],
            "dosage": {
                "text": text,
                "route": _route(given.route),
                "dose": quantity(dose_mg, "mg"),
            },
        }
        yield entry(address(given.session_id, f"administration:dose:{said.seq}"), resource)


def rescue_entries(given: Given) -> Iterator[Json]:
    """Other medicines that were given, and oxygen, by name."""
    for rescue in given.state.rescues:
        resource = {
            "resourceType": "MedicationAdministration",
            "status": "completed",
            "medicationCodeableConcept": {"text": rescue.drug},
            "subject": given.patient,
            "context": given.encounter,
            "effectiveDateTime": moment(rescue.said.at),
            "performer": [{"actor": {"display": rescue.said.by.name}}],
            "dosage": {
                "text": f"{rescue.amount} {rescue.unit} {rescue.route}",
                "dose": {"value": rescue.amount, "unit": rescue.unit},
            },
            "note": [{"text": rescue.reason}],
        }
        yield entry(address(given.session_id, f"rescue:{rescue.said.seq}"), resource)


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
