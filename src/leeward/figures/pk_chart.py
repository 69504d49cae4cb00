"""What a plot of levels is made of, as values."""

from dataclasses import dataclass, field
from datetime import datetime

# Colour, width and dash of a curve: told apart without colour too.
STYLES = {
    "in_force": ("muted", 1.8, "5 4"),
    "draft": ("brand", 2.4, ""),
    "other_1": ("etco2", 1.9, "11 4"),
    "other_2": ("ink", 1.7, "2 4"),
    "other_3": ("muted", 1.9, "8 3 2 3"),
    "model": ("brand", 2.4, ""),
    "forecast": ("brand", 1.8, "6 4"),
    "what_if": ("etco2", 1.9, "11 4"),
}


@dataclass(frozen=True, slots=True)
class LevelCurve:
    """One curve; `style` is a key of `STYLES`. A letter stands at its highest point."""

    label: str
    t_min: tuple[float, ...]
    level: tuple[float, ...]
    style: str
    dashed: bool = False
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of levels over time, and what it ranges over.

    `kind` is people (between people), sets (between published sets) or interval (of one
    published figure); each is drawn in its own way.
    """

    t_min: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    label: str
    kind: str = "people"


@dataclass(frozen=True, slots=True)
class InfusionBar:
    """When drug runs. Bars of one `row` share a line; `planned` ones are lighter."""

    from_min: float
    to_min: float
    label: str
    style: str = "draft"
    row: int = 0
    planned: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A level, or a range up to `high`, others have published, with where.

    With a letter, its words stand beside the drawing and not in it.
    """

    level: float
    label: str
    source: str
    high: float | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class PkChart:
    """Everything one plot of levels shows; times in minutes from the first dose."""

    title: str
    curves: tuple[LevelCurve, ...]
    horizon_min: float
    bands: tuple[Band, ...] = ()
    bars: tuple[InfusionBar, ...] = ()
    references: tuple[ReferenceLine, ...] = field(default=())
    unit: str = "ng/mL"
    now_min: float | None = None
    clock_at_zero: datetime | None = None
