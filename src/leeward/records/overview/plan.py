"""The plan builder's page: protocols to choose from, the order in force, what is known."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from leeward import content
from leeward.core.protocols import InfusionPlan, Protocol
from leeward.core.treatment.payload import plan_from_payload
from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import (
    DecisionLine,
    PatientBanner,
    banner_of,
    list_decisions,
)
from leeward.records.orders.models import MedicationRequest
from leeward.records.people.selectors import clinical_patient


@dataclass(frozen=True, slots=True)
class OrderLine:
    id: UUID
    version: int
    status: str
    plan: InfusionPlan
    ordered_by: str
    ordered_at: datetime
    because: str
    overrides: dict[str, str]
    session_count: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    banner: PatientBanner
    decision: DecisionLine | None
    orders: tuple[OrderLine, ...]
    in_force: OrderLine | None
    protocols: tuple[Protocol, ...]
    citations: dict[str, str]
    choices: dict[str, list[tuple[str, str]]]
    suggestion: dict[str, Any]
    may_order: bool


def get_plan_page(
    viewer: Actor, patient_id: UUID, *, drug: str, route: str, now: datetime
) -> PlanPage:
    """The page, or `NotFound` when the person is not the viewer's to see."""
    patient = clinical_patient(viewer, patient_id)
    library = content.load()
    protocols = tuple(p for p in library.protocols.values() if (p.drug, p.route) == (drug, route))
    banner = banner_of(patient, now)
    orders = tuple(
        _order(row)
        for row in MedicationRequest.objects.filter(patient=patient)
        .select_related("ordered_by", "care_plan")
        .order_by("-ordered_at")
    )
    decisions = [d for d in list_decisions(patient) if (d.drug, d.route) == (drug, route)]
    in_force = next((o for o in orders if o.status == MedicationRequest.ACTIVE), None)
    decision = decisions[0] if decisions else None
    return PlanPage(
        banner=banner,
        decision=decision,
        orders=orders,
        in_force=in_force,
        protocols=protocols,
        citations={
            p.id: library.sources[p.citation.source].citation
            for p in protocols
            if p.citation is not None
        },
        choices=_choices(protocols, drug),
        suggestion=_suggestion(banner, in_force, decision),
        may_order=viewer.works_at(patient.location_id, "prescriber"),
    )


def _order(row: MedicationRequest) -> OrderLine:
    return OrderLine(
        id=row.id,
        version=row.version,
        status=row.status,
        plan=plan_from_payload(row.plan),
        ordered_by=row.ordered_by.name,
        ordered_at=row.ordered_at,
        because=row.because,
        overrides=row.overrides,
        session_count=row.care_plan.session_count,
    )


def _choices(protocols: tuple[Protocol, ...], drug: str) -> dict[str, list[tuple[str, str]]]:
    library = content.load()
    indications = sorted({i for p in protocols for i in p.indications})
    vials = [v for v in library.presentations.values() if v.drug == drug]
    return {
        "protocol_id": [("", "choose"), *((p.id, _title(p)) for p in protocols)],
        "indication": [("", "choose"), *((i, i.replace("_", " ")) for i in indications)],
        "presentation_id": [("", "choose"), *((v.id, v.label) for v in vials)],
    }


def _title(protocol: Protocol) -> str:
    return f"{protocol.title}{' (unverified)' if protocol.unverified else ''}"


def _suggestion(
    banner: PatientBanner, in_force: OrderLine | None, decision: DecisionLine | None
) -> dict[str, Any]:
    """Facts already known. A dose is never pre-filled for a new course."""
    weight = banner.weight
    known: dict[str, Any] = {
        "weight_kg": _to_tenth(weight.weight_kg) if weight else "",
        "weight_measured_on": weight.measured[:10] if weight else "",
        "indication": decision.indication if decision else "",
    }
    if in_force is not None:
        plan = in_force.plan
        known |= {
            "protocol_id": plan.protocol_id,
            "indication": plan.indication,
            "presentation_id": plan.presentation_id,
            "dose_mg_per_kg": f"{plan.dose_mg_per_kg:f}",
            "duration_min": f"{plan.duration_min:f}",
            "concentration_mg_per_ml": f"{plan.concentration_mg_per_ml:f}",
            "diluent": plan.diluent or "",
            "session_count": in_force.session_count,
        }
    return known


def _to_tenth(weight_kg: Decimal) -> str:
    """A charted weight to the tenth a scale shows, for the prescriber to confirm or change."""
    rounded = weight_kg.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()
    return f"{rounded:f}"
