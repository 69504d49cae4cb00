"""Published protocols: an infusion dosed by weight, to whom, how often, on whose word."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    Id,
    Like,
    Part,
    RangeDoc,
    SourceDoc,
    Text,
)
from leeward.content.errors import Mistake
from leeward.core.protocols.protocol import Protocol, Series

from ._spacing import SpacingDoc

FOLDER = "protocols"


class SeriesDoc(Part):
    """Number and spacing of the sessions, as published."""

    sessions: Annotated[FigureDoc, Like("{session}")]
    interval: Text
    days: tuple[Annotated[int, Field(ge=0)], ...] = ()
    spacing: SpacingDoc | None = None
    maintenance: SpacingDoc | None = None

    @model_validator(mode="after")
    def _days_fit(self) -> "SeriesDoc":
        if self.sessions.value != int(self.sessions.value) or self.sessions.value < 1:
            raise Mistake("A series has a whole number of sessions, at least one.")
        if self.days and (len(self.days) != self.sessions.value or self.days[0] != 0):
            raise Mistake("Give one day for each session; the first is day 0.")
        if any(later <= day for day, later in zip(self.days, self.days[1:], strict=False)):
            raise Mistake("The days of a series ascend.")
        return self


class Doc(ContentDoc):
    """A protocol for an infusion whose dose follows body weight."""

    title: Text
    drug: Id
    route: Id
    indications: tuple[Id, ...]
    dose_per_weight: Annotated[FigureDoc, Like("mg/kg")]
    dose_range: Annotated[RangeDoc, Like("mg/kg")] | None = None
    duration: Annotated[FigureDoc, Like("min")]
    concentrations: tuple[Annotated[FigureDoc, Like("mg/mL")], ...] = ()
    series: SeriesDoc | None = None
    weight_basis: Id
    source: SourceDoc
    beside: tuple[Id, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _core_units(self) -> "Doc":
        wanted = [(self.dose_per_weight, "mg/kg"), (self.duration, "min")]
        wanted += [(concentration, "mg/mL") for concentration in self.concentrations]
        for figure, unit in wanted:
            if figure.unit != unit:
                raise Mistake(f"Write the figure in {unit}, the unit of the plan; convert it.")
            if figure.value <= 0:
                raise Mistake(f"{figure.value} {figure.unit} is not above zero.")
        if self.dose_range and self.dose_range.unit != "mg/kg":
            raise Mistake("Write the range in mg/kg, the unit of the plan; convert it.")
        return self


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route, the weight basis, the indications and what goes beside it."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    yield "weight_bases", doc.weight_basis
    yield from (("indications", indication) for indication in doc.indications)
    yield from (("adjuncts", adjunct) for adjunct in doc.beside)


def build(doc: Doc) -> Protocol:
    """Make the protocol a core value."""
    low, high = doc.dose_range.figures() if doc.dose_range else (None, None)
    series = None
    if doc.series:
        count = int(doc.series.sessions.value)
        source = doc.series.sessions.source.id
        induction, after = doc.series.spacing, doc.series.maintenance
        series = Series(
            count,
            doc.series.interval,
            doc.series.days,
            induction.spacing(source) if induction else None,
            after.spacing(source) if after else None,
        )
    return Protocol(
        id=doc.id,
        title=doc.title,
        drug=doc.drug,
        route=doc.route,
        indications=doc.indications,
        dose_mg_per_kg=doc.dose_per_weight.figure(),
        duration_min=doc.duration.figure(),
        dose_low_mg_per_kg=low,
        dose_high_mg_per_kg=high,
        concentrations_mg_per_ml=tuple(c.figure() for c in doc.concentrations),
        series=series,
        weight_basis=doc.weight_basis,
        citation=doc.source.cited(),
        notes=doc.notes,
        beside=doc.beside,
    )
