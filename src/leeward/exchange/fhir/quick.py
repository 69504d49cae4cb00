"""A Bundle read for its facts alone, without making objects of what carries none.

Most of a record is claims, reports and measurements that no rule reads. One pass of msgspec finds
the elements that matter and leaves each as the text it was; `known` remembers what a resource
comes to apart from its dates and values, so that only new ones are read by the one reader.
Anything out of the ordinary gives None, and the file is then read the careful way.
"""

import gzip
import re
from pathlib import Path
from typing import Any, Final

import msgspec

from leeward.usecases.imported import Skipped

from .datatypes import Unreadable, read_concept
from .elements import ELEMENTS
from .known import EMPTY, KnownResources, Whose
from .mapping import LONGEST_NAME, LOOKED_UP, not_kept, skipped
from .observation import not_among_kept
from .observation_codes import KNOWN
from .one_resource import Told, known_references, read_facts
from .reader import GZIP_MAGIC, STDIN, UTF8_MARK, Found, ReadLimits, parse, shown_name
from .references import References, resource_name

_ESCAPED = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_KNOWN = re.compile(rb'"(?:' + "|".join(map(re.escape, KNOWN)).encode() + rb')"')
# What references lean on, beside the elements that become facts.
_LEANED_ON: Final = ("identifier",)
_NAMES: Final = tuple(dict.fromkeys((*(n for e in ELEMENTS.values() for n in e), *_LEANED_ON)))
_BY_KIND: Final = {
    **{kind: (*names, *_LEANED_ON) for kind, names in ELEMENTS.items()},
    LOOKED_UP: ("code", *_LEANED_ON),
}

_Resource = msgspec.defstruct(
    "_Resource",
    [("resourceType", str), ("id", str, ""), *((name, msgspec.Raw, EMPTY) for name in _NAMES)],
    gc=False,
)


class _Entry(msgspec.Struct, gc=False):
    resource: _Resource | None = None  # type: ignore[valid-type]
    fullUrl: str = ""
    request: msgspec.Raw = EMPTY


class _Bundle(msgspec.Struct):
    resourceType: str = ""
    entry: list[_Entry] = []


_BUNDLE = msgspec.json.Decoder(_Bundle)
_KNOWN_RESOURCES = KnownResources()


def read_bundle(path: str) -> tuple[list[Told], list[Skipped]] | None:
    """Read a file that holds one ordinary Bundle; None for anything else."""
    text = _text(path)
    if text is None or _ESCAPED.search(text):
        return None
    try:
        text.decode("utf-8")
        bundle = _BUNDLE.decode(text)
        if bundle.resourceType != "Bundle":
            return None
        return _Reading(shown_name(path)).read(bundle)
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


def _unkept(code: bytes) -> str:
    """Say why a measurement of this code carries no fact; empty if it may carry one."""
    if not code or _KNOWN.search(code) or b"\\" in code:
        return ""
    value = parse(code)
    named = read_concept(value) if isinstance(value, dict) else None
    if named is None or not (named.codings or named.text):
        return ""
    return not_among_kept(named)


class _Reading:
    """One Bundle on its way to facts."""

    __slots__ = ("_file", "_left", "_reasons")

    def __init__(self, file: str) -> None:
        self._file = file
        self._left: list[Skipped] = []
        self._reasons: dict[bytes, str] = {}

    def read(self, bundle: _Bundle) -> tuple[list[Told], list[Skipped]] | None:
        """Read every entry that can carry a fact; None if one is out of the ordinary."""
        wanted: list[tuple[int, _Entry, Any]] = []
        for number, entry in enumerate(bundle.entry, start=1):
            resource: Any = entry.resource
            if resource is None or resource.resourceType == "Bundle":
                return None
            if entry.request is not EMPTY and b"DELETE" in bytes(entry.request):
                return None
            because = self._because(resource)
            if because:
                self._leave(number, entry, resource, because)
            else:
                wanted.append((number, entry, resource))
        whose = Whose(self._references(wanted))
        told = [self._tell(*each, whose) for each in wanted]
        return [each for each in told if each is not None], self._left

    def _leave(self, number: int, entry: _Entry, resource: Any, because: str) -> None:
        kind, name = resource.resourceType, resource.id
        if name and not name.isspace():
            name = f"{kind}/{name.strip()}"
        else:
            name = resource_name({"resourceType": kind}, entry.fullUrl) or kind
        self._left.append(Skipped(self._file, f"entry {number}", name[:LONGEST_NAME], because))

    def _because(self, resource: Any) -> str:
        """Say why a resource carries no fact, where that is plain from its kind or code."""
        kind = resource.resourceType
        if kind not in _BY_KIND:
            return not_kept(kind)
        if kind != "Observation":
            return ""
        if resource.component is not EMPTY:
            parts = bytes(resource.component)
            if _KNOWN.search(parts) or b"\\" in parts:
                return ""
        code = bytes(resource.code)
        if code not in self._reasons:
            self._reasons[code] = _unkept(code)
        return self._reasons[code]

    def _references(self, wanted: list[tuple[int, _Entry, Any]]) -> References:
        """Note what others may point at: addresses of all, people and medicines in full."""
        leaned_on = ("Patient", LOOKED_UP)
        references = known_references(
            self._found(*each) for each in wanted if each[2].resourceType in leaned_on
        )
        for _, entry, resource in wanted:
            if entry.fullUrl and resource.resourceType not in leaned_on:
                known = {"resourceType": resource.resourceType, "id": resource.id}
                name = resource_name(known, entry.fullUrl)
                if name is not None:
                    references.by_url[entry.fullUrl] = name
        return references

    def _found(self, number: int, entry: _Entry, resource: Any) -> Found:
        """Make the resource of those of its elements that are looked at."""
        made: dict[str, Any] = {"resourceType": resource.resourceType}
        if resource.id:
            made["id"] = resource.id
        for name in _BY_KIND[resource.resourceType]:
            raw = getattr(resource, name)
            if raw is not EMPTY:
                made[name] = parse(bytes(raw))
        return Found(self._file, f"entry {number}", made, entry.fullUrl)

    def _tell(self, number: int, entry: _Entry, resource: Any, whose: Whose) -> Told | None:
        told = _KNOWN_RESOURCES.tell(resource, whose)
        if told is not None:
            return told
        references = whose.references
        try:
            read = read_facts(self._found(number, entry, resource), references, stored=False)
        except Unreadable as reason:
            self._left.append(skipped(self._found(number, entry, resource), str(reason)))
            return None
        if isinstance(read, Skipped):
            self._left.append(read)
            return None
        return read
