"""Routes without a published rate model: stated ranges only."""

from typing import Annotated, Literal

from leeward.content.document import (
    ContentDoc,
    GradeMark,
    Like,
    Part,
    RangeDoc,
    Real,
    SourceDoc,
    Text,
)
from leeward.core.pharmacology.envelope import Absorption, Range
from leeward.core.quantities.ucum import conversion_factor

FOLDER = "absorptions"
ATTRIBUTE = "absorptions"


class UpToDoc(Part):
    """A range that may be open at an end."""

    low: Real | None = None
    high: Real | None = None
    unit: Text
    source: SourceDoc
    grade: GradeMark


class Doc(ContentDoc):
    """What is known of the absorption by one route."""

    route: Literal["im", "sc", "sublingual", "oral"]
    drug: Literal["racemic_ketamine", "esketamine"]
    fraction: Annotated[RangeDoc, Like("1")]
    rate: Annotated[UpToDoc, Like("/min")] | None = None
    tmax: Annotated[RangeDoc, Like("min")] | None = None
    statement: Text


def build(doc: Doc) -> Absorption:
    """Make it a value in the engine's units."""
    return Absorption(
        doc.id,
        doc.route,
        doc.drug,
        _range(doc.fraction, "1"),
        _range(doc.rate, "/min") if doc.rate else None,
        _range(doc.tmax, "min") if doc.tmax else None,
        doc.statement,
    )


def _range(part: RangeDoc | UpToDoc, unit: str) -> Range:
    factor = float(conversion_factor(part.unit, unit))
    low = None if part.low is None else float(part.low) * factor
    high = None if part.high is None else float(part.high) * factor
    return Range(low, high, part.grade, part.source.cited())
