"""What was drawn and is open can be brought to its end in the browser, by those who may."""

from uuid import uuid4

import pytest
from django.test import Client

from leeward.records.accounts.models import User
from leeward.records.pharmacy import ledger, store
from tests.cast import PASSWORD
from tests.integration.ledger_story import Stock, good
from tests.integration.runtime.treating import opened
from tests.integration.test_ledger import draw

pytestmark = pytest.mark.hazard("H40")


@pytest.fixture
def stock(cast):
    return Stock(cast, vials=1)


@pytest.fixture
def session(stock):
    return opened(stock.cast)


def browser(login):
    client = Client()
    client.force_login(User.objects.get(login=login))
    return client


def post(stock, session, login="bea", **fields):
    at = f"/ledger/{stock.cast.location.id}/open/"
    data = {"command_id": str(uuid4()), "vial": str(stock.vials[0].id),
            "store": str(stock.safe.id), **fields}  # fmt: skip
    return browser(login).post(f"{at}{session.id}/", data)


def held(session):
    return sum(store.held_at(ledger.SYRINGE, session.id).values())


BEN = {"login": "ben", "password": PASSWORD}


def test_the_rest_is_wasted_before_a_second_person(stock, session):
    good(draw(stock, session, 400))
    page = browser("bea").get(f"/ledger/{stock.cast.location.id}/open/").content.decode()
    assert "4.00 mL of V-0001" in page
    assert post(stock, session, what="give", amount="3.50").status_code == 302
    sent = {"what": "waste", "amount": "0.50", "because": "left", **BEN}
    client = browser("bea")
    url = f"/ledger/{stock.cast.location.id}/open/{session.id}/"
    assert client.post(url, {**sent, "command_id": str(uuid4())}).status_code == 302
    assert held(session) == 0
    assert (
        "Nothing is open"
        in browser("eve").get(url.removesuffix(f"{session.id}/")).content.decode()
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": "waste", "amount": "9", **BEN}, "4.00 mL are left of what was drawn"),
        ({"what": "waste", "amount": "1,5", **BEN}, "at most two decimals"),
        ({"what": "waste", "amount": "1", "login": "ben", "password": "x"}, "do not fit"),
        ({"what": "put_back", **BEN}, "Only a full, unopened vial goes back"),
        ({"what": "sold", "amount": "1"}, "Choose what happened"),
        ({"what": "overfill", "amount": "", "vial": "x"}, "at most two decimals"),
    ],
)
def test_what_can_not_be_is_refused_in_words(stock, session, fields, said):
    good(draw(stock, session, 400))
    client = browser("bea")
    url = f"/ledger/{stock.cast.location.id}/open/{session.id}/"
    sent = {"command_id": str(uuid4()), "vial": str(stock.vials[0].id),
            "store": str(stock.safe.id), **fields}  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert held(session) == 400


def test_an_unopened_vial_goes_back_by_two(stock, session):
    good(draw(stock, session, 1000))
    client = browser("bea")
    answer = client.post(
        f"/ledger/{stock.cast.location.id}/open/{session.id}/",
        {"command_id": str(uuid4()), "what": "put_back", "vial": str(stock.vials[0].id),
         "store": str(stock.safe.id), **BEN},
    )  # fmt: skip
    assert answer.status_code == 302
    assert (held(session), stock.in_safe()) == (0, {stock.vials[0].id: 1000})


def test_overfill_is_entered_and_the_custodian_only_looks(stock, session):
    good(draw(stock, session, 400))
    assert post(stock, session, what="overfill", amount="0.20").status_code == 302
    assert held(session) == 420
    assert post(stock, session, "eve", what="give", amount="1").status_code == 403
