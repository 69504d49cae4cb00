"""What devices measured in a session, from its record: sampled series, and every cuff reading.

A series is written at its own step; a slot without a value is "E", so a gap stays a gap.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

from leeward.core.candidacy import systems

from .datatypes import Json
from .observation_codes import KNOWN
from .writing import address, entry, in_words, moment, own_code

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
LOINC = {"hr": "8867-4", "spo2": "59408-5", "rr": "9279-1", "temp": "8310-5"}
CUFF = {"nibp_sys": "8480-6", "nibp_dia": "8462-4"}
PRESSURE_PANEL = "85354-9"
# A series longer than this is cut into several Observations, so that none grows without bound.
LONGEST = 7200
NO_VALUE = "E"


def sample_entries(
    session_id: UUID, series: Sequence[Json], patient: Json, encounter: Json
) -> Iterator[Json]:
    """Observations with SampledData for each continuous channel, and one for each cuff reading."""
    about = {"subject": patient, "encounter": encounter}
    for number, one in enumerate(series):
        if one["intermittent"] or one["unit"] == "":
            continue
        for part, body in enumerate(_sampled(one)):
            url = address(session_id, f"samples:{number}:{part}")
            yield entry(url, {**_frame(about), "code": _code(one["channel"]), **body})
    yield from _cuffs(session_id, series, about)


def _sampled(one: Json) -> Iterator[Json]:
    readings: list[list[Any]] = [r for r in one["readings"] if r]
    if len(readings) < 2:
        return
    step_ms = max(1, round(median(b[0] - a[0] for a, b in pairwise(readings)) or 1))
    slots: dict[int, str] = {}
    for offset_ms, value, *_ in readings:
        slots[round(offset_ms / step_ms)] = NO_VALUE if value is None else str(value)
    first = datetime.fromisoformat(one["from"])
    last_slot = max(slots)
    for begin in range(0, last_slot + 1, LONGEST):
        end = min(begin + LONGEST, last_slot + 1)
        data = [slots.get(slot, NO_VALUE) for slot in range(begin, end)]
        if all(value == NO_VALUE for value in data):
            continue
        span = [first + timedelta(milliseconds=step_ms * slot) for slot in (begin, end - 1)]
        yield {
            "effectivePeriod": {"start": moment(span[0]), "end": moment(span[1])},
            "valueSampledData": {
                "origin": {"value": 0, "unit": one["unit"], "system": systems.UCUM,
                           "code": one["unit"]},
                "period": step_ms,
                "dimensions": 1,
                "data": " ".join(data),
            },
        }  # fmt: skip


def _cuffs(session_id: UUID, series: Sequence[Json], about: Json) -> Iterator[Json]:
    found: dict[datetime, dict[str, str]] = {}
    for one in series:
        if one["channel"] not in CUFF:
            continue
        first = datetime.fromisoformat(one["from"])
        for offset_ms, value, *_ in one["readings"]:
            if value is not None:
                at = first + timedelta(milliseconds=offset_ms)
                found.setdefault(at, {})[one["channel"]] = value
    for at, pair in sorted(found.items()):
        parts = [
            {"code": _loinc(code),
             "valueQuantity": {"value": _plain(pair[channel]), "unit": "mmHg",
                               "system": systems.UCUM, "code": "mm[Hg]"}}
            for channel, code in CUFF.items() if channel in pair
        ]  # fmt: skip
        body = {
            "code": _loinc(PRESSURE_PANEL),
            "effectiveDateTime": moment(at),
            "component": parts,
        }
        url = address(session_id, f"cuff:{at.isoformat()}")
        yield entry(url, {**_frame(about), **body})


def _frame(about: Json) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        **about,
    }


def _code(channel: str) -> Json:
    return _loinc(LOINC[channel]) if channel in LOINC else own_code(channel, in_words(channel))


def _loinc(code: str) -> Json:
    name = KNOWN[code].name
    return {"coding": [{"system": systems.LOINC, "code": code, "display": name}], "text": name}


def _plain(text: str) -> Decimal:
    return Decimal(text)
