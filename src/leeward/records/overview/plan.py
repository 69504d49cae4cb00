"""The plan builder's page: protocols to choose from, the order in force, what is known."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from leeward import content
from leeward.content.kinds.adjunct import Adjunct
from leeward.content.kinds.weight_basis import WeightBasis
from leeward.core.protocols import (
    BASES,
    CourseReview,
    DevicePlan,
    DosePlan,
    InfusionPlan,
    InjectionPlan,
    Protocol,
    Regimen,
    Spacing,
    review_due,
)
from leeward.core.quantities.formatting import show
from leeward.core.treatment.payload import plan_from_payload
from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import (
    DecisionLine,
    PatientBanner,
    banner_of,
    list_decisions,
)
from leeward.records.orders.models import CarePlan, MedicationRequest
from leeward.records.people.selectors import clinical_patient
from leeward.records.treatments.selectors import list_session_days


@dataclass(frozen=True, slots=True)
class OrderLine:
    id: UUID
    version: int
    status: str
    plan: DosePlan
    said: str
    ordered_by: str
    ordered_at: datetime
    because: str
    overrides: dict[str, str]
    session_count: int


@dataclass(frozen=True, slots=True)
class CourseLine:
    """The running course: what was given, when the next session is due, what is to be decided."""

    given: tuple[date, ...]
    planned: int
    earliest: date | None
    schedule: str
    review: CourseReview | None
    goals: str
    adjuncts: tuple[Adjunct, ...]
    adjuncts_note: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    banner: PatientBanner
    decision: DecisionLine | None
    orders: tuple[OrderLine, ...]
    in_force: OrderLine | None
    course: CourseLine | None
    protocols: tuple[Protocol, ...]
    regimens: tuple[Regimen, ...]
    adjuncts: tuple[Adjunct, ...]
    citations: dict[str, str]
    choices: dict[str, list[tuple[str, str]]]
    suggestion: dict[str, Any]
    may_order: bool

    @property
    def can_plan(self) -> bool:
        """Whether a plan can be made for this drug and route at all."""
        return bool(self.protocols) or any(regimen.at_once for regimen in self.regimens)

    @property
    def dose_unit(self) -> str:
        """Unit of a dose at once, where every regimen of this way has the same."""
        units = {step.unit for r in self.regimens if r.at_once for step in r.steps}
        return units.pop() if len(units) == 1 else "mg or mg/kg"


def get_plan_page(
    viewer: Actor, patient_id: UUID, *, drug: str, route: str, now: datetime
) -> PlanPage:
    """The page, or `NotFound` when the person is not the viewer's to see."""
    patient = clinical_patient(viewer, patient_id)
    library = content.load()
    protocols = tuple(p for p in library.protocols.values() if (p.drug, p.route) == (drug, route))
    regimens = tuple(r for r in library.regimens.values() if (r.drug, r.route) == (drug, route))
    banner = banner_of(patient, now)
    rows = list(
        MedicationRequest.objects.filter(patient=patient)
        .select_related("ordered_by", "care_plan")
        .order_by("-ordered_at")
    )
    orders = tuple(_order(row) for row in rows)
    decisions = [d for d in list_decisions(patient) if (d.drug, d.route) == (drug, route)]
    in_force = next((o for o in orders if _is_in_force(o, drug, route)), None)
    decision = decisions[0] if decisions else None
    running = next((row.care_plan for row in rows if in_force and row.id == in_force.id), None)
    return PlanPage(
        banner=banner,
        decision=decision,
        orders=orders,
        in_force=in_force,
        course=_course(running, in_force) if running and in_force else None,
        protocols=protocols,
        regimens=regimens,
        adjuncts=tuple(library.adjuncts.values()),
        citations={
            entry.id: library.sources[entry.citation.source].citation
            for entry in (*protocols, *regimens)
            if entry.citation is not None
        },
        choices=_choices(protocols, regimens, drug),
        suggestion=_suggestion(banner, in_force, decision, running),
        may_order=viewer.works_at(patient.location_id, "prescriber"),
    )


def _is_in_force(order: OrderLine, drug: str, route: str) -> bool:
    stands = order.status == MedicationRequest.ACTIVE
    return stands and (order.plan.drug, order.plan.route) == (drug, route)


def _order(row: MedicationRequest) -> OrderLine:
    plan = plan_from_payload(row.plan)
    return OrderLine(
        id=row.id,
        version=row.version,
        status=row.status,
        plan=plan,
        said=said_of(plan),
        ordered_by=row.ordered_by.name,
        ordered_at=row.ordered_at,
        because=row.because,
        overrides=row.overrides,
        session_count=row.care_plan.session_count,
    )


def said_of(plan: DosePlan) -> str:
    """A plan in a line."""
    dose = show(plan.dose_mg, "mg")
    if isinstance(plan, InfusionPlan):
        return f"{dose} over {show(plan.duration_min, 'min')}"
    if isinstance(plan, DevicePlan):
        return f"{dose}, {plan.devices} devices, {plan.phase}"
    return f"{dose} in {show(plan.volume_ml, 'mL')} {plan.route.upper()}, {plan.phase}"


