"""Clinical knowledge as YAML, and the only loader of it.

Knows the cores, whose values it builds. Must not know records, use cases, the web or a clock:
it does not say what holds today but what holds as of a day that it is given.

`load()` gives the `ContentLibrary`; `read()` and `check()` say what is wrong with a folder. A
kind of content is a module in `content/kinds` with a folder name `FOLDER`, a pydantic model
`Doc`, and a function `build(doc)` that returns a frozen value; see ``content/README.md``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import ContentError, Problem
    from .library import ContentLibrary
    from .loader import load
    from .reading import read

__all__ = ["ContentError", "ContentLibrary", "Problem", "load", "read"]

_HOMES = {
    "ContentError": "errors",
    "Problem": "errors",
    "ContentLibrary": "library",
    "load": "loader",
    "read": "reading",
}


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: a command that reads one file need not load every check."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
