"""Whether documents agree with one another: ids, sources, references."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from .document import SourceDoc
from .entry import Entry
from .errors import Problem
from .kind import Documents
from .strict_yaml import Where
from .suggestion import did_you_mean


def refuse_twins(entries: list[Entry], problems: list[Problem]) -> list[Entry]:
    """Give each id once; a second document with the same id is a problem."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        other = first.setdefault((entry.kind.attribute, entry.id), entry)
        if other is not entry:
            place = f"{other.draft.file}:{other.draft.parsed.line_of(other.draft.at)}"
            because = f"The id {entry.id!r} is already taken by {place}. Each id stands once."
            problems.append(entry.draft.problem(("id",), because))
    return list(first.values())


def check_sources(entries: list[Entry], problems: list[Problem]) -> None:
    """Find citations of unknown sources, and sources that nobody cites."""
    known = {entry.id: entry for entry in entries if entry.kind.attribute == "sources"}
    cited: set[str] = set()
    for entry in entries:
        for where, source in _sources_in(entry.doc, ()):
            cited.add(source.id)
            if source.id not in known:
                hint = did_you_mean(source.id, known)
                because = f"The source {source.id!r} is not registered in sources/. {hint}"
                problems.append(entry.draft.problem(where, because))
    for unused in known.keys() - cited:
        because = "Nothing cites this source. Cite it where it is used, or take it out."
        problems.append(known[unused].draft.problem((), because, housekeeping=True))


def _sources_in(part: Any, where: Where) -> Iterator[tuple[Where, SourceDoc]]:
    if isinstance(part, SourceDoc):
        yield where, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _sources_in(getattr(part, name), (*where, name))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _sources_in(value, (*where, str(key)))
    elif isinstance(part, list | tuple):
        for index, value in enumerate(part):
            yield from _sources_in(value, (*where, index))


def check_references(entries: list[Entry], problems: list[Problem]) -> None:
    """Find references to documents that are not there, and documents that do not fit together."""
    known: dict[str, dict[str, BaseModel]] = {}
    for entry in entries:
        known.setdefault(entry.kind.attribute, {})[entry.id] = entry.doc
    for entry in entries:
        faults = _dangling(entry, known)
        if not faults and entry.kind.cross_check:
            faults = list(entry.kind.cross_check(entry.doc, known))
        problems.extend(entry.draft.problem((), fault) for fault in faults)


def _dangling(entry: Entry, known: Documents) -> list[str]:
    wanted = entry.kind.references(entry.doc) if entry.kind.references else ()
    return [
        f"It refers to {id_!r}, which is not among the {attribute}."
        f" {did_you_mean(id_, known.get(attribute, ()))}"
        for attribute, id_ in wanted
        if id_ not in known.get(attribute, ())
    ]
