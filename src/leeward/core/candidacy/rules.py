"""A candidacy rule: what it looks at, what it does for which drug and route, and on whose word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from leeward.core.quantities.published import Citation, Grade, PublishedFigure


class Effect(StrEnum):
    """What a finding asks of the clinic, strongest first.

    `BLOCK` stops until a named prescriber overrides it with a reason; `DECISION` needs a recorded
    decision with a reason; `HOLD` stops one day's session until cleared; `ALERT` tells the
    monitoring clinician now; `INFO` is only shown.
    """

    BLOCK = "BLOCK"
    DECISION = "DECISION"
    HOLD = "HOLD"
    ALERT = "ALERT"
    INFO = "INFO"


EFFECT_ORDER = {effect: rank for rank, effect in enumerate(Effect)}

DRUGS = ("racemic_ketamine", "esketamine")
ROUTES = ("iv", "im", "sc", "intranasal", "oral", "sublingual")


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the languages Leeward speaks."""

    en: str
    es: str


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What a rule does for one drug and some of its routes.

    Attributes
    ----------
    drug : str
        One of `DRUGS`.
    routes : tuple of str
        Members of `ROUTES`.
    effect : Effect
        The strength.
    source : Citation
        Where that strength comes from.
    grade : Grade
        How that source was seen; a weak grade makes the finding say *unverified*.
    override : str
        Who may override, beyond the usual prescriber; empty if nobody in particular.
    """

    drug: str
    routes: tuple[str, ...]
    effect: Effect
    source: Citation
    grade: Grade
    override: str = ""

    @property
    def unverified(self) -> bool:
        """True while the source itself has not been read."""
        return self.grade.unverified


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as content gives it; its logic is a predicate in Python, by name.

    Attributes
    ----------
    id, version : str, int
        Stable name, and a number that grows with every change of meaning.
    group : str
        Chapter on the page: `absolute`, `relative`, `substance`, `interaction`, `day`,
        `regulatory`.
    title : Words
        A few words.
    predicate : str
        Name in `leeward.core.candidacy.predicates`.
    reads : mapping of str to tuple of str
        Concept ids by the part they play; the predicate says which parts it knows.
    course : str
        How time is read: `ever`, `lasting` or `episodic`.
    figures : mapping of str to PublishedFigure
        Numbers the predicate needs.
    limit_ids : mapping of str to str
        Clinic limits the predicate needs, by the part they play.
    effects : tuple of RuleEffect
        What it does, by drug and route. A pair that is missing here has no such rule.
    because : str
        The reason, for staff.
    patient : Words
        The reason in plain words.
    question : Words
        What to ask the person.
    settle : str
        What would settle it when the record does not.
    """

    id: str
    version: int
    group: str
    title: Words
    predicate: str
    effects: tuple[RuleEffect, ...]
    because: str
    patient: Words
    question: Words
    settle: str
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    course: str = "lasting"
    figures: Mapping[str, PublishedFigure] = field(default_factory=dict)
    limit_ids: Mapping[str, str] = field(default_factory=dict)

    def effect_for(self, drug: str, route: str) -> RuleEffect | None:
        """Give what the rule does for a drug by a route; None if it says nothing about it."""
        for entry in self.effects:
            if entry.drug == drug and route in entry.routes:
                return entry
        return None
