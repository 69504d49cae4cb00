"""One person's page: the chart with everything that happened, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.urls import reverse

from leeward.core.quantities.formatting import show
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.charts.models import QuestionnaireResponse
from leeward.records.charts.selectors import Chart, get_chart, label_of, plain
from leeward.records.consents.selectors import ConsentLine, find_consent_in_force
from leeward.records.orders.models import MedicationRequest
from leeward.records.people.models import Patient
from leeward.records.people.selectors import visible_patients
from leeward.records.scheduling.selectors import VisitLine, list_visits_of
from leeward.records.treatments.models import TreatmentSession

RECENT = 80


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline. `kind` chooses its mark; `link` leads to its page."""

    at: datetime
    kind: str
    title: str
    detail: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class SessionLine:
    id: UUID
    number: int | None
    opened_at: datetime
    stage: str


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Everything the patient chart shows."""

    chart: Chart
    timeline: tuple[Moment, ...]
    sessions: tuple[SessionLine, ...]
    visits: tuple[VisitLine, ...]
    consent: ConsentLine | None
    contact: dict[str, str]
    has_portal: bool


def get_patient_page(viewer: Actor, patient_id: UUID, *, now: datetime) -> PatientPage:
    """The page, or `NotFound` when the person is not the viewer's to see."""
    chart = get_chart(viewer, patient_id, now=now)
    patient = visible_patients(viewer).filter(id=patient_id).first()
    if patient is None:
        raise NotFound("patient")
    moments = sorted(_moments(patient), key=lambda m: m.at, reverse=True)
    return PatientPage(
        chart=chart,
        timeline=tuple(moments[:RECENT]),
        sessions=tuple(_session(s) for s in patient.sessions.order_by("-opened_at")),
        visits=tuple(v for v in list_visits_of(patient.id) if v.ends >= now),
        consent=find_consent_in_force(patient.id, "racemic_ketamine", "iv"),
        contact={
            "language": patient.language, "phone": patient.phone, "email": patient.email,
            "address": patient.address,
        },
        has_portal=patient.user_id is not None,
    )  # fmt: skip


def _session(row: TreatmentSession) -> SessionLine:
    return SessionLine(row.id, row.session_number, row.opened_at, row.stage)


def _moments(patient: Patient) -> Iterator[Moment]:
    for session in patient.sessions.all():
        number = f" {session.session_number}" if session.session_number else ""
        yield Moment(session.opened_at, "session", f"Session{number}", session.stage,
                     reverse("session", args=[session.id]))  # fmt: skip
    for order in MedicationRequest.objects.filter(patient=patient).select_related("ordered_by"):
        plan = order.plan
        yield Moment(
            order.ordered_at, "order", f"Order, version {order.version}",
            f"{_shown(plan['dose_mg'], 'mg')} over {_shown(plan['duration_min'], 'min')}, "
            f"{order.ordered_by.name}",
            reverse("plan", args=[patient.id]),
        )  # fmt: skip
    for decision in patient.candidacy_decisions.select_related("decided_by"):
        yield Moment(
            decision.decided_at, "decision", f"Candidacy: {decision.decision}",
            f"{decision.decided_by.name}: {decision.rationale}",
            reverse("candidacy", args=[patient.id]),
        )  # fmt: skip
    for consent in patient.consents.select_related("text"):
        yield Moment(consent.signed_at, "consent", "Consent signed",
                     f"{consent.text.title}, version {consent.text.version}")  # fmt: skip
    yield from _imported(patient)
    for answer in patient.questionnaire_responses.filter(
        status=QuestionnaireResponse.COMPLETED
    ).exclude(completed_at=None):
        total = "" if answer.total is None else f"{plain(answer.total)}, "
        yield Moment(answer.completed_at or answer.requested_at, "score",
                     answer.instrument.upper(), f"{total}{answer.band}")  # fmt: skip


def _imported(patient: Patient) -> Iterator[Moment]:
    for condition in patient.conditions.exclude(sort_at=None).order_by("-sort_at")[:RECENT]:
        yield Moment(condition.sort_at, "problem", label_of(condition), condition.status)
    for medicine in patient.medicationstatements.exclude(sort_at=None).order_by("-sort_at")[
        :RECENT
    ]:
        yield Moment(medicine.sort_at, "medicine", label_of(medicine), medicine.status)
    for procedure in patient.procedures.exclude(sort_at=None).order_by("-sort_at")[:RECENT]:
        yield Moment(procedure.sort_at, "procedure", procedure.text or "procedure")
    for encounter in patient.encounters.exclude(sort_at=None).order_by("-sort_at")[:RECENT]:
        yield Moment(encounter.sort_at, "encounter", encounter.text or encounter.class_code)


def _shown(amount: str, unit: str) -> str:
    """To the hundredth, for reading: the order itself keeps every decimal."""
    exact = Decimal(amount)
    rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return show(rounded if rounded else exact, unit)
