"""What a course of treatment goes together with: therapy, medicines, setting."""

from dataclasses import dataclass

from leeward.content.document import ContentDoc, GradeMark, SourceDoc, WordsDoc
from leeward.core.quantities.published import Citation

FOLDER = "adjuncts"


class Doc(ContentDoc):
    """One thing that a plan may name beside the drug."""

    label: WordsDoc
    because: WordsDoc
    source: SourceDoc
    grade: GradeMark


@dataclass(frozen=True, slots=True)
class Adjunct:
    """One thing that a plan may name beside the drug.

    Attributes
    ----------
    label, label_es, because, because_es : str
        What it is, and what is meant by it.
    citation : Citation
        Where it was read.
    unverified : bool
        Whether that must be shown.
    """

    id: str
    label: str
    label_es: str
    because: str
    because_es: str
    citation: Citation
    unverified: bool


def build(doc: Doc) -> Adjunct:
    """Make it a value."""
    return Adjunct(
        id=doc.id,
        label=doc.label.en,
        label_es=doc.label.es,
        because=doc.because.en,
        because_es=doc.because.es,
        citation=doc.source.cited(),
        unverified=doc.grade.unverified,
    )
