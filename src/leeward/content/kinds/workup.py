"""The baseline work-up, item by item."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from leeward.content.document import ContentDoc, GradeMark, Id, SourceDoc, Text, WordsDoc
from leeward.core.candidacy import Words, WorkupItem

FOLDER = "workup"


class Doc(ContentDoc):
    """One item. `only_if` names rules; without it the item applies to everyone.

    `max_age` names the clinic limit on the age of the newest result.
    """

    label: WordsDoc
    concepts: tuple[Id, ...] = ()
    every: bool = False
    occasions: Annotated[int, Field(ge=1)] = 1
    only_if: tuple[Id, ...] = ()
    max_age: Id | None = None
    because: Text
    source: SourceDoc
    grade: GradeMark


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the concepts, rules and clinic limit it names."""
    for concept in doc.concepts:
        yield "concepts", concept
    for rule in doc.only_if:
        yield "rules", rule
    if doc.max_age:
        yield "limits", doc.max_age


def build(doc: Doc) -> WorkupItem:
    """Make the item a core value."""
    return WorkupItem(
        doc.id,
        Words(doc.label.en, doc.label.es),
        doc.because,
        doc.source.cited(),
        doc.grade,
        doc.concepts,
        doc.every,
        doc.occasions,
        doc.only_if,
        doc.max_age or "",
    )
