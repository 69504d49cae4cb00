"""`leeward replay scenario.json`: a simulated patient run through, with the alarms it raises.

SIMULATION. The pump is the scenario's own, nobody acts, and the limits are those invented for the
demo; so two runs say the same to the last digit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from leeward import content
from leeward.core import alarms as a
from leeward.demo.limits import INVENTED
from leeward.exchange.devices.simulated.patient import UNITS, SimulatedPatient
from leeward.exchange.devices.simulated.scenario import Scenario

CONDITIONS = "racemic_ketamine.iv"
SECOND_MS = 1000
# Readings are told at this rhythm in the text [s].
TELL_EVERY_S = 300
TOLD = ("hr", "spo2", "rr", "nibp_sys", "nibp_dia", "pump_rate_ml_h")


@dataclass(frozen=True, slots=True)
class Run:
    """What a scenario came to: alarms as (second, words), readings now and then, the end."""

    scenario: Scenario
    alarms: tuple[tuple[int, dict[str, Any]], ...]
    readings: tuple[tuple[int, dict[str, str | None]], ...]
    infused_ml: float
    level_ng_per_ml: float


def run_scenario(scenario: Scenario) -> Run:
    """Every second of a scenario through the alarm conditions, on a clock of its own."""
    figures = {name: Decimal(value) for name, value in INVENTED.items()}
    plan = a.fill(content.load().alarms[CONDITIONS], figures)
    state = a.begin(plan, prefix="scenario", at_ms=0, phase=a.Phase.INFUSING)
    for channel in UNITS:
        if not channel.startswith(("nibp", "pump")):
            state, _ = a.step(state, a.ChannelDeclared(channel, SECOND_MS), plan, 0)
    patient, told, readings = SimulatedPatient(scenario), [], []
    last: dict[str, str | None] = {}
    for second in range(int(scenario.minutes * 60)):
        now_ms = (second + 1) * SECOND_MS
        events: list[a.AlarmEvent] = []
        for reading in patient.second():
            last[reading.channel] = reading.value
            if not reading.channel.startswith("pump"):
                value = None if reading.value is None else Decimal(reading.value)
                state, more = a.step(state, a.Sample(reading.channel, value), plan, now_ms)
                events += more
            if reading.channel == "nibp_sys" and reading.value is not None:
                state, more = a.step(state, a.ActDone("bp", now_ms), plan, now_ms)
                events += more
        state, more = a.step(state, a.Tick(), plan, now_ms)
        told += [(second, _alarm(event)) for event in (*events, *more)]
        if second % TELL_EVERY_S == TELL_EVERY_S - 1:
            readings.append((second, dict(last)))
    return Run(scenario, tuple(told), tuple(readings), patient.infused_ml, patient.level_ng_per_ml)


def _alarm(event: a.AlarmEvent) -> dict[str, Any]:
    said: dict[str, Any] = {"what": type(event).__name__.lower(), "alarm_id": event.alarm_id}
    if isinstance(event, a.Raised):
        value = None if event.value is None else format(event.value, "f")
        said |= {"condition": event.condition, "channel": event.channel,
                 "priority": event.priority.value, "value": value, "unit": event.unit}  # fmt: skip
    return said


def as_json(run: Run) -> dict[str, Any]:
    """The run as a stable document."""
    scenario = run.scenario
    return {
        "simulation": True,
        "scenario": scenario.id,
        "seed": scenario.seed,
        "minutes": scenario.minutes,
        "happenings": [
            {"what": h.what, "at_min": h.at_min, "for_min": h.for_min, "words": h.words}
            for h in scenario.happenings
        ],
        "alarms": [{"at_s": second, **said} for second, said in run.alarms],
        "readings": [{"at_s": second, **values} for second, values in run.readings],
        "infused_ml": round(run.infused_ml, 2),
        "level_ng_per_ml": round(run.level_ng_per_ml, 1),
    }


def as_text(run: Run) -> Iterator[str]:
    """What happened, in order, in minutes after the start."""
    scenario = run.scenario
    yield f"SIMULATION: {scenario.title}. {scenario.about} Limits invented for the demo."
    lines = [(h.at_min * 60, f"happens: {h.words}") for h in scenario.happenings]
    lines += [(s, _words(said)) for s, said in run.alarms if said["what"] == "raised"]
    lines += [
        (s, "  ".join(f"{name} {values.get(name) or '-'}" for name in TOLD))
        for s, values in run.readings
    ]
    for second, words in sorted(lines, key=lambda line: line[0]):
        yield f"{timedelta(seconds=int(second))}  {words}"
    yield (f"Given {run.infused_ml:.2f} mL; level at the end {run.level_ng_per_ml:.0f} ng/mL "
           "(published set).")  # fmt: skip


def _words(said: dict[str, Any]) -> str:
    value = f" at {said['value']} {said['unit']}" if said["value"] else ""
    condition = said["condition"].replace("_", " ")
    return f"alarm, {said['priority']}: {condition} ({said['channel'].replace('_', ' ')}){value}"
