"""YAML is read without surprises, and what would surprise is refused with its line."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leeward.content.strict_yaml import YamlMistake, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: -12", {"a": -12}),
        ("a: 0.50", {"a": Decimal("0.50")}),
        ("a: 1e-3", {"a": Decimal("0.001")}),
        ("a: 2024-02-29", {"a": date(2024, 2, 29)}),
        ("2024-01-01: x", {date(2024, 1, 1): "x"}),
        ("a: true", {"a": True}),
        ("a: null", {"a": None}),
        ('a: "yes"', {"a": "yes"}),
        ("a: '0.5'", {"a": "0.5"}),
        ("a: V*", {"a": "V*"}),
        ("a: mg/kg", {"a": "mg/kg"}),
        ("a: >-\n  two\n  lines", {"a": "two lines"}),
        ("- 1\n- x", [1, "x"]),
        ("a: []", {"a": []}),
    ],
)
def test_gives_plain_values(text: str, value: Any) -> None:
    read = parse(text).data
    assert read == value
    assert repr(read) == repr(value)


def test_keeps_every_digit_of_a_decimal() -> None:
    assert str(parse("a: 0.1000000000000000055").data["a"]) == "0.1000000000000000055"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\nb: 2\na: 3", 3, "twice"),
        ("a:\n  b: 1\n  b: 2", 3, "twice"),
        ("a: yes", 1, "truth value"),
        ("a: off", 1, "truth value"),
        ("a: NO", 1, "truth value"),
        ("a: True", 1, "truth value"),
        ("a: Null", 1, "truth value"),
        ("a: .5", 1, "both sides"),
        ("a: 5.", 1, "both sides"),
        ("a: 010", 1, "leading zero"),
        ("a: +5", 1, "plus"),
        ("a: 1,5", 1, "comma"),
        ("a: 1_000", 1, "not a number"),
        ("a: 0x10", 1, "not a number"),
        ("a: 12:30", 1, "not a number"),
        ("a: .nan", 1, "not a number"),
        ("a: .inf", 1, "not a number"),
        ("a: 2024-1-5", 1, "not a day"),
        ("a: 2023-02-29", 1, "not a day"),
        ("a: 2024-01-05 10:00", 1, "not a day"),
        ("a:", 1, "missing"),
        ("a: ~", 1, "missing"),
        ("a: &x 1\nb: *x", 1, "aliases"),
        ("a: *x", 1, "aliases"),
        ("<<: {a: 1}", 1, "Merge keys"),
        ("a: !!int '3'", 1, "tag"),
        ("a: !!python/object:os.system x", 1, "tag"),
        ("? [a]\n: 1", 1, "key"),
        ("true: 1", 1, "cannot be a key"),
        ("a: b: c", 1, "double quotes"),
        ("a: 1\n\tb: 2", 2, "tabs"),
        ("a: [1, 2", 2, "brackets"),
        ("a: 1\n---\nb: 2", 2, "One file holds one document"),
    ],
)
def test_refuses_what_readers_disagree_about(text: str, line: int, word: str) -> None:
    with pytest.raises(YamlMistake, match=word) as caught:
        parse(text)
    assert caught.value.line in (line, line + 1)


@pytest.mark.parametrize("text", ["", "   \n", "# only a comment\n"])
def test_refuses_an_empty_file(text: str) -> None:
    with pytest.raises(YamlMistake, match="empty"):
        parse(text)


def test_knows_on_which_line_each_part_stands() -> None:
    parsed = parse("a:\n  b:\n    - 1\n    - c: 2\n")
    assert parsed.line_of(("a", "b", 1, "c")) == 4
    assert parsed.line_of(("a", "b", 1, "not there")) == 4
    assert parsed.line_of(("a",)) == 1
