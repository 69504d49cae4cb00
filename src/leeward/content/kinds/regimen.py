"""Published ways of giving a drug that are not one infusion dosed by weight: devices, injections,
mouth, titrated infusions. Shown to the prescriber as published; no plan is made from them yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field, model_validator

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    Id,
    Part,
    SourceDoc,
    Text,
    check_dimension,
)
from leeward.content.errors import Mistake
from leeward.core.quantities.published import Citation, PublishedFigure

FOLDER = "regimens"
DOSE_UNITS = ("mg", "mg/kg", "mg/h", "mg/kg/h")


class StepDoc(Part):
    """One phase or step: its doses, over what time, how often."""

    phase: Text
    doses: tuple[FigureDoc, ...] = Field(min_length=1)
    durations: tuple[FigureDoc, ...] = ()
    schedule: Text

    @model_validator(mode="after")
    def _units_fit(self) -> "StepDoc":
        for dose in self.doses:
            if dose.unit not in DOSE_UNITS:
                raise Mistake(f"A dose is in one of {', '.join(DOSE_UNITS)}, not {dose.unit!r}.")
        for duration in self.durations:
            check_dimension(duration.unit, "min", "A duration")
        return self


class Doc(ContentDoc):
    """A regimen, step by step."""

    title: Text
    drug: Id
    route: Id
    indications: tuple[Id, ...]
    source: SourceDoc
    steps: tuple[StepDoc, ...] = Field(min_length=1)
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RegimenStep:
    """One phase or step of a regimen.

    Attributes
    ----------
    phase, schedule : str
        What it is, and how often.
    doses : tuple of PublishedFigure
        Doses as published [mg, mg/kg, mg/h or mg/kg/h, as each says]; several: steps or choices.
    durations : tuple of PublishedFigure
        Over what time [a unit of time, as each says].
    """

    phase: str
    doses: tuple[PublishedFigure, ...]
    durations: tuple[PublishedFigure, ...]
    schedule: str


@dataclass(frozen=True, slots=True)
class Regimen:
    """A published way of giving a drug."""

    id: str
    title: str
    drug: str
    route: str
    indications: tuple[str, ...]
    citation: Citation
    steps: tuple[RegimenStep, ...]
    notes: tuple[str, ...]

    @property
    def unverified(self) -> bool:
        """Whether any figure of it must be shown as unverified."""
        figures = (f for step in self.steps for f in (*step.doses, *step.durations))
        return any(figure.unverified for figure in figures)


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route and the indications."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    yield from (("indications", indication) for indication in doc.indications)


def build(doc: Doc) -> Regimen:
    """Make the regimen a value."""
    return Regimen(
        id=doc.id,
        title=doc.title,
        drug=doc.drug,
        route=doc.route,
        indications=doc.indications,
        citation=doc.source.cited(),
        steps=tuple(
            RegimenStep(
                phase=step.phase,
                doses=tuple(dose.figure() for dose in step.doses),
                durations=tuple(duration.figure() for duration in step.durations),
                schedule=step.schedule,
            )
            for step in doc.steps
        ),
        notes=doc.notes,
    )
