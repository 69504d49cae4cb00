"""What concentrations have been linked with: an index with its assumptions, reference lines."""

from typing import Annotated

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    Id,
    Like,
    Part,
    RangeDoc,
    SourceDoc,
    Text,
    WordsDoc,
)
from leeward.content.errors import Mistake
from leeward.core.pharmacology.effects import IndexDefinition, ReferenceLine

FOLDER = "exposure_marks"
ATTRIBUTE = "exposure_marks"


class IndexDoc(Part):
    """A sigmoid index of the effect site."""

    c50: Annotated[FigureDoc, Like("ng/mL")]
    c50_interval: Annotated[RangeDoc, Like("ng/mL")]
    ke0: Annotated[FigureDoc, Like("/min")]
    assumptions: tuple[Text, ...]


class Doc(ContentDoc):
    """An index, a band or a single level."""

    label: WordsDoc
    index: IndexDoc | None = None
    band: Annotated[RangeDoc, Like("ng/mL")] | None = None
    level: Annotated[FigureDoc, Like("ng/mL")] | None = None
    analyte: Id | None = None
    site: Text | None = None
    also: SourceDoc | None = None


def build(doc: Doc) -> IndexDefinition | ReferenceLine:
    """Make it a value.

    Raises
    ------
    Mistake
        If the document is not exactly one of the three.
    """
    if sum(part is not None for part in (doc.index, doc.band, doc.level)) != 1:
        raise Mistake("Give one of index, band and level.")
    if doc.index is not None:
        index = doc.index
        return IndexDefinition(
            doc.id,
            doc.label.en,
            float(index.c50.value),
            float(index.c50_interval.low),
            float(index.c50_interval.high),
            float(index.ke0.value),
            1.0,
            index.assumptions,
            index.c50.grade,
            index.c50.source.cited(),
        )
    figure = doc.band or doc.level
    assert figure is not None
    low = doc.band.low if doc.band else doc.level.value if doc.level else 0
    return ReferenceLine(
        doc.id,
        float(low),
        float(doc.band.high) if doc.band else None,
        {"en": doc.label.en, "es": doc.label.es},
        doc.analyte,
        doc.site,
        figure.grade,
        figure.source.cited(),
    )
