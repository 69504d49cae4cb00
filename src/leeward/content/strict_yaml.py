"""YAML without surprises.

A plain scalar is a word, a whole number, a decimal number, a date, ``true``, ``false`` or
``null``, and never anything else: what two YAML readers would understand differently is refused
with the way to write it. Decimal numbers arrive as `Decimal`, digit for digit. Duplicate keys,
anchors, aliases, merge keys, tags and second documents are refused.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml

Where = tuple[str | int, ...]

WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LOOKS_NUMERIC: Final = re.compile(
    r"[+-]?(\.[0-9]+|[0-9]+\.?[0-9]*|[0-9][0-9_]*)([eE][+-]?[0-9]+)?|0[xob][0-9a-fA-F_]+"
    r"|[0-9]+(:[0-9]{1,2})+(\.[0-9]*)?|[+-]?\.(inf|nan)|[0-9]+,[0-9]+",
    re.IGNORECASE,
)
LOOKS_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")
BOOLEAN_TRAPS: Final = frozenset(["y", "n", "yes", "no", "on", "off"])
NO_ALIASES: Final = (
    "Anchors (&) and aliases (*) are not used in content: write the value out where it stands, so"
    " that a reader sees it. Quote a text that begins with & or *."
)
CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


class YamlMistake(ValueError):
    """The text is not the YAML that content is written in."""

    def __init__(self, line: int, because: str) -> None:
        super().__init__(because)
        self.line = line
        self.because = because


@dataclass(slots=True)
class Parsed:
    """What a file holds and on which line each part of it stands."""

    data: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line_of(self, where: Where) -> int:
        """Line of the part, or of the nearest part around it that has one."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return 0


class _Composer(yaml.CSafeLoader):
    """Composes nodes and gives no plain scalar a type: `_Builder` does that."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


def parse(text: str) -> Parsed:
    """Read one document.

    Raises
    ------
    YamlMistake
        If the text is not YAML, or is YAML that readers disagree about.
    """
    composer = _Composer(text)
    try:
        node = composer.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlMistake(mark.line + 1 if mark else 0, _explain(error)) from None
    except yaml.YAMLError as error:
        raise YamlMistake(0, f"This is not YAML: {error}") from None
    finally:
        composer.dispose()
    if node is None:
        raise YamlMistake(0, "The file is empty. Delete it, or write a document in it.")
    builder = _Builder()
    return Parsed(builder.build(node, ()), builder.lines)


def _explain(error: yaml.MarkedYAMLError) -> str:
    said = error.problem or error.context or "it cannot be read"
    if "alias" in said or "anchor" in said:
        return NO_ALIASES
    if "but found another document" in str(error):
        return "One file holds one document. Write several as a list: each begins with '- id:'."
    if "mapping values are not allowed" in said:
        return "There is a ': ' inside a plain text. Put the text in double quotes."
    if "cannot start any token" in said or "tab character" in said:
        return "Indent with spaces, never tabs, and quote a text that begins with @, ` or %."
    return f"This is not YAML ({said}). Check indentation, quotes and brackets on this line."


class _Builder:
    """Turns nodes into plain values and remembers their lines."""

    def __init__(self) -> None:
        self.lines: dict[Where, int] = {}
        self.seen: set[int] = set()

    def build(self, node: yaml.Node, where: Where) -> Any:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            raise YamlMistake(line, NO_ALIASES)
        self.seen.add(id(node))
        self.lines[where] = line
        if isinstance(node, yaml.MappingNode):
            _refuse_tag(node, "tag:yaml.org,2002:map")
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            _refuse_tag(node, "tag:yaml.org,2002:seq")
            return [self.build(item, (*where, i)) for i, item in enumerate(node.value)]
        _refuse_tag(node, "tag:yaml.org,2002:str")
        return _scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = _key(key_node, line)
            if key in built:
                raise YamlMistake(
                    line,
                    f"The key {str(key)!r} stands twice in one place; the second would silently"
                    " replace the first. Keep one.",
                )
            built[key] = self.build(value_node, (*where, str(key)))
            self.lines[(*where, str(key))] = line
        return built


def _refuse_tag(node: yaml.Node, expected: str) -> None:
    if node.tag != expected:
        raise YamlMistake(
            node.start_mark.line + 1,
            f"The tag {node.tag.replace('tag:yaml.org,2002:', '!!')!r} is not used in content."
            " Write the plain value.",
        )


def _key(node: yaml.Node, line: int) -> str | date | int:
    if not isinstance(node, yaml.ScalarNode):
        raise YamlMistake(line, "A key must be one word or a date, not a list or a mapping.")
    if node.value == "<<" and not node.style:
        raise YamlMistake(line, "Merge keys (<<) are not used in content: write the fields out.")
    key = _scalar(node, line)
    if isinstance(key, bool) or not isinstance(key, str | date | int):
        raise YamlMistake(line, f"{node.value!r} cannot be a key. Put it in double quotes.")
    return key


def _scalar(node: yaml.Node, line: int) -> Any:
    quoted = isinstance(node, yaml.ScalarNode) and node.style
    return node.value if quoted else _plain(node.value, line)


def _plain(text: str, line: int) -> Any:
    if text in CONSTANTS:
        return CONSTANTS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    if LOOKS_DATED.fullmatch(text):
        return _day(text, line)
    _refuse_traps(text, line)
    return text


def _day(text: str, line: int) -> date:
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise YamlMistake(
        line, f"{text!r} is not a day. Write a day as 2024-01-31; quote it if it is a text."
    )


def _refuse_traps(text: str, line: int) -> None:
    if text in ("", "~"):
        raise YamlMistake(
            line, "The value is missing. Write it, write null if there is none, or drop the key."
        )
    if text.lower() in BOOLEAN_TRAPS or text.lower() in ("true", "false", "null"):
        raise YamlMistake(
            line,
            f"The plain word {text!r} is a truth value to some YAML readers and a text to"
            f' others. Write true or false for a truth value, "{text}" for the word.',
        )
    if LOOKS_NUMERIC.fullmatch(text):
        raise YamlMistake(
            line,
            f"{text!r} is not a number as content writes them: digits, a point with digits on"
            " both sides, no leading zero or plus, no comma. Put a text in double quotes.",
        )
