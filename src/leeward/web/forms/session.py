"""From posted fields to a session command, or to the refusal that belongs beside a field."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import read_number
from leeward.core.treatment import Command
from leeward.core.treatment import commands as c

from . import session_acts
from .session_acts import day, maybe, number, read, whole

Posted = Mapping[str, str]
VITALS = ("spo2_pct", "hr_per_min", "sbp_mmhg", "dbp_mmhg", "rr_per_min", "temp_cel")
TIME_OUT = ("concentration_mg_per_ml", "dose_mg", "volume_ml", "rate_ml_per_h", "duration_min")
SCALES = ("moaas", "dissociation", "pain_nrs")


def command_of(action: str, data: Posted) -> Command | Refusal:
    """The command an action and its fields stand for.

    An unknown action is a `Refusal` too: a page of another version may still be open.
    """
    make = ACTIONS.get(action)
    if make is None:
        return Refusal("action.unknown", "This page is out of date. Load it again.")
    return make(data)


def _identify(data: Posted) -> Command | Refusal:
    given = tuple(kind for kind in ("name", "birth_date", "photo") if data.get(kind) == "on")
    return c.IdentifyPatient(given)


def _override(data: Posted) -> Command | Refusal:
    return c.OverrideCheck(data.get("item", ""), data.get("reason", "").strip())


def _vitals(data: Posted) -> Command | Refusal:
    values: dict[str, Decimal | None] = {}
    for name in VITALS:
        value = _number(data, name)
        if isinstance(value, Refusal):
            return value
        values[name] = value
    if not any(values.values()):
        return Refusal("vitals.empty", "Enter at least one value.", field="sbp_mmhg")
    return c.RecordVitals(**values)


def _observe(data: Posted) -> Command | Refusal:
    scale, value = data.get("scale", ""), data.get("value", "")
    if scale not in SCALES or not (value.isdecimal() and len(value) < 4):
        return Refusal("observation.value", "Choose a value.", field="value")
    return c.Observe(scale, int(value))


def time_out_figures(data: Posted) -> dict[str, Any] | Refusal:
    """The figures of a time-out as a person worked them out: those that the form asks for.

    A figure that is left out of the form is compared as none, and so never agrees with an order
    that has it.
    """
    figures: dict[str, Any] = {}
    for name in (name for name in TIME_OUT if name in data):
        value = _number(data, name)
        if isinstance(value, Refusal):
            return value
        if value is None:
            return Refusal("time_out.empty", "Work out every figure.", field=name)
        figures[name] = value
    if "devices" in data:
        try:
            figures["devices"] = whole(data, "devices")
        except session_acts.Unreadable as fault:
            return fault.refusal
    return figures


def _time_out_first(data: Posted) -> Command | Refusal:
    figures = time_out_figures(data)
    if isinstance(figures, Refusal):
        return figures
    return c.RecordTimeOutFirst(drug=data.get("drug", ""), **figures)


def _start(data: Posted) -> Command:
    return c.StartInfusion(
        rate_ml_per_h=number(data, "rate_ml_per_h"),
        concentration_mg_per_ml=number(data, "concentration_mg_per_ml"),
        lot=data.get("lot", ""),
        expiry=day(data),
        syringe_id=data.get("syringe_id", ""),
        syringe_volume_ml=maybe(data, "syringe_volume_ml"),
    )


def _rate(data: Posted) -> Command | Refusal:
    rate = _number(data, "rate_ml_per_h")
    if isinstance(rate, Refusal):
        return rate
    if rate is None:
        return Refusal("infusion.rate", "Enter the rate the pump shows.", field="rate_ml_per_h")
    return c.ChangeRate(rate, data.get("reason", "").strip())


def _resume(data: Posted) -> Command | Refusal:
    rate = _number(data, "rate_ml_per_h")
    if isinstance(rate, Refusal):
        return rate
    if rate is None:
        return Refusal("infusion.rate", "Enter the rate the pump shows.", field="rate_ml_per_h")
    return c.ResumeInfusion(rate)


def _stop(data: Posted) -> Command | Refusal:
    shown = _number(data, "pump_volume_ml")
    if isinstance(shown, Refusal):
        return shown
    return c.StopInfusion(data.get("reason", "").strip(), shown, data.get("deviation", "").strip())


def _effect(data: Posted) -> Command | Refusal:
    effect, grade = data.get("effect", ""), data.get("grade", "mild")
    if data.get("running") == "yes":
        return c.EndEffect(effect) if grade == "ended" else c.ChangeEffect(effect, grade)
    return c.StartEffect(effect, grade)


def _withdraw(data: Posted) -> Command | Refusal:
    seq = data.get("of_seq", "")
    if not (seq.isdecimal() and len(seq) < 10):
        return Refusal("withdraw.which", "Say which entry is withdrawn.")
    return c.WithdrawEntry(int(seq), data.get("reason", "").strip() or "entered by mistake")


def _audio(data: Posted) -> Command | Refusal:
    seconds = _number(data, "seconds")
    if isinstance(seconds, Refusal):
        return seconds
    return c.PauseAlarmAudio(data.get("alarm_id", ""), seconds or Decimal(0))


def _number(data: Posted, name: str) -> Decimal | Refusal | None:
    text = data.get(name, "").strip()
    return read_number(text, field=name) if text else None


ACTIONS: dict[str, Callable[[Posted], Command | Refusal]] = {
    "identify": _identify,
    "override": _override,
    "vitals": _vitals,
    "observe": _observe,
    "time-out-first": _time_out_first,
    "start": read(_start),
    "rate": _rate,
    "pause": lambda data: c.PauseInfusion(data.get("reason", "").strip()),
    "resume": _resume,
    "stop": _stop,
    "effect": _effect,
    "withdraw": _withdraw,
    "acknowledge": lambda data: c.AcknowledgeAlarm(data.get("alarm_id", "")),
    "pause-audio": _audio,
    **session_acts.ACTIONS,
}
