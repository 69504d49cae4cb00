"""IHE PCD-01 observations (ORU^R01) into Leeward's own: every OBX becomes one, known or not.

A status, a flag or a sentinel that says "none" makes no value, whatever number stands beside it;
so does a number outside its channel's range, or in a unit that is not understood. What was sent is
kept beside it, and nothing is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leeward.records.treatments.channels import (
    CHANNELS,
    INVALID,
    NO_VALUE,
    judge,
)

from . import pcd01_values as values
from .hl7_text import Message, Segment
from .hl7_time import read_time
from .message import Device
from .nomenclature import (
    CONTINUOUS,
    INTERMITTENT,
    SETTING,
    Term,
    known_term,
)

OBSERVATIONS = "ORU^R01"
# OBX-17: set by the device or by a person, rather than measured.
SETTINGS = frozenset({"ASET", "MSET"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading as the device sent it: codes with their names, and the value as it stood."""

    code: str
    name: str
    system: str
    value: str | None
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """One OBX. Without a channel its code is unknown; `because` says why there is no value."""

    channel: str | None
    value: str | None
    unit: str | None
    quality: str
    kind: str
    t_device: datetime | None
    device: Device
    sent: Sent
    because: str = ""
    rank: int = 0
    # Whether the line itself, or what contains it, says when it was taken.
    timed: bool = False


@dataclass(slots=True)
class _Tree:
    """What the lines of one OBR say for those below them (containment, OBX-4)."""

    request: Segment | None = None
    times: dict[str, datetime] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)


def observations(message: Message) -> tuple[Decoded, ...]:
    """Every OBX of a message, in order."""
    return tuple(_walk(message))


def _walk(message: Message) -> Iterator[Decoded]:
    tree = _Tree()
    for segment in message.segments:
        if segment.name == "OBR":
            tree = _Tree(segment)
        elif segment.name == "OBX":
            path = segment.component(4)
            if (moment := read_time(segment.text(14))) is not None:
                tree.times[path] = moment
            if serial := segment.text(18):
                tree.devices[path] = serial
            yield _observation(message, segment, tree)


def _observation(message: Message, obx: Segment, tree: _Tree) -> Decoded:
    sent = _sent(obx)
    term = known_term(sent.code, sent.name) if sent.system in ("MDC", "") else None
    time, device = _time(message, obx, tree), _device(message, obx, tree)
    if term is None:
        because = f"{sent.code or 'no code'} {sent.name} {sent.system}".strip() + " is not known"
        quality = NO_VALUE if sent.value is None else INVALID
        return Decoded(None, None, None, quality, CONTINUOUS, time, device, sent, because)
    channel = CHANNELS[term.channel]
    quality, because = values.standing(obx)
    text = sent.value
    if not because:
        text, quality, because = values.value(channel, obx, quality)
    kept = judge(channel.name, text, channel.unit, quality)
    if kept.value is None and not because:
        because = f"{sent.value!r} is {kept.quality.replace('_', ' ')} for {channel.name}"
    return Decoded(
        channel.name, kept.value, channel.unit, kept.quality, _kind(term, obx), time, device, sent,
        because, term.rank, any(path in tree.times for path in _upwards(obx.component(4))),
    )  # fmt: skip


def _sent(obx: Segment) -> Sent:
    # Where a code of another system stands first, the same in MDC may stand after it.
    first = 4 if obx.component(3, 6).strip() == "MDC" != obx.component(3, 3).strip() else 1
    return Sent(
        code=obx.component(3, first).strip(),
        name=obx.component(3, first + 1).strip(),
        system=obx.component(3, first + 2).strip(),
        value=values.sent_value(obx),
        unit=obx.component(6, 1).strip(),
        unit_name=obx.component(6, 2).strip(),
    )


def _kind(term: Term, obx: Segment) -> str:
    methods = {part.split(obx.separators.component)[0] for part in obx.repetitions(17)}
    return SETTING if methods & SETTINGS else term.kind


def _time(message: Message, obx: Segment, tree: _Tree) -> datetime | None:
    """When it was taken: by its own line, those it is contained in, its request, its message."""
    for path in _upwards(obx.component(4)):
        if path in tree.times:
            return tree.times[path]
    request = read_time(tree.request.text(7)) if tree.request else None
    return request or read_time(message.header.text(7))


def _device(message: Message, obx: Segment, tree: _Tree) -> Device:
    sender = message.header
    serial = next(
        (tree.devices[p] for p in _upwards(obx.component(4)) if p in tree.devices), ""
    ) or sender.component(3, 2)  # fmt: skip
    return Device(vendor=sender.component(3, 1)[:120], serial=serial[:120])


def _upwards(path: str) -> Iterator[str]:
    """1.2.3.4, then 1.2.3, then 1.2, then 1."""
    parts = path.split(".")
    yield from (".".join(parts[:n]) for n in range(len(parts), 0, -1))


def key_of(message: Message, decoded: Sequence[Decoded]) -> str:
    """By what a device is known again from message to message: who sends, and its serial."""
    serial = next((d.device.serial for d in decoded if d.device.serial), "")
    vendor, facility = message.header.component(3, 1), message.header.component(4, 1)
    return " / ".join(part for part in (vendor, facility, serial) if part)[:200]


def chart_order(decoded: Sequence[Decoded]) -> tuple[Decoded, ...]:
    """What of a message is charted: one observation a channel, of the kind that the channel is.

    A pulse that a cuff counted now and then is not one of the continuous pulse.
    """
    best: dict[str, Decoded] = {}
    for one in decoded:
        if one.channel is None:
            continue
        if one.kind == INTERMITTENT and not CHANNELS[one.channel].intermittent:
            continue
        held = best.get(one.channel)
        if held is None or _preference(one) < _preference(held):
            best[one.channel] = one
    return tuple(best.values())


def _preference(one: Decoded) -> tuple[bool, int]:
    return (one.value is None, one.rank)
