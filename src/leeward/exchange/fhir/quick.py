"""A Bundle read for its facts alone: what carries none is passed over before it is parsed.

Most of a record is claims, reports and measurements that no rule reads. msgspec finds where each
resource begins and ends and what kind it is; only those that matter are parsed, by the one parser.
Anything out of the ordinary gives None, and the file is then read the careful way.
"""

import gzip
import re
from pathlib import Path

import msgspec

from leeward.usecases.imported import Skipped

from .datatypes import Unreadable, read_concept
from .elements import ELEMENTS
from .mapping import LONGEST_NAME, LOOKED_UP, not_kept
from .observation import not_among_kept
from .observation_codes import KNOWN
from .reader import GZIP_MAGIC, STDIN, UTF8_MARK, Found, Group, ReadLimits, parse, shown_name
from .references import resource_name

_ESCAPED = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_KNOWN = re.compile(rb'"(?:' + "|".join(map(re.escape, KNOWN)).encode() + rb')"')


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"")
    fullUrl: str = ""
    request: msgspec.Raw = msgspec.Raw(b"")


class _Bundle(msgspec.Struct):
    resourceType: str = ""
    entry: list[_Entry] = []


class _Head(msgspec.Struct):
    resourceType: str
    id: str = ""
    code: msgspec.Raw = msgspec.Raw(b"")


_BUNDLE, _HEAD = msgspec.json.Decoder(_Bundle), msgspec.json.Decoder(_Head)


def read_bundle(path: str) -> Group | None:
    """Read a file that holds one ordinary Bundle; None for anything else."""
    text = _text(path)
    if text is None or _ESCAPED.search(text):
        return None
    try:
        text.decode("utf-8")
        bundle = _BUNDLE.decode(text)
        if bundle.resourceType != "Bundle":
            return None
        return _group(shown_name(path), bundle)
    except (msgspec.DecodeError, ValueError, Unreadable):
        return None


def _text(path: str) -> bytes | None:
    largest = ReadLimits().document_bytes
    if path == STDIN:
        return None
    try:
        file = Path(path)
        if file.stat().st_size > largest:
            return None
        text = file.read_bytes()
        if text.startswith(GZIP_MAGIC):
            text = gzip.decompress(text)
    except (OSError, EOFError):
        return None
    return text.removeprefix(UTF8_MARK) if len(text) <= largest else None


def _group(file: str, bundle: _Bundle) -> Group | None:
    found: list[Found] = []
    left: list[Skipped] = []
    reasons: dict[bytes, str] = {}
    for number, entry in enumerate(bundle.entry, start=1):
        raw = bytes(entry.resource)
        if not raw or b"DELETE" in bytes(entry.request):
            return None
        head = _HEAD.decode(raw)
        if head.resourceType == "Bundle":
            return None
        where = f"entry {number}"
        because = _because(head, raw, reasons)
        if because:
            known = {"resourceType": head.resourceType, "id": head.id}
            name = resource_name(known, entry.fullUrl) or head.resourceType
            left.append(Skipped(file, where, name[:LONGEST_NAME], because))
        else:
            found.append(Found(file, where, parse(raw), entry.fullUrl))
    return Group(tuple(found), tuple(left), is_bundle=True)


def _because(head: _Head, raw: bytes, reasons: dict[bytes, str]) -> str:
    """Say why a resource carries no fact, where that is plain from its kind or code."""
    if head.resourceType == LOOKED_UP:
        return ""
    if head.resourceType not in ELEMENTS:
        return not_kept(head.resourceType)
    if head.resourceType != "Observation" or _KNOWN.search(raw):
        return ""
    code = bytes(head.code)
    if code not in reasons:
        value = parse(code) if code else None
        named = read_concept(value) if isinstance(value, dict) else None
        told = named is not None and bool(named.codings or named.text)
        reasons[code] = not_among_kept(named) if named is not None and told else ""
    return reasons[code]
