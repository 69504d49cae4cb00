"""Who and what a session record is about: place, patient, order, drug, consent."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from leeward import content
from leeward.core.treatment import DevicePlan, SessionState
from leeward.core.treatment.payload import plan_to_payload
from leeward.records.consents.models import Consent
from leeward.records.people.models import Patient
from leeward.records.treatments.models import TreatmentSession

Json = dict[str, Any]


def people_sections(session: TreatmentSession, state: SessionState) -> Json:
    """Session, patient, weight, order, drug and consent of a record."""
    return {
        "session": _session(session, state),
        "patient": _patient(session.patient),
        "weight": _weight(state),
        "order": _order(session, state),
        "drug": _drug(state),
        "consent": _consent(session, state),
    }


def amount(value: Decimal | None) -> str | None:
    """An amount as the record writes it: exact, never in exponents."""
    return None if value is None else f"{value:f}"


def moment(at: datetime | None) -> str | None:
    """A time as the record writes it: ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def _session(session: TreatmentSession, state: SessionState) -> Json:
    place = session.location
    return {
        "id": str(session.id),
        "number": session.session_number,
        "opened_at": moment(state.opened.at),
        "started_at": moment(state.started.at if state.started else None),
        "stopped_at": moment(state.infusion_ended_at),
        "discharged_at": moment(state.discharged.at if state.discharged else None),
        "departed_at": moment(state.departed.at if state.departed else None),
        "chair": session.chair.label,
        "location": place.name,
        "address": place.address,
        "organization": place.organization.name,
        "timezone": place.timezone,
    }


def _patient(patient: Patient) -> Json:
    return {
        "id": str(patient.id),
        "family": patient.family,
        "given": patient.given,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex,
        "language": patient.language,
        "identifiers": [
            {str(key): str(value) for key, value in identifier.items()}
            for identifier in patient.identifiers
            if isinstance(identifier, dict)
        ],
    }


def _weight(state: SessionState) -> Json | None:
    """The weight the dose was worked out from; None where the dose needs none."""
    plan = state.plan
    if isinstance(plan, DevicePlan):
        return None
    return {
        "weight_kg": amount(plan.weight_kg),
        "measured_on": plan.weight_measured_on.isoformat(),
        "basis": plan.weight_basis,
    }


def _order(session: TreatmentSession, state: SessionState) -> Json:
    order = session.order
    return {
        "id": str(order.id),
        "version": order.version,
        "ordered_by": order.ordered_by.name,
        "ordered_at": moment(order.ordered_at),
        "because": order.because,
        "reasons": {str(key): str(value) for key, value in order.overrides.items()},
        "plan": plan_to_payload(state.plan),
    }


def _drug(state: SessionState) -> Json:
    library = content.load()
    plan = state.plan
    device = plan if isinstance(plan, DevicePlan) else None
    liquid = None if isinstance(plan, DevicePlan) else plan
    vial = library.presentations.get(plan.presentation_id or "")
    return {
        "id": plan.drug,
        "name": library.drugs[plan.drug].name,
        "route": library.routes[plan.route].name,
        "vial": vial.label if vial else "",
        "concentration_mg_per_ml": amount(liquid.concentration_mg_per_ml) if liquid else None,
        "mg_per_device": amount(device.mg_per_device) if device else None,
        "diluent": (liquid.diluent or "") if liquid else "",
        "lot": state.lot,
        "expiry": state.expiry.isoformat() if state.expiry else None,
    }


def _consent(session: TreatmentSession, state: SessionState) -> Json | None:
    """The consent that was in force when the session was opened."""
    row = (
        Consent.objects.filter(
            patient_id=session.patient_id,
            drug=state.plan.drug,
            route=state.plan.route,
            signed_at__lte=state.opened.at,
        )
        .exclude(withdrawn_at__lte=state.opened.at)
        .select_related("text")
        .order_by("-signed_at")
        .first()
    )
    if row is None:
        return None
    return {
        "title": row.text.title,
        "version": row.text.version,
        "language": row.text.language,
        "text_sha256": row.text_id,
        "signed_name": row.signed_name,
        "signed_at": moment(row.signed_at),
    }
