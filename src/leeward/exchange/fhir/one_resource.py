"""What one resource says about its person, as facts."""

from collections.abc import Iterable
from dataclasses import dataclass

from leeward.core.candidacy import Fact
from leeward.usecases.imported import Imported, ImportedPatient, Skipped

from .datatypes import Unreadable
from .elements import ELEMENTS, WITHOUT_FACTS, project
from .facts import to_facts
from .mapping import map_resource
from .reader import Found
from .references import References, resource_name
from .subject import patient_of

NAMELESS = [{"text": "(no name)"}]


@dataclass(frozen=True, slots=True)
class Told:
    """What one resource says, and of whom."""

    person: str
    facts: tuple[Fact, ...]


def known_references(found: Iterable[Found]) -> References:
    """What resources may point at, when nothing more will come."""
    references = References()
    for each in found:
        _note(each, references)
    references.complete = True
    return references


def read_facts(each: Found, references: References, *, stored: bool = True) -> Told | Skipped:
    """Read what one resource says about its person.

    `stored` looks for characters that no database keeps, as an import would; leave it out only
    where the text is known to hold none.

    Raises
    ------
    Unreadable
        If it leans on something that is not there, or is not written as FHIR writes it.
    """
    each = Found(each.file, each.where, project(each.resource), each.full_url)
    kind = each.resource["resourceType"]
    if kind in WITHOUT_FACTS:
        return Told(patient_of(each.resource, references), ())
    imported = map_resource(_with_name(each), references, stored=stored)
    if isinstance(imported, Skipped):
        return imported
    return Told(_person(imported), tuple(to_facts([imported])))


def person_of(each: Found, references: References) -> str | None:
    """Whose record it is, even if nothing else of it can be read."""
    kind = each.resource["resourceType"]
    if kind == "Patient":
        return resource_name(each.resource, each.full_url)
    wanted = ELEMENTS.get(kind, ())
    for name in ("subject", "patient"):
        if name in wanted:
            try:
                return patient_of(each.resource, references, name)
            except Unreadable:
                return None
    return None


def _with_name(each: Found) -> Found:
    """Let a Patient without a name through: nothing here shows or stores a name."""
    if each.resource["resourceType"] != "Patient":
        return each
    return Found(each.file, each.where, {**each.resource, "name": NAMELESS}, each.full_url)


def _person(imported: Imported) -> str:
    return imported.origin.resource if isinstance(imported, ImportedPatient) else imported.patient


def _note(each: Found, references: References) -> None:
    try:
        references.add(each.resource, each.full_url)
    except ValueError:
        return  # the mapper says what is wrong with it
