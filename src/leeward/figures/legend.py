"""The key of a drawing: signs with their words, in as many rows as they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import Canvas, text_width

KEY_HEIGHT, SIGN, SIZE = 19.0, 22.0, 12.5


@dataclass(frozen=True, slots=True)
class Key:
    """A line (with `width` and `dash`) or, with an opacity, a filled box."""

    words: str
    colour: str
    width: float = 2.0
    dash: str = ""
    fill_opacity: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedKey:
    key: Key
    x: float
    row: int


def place_keys(keys: Sequence[Key], left: float, right: float) -> list[PlacedKey]:
    """One after another, going on in the next row where one would not fit."""
    placed: list[PlacedKey] = []
    x, row = left, 0
    for key in keys:
        wide = SIGN + 6 + text_width(key.words, SIZE)
        if x > left and x + wide > right:
            x, row = left, row + 1
        placed.append(PlacedKey(key, x, row))
        x += wide + 14
    return placed


def draw_keys(canvas: Canvas, placed: Sequence[PlacedKey], top: float) -> None:
    """Draw the rows; `top` is where the first begins."""
    for item in placed:
        key, y = item.key, top + 11 + item.row * KEY_HEIGHT
        if key.fill_opacity:
            canvas.rect((item.x, y - 10), (SIGN, 10), key.colour, opacity=key.fill_opacity)
        else:
            ends = (item.x, y - 4.5), (item.x + SIGN, y - 4.5)
            canvas.line(*ends, key.colour, width=key.width, dash=key.dash)
        canvas.text((item.x + SIGN + 6, y), key.words, size=SIZE, fill="muted")
