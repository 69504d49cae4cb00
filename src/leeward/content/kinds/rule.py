"""Candidacy rules: what they look at, what they do for which drug and route, on whose word."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    GradeMark,
    Id,
    Part,
    SourceDoc,
    Text,
    WordsDoc,
    check_dimension,
)
from leeward.content.errors import Mistake
from leeward.core.candidacy import ROUTES, Effect, Rule, RuleEffect, Words
from leeward.core.candidacy.predicates import PREDICATES

FOLDER = "candidacy"
ATTRIBUTE = "rules"

Drug = Literal["racemic_ketamine", "esketamine"]
Route = Literal["iv", "im", "sc", "intranasal", "oral", "sublingual"]
Group = Literal["absolute", "relative", "substance", "interaction", "day", "regulatory"]

# Parts of `reads` that name answers or answer codes and not concepts.
_NOT_CONCEPTS = frozenset({"answers", "pregnant_answers", "not_pregnant_answers"})


class EffectDoc(Part):
    """What the rule does for one drug and some routes (all of them if none is named)."""

    drug: Drug
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    effect: Effect
    source: SourceDoc
    grade: GradeMark
    override: Text | None = None


class Doc(ContentDoc):
    """A rule. `predicate` is the name of its logic in `leeward.core.candidacy.predicates`."""

    version: Annotated[int, Field(ge=1)]
    group: Group
    title: WordsDoc
    predicate: str
    reads: dict[str, tuple[Text, ...]] = {}
    course: Literal["ever", "lasting", "episodic"] = "lasting"
    figures: dict[str, FigureDoc] = {}
    limits: dict[str, Id] = {}
    effects: Annotated[tuple[EffectDoc, ...], Field(min_length=1)]
    because: Text
    patient: WordsDoc
    question: WordsDoc
    settle: Text

    @model_validator(mode="after")
    def _predicate_gets_what_it_needs(self) -> "Doc":
        known = PREDICATES.get(self.predicate)
        if known is None:
            raise Mistake(
                f"No predicate is called {self.predicate!r}. Use one of {', '.join(PREDICATES)}."
            )
        _same("reads", self.reads, known.needs, known.may, self.predicate)
        _same("figures", self.figures, known.figures, (), self.predicate)
        _same("limits", self.limits, known.limits, (), self.predicate)
        for part, unit in known.figures.items():
            check_dimension(self.figures[part].unit, unit, f"The figure {part!r}")
        return self

    @model_validator(mode="after")
    def _one_effect_each(self) -> "Doc":
        seen: set[tuple[str, str]] = set()
        for entry in self.effects:
            for route in entry.routes:
                if (entry.drug, route) in seen:
                    raise Mistake(f"Two effects are given for {entry.drug} by {route}. Keep one.")
                seen.add((entry.drug, route))
        return self


def _same(
    field: str, given: Iterable[str], needed: Iterable[str], may: Iterable[str], name: str
) -> None:
    missing = set(needed) - set(given)
    unknown = set(given) - set(needed) - set(may)
    if missing or unknown:
        wanted = ", ".join(sorted(missing or unknown))
        what = "needs" if missing else "does not know"
        raise Mistake(f"The predicate {name!r} {what} in {field}: {wanted}.")


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the concepts and the clinic limits that the rule names."""
    for part, ids in doc.reads.items():
        if part not in _NOT_CONCEPTS:
            for concept in ids:
                yield "concepts", concept
    for limit in doc.limits.values():
        yield "limits", limit


def build(doc: Doc) -> Rule:
    """Make the rule a core value."""
    return Rule(
        id=doc.id,
        version=doc.version,
        group=doc.group,
        title=_words(doc.title),
        predicate=doc.predicate,
        reads=doc.reads,
        course=doc.course,
        figures={part: figure.figure() for part, figure in doc.figures.items()},
        limit_ids=doc.limits,
        effects=tuple(_effect(entry) for entry in doc.effects),
        because=doc.because,
        patient=_words(doc.patient),
        question=_words(doc.question),
        settle=doc.settle,
    )


def _effect(entry: EffectDoc) -> RuleEffect:
    ordered = tuple(route for route in ROUTES if route in entry.routes)
    return RuleEffect(
        entry.drug, ordered, entry.effect, entry.source.cited(), entry.grade, entry.override or ""
    )


def _words(doc: WordsDoc) -> Words:
    return Words(doc.en, doc.es)
