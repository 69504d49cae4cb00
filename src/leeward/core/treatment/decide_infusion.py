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
from .decide_drug import choose_syringe, refuse_out_of_order
from .gates import in_words, missing_for_start
from .plan import InfusionPlan
from .state import PREPARING, RUNNING, SessionState, Stage

COMPLETED = "completed"
# Pumps show volumes to one decimal.
DISPLAY_STEP_ML = Decimal("0.1")


def start(state: SessionState, command: c.StartInfusion, context: Context) -> Decision:
    plan = state.infusion
    if plan is None:
        because = "This order is not for an infusion. Record the dose by its own route."
        return Refusal("infusion.other_route", because)
    if refused := _refuse_start(state):
        return refused
    missing = missing_for_start(state, context.at)
    if missing:
        return Refusal(
            "start.missing", f"Before the start: {in_words(missing)}", field=missing[0].item
        )
    if wrong := _refuse_other_figures(plan, command):
        return wrong
    volume_ml = command.syringe_volume_ml
    hung = choose_syringe(
        state,
        context,
        named=command.syringe_id,
        lot=command.lot,
        expiry=command.expiry,
        volume_ml=plan.volume_ml if volume_ml is None else volume_ml,
    )
    if isinstance(hung, Refusal):
        return hung
    started = e.InfusionStarted(
        rate_ml_per_h=command.rate_ml_per_h,
        concentration_mg_per_ml=command.concentration_mg_per_ml,
        lot=hung.lot,
        expiry=hung.expiry,
        syringe_id=hung.syringe_id,
    )
    return (*hung.drawn, started)


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
        refuse_out_of_order(state, context)
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
        refuse_out_of_order(state, context)
        or refuse_blank(command.reason, field="reason", what="why it is paused")
        or (e.InfusionPaused(command.reason),)
    )


def resume(state: SessionState, command: c.ResumeInfusion, context: Context) -> Decision:
    if state.stage is Stage.INFUSING:
        return Refusal("infusion.running", "The infusion is running; it was not paused.")
    if state.stage is not Stage.PAUSED:
        return _not_running(state)
    return (
        refuse_out_of_order(state, context)
        or _refuse_rate(state, command.rate_ml_per_h)
        or (e.InfusionResumed(command.rate_ml_per_h),)
    )


def stop(state: SessionState, command: c.StopInfusion, context: Context) -> Decision:
    if state.infusion is None or state.stage not in RUNNING:
        return _not_running(state)
    refused = refuse_out_of_order(state, context) or refuse_blank(
        command.reason, field="reason", what="why it is stopped"
    )
    if refused:
        return refused
    stopped = _stopped(state, command, context.at)
    return stopped if isinstance(stopped, Refusal) else (stopped,)


def _stopped(
    state: SessionState, command: c.StopInfusion, at: datetime
) -> e.InfusionStopped | Refusal:
    """The stop with what was given in all: boluses, earlier syringes, and the one on the pump."""
    current = state.syringes[state.syringe_in_use]
    earlier_ml = sum(
        (state.syringe_given_ml(s) for s in state.syringes if s != current.syringe_id),
        current.pushed_ml,
    )
    if command.pump_volume_ml is None:
        infused_ml = _by_rates(state, command, at, earlier_ml, current.most_infused_ml)
    else:
        infused_ml = _stated_ml(state, command, earlier_ml, current.most_infused_ml)
    if isinstance(infused_ml, Refusal):
        return infused_ml
    given_ml = earlier_ml + infused_ml
    strength = current.concentration_mg_per_ml
    return e.InfusionStopped(
        reason=command.reason,
        given_ml=given_ml,
        given_mg=mg_in(volume_ml=given_ml, concentration_mg_per_ml=strength),
        pump_volume_ml=command.pump_volume_ml,
        deviation=command.deviation.strip() if _is_beyond(state, given_ml) else "",
    )


def _by_rates(
    state: SessionState,
    command: c.StopInfusion,
    at: datetime,
    earlier_ml: Decimal,
    most_ml: Decimal,
) -> Decimal | Refusal:
    """What the pump gave from the present syringe [mL], worked out from its rates."""
    log = pump.of_syringe(pump.end(state.pump_log, at), state.syringe_in_use)
    exact = pump.given_ml_exact(log, at)
    worked_out = to_step(exact, SYRINGE_STEP_ML)
    planned_ml = state.allowed_volume_ml
    shown, planned = show(earlier_ml + worked_out, "mL"), show(planned_ml, "mL")
    if command.reason == COMPLETED:
        # A pump set to one decimal ends within one step of its rate of the planned moment.
        assert state.infusion is not None
        slack = Fraction(PUMP_STEP_ML_PER_H) * Fraction(state.infusion.duration_min) / 60
        if Fraction(earlier_ml) + exact + slack >= Fraction(planned_ml):
            return min(planned_ml - earlier_ml, most_ml)
        because = (
            f"By the rates {shown} of {planned} have run. Give another reason for stopping, or "
            "the volume the pump shows."
        )
        return Refusal("infusion.not_complete", because, field="pump_volume_ml")
    if earlier_ml + worked_out > planned_ml:
        because = (
            f"By the rates {shown} would have run, more than the {planned} ordered. Say that it "
            "is completed, or enter the volume the pump shows."
        )
        return Refusal("infusion.beyond_volume", because, field="pump_volume_ml")
    return min(worked_out, most_ml)


