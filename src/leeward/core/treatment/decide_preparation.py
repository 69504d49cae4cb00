"""Decisions before the start: opening, identity, checklist, time-out."""

from dataclasses import replace

from leeward.core.protocols.checks import check_stated_figures
from leeward.core.quantities import Refusal

from . import commands as c
from . import events as e
from .context import Context, Decision, refuse_blank
from .gates import missing_for_start, unlike_figures
from .state import PREPARING, SessionState


def open_session(command: c.OpenSession) -> Decision:
    wrong = check_stated_figures(command.plan)
    if wrong:
        return wrong[0]
    for field in ("patient_id", "chair_id", "order_id", "content_digest", "limits_digest"):
        if not getattr(command, field):
            because = f"A session can't be opened without its {field.replace('_', ' ')}."
            return Refusal(f"{field}.empty", because, field=field)
    return (
        e.SessionOpened(
            patient_id=command.patient_id,
            chair_id=command.chair_id,
            order_id=command.order_id,
            plan=command.plan,
            monitoring=command.monitoring,
            content_digest=command.content_digest,
            limits_digest=command.limits_digest,
        ),
    )


def identify(state: SessionState, command: c.IdentifyPatient, context: Context) -> Decision:
    kinds = tuple(dict.fromkeys(k.strip() for k in command.identifiers if k.strip()))
    required = state.monitoring.identifiers_required
    if len(kinds) < required:
        because = f"Ask the patient for {required} different identifiers; {len(kinds)} were given."
        return Refusal("identity.too_few", because, field="identifiers")
    return _refuse_started(state) or (e.PatientIdentified(kinds),)


def answer_check(state: SessionState, command: c.AnswerCheck, context: Context) -> Decision:
    if command.item not in {check.item for check in state.monitoring.checks}:
        because = f"“{command.item}” is not on this session's checklist."
        return Refusal("check.unknown", because, field="item")
    if blank := refuse_blank(command.answer, field="answer", what="the answer"):
        return blank
    answered = e.CheckAnswered(command.item, command.answer, command.note)
    return _refuse_started(state) or (answered,)


def override_check(state: SessionState, command: c.OverrideCheck, context: Context) -> Decision:
    if blank := refuse_blank(command.reason, field="reason", what="why it can go on"):
        return blank
    if started := _refuse_started(state):
        return started
    for missing in missing_for_start(state, context.at):
        if missing.item == command.item:
            if missing.overridable:
                return (e.CheckOverridden(command.item, command.reason),)
            because = f"This can't be overridden. {missing.because}"
            return Refusal("check.not_overridable", because, field="item")
    because = f"Nothing is missing under “{command.item}”, so there is nothing to override."
    return Refusal("check.not_missing", because, field="item")


def time_out_first(
    state: SessionState, command: c.RecordTimeOutFirst, context: Context
) -> Decision:
    first = e.TimeOutFirstRecorded(
        drug=command.drug,
        concentration_mg_per_ml=command.concentration_mg_per_ml,
        dose_mg=command.dose_mg,
        volume_ml=command.volume_ml,
        rate_ml_per_h=command.rate_ml_per_h,
        duration_min=command.duration_min,
        devices=command.devices,
    )
    return _refuse_started(state) or (first,)


def time_out_second(
    state: SessionState, command: c.RecordTimeOutSecond, context: Context
) -> Decision:
    first = state.time_out_first
    if first is None:
        because = "The first person reads the time-out before the second works it out."
        return Refusal("time_out.no_first", because)
    if first.said.by.id == context.actor.id:
        because = f"{first.said.by.name} was the first person. The second is somebody else."
        return Refusal("time_out.same_person", because)
    second = e.TimeOutSecondRecorded(
        drug=command.drug,
        concentration_mg_per_ml=command.concentration_mg_per_ml,
        dose_mg=command.dose_mg,
        volume_ml=command.volume_ml,
        rate_ml_per_h=command.rate_ml_per_h,
        duration_min=command.duration_min,
        devices=command.devices,
        agrees=False,
    )
    second = replace(second, agrees=not unlike_figures(first.figures, second))
    return _refuse_started(state) or (second,)


def _refuse_started(state: SessionState) -> Refusal | None:
    if state.stage in PREPARING:
        return None
    if state.started is None:
        return Refusal("session.ended", "The session has ended; no infusion can follow.")
    because = "The dose has been started; what was checked before it stands as it is."
    return Refusal("infusion.already_started", because)
