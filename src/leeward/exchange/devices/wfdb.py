"""Reads recorded numerics in WFDB form: a text header and one file of 16-bit samples.

Strict on purpose: what the header does not promise, or the checksum does not confirm, is refused
rather than guessed.
"""

import array
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

# The format's own mark of a sample that is not there.
NO_SAMPLE = -32768


class UnreadableRecord(ValueError):
    """The record is not in the one WFDB form that is read here, or is damaged."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal: its name and unit as recorded, and its values; None where there is no sample."""

    name: str
    unit: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A recording of signals taken at the same moments, `period_s` apart."""

    name: str
    period_s: Decimal
    began_at: datetime | None
    signals: tuple[Signal, ...]

    @property
    def length(self) -> int:
        return len(self.signals[0].values)


@dataclass(frozen=True, slots=True)
class _Line:
    """A signal line of the header."""

    file: str
    gain: Decimal
    baseline: int
    unit: str
    first: int
    checksum: int
    name: str


_GAIN = re.compile(r"(?P<gain>[0-9.]+)(\((?P<baseline>-?\d+)\))?(/(?P<unit>\S+))?$")


def read_record(header: Path) -> Record:
    """Read `header` (.hea) and the sample file it names, which lies beside it."""
    lines = [
        line
        for line in header.read_text(encoding="ascii").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    if not lines:
        raise UnreadableRecord(f"{header.name} is empty")
    name, count, period_s, length, began_at = _record_line(lines[0])
    signals = [_signal_line(line) for line in lines[1:]]
    if len(signals) != count or not signals:
        raise UnreadableRecord(f"{header.name} promises {count} signals and lists {len(signals)}")
    files = {signal.file for signal in signals}
    if len(files) != 1:
        raise UnreadableRecord(f"{header.name} spreads its signals over {len(files)} files")
    samples = _samples(header.parent / files.pop(), count * length)
    return Record(
        name=name,
        period_s=period_s,
        began_at=began_at,
        signals=tuple(_signal(s, samples[i::count]) for i, s in enumerate(signals)),
    )


def _record_line(line: str) -> tuple[str, int, Decimal, int, datetime | None]:
    parts = line.split()
    if len(parts) < 4 or "/" in parts[0]:
        raise UnreadableRecord(f"not a single-segment record line: {line!r}")
    frequency_hz = Decimal(parts[2].split("/")[0].split("(")[0])
    if frequency_hz <= 0:
        raise UnreadableRecord(f"impossible sampling frequency in {line!r}")
    # Frequencies of one a minute are written 0.0166666666667: the period is what was meant.
    period_s = (1 / frequency_hz).quantize(Decimal("0.001"))
    return parts[0], int(parts[1]), period_s, int(parts[3]), _began_at(parts[4:])


def _began_at(parts: list[str]) -> datetime | None:
    if len(parts) < 2:
        return None
    clock, _, fraction = parts[0].partition(".")
    day, month, year = (int(part) for part in parts[1].split("/"))
    hour, minute, second = (int(part) for part in clock.split(":"))
    microsecond = int(fraction.ljust(6, "0")[:6]) if fraction else 0
    return datetime.combine(date(year, month, day), time(hour, minute, second, microsecond))


def _signal_line(line: str) -> _Line:
    parts = line.split(maxsplit=8)
    if len(parts) < 9:
        raise UnreadableRecord(f"not a complete signal line: {line!r}")
    file, form, gain_text, _, zero, first, checksum, _, name = parts
    if form != "16" or Path(file).name != file:
        raise UnreadableRecord(f"only format 16 beside its header is read: {line!r}")
    match = _GAIN.match(gain_text)
    if match is None or Decimal(match["gain"]) == 0:
        raise UnreadableRecord(f"no usable gain in {line!r}")
    baseline = int(match["baseline"] if match["baseline"] is not None else zero)
    return _Line(
        file,
        Decimal(match["gain"]),
        baseline,
        match["unit"] or "",
        int(first),
        int(checksum),
        name,
    )


def _samples(file: Path, expected: int) -> "array.array[int]":
    samples = array.array("h")
    if samples.itemsize != 2:
        raise UnreadableRecord("this machine has no 16-bit integers")
    samples.frombytes(file.read_bytes())
    if sys.byteorder == "big":
        samples.byteswap()
    if len(samples) != expected:
        raise UnreadableRecord(f"{file.name} holds {len(samples)} samples, not {expected}")
    return samples


def _signal(line: _Line, samples: "array.array[int]") -> Signal:
    if samples[0] != line.first:
        raise UnreadableRecord(f"{line.name} begins with {samples[0]}, not {line.first}")
    if (sum(samples) - line.checksum) % 65536:
        raise UnreadableRecord(f"{line.name} does not have the checksum its header states")
    values = tuple(
        None if sample == NO_SAMPLE else (Decimal(sample) - line.baseline) / line.gain
        for sample in samples
    )
    return Signal(line.name, line.unit, values)
