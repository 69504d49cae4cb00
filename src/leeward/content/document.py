"""Parts that every kind of content document is made of.

A kind declares its document with these; the loader reads the annotations, so that units,
sources and grades are checked for every kind in one place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from leeward.core.quantities import UnitMismatch
from leeward.core.quantities.published import Citation, Dated, Grade, PublishedFigure
from leeward.core.quantities.ucum import describe_dimension, parse_unit

from .errors import Mistake

T = TypeVar("T")
V = TypeVar("V")

ID_PATTERN = r"^[a-z0-9]+([._-][a-z0-9]+)*$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _number(raw: object) -> object:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise Mistake(f"{raw!r} is not a number. Write digits without quotes, and no unit.")
    return Decimal(raw)


def _real(raw: object) -> float:
    return float(Decimal(str(_number(raw))))


Amount = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Real = Annotated[float, BeforeValidator(_real), WithJsonSchema({"type": "number"})]


def _grade(raw: object) -> object:
    if raw == "?":
        raise Mistake(
            "A figure graded [?] is uncertain and is never encoded. Leave it out; a limit stays"
            " empty for the clinic to set, and reading the source can raise the grade."
        )
    return {"Vstar": "V*"}.get(raw, raw) if isinstance(raw, str) else raw


GradeMark = Annotated[
    Grade,
    BeforeValidator(_grade),
    WithJsonSchema({"enum": ["V", "Vs", "D", "V*", "K"]}),
]


class Part(BaseModel):
    """Base of everything inside a document: frozen, and unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceDoc(Part):
    """Where a figure was read: the id of a registered source and the place in it."""

    id: Id
    at: Text

    def cited(self) -> Citation:
        """Return the citation as a core value."""
        return Citation(self.id, self.at)


class FigureDoc(Part):
    """One published number: value, unit, source with locator, grade. All four are required."""

    value: Amount
    unit: str
    source: SourceDoc
    grade: GradeMark
    note: Text | None = None

    @model_validator(mode="after")
    def _unit_is_readable(self) -> "FigureDoc":
        _read_unit(self.unit)
        return self

    def figure(self) -> PublishedFigure:
        """Return the number as a core value."""
        return PublishedFigure(self.value, self.unit, self.source.cited(), self.grade, self.note)


class RangeDoc(Part):
    """A published range, from `low` to `high`, in one unit."""

    low: Amount
    high: Amount
    unit: str
    source: SourceDoc
    grade: GradeMark
    note: Text | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> "RangeDoc":
        _read_unit(self.unit)
        if self.low > self.high:
            raise Mistake(f"The range begins at {self.low} and ends below it, at {self.high}.")
        return self

    def figures(self) -> tuple[PublishedFigure, PublishedFigure]:
        """Return both ends as core values."""
        cited = self.source.cited()
        return (
            PublishedFigure(self.low, self.unit, cited, self.grade, self.note),
            PublishedFigure(self.high, self.unit, cited, self.grade, self.note),
        )


class StatementDoc(Part):
    """A published statement in words, with its source and grade."""

    text: Text
    source: SourceDoc
    grade: GradeMark


class WordsDoc(Part):
    """The same words in every language of the product."""

    en: Text
    es: Text


class Review(Part):
    """Shipped content has been sourced by its writers and approved by nobody."""

    status: Literal["sourced"]

    @model_validator(mode="before")
    @classmethod
    def _names_nobody(cls, raw: Any) -> Any:
        if isinstance(raw, Mapping) and (set(raw) != {"status"} or raw["status"] != "sourced"):
            raise Mistake(
                "Write {status: sourced} and nothing else. Approval is the clinic's act, kept in"
                " its database; content never names a reviewer."
            )
        return raw


class ContentDoc(Part):
    """Base of a document: an id and the state of its review."""

    id: Id
    review: Review


def _read_unit(unit: str) -> tuple[int, ...]:
    try:
        return parse_unit(unit).dimension
    except UnitMismatch as error:
        raise Mistake(str(error)) from None


def check_dimension(unit: str, like: str, what: str = "This figure") -> None:
    """Refuse a unit that measures something else than `like` does.

    Raises
    ------
    Mistake
        If the dimensions differ; the message names both.
    """
    found, expected = _read_unit(unit), parse_unit(like).dimension
    if found != expected:
        raise Mistake(
            f"{what} is measured in units like {like!r} ({describe_dimension(expected)}), and"
            f" {unit!r} measures something else ({describe_dimension(found)})."
        )


@dataclass(frozen=True, slots=True)
class Like:
    """Annotation that declares the dimension of a figure: ``Annotated[FigureDoc, Like("mg")]``."""

    unit: str

    def __get_pydantic_core_schema__(
        self, source_type: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Add the check of the dimension after the figure itself is read."""
        return core_schema.no_info_after_validator_function(self._check, handler(source_type))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell the editor which unit is expected."""
        described = handler(schema)
        return {"allOf": [described], "description": f"Unit like {self.unit}"}

    def _check(self, figure: Any) -> Any:
        if figure is not None:
            check_dimension(figure.unit, self.unit)
        return figure


def dated_from(values: Mapping[date, V], build: Callable[[V], T]) -> Dated[T]:
    """Turn the ``values:`` of a document into values that know since when they hold."""
    return Dated(tuple((day, build(values[day])) for day in sorted(values)))


def _has_a_day(raw: object) -> object:
    if isinstance(raw, Mapping):
        wrong = [key for key in raw if not isinstance(key, date)]
        if wrong or not raw:
            raise Mistake(
                "Write each value under the day it holds from: 'values: {2024-01-01: {...}}'."
                + (f" {wrong[0]!r} is not a day." if wrong else "")
            )
    return raw


ByDay = Annotated[dict[date, V], BeforeValidator(_has_a_day), Field(min_length=1)]
