"""Decisions about the drug: drawing, boluses, syringe changes, waste, and beyond the order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leeward.core.protocols.slips import refuse_tenfold
from leeward.core.quantities import Refusal
from leeward.core.quantities.doses import PUMP_STEP_ML_PER_H, SYRINGE_STEP_ML, mg_in, to_step
from leeward.core.quantities.formatting import show

from . import commands as c
from . import events as e
from . import pump
from .context import Context, Decision, refuse_blank, refuse_closed, refuse_not_positive
from .plan import DevicePlan
from .state import PREPARING, RUNNING, SessionState, Stage

BY = ("pump", "hand")


@dataclass(frozen=True, slots=True)
class Hung:
    """The syringe a dose is given from, with the drawing of it if nothing was drawn before."""

    syringe_id: str
    lot: str
    expiry: date
    drawn: tuple[e.DrugDrawn, ...] = ()


def draw(state: SessionState, command: c.DrawDrug, context: Context) -> Decision:
    if state.stage not in PREPARING | RUNNING or state.discharged is not None:
        return Refusal("draw.too_late", "The dose has ended; nothing more is drawn for it.")
    return _drawn(state, command, context)


def _drawn(
    state: SessionState, command: c.DrawDrug, context: Context
) -> tuple[e.DrugDrawn] | Refusal:
    plan = state.plan
    if isinstance(plan, DevicePlan):
        because = "This order is for devices. Record the devices that were taken."
        return Refusal("draw.devices", because)
    if command.concentration_mg_per_ml != plan.concentration_mg_per_ml:
        because = (
            f"{show(command.concentration_mg_per_ml, 'mg/mL')} was drawn and "
            f"{show(plan.concentration_mg_per_ml, 'mg/mL')} is ordered. Prepare it as ordered."
        )
        return Refusal("draw.other_concentration", because, field="concentration_mg_per_ml")
    return (
        refuse_volume(command.volume_ml, field="volume_ml")
        or _refuse_dilution(state, command)
        or refuse_label(command.lot, command.expiry, context)
        or (
            e.DrugDrawn(
                syringe_id=str(len(state.syringes) + 1),
                volume_ml=command.volume_ml,
                concentration_mg_per_ml=command.concentration_mg_per_ml,
                lot=command.lot.strip(),
                expiry=command.expiry,
                stock_ml=command.stock_ml,
                presentation_id=command.presentation_id or plan.presentation_id or "",
                ledger_entry=command.ledger_entry,
            ),
        )
    )


def _refuse_dilution(state: SessionState, command: c.DrawDrug) -> Refusal | None:
    """What came out of the vial must be what is in the syringe, to the microgram."""
    assert not isinstance(state.plan, DevicePlan)
    if command.stock_ml is None:
        return None
    if wrong := refuse_volume(command.stock_ml, field="stock_ml"):
        return wrong
    strength = state.plan.stock_concentration_mg_per_ml or command.concentration_mg_per_ml
    taken_mg = mg_in(volume_ml=command.stock_ml, concentration_mg_per_ml=strength)
    made_mg = mg_in(
        volume_ml=command.volume_ml, concentration_mg_per_ml=command.concentration_mg_per_ml
    )
    if taken_mg == made_mg:
        return None
    because = (
        f"{show(command.stock_ml, 'mL')} of the vial hold {show(taken_mg, 'mg')}; the syringe "
        f"would hold {show(made_mg, 'mg')}. Check both volumes."
    )
    return Refusal("draw.dilution", because, field="stock_ml")


def choose_syringe(
    state: SessionState,
    context: Context,
    *,
    named: str,
    lot: str,
    expiry: date | None,
    volume_ml: Decimal,
) -> Hung | Refusal:
    """The syringe a dose is given from; if none was drawn, the label in hand says what it is."""
    if not state.syringes:
        return _from_label(state, context, lot, expiry, volume_ml)
    fresh = [s for s in state.syringes.values() if s.taken_off_at is None]
    syringe = state.syringes.get(named) if named else (fresh[-1] if fresh else None)
    if syringe is None or syringe.taken_off_at is not None:
        return Refusal("syringe.unknown", "Say which syringe it is.", field="syringe_id")
    other = lot.strip() and lot.strip() != syringe.lot
    if other or (expiry is not None and expiry != syringe.expiry):
        because = (
            f"Syringe {syringe.syringe_id} was drawn from lot {syringe.lot}, expiry "
            f"{syringe.expiry.isoformat()}. Read the label again."
        )
        return Refusal("syringe.other_lot", because, field="lot")
    expired = refuse_label(syringe.lot, syringe.expiry, context)
    return expired or Hung(syringe.syringe_id, syringe.lot, syringe.expiry)


def _from_label(
    state: SessionState, context: Context, lot: str, expiry: date | None, volume_ml: Decimal
) -> Hung | Refusal:
    if blank := refuse_blank(lot, field="lot", what="the lot number on the vial"):
        return blank
    if expiry is None:
        return Refusal("label.expiry", "Read the expiry from the vial.", field="expiry")
    assert not isinstance(state.plan, DevicePlan)
    strength = state.plan.concentration_mg_per_ml
    drawn = _drawn(state, c.DrawDrug(volume_ml, strength, lot, expiry), context)
    if isinstance(drawn, Refusal):
        return drawn
    return Hung(drawn[0].syringe_id, drawn[0].lot, expiry, drawn)


def bolus(state: SessionState, command: c.GiveBolus, context: Context) -> Decision:
    if state.infusion is None or state.started is None:
        return Refusal("bolus.no_infusion", "A bolus is given into a running infusion's line.")
    if context.at < state.started.at or (state.stopped and context.at > state.stopped.at):
        because = "The infusion did not run at that time, so no bolus can have been given."
        return Refusal("bolus.not_running", because, field="occurred_at")
    syringe = state.syringes.get(command.syringe_id or state.syringe_in_use)
    if syringe is None:
        return Refusal("syringe.unknown", "Say which syringe it came from.", field="syringe_id")
    refused = (
        _refuse_signed(state)
        or refuse_volume(command.volume_ml, field="volume_ml")
        or refuse_blank(command.reason, field="reason", what="why a bolus is given")
        or _refuse_bolus(state, command)
        or refuse_beyond_left(state, syringe.syringe_id, command.volume_ml, context)
    )
    if refused:
        return refused
    dose_mg = mg_in(
        volume_ml=command.volume_ml, concentration_mg_per_ml=syringe.concentration_mg_per_ml
    )
    given = e.BolusGiven(
        syringe.syringe_id, command.volume_ml, dose_mg, command.by, command.reason
    )
    return (given,)


def _refuse_bolus(state: SessionState, command: c.GiveBolus) -> Refusal | None:
    if command.by not in BY:
        return Refusal("bolus.by", "Say whether the pump or a hand gave it.", field="by")
    if command.volume_ml > state.bolus_allowance_ml:
        left = show(max(state.bolus_allowance_ml, Decimal(0)), "mL")
        because = (
            f"{left} of bolus are ordered and not yet given. A bolus needs a prescriber, by name "
            "and reason."
        )
        return Refusal("bolus.not_ordered", because, field="volume_ml")
    return None


def change_syringe(state: SessionState, command: c.ChangeSyringe, context: Context) -> Decision:
    if state.stage not in (Stage.INFUSING, Stage.PAUSED):
        return Refusal("infusion.not_running", "No infusion is under way.")
    following = state.syringes.get(command.to_syringe_id)
    if following is None or following.taken_off_at or following.syringe_id == state.syringe_in_use:
        because = "Say which syringe goes on the pump; draw it first if it is not in the list."
        return Refusal("syringe.unknown", because, field="to_syringe_id")
    if late := refuse_out_of_order(state, context):
        return late
    if expired := refuse_label(following.lot, following.expiry, context):
        return expired
    given_ml = _given_of_old(state, command, context)
    if isinstance(given_ml, Refusal):
        return given_ml
    return (e.SyringeChanged(state.syringe_in_use, following.syringe_id, given_ml),)


def _given_of_old(
    state: SessionState, command: c.ChangeSyringe, context: Context
) -> Decimal | Refusal:
    """What the pump gave from the old syringe [mL]: by what it still holds, or by the rates."""
    old = state.syringes[state.syringe_in_use]
    if command.left_ml is None:
        log = pump.of_syringe(pump.end(state.pump_log, context.at), old.syringe_id)
        by_rates = to_step(pump.given_ml_exact(log, context.at), SYRINGE_STEP_ML)
        return min(by_rates, old.most_infused_ml)
    left_ml = command.left_ml
    readable = left_ml.is_finite() and left_ml >= 0 and not left_ml % SYRINGE_STEP_ML
    if not readable or left_ml > old.most_infused_ml:
        because = (
            f"The old syringe can hold at most {show(old.most_infused_ml, 'mL')}. Read it again."
        )
        return Refusal("syringe.left", because, field="left_ml")
    return old.most_infused_ml - left_ml


def flush(state: SessionState, command: c.FlushLine, context: Context) -> Decision:
    return (
        refuse_closed(state, context)
        or _refuse_not_started(state)
        or refuse_volume(command.volume_ml, field="volume_ml")
        or refuse_blank(command.fluid, field="fluid", what="what it was flushed with")
        or (e.LineFlushed(command.fluid.strip(), command.volume_ml),)
    )


def waste(state: SessionState, command: c.WasteDrug, context: Context) -> Decision:
    syringe = state.syringes.get(command.syringe_id)
    if syringe is None:
        return Refusal("syringe.unknown", "Say which syringe it is.", field="syringe_id")
    if state.stage in RUNNING and command.syringe_id == state.syringe_in_use:
        because = "This syringe is on the pump. Stop or change it first."
        return Refusal("waste.in_use", because, field="syringe_id")
    refused = (
        _refuse_signed(state)
        or refuse_witness(command.witness, context)
        or refuse_volume(command.volume_ml, field="volume_ml")
        or refuse_blank(command.reason, field="reason", what="why it is wasted")
        or refuse_beyond_left(state, command.syringe_id, command.volume_ml, context)
    )
    if refused:
        return refused
    dose_mg = mg_in(
        volume_ml=command.volume_ml, concentration_mg_per_ml=syringe.concentration_mg_per_ml
    )
    wasted = e.DrugWasted(
        syringe_id=command.syringe_id,
        volume_ml=command.volume_ml,
        dose_mg=dose_mg,
        witness_id=command.witness.id,
        witness_name=command.witness.name,
        reason=command.reason.strip(),
        ledger_entry=command.ledger_entry,
    )
    return (wasted,)


def extend(state: SessionState, command: c.ExtendOrder, context: Context) -> Decision:
    plan = state.infusion
    if plan is None:
        because = "Only an infusion can be let beyond its order. Sign a new order instead."
        return Refusal("order.not_extendable", because)
    if state.stopped is not None:
        return Refusal("infusion.ended", "The infusion has been stopped already.")
    figures = {
        "rate_ml_per_h": command.rate_ml_per_h,
        "volume_ml": command.volume_ml,
        "bolus_ml": command.bolus_ml,
    }
    if all(figure is None for figure in figures.values()):
        because = "Say what is allowed: a rate, a volume or a bolus."
        return Refusal("order.nothing", because, field="rate_ml_per_h")
    return (
        refuse_not_positive(figures)
        or _refuse_unsettable(command)
        or _refuse_further(state, command)
        or refuse_blank(command.reason, field="reason", what="why it goes beyond the order")
        or (e.OrderExtended(command.reason.strip(), **figures),)
    )


def _refuse_unsettable(command: c.ExtendOrder) -> Refusal | None:
    rate = command.rate_ml_per_h
    if rate is not None and rate % PUMP_STEP_ML_PER_H:
        because = f"A pump is set in steps of {show(PUMP_STEP_ML_PER_H, 'mL/h')}."
        return Refusal("rate.finer_than_pump", because, field="rate_ml_per_h")
    for field in ("volume_ml", "bolus_ml"):
        volume = getattr(command, field)
        if volume is not None and (wrong := refuse_volume(volume, field=field)):
            return wrong
    return None


def _refuse_further(state: SessionState, command: c.ExtendOrder) -> Refusal | None:
    """The clinic's own limits, and slips of the hand, hold a prescriber too."""
    plan, rules = state.infusion, state.monitoring
    assert plan is not None
    strength = plan.concentration_mg_per_ml
    asked = (
        ("rate_ml_per_h", command.rate_ml_per_h, plan.rate_ml_per_h, "mL/h", "mg/h",
         rules.max_rate_mg_per_h),
        ("volume_ml", command.volume_ml, plan.volume_ml, "mL", "mg", rules.max_dose_mg),
        ("bolus_ml", command.bolus_ml, plan.volume_ml, "mL", "mg", rules.max_dose_mg),
    )  # fmt: skip
    for field, figure, planned, unit, drug_unit, ceiling in asked:
        if figure is None:
            continue
        if ceiling is not None and figure * strength > ceiling:
            because = (
                f"{show(figure, unit)} is {show(figure * strength, drug_unit)}, above the "
                f"clinic's {show(ceiling, drug_unit)}."
            )
            return Refusal("order.above_hard_limit", because, field=field)
        slip = refuse_tenfold(
            figure, planned, unit=unit, what="The figure",
            against=f"the ordered {show(planned, unit)}", field=field,
        )  # fmt: skip
        if slip is not None and slip.code == "slip.ten_times":
            return slip
    return None


