"""The register of sources: every publication that a figure or a text rests on."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from leeward.content.document import Id, Part, Text

FOLDER = "sources"
ATTRIBUTE = "sources"

Kind = Literal[
    "label", "guideline", "consensus", "trial", "review", "study", "regulator", "standard",
    "terminology", "instrument", "manual", "service", "software", "book", "practice", "other",
]  # fmt: skip


class Doc(Part):
    """One source. `doi`, `pmid` and `url` are texts; at least a citation is needed."""

    id: Id
    citation: Text
    kind: Kind
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    licence: Text
    retrieved: date
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that content rests on.

    Attributes
    ----------
    retrieved : date
        Day on which the facts were taken from it.
    licence : str
        What may be done with its words; facts are free.
    """

    id: str
    citation: str
    kind: str
    licence: str
    retrieved: date
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    note: str | None = None


def build(doc: Doc) -> Source:
    """Make the source a value."""
    return Source(**doc.model_dump())
