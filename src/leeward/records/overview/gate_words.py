"""What still holds a discharge, in the words of the clinic's content instead of its ids."""

from dataclasses import replace
from datetime import datetime

from leeward import content
from leeward.core.treatment import Missing, SessionState, missing_for_discharge
from leeward.core.treatment.entries import Override
from leeward.records.treatments.alarm_words import alarm_text


def discharge_waits_for(state: SessionState, now: datetime) -> tuple[Missing, ...]:
    """What is missing, each reason as it is read aloud: titles and labels, never ids."""
    return tuple(_in_words(state, missing) for missing in missing_for_discharge(state, now))


def overridden_words(state: SessionState, override: Override) -> str:
    """What an override let go, once its own line is gone from the gate."""
    kind, _, name = override.item.partition(".")
    if kind == "alarm" and name in state.alarms:
        return f"Alarm: {_alarm(state, name)}"
    return override.item.replace(".", ": ").replace("_", " ").capitalize()


def _in_words(state: SessionState, missing: Missing) -> Missing:
    kind, _, name = missing.item.partition(".")
    if kind == "alarm" and name in state.alarms:
        because = f"An alarm of high priority is not acknowledged: {_alarm(state, name)}."
        return replace(missing, because=because)
    if kind == "score" and name in content.load().instruments:
        title = content.load().instruments[name].title.removesuffix(" score")
        return replace(missing, because=missing.because.replace(name, title, 1))
    if kind == "effect" and name in content.load().effects:
        label = content.load().effects[name].label
        return replace(missing, because=missing.because.replace(name, label, 1))
    return missing


def _alarm(state: SessionState, alarm_id: str) -> str:
    alarm = state.alarms[alarm_id]
    return alarm_text(alarm.condition, alarm.value, alarm.limit, alarm.unit)
