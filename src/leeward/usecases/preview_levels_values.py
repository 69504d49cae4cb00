"""What estimated levels are shown as: what is asked, and the page-shaped answers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from leeward.core.pharmacology import Infusion, Regimen
from leeward.core.quantities import Refusal
from leeward.figures.pk import PkChart

PLASMA, EFFECT, INDEX = "plasma", "effect", "index"
CURVES = {PLASMA: "Plasma", EFFECT: "Effect site", INDEX: "Dissociation index"}
REGIMENS, SETS = "regimens", "sets"
# The best general set of adults for racemate by vein; every other stays one choice away.
LINE = "kamp2020"
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class LevelsWish:
    """What is to be drawn: a curve, of regimens or of sets, by one set's line."""

    curve: str = PLASMA
    by: str = REGIMENS
    line: str = LINE


@dataclass(frozen=True, slots=True)
class Dose:
    """One regimen to be drawn: so much over so long, evenly, by vein."""

    name: str
    dose_mg: Decimal
    duration_min: Decimal

    @property
    def regimen(self) -> Regimen:
        minutes = float(self.duration_min)
        rate = float(self.dose_mg) / minutes
        return Regimen((Infusion(0.0, minutes, rate),), "racemic_ketamine")


@dataclass(frozen=True, slots=True)
class Landmark:
    """One row of the table beside the plot: a regimen by a set. Areas run to infinity."""

    letter: str
    regimen: str
    model: str
    site: str
    analyte: str
    cmax_ng_per_ml: float
    tmax_min: float
    auc_ng_h_per_ml: float
    hour_after_ng_per_ml: float
    effect_max_ng_per_ml: float | None
    index_max: float
    grade: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A published level or range. Never a target."""

    letter: str
    label: str
    range: str
    measured: str
    citation: str
    grade: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class SetOption:
    """A published set that may be asked, and why it does not answer, if it does not."""

    id: str
    title: str
    site: str
    analyte: str
    refused: Refusal | None


@dataclass(frozen=True, slots=True)
class LevelPreview:
    """The plot of some regimens, its table, and what a reader must know."""

    wish: LevelsWish
    chart: PkChart
    landmarks: tuple[Landmark, ...]
    marks: tuple[Mark, ...]
    bands: tuple[str, ...]
    cautions: tuple[str, ...]
    index_says: tuple[str, ...]
    options: tuple[SetOption, ...]


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """The level at one moment [ng/mL]: the line; 9 of 10 people; the lowest and highest set."""

    at: datetime
    level_ng_per_ml: float
    low_ng_per_ml: float | None
    high_ng_per_ml: float | None
    sets_low_ng_per_ml: float
    sets_high_ng_per_ml: float


@dataclass(frozen=True, slots=True)
class Fall:
    """When one set expects the level below a number for good. `already` means by now."""

    model: str
    site: str
    at: datetime | None
    early: datetime | None
    late: datetime | None
    already: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One way the infusion may go on."""

    name: str
    rate_ml_per_h: Decimal
    ends_at: datetime | None
    at_stop: LevelPoint | None
    hour_after_stop: LevelPoint | None
    falls: tuple[Fall, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What was typed, the courses that answer it, and what the answer never means."""

    rate_ml_per_h: Decimal | None
    below_ng_per_ml: Decimal | None
    courses: tuple[Course, ...]
    refused: Refusal | None
    asked_at: datetime
    caution: str
    not_leave: str


@dataclass(frozen=True, slots=True)
class SessionLevels:
    """Level now, at the planned stop and an hour later; the plot. `site` is the line's."""

    now: LevelPoint
    at_stop: LevelPoint | None
    hour_after_stop: LevelPoint | None
    chart: PkChart
    model: str
    site: str
    people: str
    borrowed_from: str | None
    sets: str
    paused: bool
    cautions: tuple[str, ...]
    options: tuple[SetOption, ...]
    what_if: WhatIf
