"""`leeward decode`: what any device message becomes, one JSON line an observation."""

import argparse
import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from leeward.exchange.devices.hl7_text import Message, UnreadableHl7, read
from leeward.exchange.devices.mllp import START, BadFraming, FrameReader
from leeward.exchange.devices.pcd01 import OBSERVATIONS, Decoded, observations

LARGEST_FILE = 64 * 1024 * 1024
_BARE_START = re.compile(rb"(?:\A|(?<=[\r\n]))(?:\xef\xbb\xbf)?MSH")


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "decode",
        help="device messages as observations, one JSON line each",
        description="Reads HL7 v2 messages (in MLLP frames or bare, one after another, gzipped or "
        "not) and prints every OBX as an observation. An unknown code has no channel; a reading "
        "that is none has no value; what was sent is kept in raw. Needs no database.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="file, or - for stdin")


def run(args: argparse.Namespace) -> int:
    refused = 0
    for name in args.files:
        try:
            data = _bytes(name)
        except (OSError, EOFError, zlib.error, ValueError) as fault:
            _say(f"{name}: can't be read: {fault}")
            refused += 1
            continue
        refused += _decode(name, data)
    return 1 if refused else 0


def _bytes(name: str) -> bytes:
    data = sys.stdin.buffer.read(LARGEST_FILE + 1) if name == "-" else _file(Path(name))
    if data[:2] == b"\x1f\x8b":
        # A small file can hold gigabytes.
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        data = reader.decompress(data, LARGEST_FILE + 1)
        if not reader.eof and len(data) <= LARGEST_FILE:
            raise gzip.BadGzipFile("the compressed data ends too soon")
    if len(data) > LARGEST_FILE:
        raise ValueError(f"more than {LARGEST_FILE // 1024 // 1024} MiB")
    return data


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _decode(name: str, data: bytes) -> int:
    """Print what a file holds; returns how many of its messages were refused."""
    refused = found = 0
    for number, part in enumerate(_messages(data), start=1):
        try:
            message = read(part) if isinstance(part, bytes) else _raise(part)
        except (UnreadableHl7, BadFraming) as fault:
            _say(f"{name}: message {number}: refused: {fault}")
            refused += 1
            continue
        found += 1
        decoded = observations(message)
        _tell(name, number, message, decoded)
        for one in decoded:
            print(json.dumps(as_json(one), ensure_ascii=False))
    if not found and not refused:
        _say(f"{name}: holds no message")
        refused = 1
    return refused


def _raise(fault: BadFraming) -> Message:
    raise fault


def _messages(data: bytes) -> Iterator[bytes | BadFraming]:
    """The messages of a file: frames if it begins with one, or else from MSH to MSH."""
    if data[:1] == bytes((START,)):
        yield from _framed(data)
        return
    starts = [found.start() for found in _BARE_START.finditer(data)]
    first = starts[0] if starts else len(data)
    if data[:first].strip():
        yield data[:first]  # refused with its reason: it does not begin with MSH
    for start, end in pairwise([*starts, len(data)] if starts else []):
        yield data[start:end]


def _framed(data: bytes) -> Iterator[bytes | BadFraming]:
    reader = FrameReader()
    try:
        yield from reader.feed(data)
    except BadFraming as fault:
        yield fault
        return
    if not reader.between_frames:
        yield BadFraming("the last frame has no end")


def _tell(name: str, number: int, message: Message, decoded: tuple[Decoded, ...]) -> None:
    """What the lines on stdout do not say."""
    if message.type != OBSERVATIONS:
        _say(f"{name}: message {number}: {message.type} is not an observation message "
             f"({OBSERVATIONS}); the live listener refuses it")  # fmt: skip
    if (processing := message.header.text(11)) not in ("P", ""):
        _say(f"{name}: message {number}: marked {processing} (MSH-11), not production; "
             "the live listener refuses it")  # fmt: skip
    others = len(message.segments) - len(decoded)
    _say(f"{name}: message {number}: {len(decoded)} observations; "
         f"{others} other segments hold none")  # fmt: skip
    for one in decoded:
        if one.because:
            _say(f"{name}: message {number}: {one.sent.code or '(no code)'}: {one.because}")


def as_json(one: Decoded) -> dict[str, Any]:
    """One line of the output, as `docs/reference/schemas/decode.json` has it."""
    return {
        "channel": one.channel,
        "value": one.value,
        "unit": one.unit,
        "quality": one.quality,
        "kind": one.kind,
        "t_device": one.t_device.isoformat() if one.t_device else None,
        "device": {"vendor": one.device.vendor, "serial": one.device.serial},
        "raw": {
            "code": one.sent.code,
            "value": one.sent.value,
            "unit": one.sent.unit,
            "name": one.sent.name,
            "system": one.sent.system,
            "unit_name": one.sent.unit_name,
        },
        "because": one.because or None,
    }


def _say(line: str) -> None:
    print(f"decode: {line}", file=sys.stderr)
