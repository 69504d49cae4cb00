"""Labelled vials: one drug in one concentration, never a free concentration."""

from collections.abc import Iterator
from typing import Annotated

from leeward.content.document import ContentDoc, FigureDoc, Id, Like, StatementDoc, Text
from leeward.core.protocols.protocol import Presentation

FOLDER = "presentations"


class Doc(ContentDoc):
    """A vial. `dilute_before_iv` is there when the label forbids undiluted use."""

    drug: Id
    label: Text
    concentration: Annotated[FigureDoc, Like("mg/mL")]
    dilute_before_iv: StatementDoc | None = None


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug in it."""
    yield "drugs", doc.drug


def build(doc: Doc) -> Presentation:
    """Make the vial a core value."""
    return Presentation(
        id=doc.id,
        drug=doc.drug,
        concentration=doc.concentration.figure(),
        dilute_before_iv=doc.dilute_before_iv is not None,
        label=doc.label,
    )
