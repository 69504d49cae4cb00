"""Numbers for an emergency and for a crisis, by country."""

from dataclasses import dataclass

from leeward.content.document import ContentDoc, Part, SourceDoc, Text, WordsDoc
from leeward.content.document import GradeMark as Mark

FOLDER = "crisis_lines"


class NumberDoc(Part):
    """A telephone number and what it is for."""

    number: Text
    name: WordsDoc
    source: SourceDoc
    grade: Mark


class Doc(ContentDoc):
    """The numbers of one country; the id is its ISO 3166 code in lower case."""

    emergency: NumberDoc
    crisis: NumberDoc
    text: NumberDoc | None = None


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """The numbers of one country.

    Attributes
    ----------
    emergency, crisis : str
        Telephone numbers as they are dialled.
    emergency_name, emergency_name_es, crisis_name, crisis_name_es : str
        What they are called.
    text : str
        Number of the crisis line for text messages; empty where there is none.
    unverified : bool
        Whether the clinic must confirm them before use.
    """

    id: str
    emergency: str
    emergency_name: str
    emergency_name_es: str
    crisis: str
    crisis_name: str
    crisis_name_es: str
    unverified: bool
    text: str = ""


def build(doc: Doc) -> CrisisLine:
    """Make the numbers a value."""
    return CrisisLine(
        id=doc.id,
        emergency=doc.emergency.number,
        emergency_name=doc.emergency.name.en,
        emergency_name_es=doc.emergency.name.es,
        crisis=doc.crisis.number,
        crisis_name=doc.crisis.name.en,
        crisis_name_es=doc.crisis.name.es,
        unverified=doc.emergency.grade.unverified or doc.crisis.grade.unverified,
        text=doc.text.number if doc.text else "",
    )
