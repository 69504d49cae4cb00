"""What events about the drug and its pump make of a state."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from . import entries_drug as d
from . import events as e
from . import pump
from .entries import Said
from .state import SessionState, Stage


def _drawn(state: SessionState, said: Said, event: e.DrugDrawn) -> SessionState:
    syringe = d.Syringe(
        said=said,
        syringe_id=event.syringe_id,
        drawn_ml=event.volume_ml,
        concentration_mg_per_ml=event.concentration_mg_per_ml,
        lot=event.lot,
        expiry=event.expiry,
        stock_ml=event.stock_ml,
        presentation_id=event.presentation_id,
        ledger_entry=event.ledger_entry,
    )
    return replace(state, syringes={**state.syringes, event.syringe_id: syringe})


def _started(state: SessionState, said: Said, event: e.InfusionStarted) -> SessionState:
    log = pump.begin(
        state.pump_log,
        said.at,
        event.rate_ml_per_h,
        event.concentration_mg_per_ml,
        event.syringe_id,
    )
    return replace(
        state,
        stage=Stage.INFUSING,
        started=said,
        pump_log=log,
        syringe_in_use=event.syringe_id,
        lot=event.lot,
        expiry=event.expiry,
    )


def _rate_changed(state: SessionState, said: Said, event: e.RateChanged) -> SessionState:
    return replace(state, pump_log=_running(state, said, event.rate_ml_per_h))


def _paused(state: SessionState, said: Said, event: e.InfusionPaused) -> SessionState:
    log = pump.end(state.pump_log, said.at)
    return replace(state, stage=Stage.PAUSED, paused_since=said.at, pump_log=log)


def _resumed(state: SessionState, said: Said, event: e.InfusionResumed) -> SessionState:
    log = _running(state, said, event.rate_ml_per_h)
    return replace(state, stage=Stage.INFUSING, paused_since=None, pump_log=log)


def _running(state: SessionState, said: Said, rate_ml_per_h: Decimal) -> pump.PumpLog:
    current = state.syringe_in_use
    strength = state.syringes[current].concentration_mg_per_ml
    return pump.begin(state.pump_log, said.at, rate_ml_per_h, strength, current)


def _stopped(state: SessionState, said: Said, event: e.InfusionStopped) -> SessionState:
    current = state.syringe_in_use
    others = (state.syringe_given_ml(s) for s in state.syringes if s != current)
    infused_ml = event.given_ml - sum(others, Decimal(0)) - state.syringes[current].pushed_ml
    return replace(
        _taken_off(state, said, current, infused_ml),
        stage=Stage.RECOVERY,
        stopped=said,
        stop_reason=event.reason,
        deviation=event.deviation,
        paused_since=None,
    )


def _taken_off(
    state: SessionState, said: Said, syringe_id: str, infused_ml: Decimal
) -> SessionState:
    """The state once the pump is done with a syringe that gave this much [mL]."""
    log = pump.trimmed_to(pump.end(state.pump_log, said.at), syringe_id, infused_ml)
    done = replace(state.syringes[syringe_id], infused_ml=infused_ml, taken_off_at=said.at)
    return replace(state, pump_log=log, syringes={**state.syringes, syringe_id: done})


def _syringe_changed(state: SessionState, said: Said, event: e.SyringeChanged) -> SessionState:
    rate_ml_per_h = state.rate_ml_per_h
    state = _taken_off(state, said, event.from_syringe_id, event.given_ml)
    state = replace(state, syringe_in_use=event.to_syringe_id)
    if rate_ml_per_h is None:
        return state
    return replace(state, pump_log=_running(state, said, rate_ml_per_h))


def _bolus(state: SessionState, said: Said, event: e.BolusGiven) -> SessionState:
    bolus = d.Bolus(said, event.syringe_id, event.volume_ml, event.dose_mg, event.by, event.reason)
    state = _pushed(state, event.syringe_id, event.volume_ml)
    return replace(state, boluses=(*state.boluses, bolus))


def _pushed(state: SessionState, syringe_id: str, volume_ml: Decimal) -> SessionState:
    syringe = state.syringes[syringe_id]
    given = replace(syringe, pushed_ml=syringe.pushed_ml + volume_ml)
    return replace(state, syringes={**state.syringes, syringe_id: given})


def _flushed(state: SessionState, said: Said, event: e.LineFlushed) -> SessionState:
    flush = d.Flush(said, event.fluid, event.volume_ml)
    return replace(state, flushes=(*state.flushes, flush))


def _wasted(state: SessionState, said: Said, event: e.DrugWasted) -> SessionState:
    syringe = state.syringes[event.syringe_id]
    less = replace(syringe, wasted_ml=syringe.wasted_ml + event.volume_ml)
    waste = d.Waste(
        said=said,
        source_id=event.syringe_id,
        volume_ml=event.volume_ml,
        dose_mg=event.dose_mg,
        devices=None,
        witness_name=event.witness_name,
        reason=event.reason,
        ledger_entry=event.ledger_entry,
    )
    syringes = {**state.syringes, event.syringe_id: less}
    return replace(state, syringes=syringes, wastes=(*state.wastes, waste))


def _injected(state: SessionState, said: Said, event: e.InjectionGiven) -> SessionState:
    injection = d.Injection(said, event.syringe_id, event.volume_ml, event.dose_mg, event.site)
    syringe = state.syringes[event.syringe_id]
    return replace(
        _pushed(state, event.syringe_id, event.volume_ml),
        stage=Stage.DOSING,
        started=state.started or said,
        injections=(*state.injections, injection),
        lot=syringe.lot,
        expiry=syringe.expiry,
    )


def _devices_taken(state: SessionState, said: Said, event: e.DevicesTaken) -> SessionState:
    taken = d.Devices(
        said=said,
        package_id=event.package_id,
        taken=event.count,
        mg_per_device=event.mg_per_device,
        lot=event.lot,
        expiry=event.expiry,
        ledger_entry=event.ledger_entry,
    )
    return replace(state, devices={**state.devices, event.package_id: taken})


def _device_given(state: SessionState, said: Said, event: e.DeviceGiven) -> SessionState:
    taken = state.devices[event.package_id]
    use = d.DeviceUse(said, event.package_id, event.number, event.dose_mg)
    return replace(
        state,
        stage=Stage.DOSING,
        started=state.started or said,
        devices={**state.devices, event.package_id: replace(taken, given=taken.given + 1)},
        device_uses=(*state.device_uses, use),
        lot=taken.lot,
        expiry=taken.expiry,
    )


def _devices_wasted(state: SessionState, said: Said, event: e.DevicesWasted) -> SessionState:
    taken = state.devices[event.package_id]
    less = replace(taken, wasted=taken.wasted + event.count)
    waste = d.Waste(
        said=said,
        source_id=event.package_id,
        volume_ml=None,
        dose_mg=event.count * taken.mg_per_device,
        devices=event.count,
        witness_name=event.witness_name,
        reason=event.reason,
        ledger_entry=event.ledger_entry,
    )
    devices = {**state.devices, event.package_id: less}
    return replace(state, devices=devices, wastes=(*state.wastes, waste))


def _dosing_ended(state: SessionState, said: Said, event: e.DosingEnded) -> SessionState:
    return replace(state, stage=Stage.RECOVERY, stopped=said, stop_reason=event.reason)


def _extended(state: SessionState, said: Said, event: e.OrderExtended) -> SessionState:
    further = d.Extension(said, event.reason, event.rate_ml_per_h, event.volume_ml, event.bolus_ml)
    return replace(state, extensions=(*state.extensions, further))


def _weight(state: SessionState, said: Said, event: e.WeightCharted) -> SessionState:
    weight = d.ChartedWeight(said, event.weight_kg, event.measured_on)
    return replace(state, charted_weight=weight)


STEPS: dict[type, Callable[[SessionState, Said, Any], SessionState]] = {
    e.DrugDrawn: _drawn,
    e.InfusionStarted: _started,
    e.RateChanged: _rate_changed,
    e.InfusionPaused: _paused,
    e.InfusionResumed: _resumed,
    e.InfusionStopped: _stopped,
    e.SyringeChanged: _syringe_changed,
    e.BolusGiven: _bolus,
    e.LineFlushed: _flushed,
    e.DrugWasted: _wasted,
    e.InjectionGiven: _injected,
    e.DevicesTaken: _devices_taken,
    e.DeviceGiven: _device_given,
    e.DevicesWasted: _devices_wasted,
    e.DosingEnded: _dosing_ended,
    e.OrderExtended: _extended,
    e.WeightCharted: _weight,
}
