"""Decisions about the pump: start, rate, pause, resume, stop."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from leeward.core.protocols.slips import refuse_tenfold, tenfold
from leeward.core.quantities import Refusal
from leeward.core.quantities.doses import (
    PUMP_STEP_ML_PER_H,
    SYRINGE_STEP_ML,
    mg_in,
    to_step,
)
from leeward.core.quantities.formatting import show

from . import commands as c
from . import events as e
from . import pump
from .context import Context, Decision, refuse_blank, refuse_not_positive
from .gates import missing_for_start
from .state import PREPARING, RUNNING, SessionState, Stage

COMPLETED = "completed"


def start(state: SessionState, command: c.StartInfusion, context: Context) -> Decision:
    if refused := _refuse_start(state):
        return refused
    missing = missing_for_start(state, context.at)
    if missing:
        listed = " ".join(m.because for m in missing)
        return Refusal("start.missing", f"Before the start: {listed}", field=missing[0].item)
    return (
        _refuse_other_figures(state, command)
        or _refuse_label(command, context)
        or (
            e.InfusionStarted(
                command.rate_ml_per_h,
                command.concentration_mg_per_ml,
                command.lot.strip(),
                command.expiry,
            ),
        )
    )


def change_rate(state: SessionState, command: c.ChangeRate, context: Context) -> Decision:
    if state.stage is Stage.PAUSED:
        because = "The infusion is paused. Resume it at the new rate."
        return Refusal("infusion.paused", because)
    if state.stage is not Stage.INFUSING:
        return _not_running(state)
    if command.rate_ml_per_h == state.rate_ml_per_h:
        because = f"The pump already runs at {show(command.rate_ml_per_h, 'mL/h')}."
        return Refusal("rate.unchanged", because, field="rate_ml_per_h")
    return (
        _refuse_order(state, context)
        or _refuse_rate(state, command.rate_ml_per_h)
        or refuse_blank(command.reason, field="reason", what="why the rate changes")
        or (e.RateChanged(command.rate_ml_per_h, command.reason),)
    )


def pause(state: SessionState, command: c.PauseInfusion, context: Context) -> Decision:
    if state.stage is Stage.PAUSED:
        return Refusal("infusion.paused", "The infusion is paused already.")
    if state.stage is not Stage.INFUSING:
        return _not_running(state)
    return (
        _refuse_order(state, context)
        or refuse_blank(command.reason, field="reason", what="why it is paused")
        or (e.InfusionPaused(command.reason),)
    )


def resume(state: SessionState, command: c.ResumeInfusion, context: Context) -> Decision:
    if state.stage is Stage.INFUSING:
        return Refusal("infusion.running", "The infusion is running; it was not paused.")
    if state.stage is not Stage.PAUSED:
        return _not_running(state)
    return (
        _refuse_order(state, context)
        or _refuse_rate(state, command.rate_ml_per_h)
        or (e.InfusionResumed(command.rate_ml_per_h),)
    )


def stop(state: SessionState, command: c.StopInfusion, context: Context) -> Decision:
    if state.stage not in RUNNING:
        return _not_running(state)
    refused = _refuse_order(state, context) or refuse_blank(
        command.reason, field="reason", what="why it is stopped"
    )
    if refused:
        return refused
    given_ml = _given_ml(state, command, context.at)
    if isinstance(given_ml, Refusal):
        return given_ml
    strength = state.pump_log[-1].concentration_mg_per_ml
    given_mg = mg_in(volume_ml=given_ml, concentration_mg_per_ml=strength)
    return (e.InfusionStopped(command.reason, given_ml, given_mg),)


def _given_ml(state: SessionState, command: c.StopInfusion, at: datetime) -> Decimal | Refusal:
    if command.pump_volume_ml is not None:
        return _stated_ml(command.pump_volume_ml, state.plan.volume_ml)
    by_rates = pump.given_ml_exact(pump.end(state.pump_log, at), at)
    planned_ml = state.plan.volume_ml
    worked_out = to_step(by_rates, SYRINGE_STEP_ML)
    shown, planned = show(worked_out, "mL"), show(planned_ml, "mL")
    if command.reason == COMPLETED:
        # A pump set to one decimal ends within one step of its rate of the planned moment.
        slack = Fraction(PUMP_STEP_ML_PER_H) * Fraction(state.plan.duration_min) / 60
        if by_rates + slack >= Fraction(planned_ml):
            return planned_ml
        because = (
            f"By the rates {shown} of {planned} have run. Give another reason for stopping, or "
            "the volume the pump shows."
        )
        return Refusal("infusion.not_complete", because, field="pump_volume_ml")
    if worked_out > planned_ml:
        because = (
            f"By the rates {shown} would have run, more than the {planned} prepared. Say that it "
            "is completed, or enter the volume the pump shows."
        )
        return Refusal("infusion.beyond_volume", because, field="pump_volume_ml")
    return worked_out


def _stated_ml(stated: Decimal, planned_ml: Decimal) -> Decimal | Refusal:
    if not stated.is_finite() or stated < 0 or stated % SYRINGE_STEP_ML:
        because = "Enter the volume the pump shows, in mL, to two places at most."
        return Refusal("volume.unreadable", because, field="pump_volume_ml")
    if stated > 0 and tenfold(stated, planned_ml) == "ten_times":
        because = f"{show(stated, 'mL')} is about ten times the {show(planned_ml, 'mL')} ordered."
        return Refusal("slip.ten_times", because, field="pump_volume_ml")
    return stated


def _refuse_start(state: SessionState) -> Refusal | None:
    if state.stage in RUNNING:
        return Refusal("infusion.already_started", "The infusion has been started already.")
    if state.stage not in PREPARING:
        because = "The infusion has ended. A further dose is a session of its own."
        return Refusal("infusion.ended", because)
    return None


def _refuse_other_figures(state: SessionState, command: c.StartInfusion) -> Refusal | None:
    ordered = (
        ("rate_ml_per_h", command.rate_ml_per_h, state.plan.rate_ml_per_h, "mL/h"),
        (
            "concentration_mg_per_ml",
            command.concentration_mg_per_ml,
            state.plan.concentration_mg_per_ml,
            "mg/mL",
        ),
    )
    for field, entered, planned, unit in ordered:
        if entered != planned:
            because = (
                f"{show(entered, unit)} was entered and {show(planned, unit)} is ordered. "
                "Set the pump as ordered, or have the order changed."
            )
            return Refusal(f"start.other_{field}", because, field=field)
    return None


def _refuse_label(command: c.StartInfusion, context: Context) -> Refusal | None:
    if blank := refuse_blank(command.lot, field="lot", what="the lot number on the vial"):
        return blank
    if command.expiry < context.at.date():
        because = f"The vial expired on {command.expiry.isoformat()}. Take another one."
        return Refusal("vial.expired", because, field="expiry")
    return None


def _refuse_rate(state: SessionState, rate_ml_per_h: Decimal) -> Refusal | None:
    if wrong := refuse_not_positive({"rate_ml_per_h": rate_ml_per_h}):
        return wrong
    if rate_ml_per_h % PUMP_STEP_ML_PER_H:
        because = f"A pump is set in steps of {show(PUMP_STEP_ML_PER_H, 'mL/h')}."
        return Refusal("rate.finer_than_pump", because, field="rate_ml_per_h")
    ceiling = state.monitoring.max_rate_mg_per_h
    rate_mg_per_h = rate_ml_per_h * state.plan.concentration_mg_per_ml
    if ceiling is not None and rate_mg_per_h > ceiling:
        because = (
            f"{show(rate_ml_per_h, 'mL/h')} is {show(rate_mg_per_h, 'mg/h')}, above the clinic's "
            f"{show(ceiling, 'mg/h')}."
        )
        return Refusal("rate.above_hard_limit", because, field="rate_ml_per_h")
    return refuse_tenfold(
        rate_ml_per_h,
        state.plan.rate_ml_per_h,
        unit="mL/h",
        what="The rate",
        against=f"the ordered {show(state.plan.rate_ml_per_h, 'mL/h')}",
        field="rate_ml_per_h",
    )


def _refuse_order(state: SessionState, context: Context) -> Refusal | None:
    last = max(t for s in state.pump_log for t in (s.from_at, s.to_at) if t is not None)
    if context.at < last:
        because = (
            f"The pump's last entry is of {last:%H:%M:%S} UTC. Entries about the pump are made in "
            "the order in which they happened."
        )
        return Refusal("infusion.out_of_order", because, field="occurred_at")
    return None


def _not_running(state: SessionState) -> Refusal:
    if state.stage in PREPARING:
        return Refusal("infusion.not_started", "The infusion has not been started.")
    return Refusal("infusion.ended", "The infusion has been stopped already.")
