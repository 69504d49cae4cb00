"""Weighing what the records say for, against and about one question."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .concepts import Concept
from .facts import Fact, FactKind
from .reading import Sense, words_of
from .recognition import Match, Recogniser, Surety
from .timing import Standing, standing


class Support(StrEnum):
    """How a record bears on a question."""

    FOR = "for"
    ASK = "ask"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Item:
    """One record as evidence, with what else says the same.

    Attributes
    ----------
    fact : Fact
        The record shown.
    support : Support
        How it bears on the question.
    note : str
        Why it does, in words for staff.
    match : Match or None
        How it was recognised; None for answers and measurements.
    others : tuple of Fact
        Further records of the same fact; they count once.
    """

    fact: Fact
    support: Support
    note: str
    match: Match | None = None
    others: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One person on one date, as the predicates see it.

    Attributes
    ----------
    facts : tuple of Fact
        Everything handed in.
    matches : mapping of str to tuple of Match
        Recognised facts by concept id.
    as_of : datetime.date
        The date of the question.
    concepts : mapping of str to Concept
        The code lists, by id.
    limits : mapping of str to Decimal
        Clinic limits in force, by id; each in the unit its id ends in. A limit that is not
        there has not been set.
    drug, route : str
        What is being considered.
    told : tuple of Fact
        Those of `facts` that are answers.
    """

    facts: tuple[Fact, ...]
    matches: Mapping[str, tuple[Match, ...]]
    as_of: date
    drug: str
    route: str
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    told: tuple[Fact, ...] = ()

    def of(self, concepts: Iterable[str]) -> tuple[Match, ...]:
        """Give every match of some concepts."""
        return tuple(match for concept in concepts for match in self.matches.get(concept, ()))

    def answers(self, *names: str) -> tuple[Fact, ...]:
        """Give the newest answer of each respondent to a question, by any of its names."""
        newest: dict[str, Fact] = {}
        for fact in self.told:
            if fact.name not in names:
                continue
            if standing(fact, self.as_of) in (Standing.VOID, Standing.FUTURE):
                continue
            held = newest.get(fact.provenance)
            if held is None or _order(fact) >= _order(held):
                newest[fact.provenance] = fact
        return tuple(newest.values())


def build_case(
    facts: Sequence[Fact],
    recogniser: Recogniser,
    *,
    as_of: date,
    drug: str,
    route: str,
    limits: Mapping[str, Decimal],
) -> Case:
    """Recognise every fact once and lay the results out by concept."""
    matches: dict[str, list[Match]] = {}
    for fact in facts:
        for match in recogniser.recognise(fact):
            matches.setdefault(match.concept, []).append(match)
    return Case(
        tuple(facts),
        {concept: tuple(found) for concept, found in matches.items()},
        as_of,
        drug,
        route,
        recogniser.concepts,
        limits,
        tuple([fact for fact in facts if fact.kind is FactKind.ANSWER]),
    )


def weigh_conditions(
    case: Case, concepts: Iterable[str], *, course: str, only_ask: bool = False
) -> list[Item]:
    """Weigh diagnoses that speak of some concepts.

    Parameters
    ----------
    case : Case
        The person.
    concepts : iterable of str
        Concept ids.
    course : str
        `ever`: one that has ended still counts. `lasting`: one that has ended must be asked
        about. `episodic`: one that has ended says nothing about today.
    only_ask : bool
        True for codes that only hint at the condition: they never make it present.

    Returns
    -------
    list of Item
        Two records of one fact come as one item.
    """
    items = []
    for match in case.of(concepts):
        if match.fact.kind is not FactKind.CONDITION or match.sense is Sense.FAMILY:
            continue
        item = _judge(match, _standing_in_words(match, case.as_of), course)
        if item is not None:
            items.append(_hint(item) if only_ask else item)
    return once(items)


def _standing_in_words(match: Match, as_of: date) -> Standing:
    held = standing(match.fact, as_of)
    if match.sense is Sense.PAST and held in (Standing.CURRENT, Standing.CURRENT_UNSTATED):
        return Standing.PAST
    return held


