"""One person's record as facts, without storing it: for the command line and for other systems.

An import keeps what a chart needs; this reads what candidacy asks about. So a person without a
name is read too, and a slip in what is only kept for a chart costs no fact.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leeward.core.candidacy import Fact
from leeward.core.quantities import Refusal
from leeward.usecases.imported import Skipped

from .datatypes import Unreadable
from .mapping import skipped
from .one_resource import Told, known_references, person_of, read_facts
from .quick import read_bundle
from .reader import Found, read_groups
from .references import References


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
    if quick is not None:
        return _one(*quick)
    found: list[Found] = []
    left: list[Skipped] = []
    for group in read_groups(path):
        found += group.found
        left += group.skipped
    return _one(list(_read_all(found, known_references(found), left)), left)


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


def _one(read: list[Told], left: list[Skipped]) -> OnePerson | Refusal:
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


def _read_all(
    found: Iterable[Found], references: References, left: list[Skipped]
) -> Iterator[Told]:
    for each in found:
        try:
            told = read_facts(each, references)
        except Unreadable as reason:
            told = skipped(each, str(reason))
        if isinstance(told, Skipped):
            left.append(told)
        else:
            yield told
