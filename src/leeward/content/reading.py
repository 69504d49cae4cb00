"""Reads a content folder and says everything that is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .agreement import check_references, check_sources, refuse_twins
from .digest import digest_of
from .entry import Draft, Entry
from .errors import Mistake, Problem
from .kind import Kind, all_kinds
from .library import ContentLibrary
from .strict_yaml import YamlMistake, parse
from .suggestion import did_you_mean


@dataclass(slots=True)
class Reading:
    """What was found in a content folder: the library if it can be used, and all problems."""

    library: ContentLibrary | None
    problems: tuple[Problem, ...]


def read(root: Path, kinds: tuple[Kind, ...] | None = None) -> Reading:
    """Read a folder and report everything that is wrong with it.

    Parameters
    ----------
    root : Path
        Content folder.
    kinds : tuple of Kind, optional
        The kinds to read; all by default.

    Returns
    -------
    Reading
    """
    chosen = kinds or all_kinds()
    problems: list[Problem] = []
    entries = [entry for kind in chosen for entry in _read_kind(root, kind, problems)]
    _refuse_stray_files(root, chosen, problems)
    entries = refuse_twins(entries, problems)
    check_sources(entries, problems)
    check_references(entries, problems)
    values = _build(entries, problems)
    problems.sort()
    if any(not problem.housekeeping for problem in problems):
        return Reading(None, tuple(problems))
    digest = digest_of((entry.kind.attribute, entry.id, entry.draft.raw) for entry in entries)
    frozen = {name: MappingProxyType(of_kind) for name, of_kind in values.items()}
    return Reading(ContentLibrary(digest=digest, **{"sources": {}, **frozen}), tuple(problems))


def _read_kind(root: Path, kind: Kind, problems: list[Problem]) -> Iterator[Entry]:
    for file in sorted((root / kind.folder).rglob("*.yaml")):
        if "cases" not in file.relative_to(root).parts:
            yield from _read_file(file, file.relative_to(root).as_posix(), kind, problems)


def _read_file(path: Path, file: str, kind: Kind, problems: list[Problem]) -> Iterator[Entry]:
    try:
        parsed = parse(path.read_text(encoding="utf-8"))
    except YamlMistake as mistake:
        problems.append(Problem(file, mistake.line, "", mistake.because))
        return
    except UnicodeDecodeError:
        problems.append(Problem(file, 0, "", "The file is not UTF-8 text. Save it as UTF-8."))
        return
    several = isinstance(parsed.data, list)
    for index, raw in enumerate(parsed.data if several else [parsed.data]):
        draft = Draft(kind, file, parsed, (index,) if several else (), raw)
        doc = draft.validated(problems)
        if doc is not None:
            yield Entry(draft, draft.called, doc)


def _refuse_stray_files(root: Path, chosen: tuple[Kind, ...], problems: list[Problem]) -> None:
    folders = {kind.folder for kind in chosen} | {kind.folder for kind in all_kinds()}
    for file in sorted(root.rglob("*")):
        inside = file.relative_to(root)
        if file.suffix == ".yml":
            problems.append(Problem(inside.as_posix(), 0, "", "Name content files *.yaml."))
        elif file.suffix == ".yaml" and inside.parts[0] not in folders:
            hint = did_you_mean(inside.parts[0], folders)
            because = f"No kind of content reads the folder {inside.parts[0]!r}. {hint}"
            problems.append(Problem(inside.as_posix(), 0, "", because))


def _build(entries: list[Entry], problems: list[Problem]) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        try:
            values.setdefault(entry.kind.attribute, {})[entry.id] = entry.kind.build(entry.doc)
        except Mistake as mistake:
            problems.append(entry.draft.problem((), str(mistake)))
    return values
