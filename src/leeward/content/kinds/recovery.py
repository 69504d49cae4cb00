"""How long a patient is observed after the dose, at the least."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from leeward.content.document import ByDay, ContentDoc, FigureDoc, Id, Like, dated_from
from leeward.core.quantities.published import Dated, PublishedFigure

FOLDER = "recovery"


class Doc(ContentDoc):
    """Observation of one drug by one route. `floor` is there when a label sets a minimum."""

    drug: Id
    route: Id
    clinic_limit: Id
    floor: ByDay[Annotated[FigureDoc, Like("min")]] | None = None


@dataclass(frozen=True, slots=True)
class RecoveryRule:
    """How long a patient is observed after the dose.

    Attributes
    ----------
    clinic_limit : str
        Id of the clinic limit [min].
    floor_min : Dated of PublishedFigure
        Minimum by the label [min], by day; empty where there is none.
    """

    id: str
    drug: str
    route: str
    clinic_limit: str
    floor_min: Dated[PublishedFigure]

    def shortest_min(self, clinic_min: Decimal | None, day: date) -> Decimal | None:
        """Shortest observation [min]: the longer of the clinic's and the label's.

        None while neither stands; a clinic can lengthen the label's minimum and never shorten it.
        """
        floor = self.floor_min.as_of(day)
        if floor is None or clinic_min is None:
            return clinic_min if floor is None else floor.value
        return max(clinic_min, floor.value)


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route and the clinic limit."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    yield "limits", doc.clinic_limit


def build(doc: Doc) -> RecoveryRule:
    """Make the rule a value."""
    floor = dated_from(doc.floor, FigureDoc.figure) if doc.floor else Dated(())
    return RecoveryRule(doc.id, doc.drug, doc.route, doc.clinic_limit, floor)
