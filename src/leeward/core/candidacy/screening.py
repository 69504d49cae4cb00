"""Findings for a whole population, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from leeward.core.quantities import Refusal

from .engine import find, refuse
from .evidence import build_case
from .facts import Fact
from .findings import Finding, IndicationFinding, Status
from .indications import EvidenceFor, Indication, find_indication
from .population import FactColumns, Ints, Units, example_facts, find_units
from .questions import Question
from .recognition import Recogniser
from .rules import Effect, Rule, RuleEffect


class Outcome(StrEnum):
    """What a screening says of one person, never more than the records allow.

    `STOPPED` a finding that blocks is present; `POSSIBLE` an indication is present and nothing on
    record blocks; `TO_SETTLE` records point to an indication without settling it; `NOTHING` no
    record names an indication.  None of them clears anybody.
    """

    STOPPED = "stopped"
    POSSIBLE = "possible"
    TO_SETTLE = "to_settle"
    NOTHING = "no_indication_on_record"


_OUTCOMES = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one question comes to on one set of evidence.

    Attributes
    ----------
    question : int
        Which of `Screened.asked`.
    finding : Finding or IndicationFinding
        As for the first person who has this evidence; dates and references are that person's.
    items : tuple of int
        Which items of the evidence it rests on.
    """

    question: int
    finding: Finding | IndicationFinding
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer for everybody.

    Attributes
    ----------
    drug, route, as_of : str, str, datetime.date
        The question.
    blank : tuple of Judged
        What is found in a person of whom nothing is on record, in the order of content.
    of_unit : tuple of Judged or None, one a unit
        What each set of evidence comes to; None where the rule stays silent.
    outcomes : int8 array, shape (people,)
        Index into `Outcome` of each person.
    """

    drug: str
    route: str
    as_of: date
    blank: tuple[Judged, ...]
    of_unit: tuple[Judged | None, ...]
    outcomes: NDArray[np.int8]

    def outcome(self, person: int) -> Outcome:
        """Give the outcome of one person."""
        return _OUTCOMES[int(self.outcomes[person])]


class Population:
    """Facts of many people in memory, ready to be asked about any drug and route on one date.

    Parameters
    ----------
    columns : FactColumns
        The facts.
    rules : sequence of Rule
        The candidacy rules.
    indications : sequence of Indication
        The register of indications.
    recogniser : Recogniser
        The code lists.
    as_of : datetime.date
        The date of the question.

    Attributes
    ----------
    columns, units : FactColumns, Units
        The facts, and the evidence sorted out of them.
    """

    __slots__ = ("_as_of", "_facts", "_indications", "_recogniser", "_rules", "columns", "units")

    def __init__(
        self,
        columns: FactColumns,
        rules: Sequence[Rule],
        indications: Sequence[Indication],
        recogniser: Recogniser,
        as_of: date,
    ) -> None:
        self.columns = columns
        self._rules, self._indications = tuple(rules), tuple(indications)
        self._recogniser, self._as_of = recogniser, as_of
        self.units: Units = find_units(columns, self._questions, recogniser, as_of)
        self._facts = [example_facts(columns, self.units, i) for i in range(self._size)]

    @property
    def _questions(self) -> tuple[Question, ...]:
        return (*self._rules, *self._indications)

    @property
    def _size(self) -> int:
        return len(self.units.example)

    def screen(self, drug: str, route: str) -> Screened | Refusal:
        """Say what speaks for and against treating each person with one drug by one route.

        Parameters
        ----------
        drug, route : str
            One of `rules.DRUGS` and of `rules.ROUTES`.

        Returns
        -------
        Screened or Refusal
            A refusal for a drug or route that no rule knows.
        """
        effects = [rule.effect_for(drug, route) for rule in self._rules]
        refusal = refuse(drug, route, None, (), any(effects))
        if refusal is not None:
            return refusal
        asks = [_Ask(self, drug, route, number) for number in range(len(self._questions))]
        blank = tuple(judged for ask in asks if (judged := ask.of([])))
        of_unit = tuple(
            asks[question].of(facts)
            for question, facts in zip(
                self.units.question[self.units.example].tolist(), self._facts, strict=True
            )
        )
        outcomes = _outcomes(self.columns.people, self.units, blank, of_unit)
        return Screened(drug, route, self._as_of, blank, of_unit, outcomes)

    def ask(
        self, facts: Sequence[Fact], drug: str, route: str, number: int
    ) -> Finding | IndicationFinding | None:
        """Put one question to some facts, by the one implementation of rules."""
        question = self._questions[number]
        asked = _asked(question, drug, route)
        if asked is None:
            return None
        case = build_case(
            facts, self._recogniser, as_of=self._as_of, drug=drug, route=route, limits={}
        )
        if isinstance(question, Rule) and isinstance(asked, RuleEffect):
            return find(case, question, asked)
        if isinstance(question, Indication) and isinstance(asked, EvidenceFor):
            return find_indication(case, question, asked)
        return None


def _asked(question: Question, drug: str, route: str) -> RuleEffect | EvidenceFor | None:
    if isinstance(question, Rule):
        return question.effect_for(drug, route)
    return question.evidence_for(drug)


@dataclass(frozen=True, slots=True)
class _Ask:
    population: Population
    drug: str
    route: str
    number: int

    def of(self, facts: Sequence[Fact]) -> Judged | None:
        found = self.population.ask(facts, self.drug, self.route, self.number)
        if found is None:
            return None
        named = {name for line in found.facts for name in (line.resource, *line.also) if name}
        return Judged(self.number, found, tuple(sorted(int(name) for name in named)))


_STOPS, _NAMES, _HINTS = 1, 2, 4


def _outcomes(
    people: int, units: Units, blank: Sequence[Judged], of_unit: Sequence[Judged | None]
) -> NDArray[np.int8]:
    weight = np.array([_weight(each) for each in of_unit], dtype=np.int64)
    of_blank = 0
    for judged in blank:
        of_blank |= _weight(judged)
    held = np.full(people, of_blank, dtype=np.int64)
    if len(units.unit):
        # A group lies beside the others of its person, so a reduction needs no sorting.
        first = np.flatnonzero(np.concatenate(([True], units.person[1:] != units.person[:-1])))
        held[units.person[first]] |= np.bitwise_or.reduceat(weight[units.unit], first)
    return _ranked(held)


def _ranked(held: Ints) -> NDArray[np.int8]:
    names, hints = (held & _NAMES) > 0, (held & _HINTS) > 0
    ranked = np.where(names, 1, np.where(hints, 2, 3))
    return np.where((held & _STOPS) > 0, 0, ranked).astype(np.int8)


def _weight(judged: Judged | None) -> int:
    if judged is None:
        return 0
    found = judged.finding
    if isinstance(found, Finding):
        return _STOPS * (found.status is Status.PRESENT and found.effect is Effect.BLOCK)
    if found.status is Status.PRESENT:
        return _NAMES
    return _HINTS if found.status is Status.UNKNOWN and found.facts else 0
