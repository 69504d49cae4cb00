"""Published ways of giving a drug that are not one infusion dosed by weight: devices, injections,
mouth, titrated infusions. A plan is made from those that give a dose at once.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    Id,
    Like,
    Part,
    SourceDoc,
    Text,
    check_dimension,
)
from leeward.content.errors import Mistake
from leeward.core.protocols.regimen import Regimen, RegimenStep

from ._spacing import SpacingDoc

FOLDER = "regimens"
DOSE_UNITS = ("mg", "mg/kg", "mg/h", "mg/kg/h")


class StepDoc(Part):
    """One phase or step: its doses, over what time, how often."""

    phase: Text
    doses: tuple[FigureDoc, ...] = Field(min_length=1)
    durations: tuple[FigureDoc, ...] = ()
    schedule: Text
    spacing: SpacingDoc | None = None
    step_up_below: Annotated[FigureDoc, Like("%")] | None = None

    @model_validator(mode="after")
    def _units_fit(self) -> "StepDoc":
        for dose in self.doses:
            if dose.unit not in DOSE_UNITS:
                raise Mistake(f"A dose is in one of {', '.join(DOSE_UNITS)}, not {dose.unit!r}.")
        for duration in self.durations:
            check_dimension(duration.unit, "min", "A duration")
        return self


class Doc(ContentDoc):
    """A regimen, step by step. `beside` names what it was published together with."""

    title: Text
    drug: Id
    route: Id
    indications: tuple[Id, ...]
    source: SourceDoc
    steps: tuple[StepDoc, ...] = Field(min_length=1)
    beside: tuple[Id, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _phases_differ(self) -> "Doc":
        names = [step.phase for step in self.steps]
        if len(set(names)) != len(names):
            raise Mistake("Two phases have the same name; a plan names its phase.")
        return self


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route, the indications and what it was published together with."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    yield from (("indications", indication) for indication in doc.indications)
    yield from (("adjuncts", adjunct) for adjunct in doc.beside)


def build(doc: Doc) -> Regimen:
    """Make the regimen a value."""
    return Regimen(
        id=doc.id,
        title=doc.title,
        drug=doc.drug,
        route=doc.route,
        indications=doc.indications,
        citation=doc.source.cited(),
        steps=tuple(_step(step, doc.source.id) for step in doc.steps),
        notes=doc.notes,
        beside=doc.beside,
    )


def _step(step: StepDoc, source: str) -> RegimenStep:
    return RegimenStep(
        phase=step.phase,
        doses=tuple(dose.figure() for dose in step.doses),
        durations=tuple(duration.figure() for duration in step.durations),
        schedule=step.schedule,
        spacing=step.spacing.spacing(source) if step.spacing else None,
        step_up_below_pct=step.step_up_below.figure() if step.step_up_below else None,
    )
