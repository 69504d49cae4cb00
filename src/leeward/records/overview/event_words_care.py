"""Events about the drug and about what was done beside it, in words."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from leeward.core.quantities.formatting import show
from leeward.core.treatment import events as e


def _drawn(event: e.DrugDrawn) -> str:
    stock = "" if event.stock_ml is None else f" from {show(event.stock_ml, 'mL')} of the vial"
    return (
        f"Syringe {event.syringe_id} prepared: {show(event.volume_ml, 'mL')} at "
        f"{show(event.concentration_mg_per_ml, 'mg/mL')}{stock}, lot {event.lot}"
    )


def _extended(event: e.OrderExtended) -> str:
    allowed = [
        f"{what} {show(figure, unit)}"
        for what, figure, unit in (
            ("rate to", event.rate_ml_per_h, "mL/h"),
            ("volume to", event.volume_ml, "mL"),
            ("bolus of", event.bolus_ml, "mL"),
        )
        if figure is not None
    ]
    return f"Allowed beyond the order: {', '.join(allowed)}: {event.reason}"


def _ended(event: e.DosingEnded) -> str:
    volume = "" if event.given_ml is None else f", {show(event.given_ml, 'mL')}"
    return f"Dose ended ({event.reason}): {show(event.given_mg, 'mg')} given{volume}"


def _said(words: str) -> str:
    return f": {words}" if words else ""


def _times(amount: Decimal, unit: str) -> str:
    return f"{show(amount)} {unit}"


WORDS: dict[type, Callable[[Any], str]] = {
    e.DrugDrawn: _drawn,
    e.BolusGiven: lambda v: (
        f"Bolus {show(v.dose_mg, 'mg')}, {show(v.volume_ml, 'mL')} by {v.by}: {v.reason}"
    ),
    e.SyringeChanged: lambda v: (
        f"Syringe {v.to_syringe_id} on the pump; syringe {v.from_syringe_id} gave "
        f"{show(v.given_ml, 'mL')}"
    ),
    e.LineFlushed: lambda v: f"Line flushed: {v.fluid} {show(v.volume_ml, 'mL')}",
    e.DrugWasted: lambda v: (
        f"Wasted {show(v.dose_mg, 'mg')}, {show(v.volume_ml, 'mL')} of syringe {v.syringe_id}, "
        f"witness {v.witness_name}: {v.reason}"
    ),
    e.InjectionGiven: lambda v: (
        f"Injected {show(v.dose_mg, 'mg')}, {show(v.volume_ml, 'mL')}: {v.site}"
    ),
    e.DevicesTaken: lambda v: (
        f"{v.count} devices of {show(v.mg_per_device, 'mg')} taken, lot {v.lot}"
    ),
    e.DeviceGiven: lambda v: f"Device {v.number} used: {show(v.dose_mg, 'mg')}",
    e.DevicesWasted: lambda v: f"{v.count} devices wasted, witness {v.witness_name}: {v.reason}",
    e.DosingEnded: _ended,
    e.OrderExtended: _extended,
    e.WeightCharted: lambda v: (
        f"Newer weight in the chart: {show(v.weight_kg, 'kg')} of {v.measured_on.isoformat()}"
    ),
    e.RescueGiven: lambda v: (
        f"{v.drug} {_times(v.amount, v.unit)} {v.route}: {v.reason}"
        f"{f', ordered by {v.ordered_by}' if v.ordered_by else ''}"
    ),
    e.OxygenSet: lambda v: f"Oxygen {show(v.flow_l_per_min, 'L/min')} by {v.device}",
    e.OxygenStopped: lambda v: "Oxygen off",
    e.ComfortGiven: lambda v: f"Comfort, {v.kind.replace('_', ' ')}{_said(v.words)}",
    e.PatientCalled: lambda v: f"Patient called ({v.via}){_said(v.words)}",
    e.CallAnswered: lambda v: f"Call answered{_said(v.words)}",
    e.EmergencyDeclared: lambda v: f"EMERGENCY declared{_said(v.words)}",
    e.EmergencyEnded: lambda v: f"Emergency over: {v.outcome}",
    e.HandedOver: lambda v: f"Care handed over to {v.to_name}{_said(v.words)}",
}
