"""Reads a drawing back: its marks, its words, and whether they lie inside it."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

SPACE = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
PAIRS = (("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2"))


class Drawing:
    """One parsed drawing."""

    def __init__(self, svg: str) -> None:
        self.svg = svg
        self.root = ElementTree.fromstring(svg)
        _, _, self.width, self.height = map(float, self.root.attrib["viewBox"].split())

    def words(self) -> list[str]:
        return [text.text or "" for text in self.root.iter(f"{SPACE}text")]

    def sizes(self) -> list[float]:
        return [float(text.attrib["font-size"]) for text in self.root.iter(f"{SPACE}text")]

    def lines(self, colour: str) -> list[list[tuple[float, float]]]:
        """The polylines of a colour with more than a mark's three points or a level part."""
        found = (p for p in self.root.iter(f"{SPACE}polyline") if p.get("stroke") == colour)
        return [list(_pairs(line.attrib["points"])) for line in found]

    def count(self, tag: str, **attributes: str) -> int:
        return sum(
            all(node.get(key) == value for key, value in attributes.items())
            for node in self.root.iter(f"{SPACE}{tag}")
        )

    def points(self) -> Iterator[tuple[float, float]]:
        for node in self.root.iter():
            for across, down in PAIRS:
                if across in node.attrib:
                    yield number(node.attrib[across]), number(node.attrib[down])
            if "points" in node.attrib:
                yield from _pairs(node.attrib["points"])

    def outside(self) -> list[tuple[float, float]]:
        return [
            (x, y)
            for x, y in self.points()
            if not (-0.01 <= x <= self.width + 0.01 and -0.01 <= y <= self.height + 0.01)
        ]


def number(text: str) -> float:
    assert NUMBER.fullmatch(text), f"{text!r} is not a plain number"
    return float(text)


def _pairs(text: str) -> Iterator[tuple[float, float]]:
    for pair in text.split():
        x, y = pair.split(",")
        yield number(x), number(y)
