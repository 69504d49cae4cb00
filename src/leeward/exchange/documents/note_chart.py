"""The vital-sign chart of a note, drawn from the signed record alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from leeward.figures.session_record import RecordChart, draw_record

from .note_words import Clock

Json = dict[str, Any]
Reading = tuple[datetime, float | None]
MARGIN = timedelta(minutes=5)


def note_chart(record: Json, *, wide: bool = True) -> str:
    """The drawing as a standalone SVG, in the clinic's time; gaps stay gaps."""
    clock = Clock(record["session"]["timezone"])
    return draw_record(chart_of(record, clock), wide=wide, standalone=True)


def chart_of(record: Json, clock: Clock) -> RecordChart:
    """The record's readings, rates and marks as the figure takes them."""
    session = record["session"]
    return RecordChart(
        title=f"Vital signs of session {session['number'] or ''}".strip(),
        start=_start(record, clock),
        end=_end(record, clock),
        zero=clock.local(session["started_at"]) if session["started_at"] else None,
        hr=_readings(record, clock, ("hr", "pr"), "hr_per_min"),
        spo2=_readings(record, clock, ("spo2",), "spo2_pct"),
        rr=_readings(record, clock, ("rr",), "rr_per_min"),
        pressures=tuple(_pressures(record, clock)),
        infusion=tuple(
            (clock.local(s["from"]), clock.local(s["to"]) if s["to"] else None,
             float(s["rate_ml_per_h"]))
            for s in record["infusion"]["rates"]
        ),
        observations=tuple(
            (clock.local(o["at"]), f"{'S' if o['scale'] == 'moaas' else o['scale'][0].upper()}"
             f"{o['value']}")
            for o in record["observations"]
        ),
    )  # fmt: skip


def _start(record: Json, clock: Clock) -> datetime:
    times = [record["session"]["started_at"] or record["session"]["opened_at"]]
    times += [v["at"] for v in record["vitals"]]
    times += [s["from"] for s in record["series"]]
    return min(clock.local(text) for text in times) - MARGIN


def _end(record: Json, clock: Clock) -> datetime:
    session = record["session"]
    times = [session["discharged_at"] or session["stopped_at"] or session["opened_at"]]
    times += [v["at"] for v in record["vitals"]]
    times += [s["to"] for s in record["series"]]
    return max(clock.local(text) for text in times) + MARGIN


def _readings(
    record: Json, clock: Clock, channels: tuple[str, ...], typed: str
) -> tuple[Reading, ...]:
    """Device readings of the first channel that has any, else what people typed."""
    for channel in channels:
        found = [s for s in record["series"] if s["channel"] == channel]
        if found:
            return tuple(sorted(_points(found, clock), key=lambda reading: reading[0]))
    return tuple(
        (clock.local(v["at"]), float(v["values"][typed]))
        for v in record["vitals"]
        if typed in v["values"]
    )


def _points(series: Iterable[Json], clock: Clock) -> Iterator[Reading]:
    for one in series:
        first = clock.local(one["from"])
        for offset_ms, value, *_quality in one["readings"]:
            at = first + timedelta(milliseconds=offset_ms)
            yield at, None if value is None else float(value)
        # The figure must not join across a stated gap, however dense the rest is.
        yield from ((clock.local(gap["from"]) + timedelta(seconds=1), None) for gap in one["gaps"])


def _pressures(record: Json, clock: Clock) -> Iterator[tuple[datetime, float, float]]:
    """Typed and device cuff readings; a systolic counts with the diastolic of its moment."""
    for entry in record["vitals"]:
        values = entry["values"]
        if "sbp_mmhg" in values and "dbp_mmhg" in values:
            yield clock.local(entry["at"]), float(values["sbp_mmhg"]), float(values["dbp_mmhg"])
    systolic = _valued(record, clock, "nibp_sys")
    diastolic = _valued(record, clock, "nibp_dia")
    for at, high in systolic.items():
        if at in diastolic:
            yield at, high, diastolic[at]


def _valued(record: Json, clock: Clock, channel: str) -> dict[datetime, float]:
    found = (s for s in record["series"] if s["channel"] == channel)
    return {at: value for at, value in _points(found, clock) if value is not None}
