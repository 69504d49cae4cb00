"""The ledger page: every row with the balances after it, differences first, the day added up."""

from datetime import timedelta
from decimal import Decimal

import pytest

from leeward.records.accounts.actor import NotPermitted
from leeward.records.overview.ledger import get_ledger_page
from leeward.usecases.count_stock import count_stock
from tests.integration.ledger_story import Stock, good
from tests.integration.runtime.treating import opened
from tests.integration.test_ledger import draw, give, waste

pytestmark = pytest.mark.hazard("H40")


@pytest.fixture
def stock(cast):
    return Stock(cast, vials=2)


def page(stock, **asked):
    return get_ledger_page(stock.cast.eve, stock.cast.location.id, stock.cast.now, **asked)


def test_each_row_stands_beside_the_balances_after_it(stock):
    session = opened(stock.cast)
    good(draw(stock, session, 400))
    good(give(stock, session, 350))
    good(waste(stock, session, 50))
    rows = page(stock).rows
    assert [(r.what, r.store_ml, r.in_store_ml, r.open_mg) for r in rows] == [
        ("Waste", None, Decimal("16.00"), Decimal(0)),
        ("Given", None, Decimal("16.00"), Decimal(5)),
        ("Draw", Decimal("-4.00"), Decimal("16.00"), Decimal(40)),
        ("Received 2 vials", Decimal("20.00"), Decimal("20.00"), Decimal(0)),
    ]
    (line,) = page(stock).sessions
    assert (line.drawn_mg, line.given_mg, line.wasted_mg, line.open_mg) == (40, 35, 5, 0)


def test_a_later_day_starts_from_what_the_days_before_left(stock):
    session = opened(stock.cast)
    good(draw(stock, session, 400))
    later = stock.cast.now + timedelta(days=1)
    good(count_stock(
        actor=stock.cast.eve, now=later, command_id=stock.new(), store_id=stock.safe.id,
        counted=stock.in_safe()))  # fmt: skip
    shown = get_ledger_page(stock.cast.eve, stock.cast.location.id, later)
    (row,) = shown.rows
    assert (row.what, row.in_store_ml, row.open_mg) == (
        "Count: agrees", Decimal("16.00"), Decimal(40)
    )  # fmt: skip
    assert (shown.open_mg, shown.open_syringes) == (Decimal(40), 1)


def test_a_difference_stands_on_top_in_figures(stock):
    short = stock.in_safe() | {stock.vials[0].id: 970}
    good(count_stock(
        actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(),
        store_id=stock.safe.id, counted=short))  # fmt: skip
    (case,) = page(stock).cases
    assert (case.vial, case.gap_ml, case.gap_mg) == ("V-0001", Decimal("-0.30"), Decimal(-3))
    assert page(stock).rows[0].bad
    assert [r.kind for r in page(stock, only="waste").rows] == []


def test_the_desk_reads_no_ledger(stock):
    with pytest.raises(NotPermitted):
        get_ledger_page(stock.cast.dev, stock.cast.location.id, stock.cast.now)
