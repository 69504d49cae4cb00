"""Weights a dose may be reckoned by; the prescriber chooses and sees every resulting dose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import model_validator

from leeward.content.document import ContentDoc, FigureDoc, StatementDoc, WordsDoc
from leeward.content.errors import Mistake
from leeward.core.protocols.weights import ADJUSTED, IDEAL, WeightFormula
from leeward.core.quantities.published import PublishedFigure

FOLDER = "weight_bases"

_IDEAL = frozenset({"base_male_kg", "base_female_kg", "per_inch_kg", "from_in"})
_FIGURES = {IDEAL: _IDEAL, ADJUSTED: frozenset({"share"})}


class Doc(ContentDoc):
    """A basis. `measured`: the weight on the scales; `figures`: what its formula needs."""

    label: WordsDoc
    measured: bool
    evidence: StatementDoc | None = None
    figures: dict[str, FigureDoc] = {}

    @model_validator(mode="after")
    def _formula_is_whole(self) -> "Doc":
        wanted = _FIGURES.get(self.id, frozenset())
        if set(self.figures) - wanted or (self.figures and set(self.figures) != wanted):
            listed = ", ".join(sorted(wanted)) or "none"
            raise Mistake(f"The figures of {self.id} weight are: {listed}. Write all or none.")
        return self


@dataclass(frozen=True, slots=True)
class WeightBasis:
    """A weight by which a dose may be reckoned.

    Attributes
    ----------
    measured : bool
        Whether it is the measured weight itself.
    evidence, source, unverified
        What is published about it, by which source, and whether that must be shown as unverified.
    figures : mapping of str to PublishedFigure
        What its formula needs [kg, in or 1, as each says]; empty where it has none.
    """

    id: str
    label: str
    label_es: str
    measured: bool
    evidence: str | None = None
    source: str | None = None
    unverified: bool = False
    figures: Mapping[str, PublishedFigure] = field(default_factory=dict)


def build(doc: Doc) -> WeightBasis:
    """Make the basis a value."""
    said = doc.evidence
    return WeightBasis(
        id=doc.id,
        label=doc.label.en,
        label_es=doc.label.es,
        measured=doc.measured,
        evidence=said.text if said else None,
        source=said.source.id if said else None,
        unverified=bool(said and said.grade.unverified),
        figures={name: figure.figure() for name, figure in doc.figures.items()},
    )


def formula_of(bases: Mapping[str, WeightBasis]) -> WeightFormula:
    """The published formula of ideal and adjusted weight, from the bases that carry it."""
    return WeightFormula(**bases[IDEAL].figures, **bases[ADJUSTED].figures)
