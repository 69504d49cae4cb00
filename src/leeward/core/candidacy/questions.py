"""What a rule or an indication looks at, and what it says where nothing is on record.

Most questions find nothing in most records, and then always answer the same; that answer is
worked out once.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from .evidence import Case
from .facts import FactKind
from .findings import Finding, IndicationFinding
from .indications import Indication
from .predicates import PREDICATES
from .recognition import Recogniser
from .rules import Rule

Question = Rule | Indication
Found = Finding | IndicationFinding | None


def concepts_read(question: Question) -> frozenset[str]:
    """Name every concept that a rule or an indication looks for."""
    if isinstance(question, Rule):
        return frozenset(name for part in question.reads.values() for name in part)
    return frozenset((*question.concepts, *question.ask, *question.treatments))


def reads_person(question: Question) -> bool:
    """Say whether a question looks at age, sex or death."""
    if not isinstance(question, Rule):
        return False
    predicate = PREDICATES.get(question.predicate)
    return predicate is None or predicate.person


class Blanks:
    """Answers to questions about which a record holds nothing.

    Parameters
    ----------
    case : Case
        The person; only what is on record of them, the drug, the route and the limits matter.
    recogniser : Recogniser
        Keeps the answers from one person to the next.
    """

    __slots__ = ("_case", "_kept", "_key", "_told")

    def __init__(self, case: Case, recogniser: Recogniser) -> None:
        self._case = case
        self._kept = recogniser.kept
        self._key = (case.drug, case.route, _frozen(case.limits))
        self._told = any(fact.kind is FactKind.ANSWER for fact in case.facts)

    def answer(self, question: Question, way: object, find: Callable[[], Found]) -> Found:
        """Give the answer to a question, from before if nothing on record bears on it.

        Parameters
        ----------
        question : Rule or Indication
            What is asked.
        way : object
            What else decides the answer: the predicate of a rule, and for an indication whether
            the whole question is about it.
        find : callable
            Works the answer out.
        """
        if self._told or self._bears_on(question):
            return find()
        # Question and way are kept beside the answer, so that their ids cannot pass to others.
        key = (id(question), id(way), *self._key)
        held = self._kept.get(key)
        if held is None:
            held = self._kept[key] = (question, way, find())
        answer: Found = held[2]
        return answer

    def _bears_on(self, question: Question) -> bool:
        key = (id(question), "reads")
        held = self._kept.get(key)
        if held is None:
            reads = None if reads_person(question) else concepts_read(question)
            held = self._kept[key] = (question, None, reads)
        reads = held[2]
        return reads is None or not reads.isdisjoint(self._case.matches)


def _frozen(limits: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted(limits.items()))
