"""One scale over a course: for staff with response and remission, for the patient without."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward import content
from leeward.core.instruments import Change, Instrument, Measurement, Trajectory, follow
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.charts.models import QuestionnaireResponse
from leeward.records.charts.selectors import PatientBanner, banner_of
from leeward.records.people.models import Patient
from leeward.records.people.selectors import visible_patients

PHQ_9 = "phq-9"
# Stages of a session from which on the drug has been given.
TREATED = ("infusing", "paused", "recovery", "discharged", "departed", "signed")
OPEN = (QuestionnaireResponse.REQUESTED, QuestionnaireResponse.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One finished or unfinished administration; without a total it is a gap, never a zero."""

    id: UUID
    at: datetime
    total: float | None
    band: str
    complete: bool
    flags: tuple[str, ...]
    alert_item: int | None
    origin: str


@dataclass(frozen=True, slots=True)
class SessionMark:
    at: datetime
    number: int | None


@dataclass(frozen=True, slots=True)
class BandLine:
    """A named stretch of the score, both ends included [score]."""

    low: float
    high: float
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Course:
    """A scale over time, in the time zone of the patient's clinic."""

    instrument: str
    title: str
    lowest: float
    highest: float
    bands: tuple[BandLine, ...]
    lines: tuple[ScoreLine, ...]
    sessions: tuple[SessionMark, ...]
    waiting: ScoreLine | None
    timezone: str

    @property
    def scored(self) -> tuple[ScoreLine, ...]:
        return tuple(line for line in self.lines if line.total is not None)

    @property
    def first(self) -> ScoreLine | None:
        return self.scored[0] if self.scored else None

    @property
    def last(self) -> ScoreLine | None:
        return self.scored[-1] if self.scored else None


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """What staff see: the course, and how it reads by the published definition."""

    banner: PatientBanner
    course: Course
    trajectory: Trajectory | None
    change: Change | None
    no_change_because: str
    has_portal: bool
    reachable: bool
    may_ask: bool
    notice: str

    @property
    def points(self) -> str:
        """The size of the change [score]; its sign stands apart."""
        return f"{abs(self.change.points):g}" if self.change else ""

    @property
    def percent(self) -> str:
        share = self.change.improvement_percent if self.change else None
        return "" if share is None else f"{abs(share):.0f}"


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """What the patient sees of their own course."""

    course: Course
    change: Change | None
    clinic_phone: str
    notice: str


def get_outcomes_page(viewer: Actor, patient_id: UUID, *, now: datetime) -> OutcomesPage:
    """The staff page, or `NotFound` when the person is not the viewer's to see."""
    patient = visible_patients(viewer).filter(id=patient_id).first()
    if patient is None or not viewer.is_staff:
        raise NotFound("patient")
    instrument = content.load().instruments[PHQ_9]
    course, form = _course(patient, instrument), instrument.form("en")
    trajectory, because = _trajectory(course, instrument)
    return OutcomesPage(
        banner=banner_of(patient, now),
        course=course,
        trajectory=trajectory,
        change=trajectory.latest if trajectory else None,
        no_change_because=because,
        has_portal=patient.user_id is not None,
        reachable=bool(patient.email or patient.phone),
        may_ask=viewer.works_at(patient.location_id, "nurse", "prescriber", "front_desk"),
        notice=form.notice if form else "",
    )


def get_progress_page(viewer: Actor, *, language: str = "en") -> ProgressPage:
    """The patient's own page; anybody else has none."""
    patient = own_patient(viewer)
    instrument = content.load().instruments[PHQ_9]
    course = _course(patient, instrument)
    trajectory, _ = _trajectory(course, instrument)
    form = instrument.form(language)
    return ProgressPage(
        course=course,
        change=trajectory.latest if trajectory else None,
        clinic_phone=patient.location.phone,
        notice=f"{form.title}. {form.notice}" if form else "",
    )


def own_patient(viewer: Actor) -> Patient:
    """The record of the patient who looks, or `NotFound`."""
    found = (
        Patient.objects.select_related("location")
        .filter(id=viewer.patient_id, organization_id=viewer.wall)
        .first()
    )
    if found is None or viewer.is_staff:
        raise NotFound("patient")
    return found


def _course(patient: Patient, instrument: Instrument) -> Course:
    zone = ZoneInfo(patient.location.timezone)
    rows = patient.questionnaire_responses.filter(instrument=instrument.id)
    lines = sorted((_line(row, instrument, zone) for row in rows), key=lambda line: line.at)
    rule = instrument.scoring
    sessions = patient.sessions.filter(stage__in=TREATED).order_by("opened_at")
    return Course(
        instrument=instrument.id,
        title=instrument.title,
        lowest=float(rule.minimum or 0),
        highest=float(rule.maximum or 0),
        bands=_bands(instrument),
        lines=tuple(line for line in lines if line.complete),
        sessions=tuple(
            SessionMark(s.opened_at.astimezone(zone), s.session_number) for s in sessions
        ),
        waiting=next((line for line in reversed(lines) if not line.complete), None),
        timezone=patient.location.timezone,
    )


def _line(row: QuestionnaireResponse, instrument: Instrument, zone: ZoneInfo) -> ScoreLine:
    alert_items = [link for alert in instrument.alerts for link in alert.link_ids]
    alerted = [row.answers.get(link) for link in alert_items if link in row.answers]
    value = alerted[0] if alerted and isinstance(alerted[0], int) else None
    return ScoreLine(
        id=row.id,
        at=(row.completed_at or row.requested_at).astimezone(zone),
        total=None if row.total is None else float(row.total),
        band=row.band,
        complete=row.status == QuestionnaireResponse.COMPLETED,
        flags=tuple(row.flags),
        alert_item=value,
        origin="imported" if row.source_id else "portal",
    )


def _bands(instrument: Instrument) -> tuple[BandLine, ...]:
    scheme = instrument.scoring.bands
    if scheme is None:
        return ()
    return tuple(
        BandLine(float(b.lo), float(b.hi), b.code, b.label)
        for b in scheme.bands
        if b.lo is not None and b.hi is not None
    )


def _trajectory(course: Course, instrument: Instrument) -> tuple[Trajectory | None, str]:
    if not course.sessions:
        return None, "No session has been held yet; change counts from the first."
    found = follow(instrument, _measurements(course.lines), first_session_at=course.sessions[0].at)
    if isinstance(found, Refusal):
        return None, found.because
    because = found.baseline.because if isinstance(found.baseline, Refusal) else ""
    if not because and not found.changes:
        because = "No answers since the first session."
    return found, because


def _measurements(lines: Iterable[ScoreLine]) -> list[Measurement]:
    return [
        Measurement(line.at, line.total, "self", prorated="prorated" in line.flags)
        for line in lines
    ]
