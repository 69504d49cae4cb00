"""Evidence as the lines that people read."""

from collections.abc import Iterable
from decimal import Decimal

from .evidence import Item, Support
from .facts import Fact
from .findings import FactLine

_RANK = {Support.FOR: 0, Support.ASK: 1, Support.AGAINST: 2}


def fact_lines(items: Iterable[Item]) -> tuple[FactLine, ...]:
    """Write evidence as lines: what speaks for it first, then hints, then denials."""
    ordered = sorted(items, key=lambda item: _RANK[item.support])
    return tuple(_line(item) for item in ordered)


def _line(item: Item) -> FactLine:
    when = item.fact.when()
    doubt = item.match.doubt if item.match else ""
    return FactLine(
        what=what_it_says(item.fact),
        date=str(when) if when else "",
        resource=item.fact.resource,
        origin=item.fact.provenance,
        note="; ".join(part for part in (item.note, doubt) if part),
        recognised=item.match.surety.value if item.match else "",
        also=tuple(dict.fromkeys(other.resource for other in item.others if other.resource)),
    )


def what_it_says(fact: Fact) -> str:
    """Give a record's own words, with its value and unit if it has one."""
    answer = fact.value
    if answer is None and fact.value_codings:
        answer = fact.value_codings[0].display or fact.value_codings[0].code
    if answer is None:
        return fact.label()
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    elif isinstance(answer, Decimal):
        answer = format(answer, "f")
    return f"{fact.label()}: {answer} {fact.unit}".rstrip()
