"""The double-entry rules of the controlled-drug ledger: pure, exact, in whole parts.

A *part* is the smallest amount a product is counted in: 0.01 mL of a vial, one nasal device. An
entry moves parts of a container from one account to another, so all its lines add up to nothing,
and so does the whole ledger. What is inside the clinic can never be less than nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from leeward.core.quantities import Refusal

# Where drug comes from, where it is while it is ours, and where it ends.
SUPPLIER, OVERFILL = "supplier", "overfill"
STORE, SYRINGE = "store", "syringe"
GIVEN, WASTED, BROKEN, DESTROYED, RETURNED, LOST = (
    "given", "wasted", "broken", "destroyed", "returned", "lost",
)  # fmt: skip
SOURCES = (SUPPLIER, OVERFILL)
INSIDE = (STORE, SYRINGE)
ENDS = (GIVEN, WASTED, BROKEN, DESTROYED, RETURNED, LOST)

RECEIVE, FOUND_OVERFILL, MOVE, DRAW, GIVE, WASTE, PUT_BACK = (
    "receive", "overfill", "move", "draw", "give", "waste", "put_back",
)  # fmt: skip
BREAK, DESTROY, RETURN, LOSE, FIND, CORRECT = (
    "break", "destroy", "return", "lose", "find", "correct",
)  # fmt: skip
# What looks and moves nothing.
COUNT, RECOUNT, INVENTORY = "count", "recount", "inventory"
LOOKS = (COUNT, RECOUNT, INVENTORY)

# What each kind of entry may move, from where to where.
FLOWS: Mapping[str, frozenset[tuple[str, str]]] = {
    RECEIVE: frozenset({(SUPPLIER, STORE)}),
    FOUND_OVERFILL: frozenset({(OVERFILL, STORE), (OVERFILL, SYRINGE)}),
    MOVE: frozenset({(STORE, STORE)}),
    DRAW: frozenset({(STORE, SYRINGE)}),
    GIVE: frozenset({(SYRINGE, GIVEN)}),
    WASTE: frozenset({(SYRINGE, WASTED), (STORE, WASTED)}),
    PUT_BACK: frozenset({(SYRINGE, STORE)}),
    BREAK: frozenset({(STORE, BROKEN), (SYRINGE, BROKEN)}),
    DESTROY: frozenset({(STORE, DESTROYED)}),
    RETURN: frozenset({(STORE, RETURNED)}),
    LOSE: frozenset({(STORE, LOST), (SYRINGE, LOST)}),
    FIND: frozenset({(LOST, STORE)}),
}
# What two people sign, both proven at the moment of the act.
WITNESSED = frozenset({WASTE, PUT_BACK, BREAK, DESTROY, CORRECT})
PARTS_PER_ML = 100


@dataclass(frozen=True, slots=True)
class Position:
    """Where parts of one container are: an account and, inside the clinic, which one.

    `place` is the store's id or, for a syringe, the session's; None outside the clinic.
    """

    account: str
    vial: UUID
    place: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Parts that come to a position, or with a minus sign leave it."""

    position: Position
    parts: int


def moved(vial: UUID, parts: int, source: tuple[str, UUID | None],
          target: tuple[str, UUID | None]) -> tuple[Line, Line]:  # fmt: skip
    """The two lines of one movement."""
    return (
        Line(Position(source[0], vial, source[1]), -parts),
        Line(Position(target[0], vial, target[1]), parts),
    )


def check(kind: str, lines: Iterable[Line], held: Mapping[Position, int]) -> Refusal | None:
    """Why these lines can't be written on top of what is `held` [parts], or None.

    The faults of `kind` and balance are defects of the caller and raise `ValueError`; that there
    is less in a place than is taken from it is an expected "no".
    """
    lines = tuple(lines)
    if kind in LOOKS:
        if lines:
            raise ValueError("to count moves nothing")
        return None
    _well_formed(kind, lines)
    after: dict[Position, int] = defaultdict(int)
    for line in lines:
        after[line.position] += line.parts
    for position, change in after.items():
        left = held.get(position, 0) + change
        if change < 0 and left < 0 and position.account not in SOURCES:
            return Refusal(
                "ledger.not_there",
                f"Only {ml(held.get(position, 0))} mL of this container are there; "
                f"{ml(-change)} mL can't be taken.",
                field="amount",
            )
    return None


def reverse(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that undo others."""
    return tuple(Line(line.position, -line.parts) for line in lines)


def total(lines: Iterable[Line]) -> int:
    """The sum of all lines [parts]; of a whole ledger it is zero."""
    return sum(line.parts for line in lines)


def parts_of_ml(text: str) -> int | Refusal:
    """Whole hundredths of a millilitre from what a person typed, such as `"1.25"`."""
    fault = Refusal(
        "ledger.not_an_amount",
        "Write millilitres with a point and at most two decimals, such as 1.25.",
        field="amount",
    )
    try:
        parts = Decimal(text.strip()) * PARTS_PER_ML
    except InvalidOperation:
        return fault
    if not parts.is_finite() or parts <= 0 or parts != parts.to_integral_value():
        return fault
    return int(parts) if parts.adjusted() < 8 else fault


def ml(parts: int) -> Decimal:
    """Parts of a vial as millilitres, exactly."""
    return (Decimal(parts) / PARTS_PER_ML).quantize(Decimal("0.01"))


def mg(parts: int, mg_per_ml: Decimal) -> Decimal:
    """Parts of a vial as milligrams, exactly, by the labelled concentration."""
    return (Decimal(parts) * mg_per_ml / PARTS_PER_ML).normalize() + Decimal(0)


def _well_formed(kind: str, lines: tuple[Line, ...]) -> None:
    by_vial: dict[UUID, int] = defaultdict(int)
    for line in lines:
        by_vial[line.position.vial] += line.parts
        inside = line.position.account in INSIDE
        if inside != (line.position.place is not None):
            raise ValueError(f"{line.position} needs a place if and only if it is in the clinic")
        if line.parts == 0:
            raise ValueError("a line moves something")
    if not lines or any(by_vial.values()):
        raise ValueError("the lines of an entry add up to nothing, container by container")
    if kind == CORRECT:
        return
    takes = {line.position.account for line in lines if line.parts < 0}
    gives = {line.position.account for line in lines if line.parts > 0}
    if not {(a, b) for a in takes for b in gives} <= FLOWS[kind]:
        raise ValueError(f"{kind} does not move drug from {takes} to {gives}")
