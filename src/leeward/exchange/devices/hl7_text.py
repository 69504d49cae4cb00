"""HL7 v2 text into segments, fields and components: strict about form, silent about meaning.

The separators are those that the message declares. Nothing is repaired: what does not have the
form is refused with the reason, and the whole message with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_SEGMENTS = 5_000
LONGEST_MESSAGE = 256 * 1024
# As declared in MSH-18 (HL7 table 0211), for the sets that devices use.
CHARACTER_SETS = {
    "": "utf-8",
    "ASCII": "ascii",
    "8859/1": "latin-1",
    "8859/15": "iso8859-15",
    "UNICODE UTF-8": "utf-8",
}
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{2}")
_ESCAPES = {"F": 0, "S": 1, "R": 2, "T": 4}


class UnreadableHl7(ValueError):
    """The text is not an HL7 v2 message; `code` is of HL7 table 0357."""

    def __init__(self, because: str, code: str = "100") -> None:
        super().__init__(because)
        self.code = code


@dataclass(frozen=True, slots=True)
class Separators:
    """Field, component, repetition, escape and subcomponent separator of one message."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str

    @property
    def in_order(self) -> tuple[str, ...]:
        return (self.field, self.component, self.repetition, self.escape, self.subcomponent)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; fields are numbered as in the standard, `MSH-1` being the separator."""

    name: str
    fields: tuple[str, ...]
    separators: Separators

    def raw(self, number: int) -> str:
        """Field `number` as it stands, escapes and repetitions included."""
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> tuple[str, ...]:
        return tuple(self.raw(number).split(self.separators.repetition))

    def component(self, number: int, part: int = 1) -> str:
        """Component `part` of the first repetition of a field, unescaped."""
        parts = self.repetitions(number)[0].split(self.separators.component)
        return unescape(parts[part - 1], self.separators) if part <= len(parts) else ""

    def text(self, number: int) -> str:
        """The first component of a field, without the HL7 way of saying "nothing"."""
        value = self.component(number).strip()
        return "" if value == '""' else value


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its header and the segments after it, in order."""

    header: Segment
    segments: tuple[Segment, ...]

    @property
    def type(self) -> str:
        return f"{self.header.component(9, 1)}^{self.header.component(9, 2)}"

    @property
    def control_id(self) -> str:
        return self.header.component(10)

    def named(self, name: str) -> Iterator[Segment]:
        return (segment for segment in self.segments if segment.name == name)


def decode(data: bytes) -> str:
    """The text of a message in the character set that it declares."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _declared_set(data)
    if declared not in CHARACTER_SETS:
        raise UnreadableHl7(f"the character set {declared!r} (MSH-18) is not read here", "103")
    try:
        return data.decode(CHARACTER_SETS[declared])
    except UnicodeDecodeError as fault:
        because = f"byte {fault.start} does not fit its character set, {declared or 'UTF-8'}"
        raise UnreadableHl7(because, "102") from fault


def _declared_set(data: bytes) -> str:
    first = re.split(rb"[\r\n]", data, maxsplit=1)[0]
    if len(first) < 8:
        return ""
    fields = first.split(first[3:4])
    field = fields[17] if len(fields) > 17 else b""
    return re.split(rb"[~^]", field)[0].decode("ascii", "replace").strip()


def read(data: bytes) -> Message:
    """The message in `data`. Raises `UnreadableHl7` with the reason."""
    if len(data) > LONGEST_MESSAGE:
        raise UnreadableHl7(f"{len(data)} bytes are more than the {LONGEST_MESSAGE} that are read")
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"MSH"):
        raise UnreadableHl7("a message begins with MSH")
    text = decode(data)
    if control := re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
        raise UnreadableHl7(f"byte {ord(control[0]):#04x} has no place in a message", "102")
    # CR is the standard's; files that went through an editor come with LF or CR LF.
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if len(lines) > MOST_SEGMENTS:
        raise UnreadableHl7(f"{len(lines)} segments are more than the {MOST_SEGMENTS} read")
    separators = _separators(lines[0])
    header = _header(lines[0], separators)
    return Message(header, tuple(_segment(line, separators) for line in lines[1:]))


def _separators(line: str) -> Separators:
    declared = line[3:8]
    end = line.find(line[3], 4) if len(line) > 3 else -1
    # A fifth encoding character (truncation) came with version 2.7; it is not used here.
    if end not in (8, 9) or len(set(declared)) != 5 or any(c.isalnum() or c == " "
                                                           for c in declared):  # fmt: skip
        raise UnreadableHl7("MSH does not declare five different separators", "102")
    field, component, repetition, escape, subcomponent = declared
    return Separators(field, component, repetition, escape, subcomponent)


def _header(line: str, separators: Separators) -> Segment:
    parts = line.split(separators.field)
    header = Segment("MSH", ("MSH", separators.field, *parts[1:]), separators)
    if not re.match(r"2(\.\d+)*$", header.component(12)):
        raise UnreadableHl7(f"version {header.component(12)!r} (MSH-12) is not HL7 v2", "203")
    if not header.component(9):
        raise UnreadableHl7("the message does not say of which type it is (MSH-9)", "101")
    return header


def _segment(line: str, separators: Separators) -> Segment:
    fields = tuple(line.split(separators.field))
    if not _SEGMENT_ID.fullmatch(fields[0]):
        raise UnreadableHl7(f"{line[:12]!r} does not begin with the name of a segment")
    return Segment(fields[0], fields, separators)


def unescape(text: str, separators: Separators) -> str:
    """Text with its escape sequences resolved; one that is not known stays as it is."""
    mark = re.escape(separators.escape)
    return re.sub(rf"{mark}([^{mark}]*){mark}", lambda found: _resolved(found, separators), text)


def _resolved(found: "re.Match[str]", separators: Separators) -> str:
    code = found[1]
    if code == "E":
        return separators.escape
    if code in _ESCAPES:
        return separators.in_order[_ESCAPES[code]]
    if re.fullmatch(r"X([0-9A-Fa-f]{2})+", code):
        return bytes.fromhex(code[1:]).decode("latin-1")
    return found[0]


def control_id_of(data: bytes) -> str:
    """The control id of a message that could not be read, as far as it can be made out."""
    first = re.split(r"[\r\n]", data.lstrip(b"\xef\xbb\xbf").decode("latin-1"), maxsplit=1)[0]
    fields = first.split(first[3]) if first.startswith("MSH") and len(first) > 3 else []
    return fields[9][:40] if len(fields) > 9 else ""


def escape(text: str) -> str:
    """Text for a field of a message that Leeward writes, with the usual separators."""
    text = text.replace("\\", "\\E\\")
    for mark, letter in (("|", "F"), ("^", "S"), ("~", "R"), ("&", "T")):
        text = text.replace(mark, f"\\{letter}\\")
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)
