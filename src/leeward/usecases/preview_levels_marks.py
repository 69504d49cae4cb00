"""Published levels beside a curve, and the dissociation index with its peak."""

from dataclasses import replace
from functools import cache

import numpy as np

from leeward import content
from leeward.core.pharmacology import Model, Simulation
from leeward.core.pharmacology.effects import (
    IndexCurve,
    IndexDefinition,
    ReferenceLine,
    index_curve,
)
from leeward.core.pharmacology.metrics import peak
from leeward.core.pharmacology.solution import Solution
from leeward.core.pharmacology.structures import build_system
from leeward.figures.pk import ReferenceLine as DrawnLine

from .preview_levels_values import Mark

# A range is drawn if the scale need not grow beyond this many times the highest curve.
_ROOM = 1.5
_LETTERS = "abcdefgh"


@cache
def index_definition() -> IndexDefinition:
    """The dissociation index of the content."""
    marks = content.load().exposure_marks.values()
    return next(mark for mark in marks if isinstance(mark, IndexDefinition))


def index_of(run: Simulation) -> IndexCurve:
    """The index along a run."""
    return index_curve(run, index_definition())


def index_says(run: Simulation) -> tuple[str, ...]:
    """What the index assumes about a run."""
    return tuple(f.because for f in index_of(replace(run, t_min=np.zeros(1))).findings)


def index_peak_min(run: Simulation) -> float:
    """When the index of a run is highest [min]: at the exact peak of its effect site."""
    rate = index_definition().ke0_per_min
    solution = Solution(build_system(run.model, run.parameters, run.regimen, rate))
    return peak(solution, "effect").t_min


def index_max(run: Simulation) -> float:
    """Highest index of a run."""
    return float(index_of(replace(run, t_min=np.array([index_peak_min(run)]))).index[0])


def marks_beside(model: Model, top_ng_per_ml: float, *, plasma: bool) -> tuple[Mark, ...]:
    """Every published level; those drawn are of the same analyte and within the scale."""
    letters = iter(_LETTERS)
    found = []
    for line in _lines():
        high = line.high_ng_per_ml or line.low_ng_per_ml
        drawn = plasma and _comparable(line, model) and high <= _ROOM * top_ng_per_ml
        found.append(_mark(line, next(letters) if drawn else ""))
    return tuple(sorted(found, key=lambda mark: not mark.drawn))


def drawn_lines(marks: tuple[Mark, ...]) -> tuple[DrawnLine, ...]:
    """The marks that are drawn, as the figure takes them."""
    by_label = {line.label["en"]: line for line in _lines()}
    lines = ((mark, by_label[mark.label]) for mark in marks if mark.drawn)
    return tuple(
        DrawnLine(line.low_ng_per_ml, mark.label, mark.citation, line.high_ng_per_ml, mark.letter)
        for mark, line in lines
    )


def _lines() -> list[ReferenceLine]:
    marks = content.load().exposure_marks.values()
    return [mark for mark in marks if isinstance(mark, ReferenceLine)]


def _comparable(line: ReferenceLine, model: Model) -> bool:
    """Whether line and set speak of the same substance; a line that says none is of R + S."""
    return (line.analyte or "ketamine") == model.parent


def _mark(line: ReferenceLine, letter: str) -> Mark:
    source = content.load().sources[line.source.source]
    high = line.high_ng_per_ml
    said = f"{line.analyte or 'substance not said'}, {line.site or 'site not said'}"
    return Mark(
        letter=letter,
        label=line.label["en"],
        range=f"{line.low_ng_per_ml:g}" + ("" if high is None else f" to {high:g}"),
        measured=said,
        citation=f"{source.citation}, {line.source.at}",
        grade=str(line.grade),
        drawn=bool(letter),
    )
