"""The double-entry rules by themselves."""

from decimal import Decimal
from uuid import UUID

import pytest

from leeward.core.quantities import Refusal
from leeward.records.pharmacy import ledger
from leeward.records.pharmacy.ledger import Line, Position

VIAL, SAFE, CHAIR = UUID(int=1), UUID(int=2), UUID(int=3)
IN_SAFE = Position(ledger.STORE, VIAL, SAFE)


def drawn(parts):
    return ledger.moved(VIAL, parts, (ledger.STORE, SAFE), (ledger.SYRINGE, CHAIR))


def test_what_is_there_can_be_drawn_to_the_last_part():
    assert ledger.check(ledger.DRAW, drawn(1000), {IN_SAFE: 1000}) is None


def test_a_part_more_than_is_there_is_refused_and_says_what_is_there():
    refused = ledger.check(ledger.DRAW, drawn(1001), {IN_SAFE: 1000})
    assert (refused.code, "10.00 mL" in refused.because) == ("ledger.not_there", True)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        drawn(5)[:1],
        (*drawn(5), Line(IN_SAFE, 0)),
        (Line(Position(ledger.STORE, VIAL), -5), drawn(5)[1]),
        (Line(IN_SAFE, -5), Line(Position(ledger.SYRINGE, UUID(int=9), CHAIR), 5)),
    ],
    ids=["nothing", "one side", "a zero", "no place", "another vial"],
)
def test_an_entry_that_does_not_add_up_is_a_defect(lines):
    with pytest.raises(ValueError, match=r"add up|needs a place|moves something"):
        ledger.check(ledger.DRAW, lines, {IN_SAFE: 1000})


@pytest.mark.parametrize("kind", sorted(set(ledger.FLOWS) - {ledger.DRAW}))
def test_no_other_kind_of_entry_may_draw(kind):
    with pytest.raises(ValueError, match="does not move drug"):
        ledger.check(kind, drawn(5), {IN_SAFE: 1000})


def test_more_is_never_found_again_than_was_lost():
    found = ledger.moved(VIAL, 5, (ledger.LOST, None), (ledger.STORE, SAFE))
    assert ledger.check(ledger.FIND, found, {}).code == "ledger.not_there"


@pytest.mark.parametrize(
    ("text", "parts"), [("1.25", 125), (" 0.01 ", 1), ("10", 1000), ("1.50", 150)]
)
def test_millilitres_are_read_exactly(text, parts):
    assert ledger.parts_of_ml(text) == parts


@pytest.mark.parametrize("text", ["", "0", "-1", "1.255", "1,25", "NaN", "Infinity", "1e9", "x"])
def test_what_is_no_amount_is_refused(text):
    assert isinstance(ledger.parts_of_ml(text), Refusal)


def test_milligrams_follow_exactly_from_the_label():
    assert ledger.mg(74, Decimal("50")) == Decimal("37")
    assert ledger.mg(1, Decimal("10")) == Decimal("0.1")
    assert str(ledger.mg(1000, Decimal("10.000000"))) == "100"
