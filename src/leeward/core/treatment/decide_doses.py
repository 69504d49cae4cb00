"""Decisions about doses without a pump: injections and single-use devices."""

from datetime import timedelta
from decimal import Decimal

from leeward.core.quantities import Refusal
from leeward.core.quantities.doses import mg_in
from leeward.core.quantities.formatting import show

from . import commands as c
from . import events as e
from .context import Context, Decision, refuse_blank
from .decide_drug import (
    choose_syringe,
    refuse_beyond_left,
    refuse_label,
    refuse_volume,
    refuse_witness,
)
from .gates import in_words, missing_for_start
from .plan import DevicePlan, InjectionPlan
from .state import PREPARING, SessionState, Stage

COMPLETED = "completed"


def inject(state: SessionState, command: c.GiveInjection, context: Context) -> Decision:
    plan = state.plan
    if not isinstance(plan, InjectionPlan):
        return Refusal("injection.other_route", "This order is not for an injection.")
    refused = (
        _refuse_stage(state)
        or _refuse_missing(state, context)
        or _refuse_before_last(state, context)
        or refuse_volume(command.volume_ml, field="volume_ml")
        or refuse_blank(command.site, field="site", what="where it was injected")
    )
    if refused:
        return refused
    so_far_ml = sum((i.volume_ml for i in state.injections), Decimal(0))
    if so_far_ml + command.volume_ml > plan.volume_ml:
        because = (
            f"{show(plan.volume_ml, 'mL')} are ordered and {show(so_far_ml, 'mL')} were given. "
            "More needs a new order."
        )
        return Refusal("injection.beyond_order", because, field="volume_ml")
    hung = choose_syringe(
        state, context, named=command.syringe_id, lot=command.lot, expiry=command.expiry,
        volume_ml=plan.volume_ml,
    )  # fmt: skip
    if isinstance(hung, Refusal):
        return hung
    if not hung.drawn and (
        short := refuse_beyond_left(state, hung.syringe_id, command.volume_ml, context)
    ):
        return short
    strength = plan.concentration_mg_per_ml
    given = e.InjectionGiven(
        syringe_id=hung.syringe_id,
        volume_ml=command.volume_ml,
        dose_mg=mg_in(volume_ml=command.volume_ml, concentration_mg_per_ml=strength),
        site=command.site.strip(),
    )
    whole_ml = so_far_ml + command.volume_ml
    ended = (_injections_over(plan, whole_ml, COMPLETED),) if whole_ml == plan.volume_ml else ()
    return (*hung.drawn, given, *ended)


def take_devices(state: SessionState, command: c.TakeDevices, context: Context) -> Decision:
    if not isinstance(state.plan, DevicePlan):
        return Refusal("device.other_route", "This order is not for devices.")
    if state.stage not in PREPARING | {Stage.DOSING} or state.discharged is not None:
        return Refusal("device.too_late", "The dose has ended; no further device is taken.")
    return _taken(state, state.plan, command, context)


def _taken(
    state: SessionState, plan: DevicePlan, command: c.TakeDevices, context: Context
) -> tuple[e.DevicesTaken] | Refusal:
    if command.count < 1:
        return Refusal("device.count", "Say how many devices were taken.", field="count")
    return refuse_label(command.lot, command.expiry, context) or (
        e.DevicesTaken(
            package_id=str(len(state.devices) + 1),
            count=command.count,
            mg_per_device=plan.mg_per_device,
            lot=command.lot.strip(),
            expiry=command.expiry,
            ledger_entry=command.ledger_entry,
        ),
    )


def give_device(state: SessionState, command: c.GiveDevice, context: Context) -> Decision:
    plan = state.plan
    if not isinstance(plan, DevicePlan):
        return Refusal("device.other_route", "This order is not for devices.")
    refused = (
        _refuse_stage(state)
        or _refuse_missing(state, context)
        or _refuse_before_last(state, context)
        or _refuse_too_soon(state, plan, context)
    )
    if refused:
        return refused
    taken = _package(state, plan, command, context)
    if isinstance(taken, Refusal):
        return taken
    package_id, opened = taken
    number = len(state.device_uses) + 1
    given = e.DeviceGiven(package_id, number, plan.mg_per_device)
    ended = (
        (e.DosingEnded(COMPLETED, number * plan.mg_per_device),) if number == plan.devices else ()
    )
    return (*opened, given, *ended)


