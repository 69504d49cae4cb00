"""Recorded vital signs as frames of observations: WFDB numerics and CSV.

A drop-out of the recording (a zero pulse, an empty cell, NaN, X) stays what it was: no value.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from leeward.records.treatments.channels import CHANNELS, NO_VALUE, judge

from .message import Raw, Reading
from .wfdb import UnreadableRecord, read_record

# The recorded name and unit of a signal, and the channel that is the same quantity in our unit.
SIGNALS = {
    ("HR", "bpm"): "hr",
    ("PULSE", "bpm"): "pr",
    ("RESP", "pm"): "rr",
    ("SpO2", "%"): "spo2",
    ("NBPSys", "mmHg"): "nibp_sys",
    ("NBPDias", "mmHg"): "nibp_dia",
    ("NBPMean", "mmHg"): "nibp_map",
}
FAR_TOO_FAST = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Recording:
    """Frames taken `period_s` apart [s], each with the readings of one moment."""

    name: str
    period_s: Decimal
    began_at: datetime | None
    channels: tuple[str, ...]
    frames: tuple[tuple[Reading, ...], ...]


def read_recording(file: Path) -> Recording:
    """Read a `.hea` or `.csv` file. Raises `UnreadableRecord` with the reason."""
    if file.suffix == ".hea":
        record = read_record(file)
        names = [(signal.name, signal.unit) for signal in record.signals]
        rows: Iterable[Sequence[str | None]] = zip(
            *(map(_text, signal.values) for signal in record.signals), strict=True
        )
        return _recording(record.name, record.period_s, record.began_at, names, rows)
    if file.suffix == ".csv":
        return _read_csv(file)
    raise UnreadableRecord(f"{file.name}: only .hea and .csv recordings are read")


def from_frame(recording: Recording, first: int) -> Recording:
    """The recording from frame `first` on, counted from 0."""
    if not 0 <= first < len(recording.frames):
        raise UnreadableRecord(f"{recording.name} has no frame {first}")
    return replace(recording, frames=recording.frames[first:])


def replay_settings(file: Path, speed: Decimal, *, first: int = 0) -> dict[str, Any]:
    """Settings of a device binding that replays `file` from frame `first` at `speed` times life.

    The declared period of each channel shrinks with the speed, so staleness stays honest.
    """
    if not 0 < speed <= FAR_TOO_FAST:
        raise ValueError(f"a replay runs at more than 0 and at most {FAR_TOO_FAST} times life")
    recording = read_recording(file)
    period_s = format((recording.period_s / speed).quantize(Decimal("0.001")).normalize(), "f")
    continuous = [name for name in recording.channels if not CHANNELS[name].intermittent]
    return {
        "file": file.name,
        "speed": format(speed, "f"),
        "from_frame": str(first),
        "period_s": dict.fromkeys(continuous, period_s),
    }


def _read_csv(file: Path) -> Recording:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.reader(lines))
    if len(rows) < 3 or rows[0][:1] != ["time"]:
        raise UnreadableRecord(f"{file.name}: needs a header that begins with time, and two rows")
    names = [_name_and_unit(column) for column in rows[0][1:]]
    if any(len(row) != len(rows[0]) for row in rows):
        raise UnreadableRecord(f"{file.name}: every row needs {len(rows[0])} cells")
    times = [datetime.fromisoformat(row[0]) for row in rows[1:]]
    steps = {later - earlier for earlier, later in pairwise(times)}
    if len(steps) != 1:
        raise UnreadableRecord(f"{file.name}: its rows are not the same time apart")
    period_s = Decimal(str(steps.pop().total_seconds()))
    return _recording(file.stem, period_s, times[0], names, [row[1:] for row in rows[1:]])


def _name_and_unit(column: str) -> tuple[str, str]:
    name, _, unit = column.partition("[")
    return name.strip(), unit.rstrip("] ")


def _recording(
    name: str,
    period_s: Decimal,
    began_at: datetime | None,
    names: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str | None]],
) -> Recording:
    if period_s <= 0:
        raise UnreadableRecord(f"{name}: time does not go forward")
    frames = tuple(
        tuple(
            reading
            for (signal, unit), value in zip(names, row, strict=True)
            if (reading := _reading(signal, unit, value)) is not None
        )
        for row in rows
    )
    known = tuple(SIGNALS[pair] for pair in names if pair in SIGNALS)
    if not known:
        raise UnreadableRecord(f"{name}: holds no signal that is known here")
    return Recording(name, period_s, began_at, known, frames)


def _reading(signal: str, unit: str, value: str | None) -> Reading | None:
    channel = SIGNALS.get((signal, unit))
    if channel is None:
        return None
    spec = CHANNELS[channel]
    text = _number_or_none(value)
    if text is None and spec.intermittent:
        return None  # the cuff did not measure: nothing was said
    kept = judge(channel, text, spec.unit, "valid" if text is not None else NO_VALUE)
    return Reading(
        channel=channel,
        value=kept.value,
        unit=spec.unit,
        quality=kept.quality,
        kind="intermittent" if spec.intermittent else "continuous",
        raw=Raw(code=signal, value=value, unit=unit),
    )


def _number_or_none(value: str | None) -> str | None:
    if value is None or not value.strip():
        return None
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    return value.strip() if number.is_finite() else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
