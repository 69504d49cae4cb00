"""What devices reported in a session, with every gap stated, as its record writes it."""

from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

from leeward.records.treatments.samples import Point, Series, read_series
from leeward.usecases.record_people import moment

Json = dict[str, Any]
# A pause this many times the channel's own period is a gap; so short a one is not stated.
PERIODS = 2
SHORTEST_GAP = timedelta(seconds=15)
NOTHING_CAME = "nothing came"


def device_series(session_id: UUID) -> list[Json]:
    """One entry for each device and channel: readings as milliseconds from the first, and gaps."""
    return [_series(series) for series in read_series(session_id) if series.points]


def _series(series: Series) -> Json:
    first = series.points[0].at
    return {
        "binding": str(series.binding_id),
        "channel": series.channel,
        "unit": series.unit,
        "intermittent": series.intermittent,
        "from": moment(first),
        "to": moment(series.points[-1].at),
        # [ms since "from", value or null, quality unless valid]
        "readings": [_reading(point, first) for point in series.points],
        "gaps": [] if series.intermittent else _gaps(series.points, _longest(series)),
    }


def _reading(point: Point, first: datetime) -> list[object]:
    offset_ms = (point.at - first) // timedelta(milliseconds=1)
    reading: list[object] = [offset_ms, point.value]
    return reading if point.quality == "valid" else [*reading, point.quality]


def _longest(series: Series) -> timedelta:
    """The longest time between two readings that is not yet a gap."""
    if series.period_s is not None:
        period = timedelta(seconds=float(series.period_s))
    else:
        steps = [(b.at - a.at).total_seconds() for a, b in pairwise(series.points)]
        period = timedelta(seconds=median(steps)) if steps else SHORTEST_GAP
    return max(period * PERIODS, SHORTEST_GAP)


def _gaps(points: tuple[Point, ...], longest: timedelta) -> list[Json]:
    """Times without a value: from the last value to the next, with the reason the device gave."""
    gaps: list[Json] = []
    last, reasons = points[0].at, set[str]()
    for point in points:
        if point.value is None:
            reasons.add(point.quality)
            continue
        if point.at - last > longest:
            gaps.append(_gap(last, point.at, reasons))
        last, reasons = point.at, set()
    if points[-1].at - last > longest:
        gaps.append(_gap(last, points[-1].at, reasons))
    return gaps


def _gap(begin: datetime, end: datetime, reasons: set[str]) -> Json:
    because = ", ".join(sorted(reasons)).replace("_", " ") or NOTHING_CAME
    return {"from": moment(begin), "to": moment(end), "because": because}
