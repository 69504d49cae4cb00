"""What must be true before a patient goes home."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, model_validator

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    Id,
    Like,
    Part,
    StatementDoc,
    Text,
    WordsDoc,
)
from leeward.content.duplicates import refuse_repeated
from leeward.core.quantities.published import PublishedFigure

from . import instrument

FOLDER = "discharge"


class CriterionDoc(Part):
    """Something a clinician confirms by looking at the patient."""

    item: Id
    label: WordsDoc
    basis: StatementDoc | None = None


class ScoreDoc(Part):
    """A recovery score to be reached."""

    instrument: Text
    version: Text
    ready_from: Annotated[FigureDoc, Like("{score}")]
    items: tuple[Text, ...]


class Doc(ContentDoc):
    """Discharge of one drug by one route."""

    drug: Id
    route: Id
    max_item_age: Id
    scores: tuple[ScoreDoc, ...]
    criteria: tuple[CriterionDoc, ...]
    escort_required: StatementDoc
    instructions_required: StatementDoc

    @model_validator(mode="after")
    def _items_are_different(self) -> "Doc":
        refuse_repeated((criterion.item for criterion in self.criteria), "criterion")
        return self


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something a clinician confirms before discharge."""

    item: str
    label: str
    label_es: str
    source: str | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class RecoveryScore:
    """A recovery score to be reached.

    Attributes
    ----------
    instrument, version : str
        Which score, in which version.
    ready_from : PublishedFigure
        Lowest total that is ready [{score}].
    items : tuple of str
        Items that must all be answered.
    """

    instrument: str
    version: str
    ready_from: PublishedFigure
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DischargeRules:
    """What must be true before a patient goes home.

    Attributes
    ----------
    max_item_age : str
        Id of the clinic limit for the oldest item that still counts [min].
    scores : tuple of RecoveryScore
        Recovery scores to be reached.
    criteria : tuple of Criterion
        What a clinician confirms.
    """

    id: str
    drug: str
    route: str
    max_item_age: str
    scores: tuple[RecoveryScore, ...]
    criteria: tuple[Criterion, ...]


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route and the clinic limit."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    yield "limits", doc.max_item_age
    for score in doc.scores:
        yield "instruments", score.instrument


def cross_check(doc: Doc, documents: Mapping[str, Mapping[str, BaseModel]]) -> Iterator[str]:
    """Refuse a score in a version, or with items, that the instrument does not have."""
    for score in doc.scores:
        found = documents["instruments"][score.instrument]
        assert isinstance(found, instrument.Doc)
        if score.version != found.version:
            yield f"{score.instrument} is in version {found.version!r}, not {score.version!r}."
        unlike = ", ".join(sorted(set(score.items) ^ {item.link_id for item in found.items}))
        if unlike:
            yield f"{score.instrument} and this rule differ in items: {unlike}."


def build(doc: Doc) -> DischargeRules:
    """Make the rules a value."""
    return DischargeRules(
        id=doc.id,
        drug=doc.drug,
        route=doc.route,
        max_item_age=doc.max_item_age,
        scores=tuple(
            RecoveryScore(s.instrument, s.version, s.ready_from.figure(), s.items)
            for s in doc.scores
        ),
        criteria=tuple(
            Criterion(
                item=c.item,
                label=c.label.en,
                label_es=c.label.es,
                source=c.basis.source.id if c.basis else None,
                unverified=bool(c.basis and c.basis.grade.unverified),
            )
            for c in doc.criteria
        ),
    )
