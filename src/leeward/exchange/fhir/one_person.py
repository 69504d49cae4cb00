"""One person's record as facts, without storing it: for the command line and for other systems.

An import keeps what a chart needs; this reads what candidacy asks about. So a person without a
name is read too, and a slip in what is only kept for a chart costs no fact.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leeward.core.candidacy import Fact
from leeward.core.quantities import Refusal
from leeward.usecases.imported import Imported, ImportedPatient, Skipped

from .datatypes import Unreadable
from .elements import ELEMENTS, WITHOUT_FACTS, project
from .facts import to_facts
from .mapping import map_resource, skipped
from .quick import read_bundle
from .reader import Found, read_groups
from .references import References, resource_name
from .subject import patient_of

NAMELESS = [{"text": "(no name)"}]


@dataclass(frozen=True, slots=True)
class OnePerson:
    """What a file says about one person, and what of it could not be read."""

    facts: tuple[Fact, ...]
    skipped: tuple[Skipped, ...]


def read_one_person(path: str) -> OnePerson | Refusal:
    """Read a Bundle, NDJSON or single resource that is about one person.

    Refuses a file that cannot be read, and one with records of several people.
    """
    quick = read_bundle(path)
    groups = read_groups(path) if quick is None else [quick]
    found: list[Found] = []
    left: list[Skipped] = []
    for group in groups:
        found += group.found
        left += group.skipped
    stored = quick is None
    return _one(list(_read_all(found, known_references(found), left, stored=stored)), left)


def read_people(paths: Iterable[str]) -> tuple[dict[str, tuple[Fact, ...]], list[Skipped]]:
    """Read files about any number of people, in memory: the slow twin of `bulk`.

    A Bundle is settled within itself; single resources may lean on any other of the files. A
    person of whom nothing could be read is there too, without facts.
    """
    groups = [group for path in paths for group in read_groups(path)]
    shared = known_references(
        each for group in groups if not group.is_bundle for each in group.found
    )
    left = [each for group in groups for each in group.skipped]
    facts: dict[str, list[Fact]] = {}
    for group in groups:
        references = known_references(group.found) if group.is_bundle else shared
        for each in group.found:
            facts.setdefault(person_of(each, references) or "", [])
        for told in _read_all(group.found, references, left):
            facts.setdefault(told.person, []).extend(told.facts)
    facts.pop("", None)
    return {person: tuple(held) for person, held in facts.items()}, left


def known_references(found: Iterable[Found]) -> References:
    """What resources may point at, when nothing more will come."""
    references = References()
    for each in found:
        _note(each, references)
    references.complete = True
    return references


def _one(read: "list[Told]", left: list[Skipped]) -> OnePerson | Refusal:
    people = sorted({each.person for each in read})
    if not people:
        reasons = "; ".join(dict.fromkeys(each.because for each in left)) or "it is empty"
        because = f"Nothing about a person could be read: {reasons}."
        return Refusal("assess.nothing_read", because, field="bundle")
    if len(people) > 1:
        shown = ", ".join(people[:3]) + (" ..." if len(people) > 3 else "")
        because = f"The file holds records of {len(people)} people ({shown}); one is needed."
        return Refusal("assess.one_patient", because, field="bundle")
    return OnePerson(tuple(fact for each in read for fact in each.facts), tuple(left))


@dataclass(frozen=True, slots=True)
class Told:
    """What one resource says, and of whom."""

    person: str
    facts: tuple[Fact, ...]


def _read_all(
    found: Iterable[Found], references: References, left: list[Skipped], *, stored: bool = True
) -> Iterator[Told]:
    for each in found:
        try:
            told = read_facts(each, references, stored=stored)
        except Unreadable as reason:
            told = skipped(each, str(reason))
        if isinstance(told, Skipped):
            left.append(told)
        else:
            yield told


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
