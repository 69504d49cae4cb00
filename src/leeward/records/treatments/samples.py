"""Device samples: the tail of committed seconds, the sealed minutes, and reading both as a series.

A minute is sealed into one compressed block whose digest is an event of the session, so that a
changed block shows. A second that never came is absent from its minute: gaps stay gaps.
"""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from leeward.records.audit.chain import canonical

from .channels import CHANNELS, Reading
from .models import DeviceBinding, SampleBlock, SampleTail, TreatmentEvent

MINUTE = timedelta(minutes=1)
# A second may reach the tail this long after its minute ended; then the minute is closed.
GRACE = timedelta(seconds=30)
SEALED_TYPE = "treatment.samples_sealed.v1"
# Key of the device's and the adapter's own clocks beside the channels of one second.
CLOCKS = "@"


@dataclass(frozen=True, slots=True)
class Second:
    """One committed second of one binding."""

    at: datetime
    received_at: datetime
    readings: dict[str, Reading]


@dataclass(frozen=True, slots=True)
class Point:
    """One reading of a series; `value` is a decimal string, or None for a said reason."""

    at: datetime
    value: str | None
    quality: str


@dataclass(frozen=True, slots=True)
class Series:
    """Everything one device reported in one channel, in order of time."""

    binding_id: UUID
    channel: str
    unit: str
    intermittent: bool
    period_s: str | None
    points: tuple[Point, ...]


def read_series(session_id: UUID, *, since: datetime | None = None) -> tuple[Series, ...]:
    """All device readings of a session: one series per device binding and channel."""
    found = []
    bindings = DeviceBinding.objects.filter(session_id=session_id).order_by("bound_at")
    for binding in bindings:
        points: dict[str, list[Point]] = defaultdict(list)
        for second in read_seconds(binding.id, since=since):
            for name, reading in second.readings.items():
                points[name].append(Point(second.at, reading.value, reading.quality))
        found += [
            Series(
                binding_id=binding.id,
                channel=name,
                unit=CHANNELS[name].unit,
                intermittent=CHANNELS[name].intermittent,
                period_s=period_s(binding.settings, name),
                points=tuple(points[name]),
            )
            for name in CHANNELS
            if name in points
        ]
    return tuple(found)


def read_columns(
    session_id: UUID, channels: Collection[str]
) -> dict[str, dict[float, float | None]]:
    """Of each channel that a device reported: epoch time [s] to value in its unit, or None.

    The drawing of a long session reads this: two hours at 1 Hz without an object a reading.
    """
    columns: dict[str, dict[float, float | None]] = {name: {} for name in channels}
    bindings = DeviceBinding.objects.filter(session_id=session_id).order_by("bound_at")
    for binding in bindings.values_list("id", flat=True):
        tail = list(SampleTail.objects.filter(binding_id=binding).order_by("at", "id"))
        blocks = SampleBlock.objects.filter(binding_id=binding).order_by("minute")
        for data in blocks.values_list("data", flat=True):
            for row in unpack(bytes(data))["seconds"]:
                at_s = datetime.fromisoformat(row["at"]).timestamp()
                _add(columns, at_s, row["channels"])
        for second in tail:
            _add(columns, second.at.timestamp(), second.channels)
    return columns


def _add(columns: dict[str, dict[float, float | None]], at_s: float, said: dict[str, Any]) -> None:
    for name, column in columns.items():
        if name in said:
            text = said[name]["v"]
            column[at_s] = None if text is None else float(text)


def read_seconds(binding_id: UUID, *, since: datetime | None = None) -> Iterator[Second]:
    """The seconds of one binding in order: the sealed minutes, then the tail."""
    blocks = SampleBlock.objects.filter(binding_id=binding_id).order_by("minute")
    tail = SampleTail.objects.filter(binding_id=binding_id).order_by("at", "id")
    if since is not None:
        blocks = blocks.filter(minute__gt=since - MINUTE)
        tail = tail.filter(at__gte=since)
    # The tail is read first: a minute sealed in between is then seen twice, never not at all.
    fresh = [(row.boot_id, row.seq, second_of(row)) for row in tail]
    sealed = set()
    for block in blocks:
        for row in unpack(bytes(block.data))["seconds"]:
            sealed.add((row["boot"], row["seq"]))
            second = _second(row["at"], row["received"], row["channels"])
            if since is None or second.at >= since:
                yield second
    yield from (s for boot, seq, s in fresh if (str(boot), seq) not in sealed)


def second_of(row: SampleTail) -> Second:
    return Second(row.at, row.received_at, _readings(row.channels))


def to_channels(readings: dict[str, Reading], clocks: dict[str, str]) -> dict[str, Any]:
    """The stored form of one second."""
    stored: dict[str, Any] = {}
    for name, reading in readings.items():
        stored[name] = {"v": reading.value, "q": reading.quality}
        if reading.raw is not None:
            stored[name]["raw"] = reading.raw
    if clocks:
        stored[CLOCKS] = clocks
    return stored


