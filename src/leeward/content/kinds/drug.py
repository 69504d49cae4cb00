"""The drugs a clinic gives. Racemic ketamine and esketamine are two, and share no name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel

from leeward.content.coding import Coding, CodingDoc
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
from leeward.core.protocols.single_dose import Device

FOLDER = "drugs"


class Display(Part):
    """How the drug is written: in a sentence, on a label, and where there is little room."""

    full: WordsDoc
    label: Text
    short: Text


class DeviceDoc(Part):
    """A nasal device: what one holds, its sprays, and the rest between two."""

    dose: Annotated[FigureDoc, Like("mg")]
    sprays: Annotated[FigureDoc, Like("1")]
    apart: Annotated[FigureDoc, Like("min")]

    def device(self) -> Device:
        """Return the device as a core value."""
        return Device(self.dose.figure(), self.sprays.figure(), self.apart.figure())


class Doc(ContentDoc):
    """A drug. `names` are the words by which records mean exactly this one."""

    display: Display
    names: tuple[Text, ...]
    strength_of: Text
    schedule: StatementDoc
    approved_use: StatementDoc
    codes: tuple[CodingDoc, ...]
    routes: tuple[Id, ...]
    device: DeviceDoc | None = None


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug that a clinic gives.

    Attributes
    ----------
    name, name_es : str
        As written in a sentence.
    label : str
        As written on a syringe label and read aloud.
    short : str
        Where there is little room; never shared with another drug.
    names : tuple of str
        Words by which records mean exactly this drug.
    strength_of : str
        What a milligram is a milligram of.
    schedule, approved_use : str
        Legal class, and what it is approved for.
    codes : tuple of Coding
        Ingredient codes.
    routes : tuple of str
        Ids of the routes it is given by.
    device : Device or None
        What it is given by, if by nasal devices only.
    """

    id: str
    name: str
    name_es: str
    label: str
    short: str
    names: tuple[str, ...]
    strength_of: str
    schedule: str
    approved_use: str
    codes: tuple[Coding, ...]
    routes: tuple[str, ...]
    device: Device | None = None


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield its routes."""
    for route in doc.routes:
        yield "routes", route


def cross_check(doc: Doc, documents: Mapping[str, Mapping[str, BaseModel]]) -> Iterator[str]:
    """Refuse a name that another drug also has."""
    own = _words(doc)
    for other in documents["drugs"].values():
        assert isinstance(other, Doc)
        shared = own & _words(other) if other.id != doc.id else set()
        for word in sorted(shared):
            yield f"{word!r} also means {other.id}. Two drugs never share a name or a short form."


def _words(doc: Doc) -> set[str]:
    spoken = (doc.display.full.en, doc.display.full.es, doc.display.label, doc.display.short)
    return {word.casefold() for word in (*doc.names, *spoken)}


def build(doc: Doc) -> Drug:
    """Make the drug a value."""
    return Drug(
        id=doc.id,
        name=doc.display.full.en,
        name_es=doc.display.full.es,
        label=doc.display.label,
        short=doc.display.short,
        names=doc.names,
        strength_of=doc.strength_of,
        schedule=doc.schedule.text,
        approved_use=doc.approved_use.text,
        codes=tuple(code.coding() for code in doc.codes),
        routes=doc.routes,
        device=doc.device.device() if doc.device else None,
    )
