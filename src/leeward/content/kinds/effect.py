"""Effects a patient may have in a session, recorded in one tap with a severity."""

from dataclasses import dataclass
from typing import Literal

from leeward.content.coding import Coding, CodingDoc
from leeward.content.document import ContentDoc, StatementDoc, WordsDoc

FOLDER = "effects"

Grading = Literal["mild", "moderate", "severe"]


class Doc(ContentDoc):
    """An effect. `red_flag` says that it calls the clinician at once, whatever the numbers say."""

    label: WordsDoc
    order: int
    severities: tuple[Grading, ...]
    codes: tuple[CodingDoc, ...] = ()
    red_flag: StatementDoc | None = None
    known_for: StatementDoc | None = None


@dataclass(frozen=True, slots=True)
class SessionEffect:
    """An effect in a session.

    Attributes
    ----------
    label, label_es : str
        In plain words.
    order : int
        Place on the page.
    severities : tuple of str
        Severities it can have, mildest first.
    codes : tuple of Coding
        Codes with their displays; empty where none could be verified.
    red_flag : str or None
        Why the clinician is called at once.
    """

    id: str
    label: str
    label_es: str
    order: int
    severities: tuple[str, ...]
    codes: tuple[Coding, ...]
    red_flag: str | None


def build(doc: Doc) -> SessionEffect:
    """Make the effect a value."""
    return SessionEffect(
        id=doc.id,
        label=doc.label.en,
        label_es=doc.label.es,
        order=doc.order,
        severities=doc.severities,
        codes=tuple(code.coding() for code in doc.codes),
        red_flag=doc.red_flag.text if doc.red_flag else None,
    )