def _judge(match: Match, held: Standing, course: str) -> Item | None:
    if held in (Standing.VOID, Standing.FUTURE):
        return None
    support, note = _reading(match, held, course)
    if support is None:
        return None
    if match.surety is Surety.TEXT and support is Support.FOR:
        support, note = Support.ASK, "possible: free text only, confirm"
    return Item(match.fact, support, note, match)


def _reading(match: Match, held: Standing, course: str) -> tuple[Support | None, str]:
    if held is Standing.DENIED:
        return Support.AGAINST, "the record refutes it"
    if match.sense is Sense.NEGATED:
        return Support.ASK, "the text seems to deny it: confirm"
    if match.sense is Sense.UNSURE or held is Standing.UNSURE:
        return Support.ASK, "recorded as unconfirmed"
    return _BY_COURSE[course][held]


_BY_COURSE: dict[str, dict[Standing, tuple[Support | None, str]]] = {
    "ever": {
        Standing.CURRENT: (Support.FOR, "recorded as current"),
        Standing.CURRENT_UNSTATED: (Support.FOR, "recorded, no status given"),
        Standing.PAST: (Support.FOR, "recorded as past; history counts here"),
    },
    "lasting": {
        Standing.CURRENT: (Support.FOR, "recorded as current"),
        Standing.CURRENT_UNSTATED: (Support.FOR, "recorded, no status given"),
        Standing.PAST: (Support.ASK, "recorded as past: confirm that nothing remains"),
    },
    "episodic": {
        Standing.CURRENT: (Support.FOR, "recorded as current"),
        Standing.CURRENT_UNSTATED: (Support.ASK, "recorded without a status: is it current?"),
        Standing.PAST: (None, ""),
    },
}


def _hint(item: Item) -> Item:
    if item.support is not Support.FOR:
        return item
    return Item(item.fact, Support.ASK, "may point to it: confirm", item.match, item.others)


def weigh_answers(case: Case, *names: str) -> list[Item]:
    """Weigh what the person or the staff answered to a question, asked by any of its names."""
    items = []
    for fact in case.answers(*names):
        who = fact.provenance or "somebody"
        if fact.value is True:
            items.append(Item(fact, Support.FOR, f"answered yes ({who})"))
        elif fact.value is False:
            items.append(Item(fact, Support.AGAINST, f"answered no ({who})"))
    return items


def once(items: Iterable[Item]) -> list[Item]:
    """Fold records of one fact into one item, the one that weighs most and is newest."""
    groups: dict[object, list[Item]] = {}
    for item in items:
        groups.setdefault((item.support is Support.AGAINST, _identity(item)), []).append(item)
    folded = []
    for group in groups.values():
        group.sort(key=lambda item: (item.support is Support.FOR, _order(item.fact)))
        lead = group[-1]
        others = tuple(item.fact for item in group[:-1])
        folded.append(Item(lead.fact, lead.support, lead.note, lead.match, lead.others + others))
    return folded


def _identity(item: Item) -> object:
    if item.match is not None and item.match.ingredient:
        return item.match.ingredient
    if item.fact.codings:
        return (item.fact.codings[0].system, item.fact.codings[0].code)
    return (item.fact.kind, item.fact.name, words_of(item.fact.text))


def _order(fact: Fact) -> tuple[object, ...]:
    when = fact.when()
    return (when is not None, *(when.order() if when is not None else ()))


def newest(facts: Iterable[Fact], keep: Callable[[Fact], bool] = lambda _: True) -> Fact | None:
    """Give the latest dated fact; None if there is none with a date."""
    dated = [fact for fact in facts if fact.when() is not None and keep(fact)]
    return max(dated, key=_order, default=None)


def is_newer(fact: Fact, than: Iterable[Fact]) -> bool:
    """Say whether a dated fact is no older than every one of some others."""
    when = fact.when()
    if when is None:
        return False
    return all(
        other is None or when.last >= other.last for other in (item.when() for item in than)
    )
