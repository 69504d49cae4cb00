"""Events of a session in words, as timelines, notes and boards print them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from leeward import content
from leeward.core.quantities.formatting import show
from leeward.core.treatment import events as e
from leeward.core.treatment.gates import VITAL_NAMES
from leeward.records.treatments.alarm_words import alarm_text

from . import event_words_care

# Machinery that has a place in the log and none in a person's timeline.
SILENT = (e.SamplesSealed, e.MonitoringStarted)


def words_of(event: e.Event) -> str:
    """One event in a short sentence; empty for what people need not read."""
    if isinstance(event, SILENT):
        return ""
    return _WORDS[type(event)](event)


def effect_label(effect_id: str) -> str:
    """An effect's name as the nurse taps it."""
    effect = content.load().effects.get(effect_id)
    return effect.label if effect else effect_id.replace("_", " ")


def _amount(value: Decimal | None, unit: str) -> str:
    return "no value" if value is None else show(value, unit)


def _vitals(event: e.VitalsRecorded) -> str:
    parts = [
        f"{label} {show(value, unit.replace('mm[Hg]', 'mmHg').replace('Cel', '°C'))}"
        for field, (label, unit) in VITAL_NAMES.items()
        if (value := getattr(event, field)) is not None
    ]
    return f"{event.context.capitalize()}: {', '.join(parts)}"


def _time_out(who: str) -> Callable[[Any], str]:
    def words(event: Any) -> str:
        read = (
            (event.dose_mg, "mg"), (event.volume_ml, "mL"), (event.rate_ml_per_h, "mL/h"),
        )  # fmt: skip
        figures = ", ".join(show(figure, unit) for figure, unit in read if figure is not None)
        if event.devices is not None:
            figures += f", {event.devices} devices"
        agrees = getattr(event, "agrees", True)
        return f"Time-out, {who}: {figures}{'' if agrees else '; the two differ'}"

    return words


def _alarm(event: e.AlarmRaised) -> str:
    text = alarm_text(event.condition, event.value, event.limit, event.unit)
    return f"Alarm, {event.priority}: {text}"


def _gap(event: e.MonitoringGap) -> str:
    seconds = int((event.to_at - event.from_at).total_seconds())
    return f"Not watched for {seconds} s: {event.because}"


_WORDS: dict[type, Callable[[Any], str]] = {
    e.SessionOpened: lambda v: "Session opened",
    e.PatientIdentified: lambda v: f"Patient gave {_list(v.identifiers)}",
    e.CheckAnswered: lambda v: f"Check {_id(v.item)}: {_id(v.answer)}{_note(v.note)}",
    e.CheckOverridden: lambda v: f"Went on without {_id(v.item)}: {v.reason}",
    e.VitalsRecorded: _vitals,
    e.Observed: lambda v: (
        f"{_id(v.scale).upper() if v.scale == 'moaas' else _id(v.scale)} {v.value}"
    ),
    e.TimeOutFirstRecorded: _time_out("first person"),
    e.TimeOutSecondRecorded: _time_out("second person"),
    e.DeviceBound: lambda v: f"Device bound: {v.label} ({v.kind})",
    e.DeviceUnbound: lambda v: "Device taken off",
    e.InfusionStarted: lambda v: (
        f"Infusion started at {show(v.rate_ml_per_h, 'mL/h')}, lot {v.lot}"
    ),
    e.RateChanged: lambda v: f"Rate {show(v.rate_ml_per_h, 'mL/h')}: {v.reason}",
    e.InfusionPaused: lambda v: f"Infusion paused: {v.reason}",
    e.InfusionResumed: lambda v: f"Infusion resumed at {show(v.rate_ml_per_h, 'mL/h')}",
    e.InfusionStopped: lambda v: (
        f"Infusion stopped ({_id(v.reason)}): {show(v.given_mg, 'mg')} given, "
        f"{show(v.given_ml, 'mL')}"
    ),
    e.EffectStarted: lambda v: f"{effect_label(v.effect)}, {v.grade}",
    e.EffectChanged: lambda v: f"{effect_label(v.effect)} now {v.grade}",
    e.EffectEnded: lambda v: f"{effect_label(v.effect)} has ended",
    e.EntryWithdrawn: lambda v: f"Entry {v.of_seq} withdrawn: {v.reason}",
    e.MonitoringGap: _gap,
    e.AlarmRaised: _alarm,
    e.AlarmEnded: lambda v: "Alarm condition over",
    e.AlarmAcknowledged: lambda v: "Alarm acknowledged",
    e.AlarmAudioPaused: lambda v: f"Alarm sound paused for {show(v.seconds, 's')}",
    e.AlarmEscalated: lambda v: f"Alarm escalated, step {v.step}{_note(_id(v.to))}",
    e.RecoveryScored: lambda v: f"{_id(v.instrument)}: {v.total}",
    e.CriterionConfirmed: lambda v: f"Confirmed: {_id(v.item)}{_note(v.note)}",
    e.EscortArrived: lambda v: f"Escort here: {v.name}, {v.relation}",
    e.InstructionsGiven: lambda v: (
        f"Instructions given ({v.language}){', said back' if v.teach_back else ''}"
    ),
    e.DischargeOverridden: lambda v: f"Discharge without {_id(v.item)}: {v.reason}",
    e.Discharged: lambda v: f"Discharged to {v.to}",
    e.Departed: lambda v: "Left the building",
    e.NoteSigned: lambda v: f"Note signed, digest {v.digest[:12]}",
    e.AddendumWritten: lambda v: f"Addendum: {v.text}",
    **event_words_care.WORDS,
}


def _id(text: str) -> str:
    return text.replace("_", " ").replace(".", " ").replace("-", " ")


def _note(text: str) -> str:
    return f" ({text})" if text else ""


def _list(items: tuple[str, ...]) -> str:
    return " and ".join(_id(item) for item in items)