def note_weight(state: SessionState, command: c.NoteWeight, context: Context) -> Decision:
    if state.stage not in PREPARING:
        return Refusal("weight.too_late", "The dose has been started.")
    return refuse_not_positive({"weight_kg": command.weight_kg}) or (
        e.WeightCharted(command.weight_kg, command.measured_on),
    )


def refuse_label(lot: str, expiry: date, context: Context) -> Refusal | None:
    """Refuse a label without a lot, and one that has expired."""
    if blank := refuse_blank(lot, field="lot", what="the lot number on the label"):
        return blank
    if expiry < context.at.date():
        because = f"It expired on {expiry.isoformat()}. Take another one."
        return Refusal("vial.expired", because, field="expiry")
    return None


def refuse_volume(volume_ml: Decimal, *, field: str) -> Refusal | None:
    """Refuse a volume that no syringe shows."""
    if not volume_ml.is_finite() or volume_ml <= 0 or volume_ml % SYRINGE_STEP_ML:
        because = "Enter a volume in mL, above zero, to two places at most."
        return Refusal("volume.unreadable", because, field=field)
    return None


def refuse_witness(witness: e.Actor, context: Context) -> Refusal | None:
    """Refuse a witness who is the same person, or nobody of the staff."""
    if witness.kind != "staff" or not witness.id or witness.id == context.actor.id:
        because = "The witness is a second person of the staff."
        return Refusal("witness.same_person", because, field="login")
    return None