def _package(
    state: SessionState, plan: DevicePlan, command: c.GiveDevice, context: Context
) -> tuple[str, tuple[e.DevicesTaken, ...]] | Refusal:
    """The devices it is one of; if none were taken, the label in hand says what they are."""
    if not state.devices:
        if command.expiry is None:
            return Refusal("label.expiry", "Read the expiry from the device.", field="expiry")
        label = c.TakeDevices(plan.devices, command.lot, command.expiry)
        opened = _taken(state, plan, label, context)
        return opened if isinstance(opened, Refusal) else (opened[0].package_id, opened)
    holding = [d for d in state.devices.values() if d.left > 0]
    named = [d for d in holding if d.package_id == command.package_id]
    able = named if command.package_id else holding
    if not able:
        return Refusal("device.none_left", "Every device that was taken is used or wasted.")
    chosen = able[0]
    return refuse_label(chosen.lot, chosen.expiry, context) or (chosen.package_id, ())


def waste_devices(state: SessionState, command: c.WasteDevices, context: Context) -> Decision:
    taken = state.devices.get(command.package_id)
    if taken is None or not 1 <= command.count <= taken.left:
        left = taken.left if taken else 0
        because = f"{left} devices of these are left. Used, wasted and left must make what came."
        return Refusal("device.not_enough", because, field="count")
    if state.stage is Stage.SIGNED:
        return Refusal("note.signed", "The note is signed. Write an addendum instead.")
    return (
        refuse_witness(command.witness, context)
        or refuse_blank(command.reason, field="reason", what="why it is wasted")
        or (
            e.DevicesWasted(
                package_id=command.package_id,
                count=command.count,
                witness_id=command.witness.id,
                witness_name=command.witness.name,
                reason=command.reason.strip(),
                ledger_entry=command.ledger_entry,
            ),
        )
    )


def end(state: SessionState, command: c.EndDosing, context: Context) -> Decision:
    if state.stage is not Stage.DOSING:
        return Refusal("dose.not_under_way", "No dose is under way that could be ended.")
    refused = _refuse_before_last(state, context) or refuse_blank(
        command.reason, field="reason", what="why the rest is not given"
    )
    if refused:
        return refused
    plan = state.plan
    if isinstance(plan, InjectionPlan):
        whole_ml = sum((i.volume_ml for i in state.injections), Decimal(0))
        return (_injections_over(plan, whole_ml, command.reason.strip()),)
    given_mg = sum((u.dose_mg for u in state.device_uses), Decimal(0))
    return (e.DosingEnded(command.reason.strip(), given_mg),)


def _injections_over(plan: InjectionPlan, whole_ml: Decimal, reason: str) -> e.DosingEnded:
    strength = plan.concentration_mg_per_ml
    given_mg = mg_in(volume_ml=whole_ml, concentration_mg_per_ml=strength)
    return e.DosingEnded(reason, given_mg, whole_ml)


def _refuse_stage(state: SessionState) -> Refusal | None:
    if state.stage in PREPARING or state.stage is Stage.DOSING:
        return None
    because = "The dose has ended. A further dose is a session of its own."
    return Refusal("dose.ended", because)


def _refuse_missing(state: SessionState, context: Context) -> Refusal | None:
    if state.started is not None:
        return None
    missing = missing_for_start(state, context.at)
    if not missing:
        return None
    return Refusal(
        "start.missing", f"Before the start: {in_words(missing)}", field=missing[0].item
    )


def _refuse_before_last(state: SessionState, context: Context) -> Refusal | None:
    times = [i.said.at for i in state.injections] + [u.said.at for u in state.device_uses]
    last = max(times, default=None)
    if last is not None and context.at < last:
        because = "That was before the last dose. Doses are charted in the order they were given."
        return Refusal("dose.out_of_order", because, field="occurred_at")
    return None


def _refuse_too_soon(state: SessionState, plan: DevicePlan, context: Context) -> Refusal | None:
    if plan.wait_min is None or not state.device_uses:
        return None
    earliest = state.device_uses[-1].said.at + timedelta(minutes=float(plan.wait_min))
    if context.at >= earliest:
        return None
    because = (
        f"The next device waits {show(plan.wait_min, 'min')} after the last one, until "
        f"{earliest:%H:%M:%S} UTC."
    )
    return Refusal("device.too_soon", because)