def _course(running: CarePlan, in_force: OrderLine) -> CourseLine:
    library, plan = content.load(), in_force.plan
    given = list_session_days(running.id)
    spacing, schedule = _spacing(running, plan)
    return CourseLine(
        given=given,
        planned=running.session_count,
        earliest=spacing.earliest(given) if spacing else None,
        schedule=schedule,
        review=review_due(
            library.course_reviews.values(),
            drug=plan.drug,
            route=plan.route,
            indication=plan.indication,
            sessions=len(given),
        ),
        goals=running.goals,
        adjuncts=tuple(library.adjuncts[a] for a in running.adjuncts if a in library.adjuncts),
        adjuncts_note=running.adjuncts_note,
    )


def _spacing(running: CarePlan, plan: DosePlan) -> tuple[Spacing | None, str]:
    library = content.load()
    if not isinstance(plan, InfusionPlan):
        regimen = library.regimens.get(plan.protocol_id)
        step = regimen.step(plan.phase) if regimen else None
        return (step.spacing, step.schedule) if step else (None, "")
    protocol = library.protocols.get(plan.protocol_id)
    series = protocol.series if protocol else None
    return (series.spacing, series.interval) if series else (None, running.interval)


def _choices(
    protocols: tuple[Protocol, ...], regimens: tuple[Regimen, ...], drug: str
) -> dict[str, list[tuple[str, str]]]:
    library = content.load()
    at_once = [r for r in regimens if r.at_once]
    indications = sorted({i for p in (*protocols, *at_once) for i in p.indications})
    vials = [v for v in library.presentations.values() if v.drug == drug]
    return {
        "protocol_id": [("", "choose"), *((p.id, _title(p)) for p in protocols)],
        "indication": [("", "choose"), *((i, i.replace("_", " ")) for i in indications)],
        "presentation_id": [("", "choose"), *((v.id, v.label) for v in vials)],
        "phase_id": [("", "choose"), *_phases(at_once)],
        "weight_basis": [(b.id, b.label) for b in _bases()],
        "adjuncts": [(a.id, a.label) for a in library.adjuncts.values()],
    }


def _bases() -> list[WeightBasis]:
    bases = content.load().weight_bases
    return [bases[name] for name in BASES if name in bases]


def _phases(regimens: list[Regimen]) -> list[tuple[str, str]]:
    """Each phase of each regimen that a plan can be made from, with its published doses."""
    return [
        (
            f"{regimen.id}#{step.phase}",
            f"{regimen.title}: {step.phase}, "
            f"{' or '.join(show(dose.value, dose.unit) for dose in step.doses)}"
            f"{' (unverified)' if regimen.unverified else ''}",
        )
        for regimen in regimens
        for step in regimen.steps
    ]


def _title(protocol: Protocol) -> str:
    return f"{protocol.title}{' (unverified)' if protocol.unverified else ''}"


def _suggestion(
    banner: PatientBanner,
    in_force: OrderLine | None,
    decision: DecisionLine | None,
    running: CarePlan | None,
) -> dict[str, Any]:
    """Facts already known. A dose is never pre-filled for a new course."""
    weight = banner.weight
    known: dict[str, Any] = {
        "weight_kg": _to_tenth(weight.weight_kg) if weight else "",
        "weight_measured_on": weight.measured[:10] if weight else "",
        "weight_basis": "actual",
        "indication": decision.indication if decision else "",
    }
    if in_force is not None and running is not None:
        known |= {
            **_of_plan(in_force.plan),
            "indication": in_force.plan.indication,
            "presentation_id": in_force.plan.presentation_id or "",
            "session_count": in_force.session_count,
            "goals": running.goals,
            "adjuncts": list(running.adjuncts),
            "adjuncts_note": running.adjuncts_note,
        }
    return known


def _of_plan(plan: DosePlan) -> dict[str, Any]:
    if isinstance(plan, DevicePlan):
        return {"phase_id": f"{plan.protocol_id}#{plan.phase}", "dose": f"{plan.dose_mg:f}"}
    if isinstance(plan, InjectionPlan):
        return {
            "phase_id": f"{plan.protocol_id}#{plan.phase}",
            "dose": f"{plan.dose_mg_per_kg:f}",
            "weight_basis": plan.weight_basis,
        }
    return {
        "protocol_id": plan.protocol_id,
        "dose_mg_per_kg": f"{plan.dose_mg_per_kg:f}",
        "duration_min": f"{plan.duration_min:f}",
        "concentration_mg_per_ml": f"{plan.concentration_mg_per_ml:f}",
        "diluent": plan.diluent or "",
        "weight_basis": plan.weight_basis,
    }


def _to_tenth(weight_kg: Decimal) -> str:
    """A charted weight to the tenth a scale shows, for the prescriber to confirm or change."""
    rounded = weight_kg.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()
    return f"{rounded:f}"
