"""Weights a dose may be reckoned by; the prescriber chooses and sees every resulting dose."""

from dataclasses import dataclass

from leeward.content.document import ContentDoc, StatementDoc, WordsDoc

FOLDER = "weight_bases"


class Doc(ContentDoc):
    """A basis. `measured`: the weight on the scales; any other is entered with its reason."""

    label: WordsDoc
    measured: bool
    evidence: StatementDoc | None = None


@dataclass(frozen=True, slots=True)
class WeightBasis:
    """A weight by which a dose may be reckoned.

    Attributes
    ----------
    measured : bool
        Whether it is the measured weight itself.
    evidence, source, unverified
        What is published about it, by which source, and whether that must be shown as unverified.
    """

    id: str
    label: str
    label_es: str
    measured: bool
    evidence: str | None = None
    source: str | None = None
    unverified: bool = False


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
    )
