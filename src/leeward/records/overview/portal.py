"""The patient's own pages: the next visit by the clock, things to do, one question at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward import content
from leeward.core.instruments import Form, FormItem, Instrument
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.charts.models import QuestionnaireResponse
from leeward.records.consents.selectors import ConsentLine, list_consents_of
from leeward.records.organizations.models import ClinicLimits
from leeward.records.organizations.selectors import find_limits
from leeward.records.people.models import Patient
from leeward.records.scheduling.models import Appointment

from .outcomes import OPEN, own_patient

DRUG, ROUTE = "racemic_ketamine", "iv"
COMING = (Appointment.BOOKED, Appointment.ARRIVED, Appointment.IN_SESSION)
# What to stop when, as the clinic's approved limits say, earliest first.
FASTING = (("meal", "fasting.fatty_meal_h"), ("light_meal", "fasting.light_meal_h"),
           ("clear_liquid", "fasting.clear_liquid_h"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComingVisit:
    """The next visit, in the clinic's own time."""

    starts: datetime
    ends: datetime
    number: int | None
    of: int | None
    location: str
    address: str


@dataclass(frozen=True, slots=True)
class StopBy:
    """From when on something is not to be eaten or drunk before the visit."""

    kind: str  # meal | light_meal | clear_liquid
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Questions that wait for answers."""

    id: UUID
    questions: int
    answered: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PrepareLine:
    text: str
    help: str


@dataclass(frozen=True, slots=True)
class PortalHome:
    patient_id: UUID
    given: str
    timezone: str
    clinic: str
    phone: str
    visit: ComingVisit | None
    stops: tuple[StopBy, ...]
    forms: tuple[OpenForm, ...]
    prepare: tuple[PrepareLine, ...]
    consents: tuple[ConsentLine, ...]
    has_scores: bool

    @property
    def zone_city(self) -> str:
        """The clinic's time zone as people call it: by its city."""
        return self.timezone.rpartition("/")[2].replace("_", " ")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form, with the answer kept so far. `number` counts from 1."""

    number: int
    count: int
    item: FormItem
    kept: int | None
    was_left_out: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question on the page that shows all answers before they are sent."""

    number: int
    text: str
    answer: str
    left_out: bool


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form being answered by the patient it belongs to."""

    id: UUID
    instrument: Instrument
    form: Form
    open: bool
    answers: tuple[AnswerLine, ...]
    first_unanswered: int
    clinic_phone: str

    @property
    def count(self) -> int:
        return len(self.form.items)


def get_portal_home(viewer: Actor, *, language: str, now: datetime) -> PortalHome:
    """The patient's start page, or `NotFound` for anybody else."""
    patient = own_patient(viewer)
    place, zone = patient.location, ZoneInfo(patient.location.timezone)
    visit = _coming(patient, zone, now)
    done = QuestionnaireResponse.COMPLETED
    return PortalHome(
        patient_id=patient.id,
        given=patient.given or patient.family,
        timezone=place.timezone,
        clinic=place.name,
        phone=place.phone,
        visit=visit,
        stops=tuple(_stops(place.id, visit, now)) if visit else (),
        forms=tuple(_open_form(row) for row in _open_forms(patient)),
        prepare=tuple(_prepare(language)) if visit else (),
        consents=tuple(c for c in list_consents_of(patient.id) if c.in_force),
        has_scores=patient.questionnaire_responses.filter(status=done).exists(),
    )


def get_form_page(viewer: Actor, response_id: UUID, *, language: str) -> FormPage:
    """A form of the viewer's own, or `NotFound`."""
    patient = own_patient(viewer)
    row = patient.questionnaire_responses.filter(id=response_id).first()
    instrument = content.load().instruments.get(row.instrument) if row else None
    form = instrument.form(language) if instrument else None
    if row is None or instrument is None or form is None:
        raise NotFound("questionnaire")
    answers = tuple(
        _answer_line(number, item, row.answers) for number, item in enumerate(form.items, start=1)
    )
    unanswered = (n for n, item in enumerate(form.items, 1) if item.link_id not in row.answers)
    return FormPage(
        id=row.id,
        instrument=instrument,
        form=form,
        open=row.status in OPEN,
        answers=answers,
        first_unanswered=next(unanswered, 0),
        clinic_phone=patient.location.phone,
    )


def get_question(page: FormPage, viewer: Actor, number: int) -> Question:
    """One question of a form by its number."""
    if not 1 <= number <= page.count:
        raise NotFound("question")
    row = own_patient(viewer).questionnaire_responses.get(id=page.id)
    item = page.form.items[number - 1]
    kept = row.answers.get(item.link_id)
    return Question(
        number=number,
        count=page.count,
        item=item,
        kept=kept if isinstance(kept, int) else None,
        was_left_out=item.link_id in row.answers and kept is None,
    )


def _coming(patient: Patient, zone: ZoneInfo, now: datetime) -> ComingVisit | None:
    row = (
        Appointment.objects.filter(patient=patient, status__in=COMING, ends__gte=now)
        .select_related("location")
        .order_by("starts")
        .first()
    )
    if row is None:
        return None
    plan = patient.care_plans.filter(status="active").order_by("-created_at").first()
    return ComingVisit(
        starts=row.starts.astimezone(zone),
        ends=row.ends.astimezone(zone),
        number=row.session_number,
        of=plan.session_count if plan else None,
        location=row.location.name,
        address=row.location.address,
    )


def _stops(location_id: UUID, visit: ComingVisit, now: datetime) -> Iterator[StopBy]:
    """Clock times of this person's day; only from limits the clinic has approved."""
    limits = find_limits(location_id, DRUG, ROUTE, ClinicLimits.APPROVED)
    if limits is None or visit.starts <= now:
        return
    for kind, parameter in FASTING:
        hours = limits.value(parameter)
        if hours is not None:
            yield StopBy(kind, visit.starts - timedelta(hours=float(hours)))


def _open_forms(patient: Patient) -> Iterator[QuestionnaireResponse]:
    known = content.load().instruments
    rows = patient.questionnaire_responses.filter(status__in=OPEN, mode="self")
    for row in rows.order_by("requested_at"):
        instrument = known.get(row.instrument)
        if instrument is not None and not instrument.score_entry_only:
            yield row


def _open_form(row: QuestionnaireResponse) -> OpenForm:
    items = content.load().instruments[row.instrument].items
    answered = sum(item.link_id in row.answers for item in items)
    return OpenForm(row.id, len(items), answered, row.due_at)


def _prepare(language: str) -> Iterator[PrepareLine]:
    spanish = language.startswith("es")
    for checklist in content.load().checklists.values():
        if (checklist.drug, checklist.route, checklist.audience) == (DRUG, ROUTE, "patient"):
            for item in checklist.items:
                yield PrepareLine(
                    item.label_es if spanish else item.label,
                    item.help_es if spanish else item.help,
                )


def _answer_line(number: int, item: FormItem, answers: dict[str, object]) -> AnswerLine:
    value = answers.get(item.link_id)
    label = next((option.label for option in item.options if option.value == value), "")
    return AnswerLine(number, item.text, label, item.link_id in answers and value is None)
