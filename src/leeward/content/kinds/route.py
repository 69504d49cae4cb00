"""Routes by which a drug is given."""

from dataclasses import dataclass

from leeward.content.coding import Coding, CodingDoc
from leeward.content.document import ContentDoc, Text, WordsDoc

FOLDER = "routes"


class Doc(ContentDoc):
    """A route, in words, in a few letters, and coded."""

    name: WordsDoc
    short: Text
    code: CodingDoc


@dataclass(frozen=True, slots=True)
class Route:
    """A route of administration.

    Attributes
    ----------
    name, name_es : str
        As written in a sentence.
    short : str
        As clinicians write it.
    code : Coding
        SNOMED CT code.
    """

    id: str
    name: str
    name_es: str
    short: str
    code: Coding


def build(doc: Doc) -> Route:
    """Make the route a value."""
    return Route(doc.id, doc.name.en, doc.name.es, doc.short, doc.code.coding())
