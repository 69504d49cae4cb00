"""What was done and seen in a session, section by section, as its record writes it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from leeward import content
from leeward.core.treatment import SessionState
from leeward.core.treatment import events as e
from leeward.core.treatment.entries import (
    AlarmRecord,
    EffectCourse,
    Override,
    RecoveryScore,
    TimeOutFirst,
    TimeOutSecond,
)
from leeward.core.treatment.gates import FIGURES
from leeward.usecases.record_doses import care_section, doses_section, infusion_section, said
from leeward.usecases.record_people import amount, moment

Json = dict[str, Any]


def care_sections(state: SessionState) -> Json:
    """Preparation, infusion, observation, recovery and discharge of a record."""
    return {
        "preparation": _preparation(state),
        "infusion": infusion_section(state),
        "doses": doses_section(state),
        "care": care_section(state),
        "vitals": [
            {**said(v.said), "context": v.context, "source": v.source,
             "values": {name: amount(value) for name, value in v.values.items()}}
            for v in state.vitals
        ],
        "observations": [
            {**said(o.said), "scale": o.scale, "value": o.value} for o in state.observations
        ],
        "devices": [
            {**said(b.said), "device": b.device, "kind": b.kind, "label": b.label,
             "ended_at": moment(b.ended_at)}
            for b in state.bindings.values()
        ],
        "effects": [_effect(course) for course in state.effects],
        "alarms": [_alarm(alarm) for alarm in state.alarms.values()],
        "monitoring_gaps": [
            {"from": moment(g.from_at), "to": moment(g.to_at), "because": g.because}
            for g in state.gaps
        ],
        "overrides": [
            *_overrides("start", state.start_overrides.values()),
            *_overrides("discharge", state.discharge_overrides.values()),
        ],
        "recovery": _recovery(state),
        "discharge": _discharge(state),
        "withdrawn": [
            {**said(w.said), "of_seq": seq, "reason": w.reason}
            for seq, w in sorted(state.withdrawn.items())
        ],
    }  # fmt: skip


def _preparation(state: SessionState) -> Json:
    labels = {check.item: check.label for check in state.monitoring.checks}
    given = state.identification
    return {
        "identified": {**said(given.said), "identifiers": list(given.identifiers)}
        if given
        else None,
        "checks": [
            {**said(c.said), "item": c.item, "label": labels.get(c.item, c.item),
             "answer": c.answer, "note": c.note}
            for c in state.checks.values()
        ],
        "time_out_first": _time_out(state.time_out_first),
        "time_out_second": _time_out(state.time_out_second),
    }  # fmt: skip


def _time_out(entry: TimeOutFirst | TimeOutSecond | None) -> Json | None:
    if entry is None:
        return None
    figures: Json = {name: _figure(getattr(entry.figures, name)) for name in FIGURES}
    if isinstance(entry.figures, e.TimeOutSecondRecorded):
        figures["agrees"] = entry.figures.agrees
    return {**said(entry.said), **figures}


def _effect(course: EffectCourse) -> Json:
    known = content.load().effects.get(course.effect)
    return {
        "effect": course.effect,
        "label": known.label if known else course.effect,
        "grades": [{**said(entry), "grade": grade} for entry, grade in course.grades],
        "ended": said(course.ended) if course.ended else None,
    }


def _figure(value: object) -> object:
    return amount(value) if isinstance(value, Decimal) else value


def _alarm(alarm: AlarmRecord) -> Json:
    return {
        **said(alarm.said),
        "condition": alarm.condition,
        "channel": alarm.channel,
        "priority": alarm.priority,
        "limit": amount(alarm.limit),
        "value": amount(alarm.value),
        "unit": alarm.unit,
        "ended_at": moment(alarm.ended_at),
        "acknowledged": said(alarm.acknowledged) if alarm.acknowledged else None,
        "escalated_step": alarm.escalated_step,
        "audio_paused_until": moment(alarm.audio_paused_until),
    }


def _overrides(gate: str, overrides: Iterable[Override]) -> list[Json]:
    return [{**said(o.said), "gate": gate, "item": o.item, "reason": o.reason} for o in overrides]


def _recovery(state: SessionState) -> Json:
    labels = {c.item: c.label for c in state.monitoring.criteria}
    return {
        "min_observation_min": amount(state.monitoring.min_observation_min),
        "scores": [_score(score, state) for score in state.scores],
        "criteria": [
            {**said(c.said), "item": c.item, "label": labels.get(c.item, c.item), "note": c.note}
            for c in state.confirmations.values()
        ],
    }


def _score(score: RecoveryScore, state: SessionState) -> Json:
    rules = (r for r in state.monitoring.scores if r.instrument == score.instrument)
    ready = next((rule.ready_total for rule in rules), None)
    known = content.load().instruments.get(score.instrument)
    return {
        **said(score.said),
        "instrument": score.instrument,
        "title": known.title if known else score.instrument,
        "version": score.version,
        "items": [
            {"item": i.item, "score": i.score, "not_applicable": i.not_applicable}
            for i in score.items
        ],
        "total": score.total,
        "ready_from": ready,
    }


def _discharge(state: SessionState) -> Json:
    escort, told = state.escort, state.instructions
    return {
        "escort": {**said(escort.said), "name": escort.name, "phone": escort.phone,
                   "relation": escort.relation} if escort else None,
        "instructions": {**said(told.said), "language": told.language, "version": told.version,
                         "teach_back": told.teach_back} if told else None,
        "to": state.discharged_to,
        "discharged": said(state.discharged) if state.discharged else None,
        "departed": said(state.departed) if state.departed else None,
    }  # fmt: skip
