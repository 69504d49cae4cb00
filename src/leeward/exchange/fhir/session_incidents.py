"""What happened to the patient in a session: effects of the drug, and alarms."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from leeward.content.kinds.effect import SessionEffect
from leeward.core.quantities.formatting import show
from leeward.core.treatment import SessionState
from leeward.core.treatment.entries import AlarmRecord, EffectCourse, Said

from .datatypes import Json
from .writing import CODES, EFFECT_ENDED, address, entry, in_words, moment, own_code, reference
from .writing import period as period_of

SEVERITY = "http://terminology.hl7.org/CodeSystem/adverse-event-severity"
OUTCOME = "http://terminology.hl7.org/CodeSystem/adverse-event-outcome"
SYMPTOM = "{effect}"
PRIORITY_AS_SEVERITY = {"high": "high", "medium": "moderate", "low": "low"}


def effect_entries(
    session_id: UUID,
    state: SessionState,
    effects: Mapping[str, SessionEffect],
    patient: Json,
    encounter: Json,
) -> Iterator[Json]:
    """One AdverseEvent for each course of an effect, with its highest grade."""
    given = state.started is not None
    for course in state.effects:
        seq = course.grades[0][0].seq
        resource: Json = {
            "resourceType": "AdverseEvent",
            "actuality": "actual",
            "event": _effect(course, effects.get(course.effect)),
            "subject": patient,
            "encounter": encounter,
            "date": moment(course.started_at),
            "recordedDate": moment(course.grades[0][0].recorded_at),
            "severity": _severity(course, effects.get(course.effect)),
            "outcome": _outcome(course),
            "extension": _ended(course),
        }
        if given:
            suspect = reference(address(session_id, "medication"))
            resource["suspectEntity"] = [{"instance": suspect}]
        yield entry(address(session_id, f"effect:{seq}"), resource)


def alarm_entries(session_id: UUID, state: SessionState, patient: Json) -> Iterator[Json]:
    """One DetectedIssue for each alarm, with who acknowledged it."""
    for alarm in state.alarms.values():
        yield entry(address(session_id, f"alarm:{alarm.alarm_id}"), _alarm(alarm, patient))


def _effect(course: EffectCourse, known: SessionEffect | None) -> Json:
    name = known.label if known else in_words(course.effect)
    own = {"system": CODES, "code": course.effect, "display": name}
    codes = [
        {"system": code.system, "code": code.code, "display": code.display}
        for code in (known.codes if known else ())
    ]
    return {"coding": [*codes, own], "text": name}


def _severity(course: EffectCourse, known: SessionEffect | None) -> Json | None:
    """The highest grade of the course, in the order the effect lists its grades."""
    order = known.severities if known else ("mild", "moderate", "severe")
    graded = [grade for _, grade in course.grades if grade in order]
    if not graded:
        return None
    worst = max(graded, key=order.index)
    return {"coding": [{"system": SEVERITY, "code": worst}], "text": worst}


def _outcome(course: EffectCourse) -> Json:
    code = "resolved" if course.ended else "ongoing"
    return {"coding": [{"system": OUTCOME, "code": code}], "text": code}


def _ended(course: EffectCourse) -> list[Json]:
    if course.ended is None:
        return []
    return [{"url": EFFECT_ENDED, "valueDateTime": moment(course.ended.at)}]


def _detail(alarm: AlarmRecord) -> str:
    """What was found; a symptom is there, and has no figure."""
    if alarm.unit == SYMPTOM:
        return in_words(alarm.condition)
    value = show(alarm.value, alarm.unit) if alarm.value is not None else "no value"
    limit = f", limit {show(alarm.limit, alarm.unit)}" if alarm.limit is not None else ""
    return f"{in_words(alarm.channel)}: {value}{limit}".replace("mm[Hg]", "mmHg")


def override_entries(session_id: UUID, state: SessionState, patient: Json) -> Iterator[Json]:
    """One DetectedIssue for each thing a named person went on without, with the reason."""
    gates = (("start", state.start_overrides), ("discharge", state.discharge_overrides))
    for gate, overrides in gates:
        for override in overrides.values():
            detail = f"{gate.capitalize()} without {in_words(override.item)}"
            yield _issue(session_id, "override", override.said, detail, override.reason, patient)
    for further in state.extensions:
        detail = "Allowed beyond the order"
        yield _issue(session_id, "beyond_order", further.said, detail, further.reason, patient)


def _issue(
    session_id: UUID, code: str, said: Said, detail: str, reason: str, patient: Json
) -> Json:
    resource = {
        "resourceType": "DetectedIssue",
        "status": "final",
        "code": own_code(code, in_words(code)),
        "patient": patient,
        "identifiedDateTime": moment(said.at),
        "detail": detail,
        "mitigation": [
            {
                "action": {"text": reason},
                "date": moment(said.at),
                "author": {"display": said.by.name},
            }
        ],
    }
    return entry(address(session_id, f"{code}:{said.seq}"), resource)


def emergency_entries(
    session_id: UUID, state: SessionState, patient: Json, encounter: Json
) -> Iterator[Json]:
    """One AdverseEvent for each emergency that was declared."""
    for emergency in state.emergencies.values():
        words = f"Emergency: {emergency.words}" if emergency.words else "Emergency"
        code = "resolved" if emergency.ended else "ongoing"
        outcome = {
            "coding": [{"system": OUTCOME, "code": code}],
            "text": emergency.outcome or code,
        }
        resource = {
            "resourceType": "AdverseEvent",
            "actuality": "actual",
            "event": {"text": words},
            "subject": patient,
            "encounter": encounter,
            "date": moment(emergency.said.at),
            "recordedDate": moment(emergency.said.recorded_at),
            "outcome": outcome,
        }
        yield entry(address(session_id, f"emergency:{emergency.said.seq}"), resource)


def _alarm(alarm: AlarmRecord, patient: Json) -> Json:
    resource: Json = {
        "resourceType": "DetectedIssue",
        "status": "final",
        "code": own_code(alarm.condition, in_words(alarm.condition)),
        "severity": PRIORITY_AS_SEVERITY.get(alarm.priority),
        "patient": patient,
        "detail": _detail(alarm),
    }
    if alarm.ended_at:
        resource["identifiedPeriod"] = period_of(alarm.said.at, alarm.ended_at)
    else:
        resource["identifiedDateTime"] = moment(alarm.said.at)
    if alarm.acknowledged:
        resource["mitigation"] = [
            {
                "action": {"text": "acknowledged"},
                "date": moment(alarm.acknowledged.at),
                "author": {"display": alarm.acknowledged.by.name},
            }
        ]
    return resource
