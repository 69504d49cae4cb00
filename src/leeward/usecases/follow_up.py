"""Questions asked of a patient between sessions: asked for, answered one by one, scored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext, override

from leeward import content
from leeward.core.instruments import (
    Alert,
    Answers,
    Form,
    Instrument,
    alerts_on_answer,
    score,
    too_soon_after_session,
)
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import (
    FRONT_DESK,
    NURSE,
    PATIENT,
    PRESCRIBER,
    Actor,
    NotFound,
)
from leeward.records.audit import store as audit
from leeward.records.charts.models import QuestionnaireResponse
from leeward.usecases.access import access_patient
from leeward.usecases.notify import queue_message
from leeward.usecases.tasks import raise_task

PHQ_9 = "phq-9"
OPEN = (QuestionnaireResponse.REQUESTED, QuestionnaireResponse.IN_PROGRESS)
TASK = "answer_alert"
LANGUAGE_CHANGED = "language_changed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for answers, and whether a message about it could be sent."""

    response: QuestionnaireResponse
    sent: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was kept, and what it set in motion."""

    response: QuestionnaireResponse
    alerts: tuple[Alert, ...]


def ask_questionnaire(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    link: str,
    instrument_id: str = PHQ_9,
    because: str = "",
) -> Asked | Refusal:
    """Ask a patient to answer a scale in the portal, and tell them by the contact on record.

    The message names no condition, no drug and no scale: others may read it.

    *Refuses when* the scale's words may not be shown, the patient has no login, or the same
    scale is open already. *Emits* audit `questionnaire.asked`. *Locks* nothing.
    """
    patient = access_patient(actor, patient_id, NURSE, PRESCRIBER, FRONT_DESK)
    instrument = content.load().instruments.get(instrument_id)
    if instrument is None or instrument.score_entry_only:
        return Refusal("questionnaire.unknown", "These questions are not part of Leeward.")
    if patient.user_id is None:
        return Refusal(
            "questionnaire.no_portal",
            "The patient has no login yet. Open the portal on the chart, then ask.",
        )
    with transaction.atomic():
        if done := audit.recall(command_id, "ask_questionnaire", actor):
            return Asked(QuestionnaireResponse.objects.get(id=done), sent=True)
        waiting = patient.questionnaire_responses.filter(instrument=instrument_id, status__in=OPEN)
        if waiting.exists():
            return Refusal(
                "questionnaire.open", "The patient has been asked and has not finished."
            )
        response = QuestionnaireResponse.objects.create(
            id=uuid5(command_id, "response"), patient=patient, instrument=instrument_id,
            version=instrument.version[:120], language=patient.language, because=because.strip(),
            requested_at=now,
        )  # fmt: skip
        with override(patient.language):
            subject = gettext("A few questions from your clinic")
            body = gettext(
                "Your clinic asks you to answer a few questions before your next visit. It takes "
                "about three minutes. Sign in here: %(link)s"
            ) % {"link": link}
        message = queue_message(
            actor=actor, now=now, command_id=command_id, patient=patient,
            purpose="questionnaire", subject=subject, body=body,
        )  # fmt: skip
        audit.record(
            actor, "questionnaire.asked", at=now, patient_id=patient.id,
            subject=("questionnaire", response.id), instrument=instrument_id,
        )  # fmt: skip
        audit.remember(command_id, "ask_questionnaire", actor, now, response.id)
    return Asked(response, sent=message is not None)


def answer_question(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    response_id: UUID,
    link_id: str,
    value: int | None,
    language: str,
) -> Answered | Refusal:
    """Keep one answer (None: left out), and act on it at once if it must be acted on.

    *Refuses when* the form is finished, or the answer is none of the question's. *Emits* audit
    `questionnaire.answered`; raises an urgent task for an alert, once for each answer that fires
    it. *Locks* the response.
    """
    with transaction.atomic():
        response = _own_response(actor, response_id)
        if response.status not in OPEN:
            return Refusal("questionnaire.finished", "You have already sent these answers.")
        instrument, form = _form(response, language)
        item = instrument.item(link_id)
        if item is None or (value is not None and not item.accepts(value)):
            return Refusal("questionnaire.answer", "Choose one of the answers.", field=link_id)
        _keep(response, form, link_id, value)
        audit.record(
            actor, "questionnaire.answered", at=now, patient_id=response.patient_id,
            subject=("questionnaire", response.id), item=link_id,
        )  # fmt: skip
        alerts: tuple[Alert, ...] = ()
        if value is not None:
            alerts = alerts_on_answer(
                instrument, link_id, value, previous=_previous(response, link_id)
            )
        for alert in alerts:
            _raise(response, instrument, alert, value, actor=actor, now=now)
    return Answered(response, alerts)


def complete_questionnaire(
    *, actor: Actor, now: datetime, command_id: UUID, response_id: UUID
) -> QuestionnaireResponse | Refusal:
    """Send the answers: they are scored and can no longer be changed.

    *Refuses when* nothing was answered or the answers cannot be scored. *Emits* audit
    `questionnaire.completed`. *Locks* the response.
    """
    with transaction.atomic():
        response = _own_response(actor, response_id)
        if response.status == QuestionnaireResponse.COMPLETED:
            return response
        instrument = content.load().instruments[response.instrument]
        answers = answers_of(response)
        if all(value is None for value in answers.values()):
            return Refusal("questionnaire.empty", "Answer at least one question, then send.")
        result = score(instrument, answers, sex=response.patient.sex)
        if isinstance(result, Refusal):
            return result
        response.total = None if result.total is None else Decimal(str(round(result.total, 2)))
        response.band = result.band.label[:80] if result.band else ""
        response.flags = [*response.flags, *result.flags, *_too_soon(response, instrument, now)]
        response.status = QuestionnaireResponse.COMPLETED
        response.completed_at = now
        response.save(update_fields=["total", "band", "flags", "status", "completed_at"])
        audit.record(
            actor, "questionnaire.completed", at=now, patient_id=response.patient_id,
            subject=("questionnaire", response.id), instrument=response.instrument,
            total=str(response.total), flags=response.flags,
        )  # fmt: skip
    return response


def answers_of(response: QuestionnaireResponse) -> Answers:
    """The answers kept so far, by link id."""
    return {str(key): value for key, value in response.answers.items()}


def _own_response(actor: Actor, response_id: UUID) -> QuestionnaireResponse:
    """The response if it is the patient's own, locked; anybody else's does not exist."""
    response = (
        QuestionnaireResponse.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(id=response_id, patient__organization_id=actor.wall)
        .first()
    )
    if response is None or actor.is_staff:
        raise NotFound("questionnaire")
    access_patient(actor, response.patient_id, PATIENT)
    return response


def _form(response: QuestionnaireResponse, language: str) -> tuple[Instrument, Form]:
    instrument = content.load().instruments[response.instrument]
    form = instrument.form(language)
    assert form is not None, "only scales whose words may be shown are asked for"
    return instrument, form


def _keep(response: QuestionnaireResponse, form: Form, link_id: str, value: int | None) -> None:
    """The answer with the words it was given to; a change of language in between is flagged."""
    if response.form_sha256 not in ("", form.sha256) and LANGUAGE_CHANGED not in response.flags:
        response.flags = [*response.flags, LANGUAGE_CHANGED]
    response.answers = {**response.answers, link_id: value}
    response.status = QuestionnaireResponse.IN_PROGRESS
    response.language, response.form_sha256 = form.language, form.sha256
    response.save(update_fields=["answers", "status", "language", "form_sha256", "flags"])


def _previous(response: QuestionnaireResponse, link_id: str) -> int | None:
    """The answer to the same question in the last administration."""
    last = (
        QuestionnaireResponse.objects.filter(
            patient_id=response.patient_id, instrument=response.instrument,
            status=QuestionnaireResponse.COMPLETED,
        )
        .exclude(id=response.id)
        .order_by("-completed_at")
        .first()
    )  # fmt: skip
    value = last.answers.get(link_id) if last else None
    return value if isinstance(value, int) else None


def _raise(
    response: QuestionnaireResponse,
    instrument: Instrument,
    alert: Alert,
    value: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """An urgent task, once for each answer: going back and forth does not multiply it."""
    words = instrument.form("en")
    assert words is not None
    said = next(
        (
            f"“{option.label}” to “{item.text}”"
            for item in words.items
            if item.link_id in alert.link_ids
            for option in item.options
            if option.value == value
        ),
        str(value),
    )
    raise_task(
        actor=actor, now=now, command_id=uuid5(response.id, f"{alert.code}:{value}"),
        patient=response.patient, kind=TASK, priority="urgent", role=NURSE,
        because=f"{instrument.title}: {said}. {alert.action}",
        subject=("questionnaire", str(response.id)),
    )  # fmt: skip


def _too_soon(response: QuestionnaireResponse, instrument: Instrument, now: datetime) -> list[str]:
    """A flag when the scale looks back over a session that has only just ended."""
    ended = (
        response.patient.sessions.exclude(closed_at=None)
        .filter(closed_at__lte=now)
        .order_by("-closed_at")
        .values_list("closed_at", flat=True)
        .first()
    )
    if ended is None:
        return []
    refusal = too_soon_after_session(instrument, session_ended_at=ended, completed_at=now)
    return [] if refusal is None else ["too_soon_after_session"]
