"""Turns what pydantic says about a document into words that teach its writer."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from .suggestion import did_you_mean

Where = tuple[str | int, ...]

AS_PYTHON = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")
NEEDS_MAPPING = frozenset({"model_type", "dict_type", "model_attributes_type"})
WHY_NEEDED = {
    "source": "Every figure says where it was read: source: {id: ..., at: page or table}.",
    "at": "A source needs a locator: the section, table or page where a reader finds it.",
    "unit": "Every figure has a UCUM unit; a bare number has no meaning here.",
    "grade": "Every figure says how it was seen: V, Vs, D, V* or K.",
    "review": "Write review: {status: sourced}. Approval is the clinic's act.",
    "en": "The English words are missing.",
    "es": "The Spanish words are missing.",
}


def explain(error: ValidationError, doc: type[BaseModel]) -> Iterator[tuple[Where, str]]:
    """Yield a place in the document and what to do there, for each mistake.

    Parameters
    ----------
    error : ValidationError
        What validation of one document raised.
    doc : type
        The model it was validated against; its field names serve as suggestions.
    """
    for mistake in error.errors(include_url=False):
        where = tuple(_readable(part) for part in mistake["loc"] if part != "[key]")
        yield where, _because(mistake["type"], where, mistake, doc)


def _because(kind: str, where: Where, mistake: Any, doc: type[BaseModel]) -> str:
    last = str(where[-1]) if where else ""
    found = _shown(mistake["input"])
    if kind == "missing":
        return f"{last!r} is missing. " + WHY_NEEDED.get(last, "This kind of document needs it.")
    if kind == "extra_forbidden":
        hint = did_you_mean(last, _fields_at(doc, where[:-1]))
        return f"The key {last!r} is not known here. {hint}"
    if kind in NEEDS_MAPPING:
        return f"Here stands {found}, and a mapping of keys is needed."
    message = str(mistake["msg"]).removeprefix("Value error, ")
    if kind == "string_pattern_mismatch" and last == "id":
        message = (
            f"{found} is not an id: lower-case letters and digits, parted by points, dashes or"
            " underscores"
        )
    elif kind in ("literal_error", "enum"):
        message = f"{found} is not one of the choices: {mistake['ctx']['expected']}"
    elif kind != "value_error":
        message = f"{message}; found {found}"
    return message if message.endswith((".", "?")) else message + "."


def _readable(part: str | int) -> str | int:
    """Write a day as it stands in the file; pydantic names the key by its Python form."""
    day = AS_PYTHON.fullmatch(part) if isinstance(part, str) else None
    return date(*map(int, day.groups())).isoformat() if day else part


def _shown(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _fields_at(model: type[BaseModel], where: Where) -> set[str]:
    models = {model}
    for part in where:
        inner = {m for model in models for m in _models_of_field(model, part)}
        models = inner or models
    return {name for model in models for name in model.model_fields}


def _models_of_field(model: type[BaseModel], part: str | int) -> Iterator[type[BaseModel]]:
    field = model.model_fields.get(str(part))
    if field is not None:
        yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