def period_s(settings: dict[str, Any], channel: str) -> str | None:
    """The period a binding declares for a channel [s], as a decimal string."""
    declared = settings.get("period_s", {}).get(channel)
    return None if declared is None else str(declared)


# --- sealing ---------------------------------------------------------------------------------


def minute_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def bindings_to_seal(now: datetime) -> list[UUID]:
    """Bindings with a closed minute in their tail, or over with anything in it."""
    over = Q(binding__ended_at__isnull=False) | Q(
        binding__session__stage__in=("departed", "signed")
    )
    due = SampleTail.objects.filter(Q(at__lt=minute_of(now - GRACE)) | over)
    return list(due.values_list("binding_id", flat=True).distinct())


def closed_minutes(
    binding: DeviceBinding, now: datetime
) -> list[tuple[datetime, list[SampleTail]]]:
    """The tail's minutes that no more seconds will join, oldest first."""
    rows = SampleTail.objects.filter(binding=binding).order_by("at", "id")
    if binding.ended_at is None:
        rows = rows.filter(at__lt=minute_of(now - GRACE))
    minutes: dict[datetime, list[SampleTail]] = defaultdict(list)
    for row in rows:
        minutes[minute_of(row.at)].append(row)
    return sorted(minutes.items(), key=lambda item: item[0])


def seal(binding: DeviceBinding, minute: datetime, rows: Sequence[SampleTail]) -> SampleBlock:
    """Move one closed minute from the tail into its block."""
    packed, digest = pack(binding.id, minute, rows)
    block = SampleBlock.objects.create(
        binding=binding, minute=minute, data=packed, count=len(rows), digest=digest
    )
    SampleTail.objects.filter(id__in=[row.id for row in rows]).delete()
    return block


def pack(binding_id: UUID, minute: datetime, rows: Iterable[SampleTail]) -> tuple[bytes, str]:
    """A minute as compressed canonical JSON, and the SHA-256 of that JSON in hexadecimal."""
    text = canonical(
        {
            "binding": str(binding_id),
            "minute": minute.isoformat(),
            "seconds": [
                {
                    "boot": str(row.boot_id),
                    "seq": row.seq,
                    "at": row.at.astimezone(UTC).isoformat(),
                    "received": row.received_at.astimezone(UTC).isoformat(),
                    "channels": row.channels,
                }
                for row in rows
            ],
        }
    ).encode()
    return zlib.compress(text, 6), hashlib.sha256(text).hexdigest()


def unpack(data: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(data))
    return content


def is_sealed(binding_id: UUID, minutes: set[datetime]) -> set[datetime]:
    """Those of `minutes` that are sealed already."""
    rows = SampleBlock.objects.filter(binding_id=binding_id, minute__in=minutes)
    return set(rows.values_list("minute", flat=True))


def verify_blocks(session_id: UUID) -> str | None:
    """The first sealed minute that does not fit its event, or None when all of them do."""
    blocks = {
        (str(block.binding_id), block.minute): block
        for block in SampleBlock.objects.filter(binding__session_id=session_id)
    }
    events = TreatmentEvent.objects.filter(session_id=session_id, type=SEALED_TYPE)
    for event in events.order_by("seq"):
        sealed = json.loads(event.payload)
        minute = datetime.fromisoformat(sealed["minute"])
        block = blocks.pop((sealed["binding_id"], minute), None)
        if block is None:
            return f"the samples of {minute:%Y-%m-%d %H:%M} are missing (event {event.seq})"
        if not block_fits(block, sealed["digest"], sealed["count"]):
            return f"the samples of {minute:%Y-%m-%d %H:%M} have been altered (event {event.seq})"
    if blocks:
        _, minute = min(blocks, key=lambda key: key[1])
        return f"the samples of {minute:%Y-%m-%d %H:%M} were never sealed by an event"
    return None


def block_fits(block: SampleBlock, digest: str, count: int) -> bool:
    """Whether a block is what its event says it was."""
    try:
        text = zlib.decompress(bytes(block.data))
        held = len(json.loads(text)["seconds"])
    except (zlib.error, ValueError, KeyError):
        return False
    actual = hashlib.sha256(text).hexdigest()
    return actual == digest == block.digest and held == count == block.count


def unpacked_second(row: dict[str, Any]) -> Second:
    """One second of an unpacked block."""
    return _second(row["at"], row["received"], row["channels"])


def _second(at: str, received_at: str, channels: dict[str, Any]) -> Second:
    return Second(
        datetime.fromisoformat(at), datetime.fromisoformat(received_at), _readings(channels)
    )


def _readings(channels: dict[str, Any]) -> dict[str, Reading]:
    return {
        name: Reading(kept["v"], kept["q"], kept.get("raw"))
        for name, kept in channels.items()
        if name != CLOCKS
    }
