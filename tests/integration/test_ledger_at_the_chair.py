"""A syringe out of the ledger: session and ledger say the same to the last part."""

from datetime import timedelta
from decimal import Decimal

import pytest

from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import LedgerEntry
from leeward.records.treatments import folding
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.draw_from_vial import draw_from_vial
from leeward.usecases.treat_session import carry_out, load_state
from leeward.usecases.witnessed_acts import WITNESS, waste_before_witness
from tests.cast import PASSWORD, cid
from tests.integration.ledger_story import Stock, good
from tests.integration.runtime.treating import opened, started

pytestmark = pytest.mark.hazard("H40")


@pytest.fixture
def stock(cast):
    folding.forget()
    # The label that `started` reads from the syringe.
    expiry = cast.now.date() + timedelta(days=90)
    return Stock(cast, vials=1, expiry=expiry, lot="LOT-1")


@pytest.fixture
def session(cast, stock):
    return opened(cast)


def draw(stock, session, parts, name="draw", volume_ml=None):
    return draw_from_vial(
        actor=stock.cast.bea, now=stock.cast.now, command_id=cid(name), session_id=session.id,
        store_id=stock.safe.id, vial_id=stock.vials[0].id, stock_parts=parts,
        volume_ml=volume_ml or ledger.ml(parts),
    )  # fmt: skip


def waste(stock, session, volume_ml, minutes=50):
    confirmed = good(
        confirm_identity(
            actor=stock.cast.bea,
            now=stock.cast.now + timedelta(minutes=minutes),
            command_id=cid(f"watch-{volume_ml}"),
            login="ben",
            password=PASSWORD,
            purpose=WITNESS,
        )
    )
    return waste_before_witness(
        actor=stock.cast.bea, now=stock.cast.now + timedelta(minutes=minutes),
        command_id=cid(f"waste-{volume_ml}"), session_id=session.id, witness=confirmed,
        waste=lambda who: c.WasteDrug("1", Decimal(volume_ml), who, "rest"),
    )  # fmt: skip


def test_who_drew_does_not_watch_the_waste_at_the_chair(stock, session):
    good(draw(stock, session, 400))
    confirmed = good(
        confirm_identity(
            actor=stock.cast.adams,
            now=stock.cast.now,
            command_id=cid("bea watches"),
            login="bea",
            password=PASSWORD,
            purpose=WITNESS,
        )
    )
    refused = waste_before_witness(
        actor=stock.cast.adams, now=stock.cast.now, command_id=cid("w"), session_id=session.id,
        waste=lambda who: c.WasteDrug("1", Decimal("4.00"), who, "rest"), witness=confirmed,
    )  # fmt: skip
    assert refused.code == "ledger.drawer"
    assert kinds(session) == ["draw"]
    confirmed.refresh_from_db()
    assert confirmed.used_at is None


def kinds(session):
    rows = LedgerEntry.objects.filter(session_id=session.id).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def test_one_act_is_in_both_records_and_a_retry_in_neither_twice(stock, session):
    state = good(draw(stock, session, 400))
    (entry,) = LedgerEntry.objects.filter(session_id=session.id)
    assert state.syringes["1"].drawn_ml == Decimal("4.00")
    good(draw(stock, session, 400))
    assert kinds(session) == ["draw"]
    assert stock.in_safe() == {stock.vials[0].id: 600}
    assert str(entry.id) in str(state.log)


def test_what_the_session_refuses_leaves_the_ledger_alone(stock, session):
    refused = draw(stock, session, 400, volume_ml=Decimal("5.00"))
    assert refused.code == "draw.dilution"
    assert kinds(session) == []
    assert stock.in_safe() == {stock.vials[0].id: 1000}


def test_what_the_ledger_refuses_is_no_syringe(stock, session):
    assert draw(stock, session, 1001).code == "ledger.not_there"
    assert not load_state(session.id).syringes


def test_given_and_wasted_follow_and_nothing_stays_open(stock, session):
    good(draw(stock, session, 400))
    started(stock.cast, session, at=stock.cast.now + timedelta(minutes=1))
    stopped = carry_out(
        actor=stock.cast.bea, now=stock.cast.now + timedelta(minutes=31), command_id=cid("stop"),
        session_id=session.id, command=c.StopInfusion("asked"),
    )  # fmt: skip
    assert not isinstance(stopped, Refusal), stopped
    given = stopped.whole_account_at(stock.cast.now + timedelta(minutes=31)).given_ml
    left = Decimal("4.00") - given
    good(waste(stock, session, left))
    assert kinds(session) == ["draw", "give", "waste"]
    assert store.held_at(ledger.SYRINGE, session.id) == {}
    sums = {p.account: n for p, n in store.balances([stock.vials[0].id]).items()}
    assert ledger.ml(sums[ledger.GIVEN]) == given
    assert ledger.ml(sums[ledger.WASTED]) == left
    assert store.verify(stock.cast.location.id) is None


def test_without_the_ledger_a_session_is_as_before(stock, session):
    started(stock.cast, session, at=stock.cast.now + timedelta(minutes=1))
    assert kinds(session) == []
