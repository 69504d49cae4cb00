"""What a kind of content is, and the kinds that are plugged in."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from . import kinds as kinds_package
from .library import ContentLibrary

Documents = Mapping[str, Mapping[str, BaseModel]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A plugged-in kind of content.

    Attributes
    ----------
    name : str
        Module name below `content/kinds`.
    folder, attribute : str
        Folder of its files, and name of its documents in `ContentLibrary`.
    doc : type
        pydantic model of one document.
    build : callable
        Turns a checked document into a frozen value.
    references : callable or None
        Yields (attribute, id) of the documents that a document needs.
    cross_check : callable or None
        Given a document and all documents by attribute and id, yields what does not fit. Runs
        only once every reference of the document resolves.
    """

    name: str
    folder: str
    attribute: str
    doc: type[BaseModel]
    build: Callable[[Any], Any]
    references: Callable[[Any], Iterable[tuple[str, str]]] | None = None
    cross_check: Callable[[Any, Documents], Iterable[str]] | None = None


@lru_cache(maxsize=1)
def all_kinds() -> tuple[Kind, ...]:
    """Every kind plugged in below `content/kinds`, by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(kinds_package.__path__))
    return tuple(
        _plugged_in(importlib.import_module(f"{kinds_package.__name__}.{name}"), name)
        for name in names
        if not name.startswith("_")
    )


def _plugged_in(module: ModuleType, name: str) -> Kind:
    known = {field.name for field in fields(ContentLibrary)}
    attribute = getattr(module, "ATTRIBUTE", module.FOLDER)
    if attribute not in known:
        raise AttributeError(f"{name}: ContentLibrary has no attribute {attribute!r}; add it.")
    return Kind(
        name,
        module.FOLDER,
        attribute,
        module.Doc,
        module.build,
        getattr(module, "references", None),
        getattr(module, "cross_check", None),
    )
