"""Doses that are no therapy but an anaesthetic: refused whatever a clinic has set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from leeward.content.document import ContentDoc, FigureDoc, Id, Like, WordsDoc
from leeward.core.protocols.circumstances import AnaestheticDose
from leeward.core.protocols.limits import Effect

FOLDER = "dose_bounds"


class Doc(ContentDoc):
    """From this dose on, given within this time, it is an anaesthetic."""

    drug: Id
    route: Id
    effect: Effect
    dose_from: Annotated[FigureDoc, Like("mg/kg")]
    within: Annotated[FigureDoc, Like("min")] | None = None
    because: WordsDoc


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseBound(AnaestheticDose):
    """A dose from which the plan is an anaesthetic, as the plan checks take it.

    Attributes
    ----------
    drug : str
        The drug it holds for.
    effect : Effect
        What crossing it does.
    because, because_es : str
        What to tell the prescriber.
    """

    id: str
    drug: str
    effect: Effect
    because: str
    because_es: str


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug and the route."""
    yield "drugs", doc.drug
    yield "routes", doc.route


def build(doc: Doc) -> DoseBound:
    """Make the bound a value."""
    return DoseBound(
        id=doc.id,
        drug=doc.drug,
        route=doc.route,
        effect=doc.effect,
        dose_mg_per_kg=doc.dose_from.figure(),
        within_min=doc.within.figure() if doc.within else None,
        because=doc.because.en,
        because_es=doc.because.es,
    )
