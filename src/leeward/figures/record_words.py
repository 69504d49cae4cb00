"""A record in words, for those who do not see the drawing."""

from .canvas import figure
from .record_chart import Readings, RecordChart
from .series import stretches


def describe_record(chart: RecordChart) -> str:
    """The course of the session in one short paragraph."""
    parts = [f"Record from {chart.start:%H:%M} to {chart.end:%H:%M}", _pressures(chart)]
    parts += [
        _readings("Heart rate", chart.hr, "per minute"),
        _readings("Oxygen saturation", chart.spo2, "percent"),
        _readings("Respiration", chart.rr, "per minute"),
        _infusion(chart),
    ]
    many = len(chart.events)
    parts.append(f"{many} numbered event{'' if many == 1 else 's'}" if many else "")
    return " ".join(f"{part}." for part in parts if part)


def _pressures(chart: RecordChart) -> str:
    if not chart.pressures:
        return "No blood pressure"
    cuffs = sorted(chart.pressures, key=lambda cuff: cuff[0].timestamp())
    top = max(cuffs, key=lambda cuff: cuff[1])
    first, last = cuffs[0], cuffs[-1]
    words = f"Blood pressure {_pair(first)} at {first[0]:%H:%M}"
    if top not in (first, last):
        words += f", highest {_pair(top)} at {top[0]:%H:%M}"
    return words if last is first else f"{words}, last {_pair(last)} at {last[0]:%H:%M}"


def _pair(cuff: tuple[object, float, float]) -> str:
    return f"{figure(cuff[1])}/{figure(cuff[2])}"


def _readings(name: str, readings: Readings, unit: str) -> str:
    present = [
        value for _, value in sorted(readings, key=lambda r: r[0].timestamp()) if value is not None
    ]
    if not present:
        return "" if name == "Respiration" else f"No {name.lower()}"
    gaps = len(stretches([(at.timestamp(), value) for at, value in readings])) - 1
    low, high = figure(min(present)), figure(max(present))
    words = (
        f"{name} {low if low == high else f'{low} to {high}'}, last {figure(present[-1])} {unit}"
    )
    return words + (f", with {gaps} gap{'' if gaps == 1 else 's'}" if gaps else "")


def _infusion(chart: RecordChart) -> str:
    rates = [figure(rate) for _, _, rate in chart.infusion]
    return f"Infusion {', then '.join(rates)} mL/h" if rates else "No infusion"
