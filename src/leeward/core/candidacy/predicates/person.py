"""Predicates over who the person is: age, death."""

from datetime import date

from leeward.core.candidacy.evidence import Case, Item, Support
from leeward.core.candidacy.facts import Fact, FactKind, demographic
from leeward.core.candidacy.findings import Status
from leeward.core.candidacy.rules import Rule
from leeward.core.candidacy.timing import Standing, standing
from leeward.core.candidacy.when import When
from leeward.core.quantities import OutOfDomain

from .verdict import Verdict


def age_range_years(born: When, as_of: date) -> tuple[int, int]:
    """Give the least and the greatest age that a birth date, however vague, allows.

    Returns
    -------
    (int, int)
        Completed years [a].
    """
    return _years(born.last, as_of), _years(born.first, as_of)


def _years(born: date, as_of: date) -> int:
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def age_below(case: Case, rule: Rule) -> Verdict:
    """Present below the rule's age."""
    return _age(case, rule, below=True)


def age_at_least(case: Case, rule: Rule) -> Verdict:
    """Present from the rule's age on."""
    return _age(case, rule, below=False)


def _age(case: Case, rule: Rule, *, below: bool) -> Verdict:
    recorded = demographic(case.facts, "birth_date")
    born = birth_date(recorded)
    if recorded is None or born is None:
        return Verdict(Status.UNKNOWN, missing=("Birth date is not recorded, or recorded twice.",))
    if born.last > case.as_of:
        # A record with its dates shifted, or a slip: no age follows from it.
        item = Item(recorded, Support.ASK, f"the birth date lies after {case.as_of}")
        return Verdict(Status.UNKNOWN, (item,), missing=("A birth date that can be right.",))
    youngest, oldest = age_range_years(born, case.as_of)
    limit = int(rule.figures["age"].value)
    within = {age < limit if below else age >= limit for age in (youngest, oldest)}
    if len(within) == 2:
        item = Item(recorded, Support.ASK, f"{youngest} or {oldest} years")
        return Verdict(Status.UNKNOWN, (item,), missing=("The full birth date.",))
    aged = f"{youngest}" if youngest == oldest else f"{youngest} or {oldest}"
    support = Support.FOR if True in within else Support.AGAINST
    item = Item(recorded, support, f"{aged} years old on {case.as_of}")
    return Verdict(Status.PRESENT if True in within else Status.ABSENT, (item,))


def birth_date(fact: Fact | None) -> When | None:
    """Read a birth date; None when it is missing or unreadable."""
    if fact is None or not isinstance(fact.value, str):
        return None
    try:
        return When.parse(fact.value)
    except OutOfDomain:
        return None


def deceased(case: Case, rule: Rule) -> Verdict | None:
    """Present when the record says that the person has died; otherwise silent."""
    items = tuple(
        Item(fact, Support.FOR, "the record says that this person has died")
        for fact in case.facts
        if fact.kind is FactKind.DEMOGRAPHIC
        and fact.name == "deceased"
        and fact.value is True
        and standing(fact, case.as_of) is not Standing.FUTURE
    )
    return Verdict(Status.PRESENT, items) if items else None


def always(case: Case, rule: Rule) -> Verdict:
    """Present for everyone: something to be said about the drug and route themselves."""
    return Verdict(Status.PRESENT)
