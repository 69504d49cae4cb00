"""Finds FHIR resources in files: a Bundle, one resource, or NDJSON; gzipped or not; `-` is stdin.

NDJSON is read line by line and a Bundle once, both under a size limit, so memory stays bounded.
Whatever cannot be read becomes a `Skipped` with its place and reason, and the rest goes on.
"""

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any, cast

from leeward.usecases.imported import Skipped

from .datatypes import Json

STDIN = "-"
MEGABYTE = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"
NDJSON_ENDINGS = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
WHOLE_FILE, END = "file", "end of what could be read"
BROKEN_STREAM = (EOFError, zlib.error, gzip.BadGzipFile, OSError)


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How large one piece of input may be [bytes, after decompression]."""

    line_bytes: int = 16 * MEGABYTE
    document_bytes: int = 64 * MEGABYTE
    # Of all lines together; None for an operator's own files, which may be of any size.
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One resource, and where it stood: ``line 12``, ``entry 5`` or ``line 2, entry 5``."""

    file: str
    where: str
    resource: Json
    full_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Resources that belong together: a whole Bundle, or one resource standing alone."""

    found: tuple[Found, ...]
    skipped: tuple[Skipped, ...] = ()
    is_bundle: bool = False


def read_groups(path: str, limits: ReadLimits | None = None, *, name: str = "") -> Iterator[Group]:
    """Read one file, group by group, in the order of the file.

    A file that cannot be opened, or is no FHIR JSON at all, gives one group with one `Skipped`.
    """
    allowed = limits or ReadLimits()
    name = name or shown_name(path)
    try:
        with _open(path) as stream:
            yield from _read_stream(name, stream, allowed)
    except BROKEN_STREAM as reason:
        yield _lost(name, *_stream_trouble(reason))


def read_resources(path: str, limits: ReadLimits | None = None) -> Iterator[Found | Skipped]:
    """Read one file resource by resource, without the grouping."""
    for group in read_groups(path, limits):
        yield from group.found
        yield from group.skipped


def patients_first(names: Mapping[str, str]) -> list[str]:
    """Order paths by their names: people and medicines before what points at them."""
    return sorted(names, key=lambda path: _rank(names[path].lower()))


def shown_name(path: str) -> str:
    """The name of a file in reports: without folders, which may tell more than they should."""
    return "stdin" if path == STDIN else Path(path).name


def parse(text: bytes) -> Any:
    """Parse JSON with exact decimals.

    Raises
    ------
    ValueError
        With a plain reason if the text is not UTF-8 or not JSON.
    """
    try:
        return json.loads(text.decode("utf-8"), parse_float=_decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as reason:
        raise ValueError("it is not UTF-8 text") from reason
    except json.JSONDecodeError as reason:
        raise ValueError(
            f"it is not JSON ({reason.msg.lower()} at line {reason.lineno}, column {reason.colno})"
        ) from reason
    except RecursionError as reason:
        raise ValueError("it is nested too deeply") from reason


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as reason:
        raise ValueError(f"it holds a number that cannot be read ({text[:20]})") from reason


def _no_constant(name: str) -> Any:
    raise ValueError(f"it holds {name}, which is not a number in JSON")


def _rank(name: str) -> int:
    return 0 if "patient" in name else 1 if name.startswith("medication.") else 2


@contextmanager
def _open(path: str) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        raw = sys.stdin.buffer if path == STDIN else stack.enter_context(Path(path).open("rb"))
        head = cast(io.BufferedReader, raw).peek(len(GZIP_MAGIC))
        if head.startswith(GZIP_MAGIC):
            yield cast(IO[bytes], stack.enter_context(gzip.open(raw, "rb")))
        else:
            yield raw


def _read_stream(name: str, stream: IO[bytes], limits: ReadLimits) -> Iterator[Group]:
    first = stream.readline(limits.document_bytes + 1).removeprefix(UTF8_MARK)
    if len(first) > limits.document_bytes:
        yield _lost(name, "line 1", _too_large(limits.document_bytes))
        return
    if _is_lines(name, first):
        yield from _read_lines(name, first, stream, limits)
    else:
        yield from _read_document(name, first, stream, limits)


def _is_lines(name: str, first: bytes) -> bool:
    """Whether each line stands for itself: by the name of the file, or because the first does."""
    if name.lower().endswith(NDJSON_ENDINGS):
        return True
    try:
        return isinstance(parse(first), dict)
    except ValueError:
        return False


def _read_lines(name: str, first: bytes, stream: IO[bytes], limits: ReadLimits) -> Iterator[Group]:
    line, count, total = first, 1, 0
    while line:
        where = f"line {count}"
        total += len(line)
        if limits.total_bytes is not None and total > limits.total_bytes:
            yield _lost(name, f"{where} and after", _too_large(limits.total_bytes))
            return
        if count > 1 and len(line) > limits.line_bytes:
            total += _pass_over_rest(line, stream, limits, total)
            yield _lost(name, where, _too_large(limits.line_bytes))
        elif line.strip():
            yield _read_text(name, where, line)
        line, count = stream.readline(limits.line_bytes + 1), count + 1


def _pass_over_rest(line: bytes, stream: IO[bytes], limits: ReadLimits, total: int) -> int:
    """Read to the end of a line that is too long, or to the limit; how much that was [bytes]."""
    passed, most = 0, limits.total_bytes
    while line and not line.endswith(b"\n") and (most is None or total + passed <= most):
        line = stream.readline(MEGABYTE)
        passed += len(line)
    return passed


def _read_document(
    name: str, first: bytes, stream: IO[bytes], limits: ReadLimits
) -> Iterator[Group]:
    rest = stream.read(limits.document_bytes - len(first) + 1)
    if len(first) + len(rest) > limits.document_bytes:
        yield _lost(name, WHOLE_FILE, _too_large(limits.document_bytes))
    elif not (first + rest).strip():
        yield _lost(name, WHOLE_FILE, "it is empty")
    else:
        yield _read_text(name, "", first + rest)


def _read_text(name: str, where: str, text: bytes) -> Group:
    try:
        value = parse(text)
    except ValueError as reason:
        return _lost(name, where or WHOLE_FILE, str(reason))
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return _lost(
            name, where or WHOLE_FILE, "it is not a FHIR resource (it has no resourceType)"
        )
    if value["resourceType"] == "Bundle":
        return unpack(name, where, value)
    return Group((Found(name, where or WHOLE_FILE, value),))


def unpack(name: str, where: str, bundle: Json) -> Group:
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        return _lost(name, where or WHOLE_FILE, "its entry is not a list, so it is no Bundle")
    found: list[Found] = []
    skipped: list[Skipped] = []
    for count, entry in enumerate(entries, start=1):
        place = f"{where}, entry {count}" if where else f"entry {count}"
        reason = _entry_trouble(entry)
        if reason:
            skipped.append(Skipped(name, place, _entry_name(entry), reason))
        else:
            url = entry.get("fullUrl")
            found.append(
                Found(name, place, entry["resource"], url if isinstance(url, str) else "")
            )
    return Group(tuple(found), tuple(skipped), is_bundle=True)


def _entry_trouble(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "the entry is not an object"
    request = entry.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        return "the entry asks for a deletion, and an import deletes nothing"
    resource = entry.get("resource")
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return "the entry holds no resource"
    if resource["resourceType"] == "Bundle":
        return "a Bundle inside a Bundle is not opened; import it as a file of its own"
    return ""


def _entry_name(entry: Any) -> str:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return kind if isinstance(kind, str) else ""


def _lost(name: str, where: str, because: str) -> Group:
    return Group((), (Skipped(name, where, "", because),))


def _too_large(limit: int) -> str:
    return f"it is larger than {limit / MEGABYTE:.3g} MB; split it and import the parts"


def _stream_trouble(reason: Exception) -> tuple[str, str]:
    if isinstance(reason, FileNotFoundError):
        return WHOLE_FILE, "there is no such file"
    if isinstance(reason, IsADirectoryError):
        return WHOLE_FILE, "it is a folder; name the files in it"
    if isinstance(reason, PermissionError):
        return WHOLE_FILE, "it may not be read by this account"
    return END, "the compressed data is damaged or ends too early; what came before it was read"
