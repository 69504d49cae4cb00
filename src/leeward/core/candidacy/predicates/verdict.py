"""What a predicate answers, and how evidence settles a question."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from leeward.core.candidacy.evidence import Case, Item, Support, is_newer, weigh_answers
from leeward.core.candidacy.facts import FactKind
from leeward.core.candidacy.findings import Status
from leeward.core.candidacy.rules import Effect, Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a predicate.

    Attributes
    ----------
    status : Status
        Present, absent or unknown.
    items : tuple of Item
        The evidence, also that which speaks against.
    note : str
        Something to add to the rule's reason.
    missing : tuple of str
        What is unknown; empty lets the rule's own words stand.
    contradictions : tuple of str
        Records that speak against each other.
    effect : Effect or None
        A stronger effect than the rule's usual one.
    """

    status: Status
    items: tuple[Item, ...] = ()
    note: str = ""
    missing: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    effect: Effect | None = None


Run = Callable[[Case, Rule], Verdict | None]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A named piece of logic and what a rule must hand it.

    Attributes
    ----------
    run : callable
        From case and rule to a verdict; None when the rule has nothing to say about this person.
    needs : frozenset of str
        Parts of `Rule.reads` that must be there.
    may : frozenset of str
        Parts that may be there.
    figures : mapping of str to str
        Figures that must be there, with a unit of the dimension each must have.
    limits : frozenset of str
        Clinic limits that must be named.
    person : bool
        Whether it looks at who the person is (age, sex, death) beside the records of concepts.
    """

    run: Run
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    figures: Mapping[str, str] = field(default_factory=dict)
    limits: frozenset[str] = frozenset()
    person: bool = False


def answer_names(rule: Rule) -> tuple[str, ...]:
    """Names under which an answer to this rule's question may be stored."""
    return (rule.id, *rule.reads.get("answers", ()), *rule.reads.get("concepts", ()))


def with_answers(case: Case, rule: Rule, items: Iterable[Item]) -> Verdict:
    """Add what was answered to the evidence and settle the question."""
    return settle([*items, *weigh_answers(case, *answer_names(rule))])


def settle(items: Iterable[Item], note: str = "") -> Verdict:
    """Turn evidence into a status.

    A record for it makes it present. A denial alone makes it absent. A record for it beside a
    denial is a contradiction: it stays present, unless staff denied it no earlier than the
    record, which makes it unknown until the record is put right. A hint is settled only by a
    later answer.

    Parameters
    ----------
    items : iterable of Item
        The evidence.
    note : str
        Passed on to the verdict.

    Returns
    -------
    Verdict
    """
    held = tuple(items)
    speaking = {s: [item for item in held if item.support is s] for s in Support}
    against = speaking[Support.AGAINST]
    if speaking[Support.FOR]:
        clash = tuple(_clash(item, other) for item in speaking[Support.FOR] for other in against)
        status = Status.UNKNOWN if _staff_overrules(speaking, against) else Status.PRESENT
        return Verdict(status, held, note, contradictions=clash)
    if speaking[Support.ASK]:
        asked = [item.fact for item in speaking[Support.ASK]]
        settled = any(
            item.fact.kind is FactKind.ANSWER and is_newer(item.fact, asked) for item in against
        )
        return Verdict(Status.ABSENT if settled else Status.UNKNOWN, held, note)
    return Verdict(Status.ABSENT if against else Status.UNKNOWN, held, note)


def _staff_overrules(speaking: Mapping[Support, list[Item]], against: list[Item]) -> bool:
    claims = [item.fact for item in speaking[Support.FOR]]
    return any(
        item.fact.kind is FactKind.ANSWER
        and item.fact.provenance == "staff"
        and is_newer(item.fact, claims)
        for item in against
    )


def _clash(one: Item, other: Item) -> str:
    return f"{described(one)}, but {described(other)}"


def described(item: Item) -> str:
    """Name a record with its date and what it says."""
    when = item.fact.when()
    dated = f" ({when})" if when else " (undated)"
    return f"{item.fact.label()}{dated}: {item.note}"
