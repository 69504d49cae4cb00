"""Reasons for treatment, with what is published for each drug."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    GradeMark,
    Id,
    Like,
    Part,
    SourceDoc,
    Text,
    WordsDoc,
)
from leeward.core.candidacy import EvidenceFor, Indication, Words

FOLDER = "indications"


class EvidenceDoc(Part):
    """The published evidence for one drug: level, results, and approved routes if any."""

    drug: Literal["racemic_ketamine", "esketamine"]
    level: Literal["A", "B", "C", "D", "N", "A/C", "C/D", "D/N", "N/C"]
    approved_routes: tuple[Literal["intranasal"], ...] = ()
    because: Text
    source: SourceDoc
    grade: GradeMark
    also: tuple[SourceDoc, ...] = ()


class Doc(ContentDoc):
    """An indication: the diagnoses that name it, and what is known of treating it."""

    label: WordsDoc
    concepts: tuple[Id, ...] = ()
    ask: tuple[Id, ...] = ()
    treatments: tuple[Id, ...] = ()
    failed_trials: Annotated[FigureDoc, Like("1")] | None = None
    evidence: Annotated[tuple[EvidenceDoc, ...], Field(min_length=1)]
    settle: Text


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the concepts it names."""
    for concept in (*doc.concepts, *doc.ask, *doc.treatments):
        yield "concepts", concept


def build(doc: Doc) -> Indication:
    """Make the indication a core value."""
    return Indication(
        id=doc.id,
        label=Words(doc.label.en, doc.label.es),
        concepts=doc.concepts,
        ask=doc.ask,
        treatments=doc.treatments,
        failed_trials=doc.failed_trials.figure() if doc.failed_trials else None,
        evidence=tuple(
            EvidenceFor(
                entry.drug,
                entry.level,
                entry.because,
                entry.source.cited(),
                entry.grade,
                entry.approved_routes,
            )
            for entry in doc.evidence
        ),
        settle=doc.settle,
    )