def refuse_beyond_left(
    state: SessionState, syringe_id: str, volume_ml: Decimal, context: Context
) -> Refusal | None:
    """Refuse to give or waste more than a syringe still holds."""
    left_ml = state.account_at(syringe_id, context.now).left_ml
    if volume_ml <= left_ml:
        return None
    because = (
        f"Syringe {syringe_id} holds {show(left_ml, 'mL')} by what was charted. Given, wasted and "
        "left must make what was drawn."
    )
    return Refusal("syringe.not_enough", because, field="volume_ml")


def _refuse_not_started(state: SessionState) -> Refusal | None:
    if state.started is None:
        return Refusal("dose.not_started", "No dose has been started.")
    return None


def _refuse_signed(state: SessionState) -> Refusal | None:
    if state.stage is Stage.SIGNED:
        return Refusal("note.signed", "The note is signed. Write an addendum instead.")
    return None


def refuse_out_of_order(state: SessionState, context: Context) -> Refusal | None:
    """Refuse an entry about the pump that is older than its last one."""
    assert state.started is not None
    times = (t for s in state.pump_log for t in (s.from_at, s.to_at) if t is not None)
    last = max(times, default=state.started.at)
    if context.at < last:
        because = (
            f"The pump's last entry is of {last:%H:%M:%S} UTC. Entries about the pump are made in "
            "the order in which they happened."
        )
        return Refusal("infusion.out_of_order", because, field="occurred_at")
    return None
