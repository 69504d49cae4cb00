"""One document of content, as it stands in its file and as it was validated."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from .errors import Problem
from .explain import explain
from .kind import Kind
from .strict_yaml import Parsed, Where


@dataclass(slots=True)
class Draft:
    """One document as it stands in a file, not yet validated."""

    kind: Kind
    file: str
    parsed: Parsed
    at: Where
    raw: Any

    @property
    def called(self) -> str:
        """Id of the document, or the name of its kind while it has none."""
        named = self.raw.get("id") if isinstance(self.raw, dict) else None
        return named if isinstance(named, str) else self.kind.name

    def problem(self, where: Where, because: str, *, housekeeping: bool = False) -> Problem:
        """Say what is wrong at a place in the document."""
        line = self.parsed.line_of((*self.at, *where))
        place = ".".join(str(part) for part in where)
        named = f"{self.called}: {place}" if place else self.called
        return Problem(self.file, line, named, because, housekeeping)

    def validated(self, problems: list[Problem]) -> BaseModel | None:
        """Validate the document; what is wrong goes to `problems`."""
        try:
            return self.kind.doc.model_validate(self.raw)
        except ValidationError as error:
            found = explain(error, self.kind.doc)
            problems.extend(self.problem(where, because) for where, because in found)
            return None


@dataclass(slots=True)
class Entry:
    """A validated document."""

    draft: Draft
    id: str
    doc: BaseModel

    @property
    def kind(self) -> Kind:
        """Kind of the document."""
        return self.draft.kind
