"""The baseline work-up: which of its items the record holds, and from when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from leeward.core.quantities.published import Citation, Grade

from .evidence import Case, Item, Support, newest, once
from .facts import Fact, FactKind
from .findings import Finding, Status, WorkupFinding
from .lines import fact_lines
from .rules import Words
from .timing import Standing, standing


@dataclass(frozen=True, slots=True)
class WorkupItem:
    """One thing that should be known before treatment.

    Attributes
    ----------
    id : str
        Stable name; also the name of the answer that records it as done.
    label : Words
        Plain name.
    concepts : tuple of str
        Measurements and diagnoses on record that show it.
    every : bool
        True if each of the concepts is needed, not any one of them.
    occasions : int
        On how many different days it is needed [1].
    only_if : tuple of str
        Rules; the item applies when one of them is present or unknown. Empty: always.
    because : str
        Why it is asked for.
    source : Citation
        Who asks for it.
    grade : Grade
        How that was seen.
    max_age : str
        Clinic limit on the age of the newest result [d]; empty: it does not go out of date.
    """

    id: str
    label: Words
    because: str
    source: Citation
    grade: Grade
    concepts: tuple[str, ...] = ()
    every: bool = False
    occasions: int = 1
    only_if: tuple[str, ...] = ()
    max_age: str = ""


def review_workup(
    case: Case, items: Sequence[WorkupItem], findings: Sequence[Finding]
) -> tuple[WorkupFinding, ...]:
    """Say which work-up items the record holds.

    No interval after which a result is out of date is published, so the clinic sets one, or
    none: then a result is shown with its date and counts as held.

    Parameters
    ----------
    case : Case
        The person.
    items : sequence of WorkupItem
        The list.
    findings : sequence of Finding
        What the rules found; items that apply only to some people look here.
    """
    status = {finding.rule: finding.status for finding in findings}
    return tuple(_review(case, item) for item in items if _applies(item, status))


def _applies(item: WorkupItem, status: dict[str, Status]) -> bool:
    if not item.only_if:
        return True
    return any(status.get(rule) in (Status.PRESENT, Status.UNKNOWN) for rule in item.only_if)


def _review(case: Case, item: WorkupItem) -> WorkupFinding:
    held = [(concept, _records(case, concept)) for concept in item.concepts]
    shown = [newest(facts) or facts[0] for _, facts in held if facts]
    told = [fact for fact in case.answers(item.id) if fact.value is True]
    lacking = [concept for concept, facts in held if not facts]
    enough = bool(shown) and not (item.every and lacking) and _days(held) >= item.occasions
    old = {fact: _too_old(case, item, fact) for fact in (*told, *shown)}
    fresh = any(not old[fact] for fact in told)
    fresh = fresh or (enough and not any(old[fact] for fact in shown))
    because = item.because
    if (told or enough) and not fresh:
        because += (
            f" On record, but older than the {_limit(case, item)} d that the clinic has set."
        )
    elif shown and not fresh:
        because += " On record only in part."
    lines = [
        Item(fact, Support.FOR, "out of date" if old[fact] else "on record")
        for fact in (*told, *shown)
    ]
    return WorkupFinding(
        item.id,
        item.label,
        fresh,
        because,
        fact_lines(once(lines)),
        item.source,
        item.grade,
        item.grade.unverified,
    )


def _limit(case: Case, item: WorkupItem) -> Decimal | None:
    return case.limits.get(item.max_age) if item.max_age else None


def _too_old(case: Case, item: WorkupItem, fact: Fact) -> bool:
    """Whether a result is older than the clinic allows; with a limit, one without a date is."""
    limit, when = _limit(case, item), fact.when()
    if limit is None:
        return False
    return when is None or when.last < case.as_of - timedelta(days=int(limit))


def _records(case: Case, concept: str) -> list[Fact]:
    return [
        match.fact
        for match in case.of((concept,))
        if match.fact.kind in (FactKind.OBSERVATION, FactKind.PROCEDURE)
        and standing(match.fact, case.as_of) is Standing.CURRENT
        and (match.fact.kind is FactKind.PROCEDURE or _has_value(match.fact))
    ]


def _has_value(fact: Fact) -> bool:
    return fact.value is not None or bool(fact.value_codings)


def _days(held: list[tuple[str, list[Fact]]]) -> int:
    per_concept = [
        len({when.last for fact in facts if (when := fact.when()) is not None})
        for _, facts in held
        if facts
    ]
    return min(per_concept, default=0)