def _stated_ml(
    state: SessionState, command: c.StopInfusion, earlier_ml: Decimal, most_ml: Decimal
) -> Decimal | Refusal:
    """What the pump gave from the present syringe [mL], from the volume it shows for all."""
    stated, planned_ml = command.pump_volume_ml, state.allowed_volume_ml
    assert stated is not None
    field = "pump_volume_ml"
    if not stated.is_finite() or stated < 0 or stated % SYRINGE_STEP_ML:
        because = "Enter the volume the pump shows, in mL, to two places at most."
        return Refusal("volume.unreadable", because, field=field)
    if stated > 0 and tenfold(stated, planned_ml) == "ten_times":
        because = f"{show(stated, 'mL')} is about ten times the {show(planned_ml, 'mL')} ordered."
        return Refusal("slip.ten_times", because, field=field)
    by_hand_ml = sum((b.volume_ml for b in state.boluses if b.by == "hand"), Decimal(0))
    infused_ml = stated + by_hand_ml - earlier_ml
    if infused_ml < 0:
        because = (
            f"{show(stated, 'mL')} is less than the {show(earlier_ml - by_hand_ml, 'mL')} that "
            "the pump had given before. Enter what it shows for the whole session."
        )
        return Refusal("volume.less_than_before", because, field=field)
    # A pump shows one decimal; what it shows may lie that much beside the syringe's own scale.
    if infused_ml > most_ml + DISPLAY_STEP_ML:
        because = (
            f"{show(stated, 'mL')} is more than the syringe can have given, "
            f"{show(earlier_ml - by_hand_ml + most_ml, 'mL')} in all. Chart the other syringe "
            "first, or read the pump again."
        )
        return Refusal("infusion.beyond_syringe", because, field=field)
    infused_ml = min(infused_ml, most_ml)
    if _is_beyond(state, earlier_ml + infused_ml) and not command.deviation.strip():
        because = (
            f"{show(earlier_ml + infused_ml, 'mL')} is more than the {show(planned_ml, 'mL')} "
            "ordered. Read the pump again; if that much did run, say how it came about, and it "
            "is recorded as a deviation."
        )
        return Refusal("infusion.beyond_order", because, field="deviation")
    return infused_ml


def _is_beyond(state: SessionState, given_ml: Decimal) -> bool:
    return given_ml > state.allowed_volume_ml + DISPLAY_STEP_ML


def _refuse_start(state: SessionState) -> Refusal | None:
    if state.stage in RUNNING:
        return Refusal("infusion.already_started", "The infusion has been started already.")
    if state.stage not in PREPARING:
        because = "The infusion has ended. A further dose is a session of its own."
        return Refusal("infusion.ended", because)
    return None


def _refuse_other_figures(plan: InfusionPlan, command: c.StartInfusion) -> Refusal | None:
    ordered = (
        ("rate_ml_per_h", command.rate_ml_per_h, plan.rate_ml_per_h, "mL/h"),
        (
            "concentration_mg_per_ml",
            command.concentration_mg_per_ml,
            plan.concentration_mg_per_ml,
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


def _refuse_rate(state: SessionState, rate_ml_per_h: Decimal) -> Refusal | None:
    if wrong := refuse_not_positive({"rate_ml_per_h": rate_ml_per_h}):
        return wrong
    if rate_ml_per_h % PUMP_STEP_ML_PER_H:
        because = f"A pump is set in steps of {show(PUMP_STEP_ML_PER_H, 'mL/h')}."
        return Refusal("rate.finer_than_pump", because, field="rate_ml_per_h")
    plan, allowed = state.infusion, state.allowed_rate_ml_per_h
    assert plan is not None
    assert allowed is not None
    ceiling = state.monitoring.max_rate_mg_per_h
    rate_mg_per_h = rate_ml_per_h * plan.concentration_mg_per_ml
    if ceiling is not None and rate_mg_per_h > ceiling:
        because = (
            f"{show(rate_ml_per_h, 'mL/h')} is {show(rate_mg_per_h, 'mg/h')}, above the clinic's "
            f"{show(ceiling, 'mg/h')}."
        )
        return Refusal("rate.above_hard_limit", because, field="rate_ml_per_h")
    slip = refuse_tenfold(
        rate_ml_per_h,
        plan.rate_ml_per_h,
        unit="mL/h",
        what="The rate",
        against=f"the ordered {show(plan.rate_ml_per_h, 'mL/h')}",
        field="rate_ml_per_h",
    )
    if slip is None and rate_ml_per_h > allowed:
        because = (
            f"{show(rate_ml_per_h, 'mL/h')} is above the ordered {show(allowed, 'mL/h')}. Set the "
            "pump back; a higher rate needs a prescriber, by name and reason."
        )
        return Refusal("rate.above_order", because, field="rate_ml_per_h")
    return slip


def _not_running(state: SessionState) -> Refusal:
    if state.stage in PREPARING:
        return Refusal("infusion.not_started", "The infusion has not been started.")
    return Refusal("infusion.ended", "The infusion has been stopped already.")
