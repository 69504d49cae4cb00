"""Limits that a clinic sets: what they are, and what was published beside the empty field."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import model_validator

from leeward.content.document import ContentDoc, FigureDoc, Id, Text, WordsDoc, check_dimension
from leeward.content.errors import Mistake
from leeward.core.protocols.limits import Effect, LimitParameter, Side

FOLDER = "limits"


class Doc(ContentDoc):
    """A limit without a value. `reading` holds published figures; none of them is a default."""

    label: WordsDoc
    unit: str
    side: Side
    stage: Literal["plan", "start", "session", "recovery", "discharge"]
    effect: Effect
    required: bool
    drug: Id | None = None
    route: Id | None = None
    reading: tuple[FigureDoc, ...] = ()
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _ships_empty(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and {"value", "values", "default"} & raw.keys():
            raise Mistake(
                "A clinic limit ships empty: the medical director sets and approves it. Put what"
                " was published under 'reading', where it is shown and never applied."
            )
        return raw

    @model_validator(mode="after")
    def _readings_fit(self) -> "Doc":
        check_dimension(self.unit, self.unit)
        for figure in self.reading:
            check_dimension(figure.unit, self.unit, f"A reading of {self.id}")
        return self


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug and the route the limit belongs to."""
    if doc.drug:
        yield "drugs", doc.drug
    if doc.route:
        yield "routes", doc.route


def build(doc: Doc) -> LimitParameter:
    """Make the parameter a core value."""
    return LimitParameter(
        id=doc.id,
        label=doc.label.en,
        label_es=doc.label.es,
        unit=doc.unit,
        side=doc.side,
        stage=doc.stage,
        effect=doc.effect,
        drug=doc.drug,
        route=doc.route,
        required=doc.required,
        suggestions=tuple(figure.figure() for figure in doc.reading),
        note=doc.note or "",
    )
