"""Controlled drugs from the delivery to the last drop, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound, NotPermitted
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import Discrepancy, LedgerEntry, LedgerLine
from leeward.usecases import count_stock, handle_drug, keep_stock, set_up_pharmacy
from leeward.usecases.correct_ledger import correct_entry
from leeward.usecases.settle_discrepancy import settle_discrepancy
from leeward.usecases.verify_records import verify_records
from tests.integration.ledger_story import DEA, Stock, custodian, good
from tests.integration.runtime.treating import opened
from tests.integration.test_altered_records import tamper

pytestmark = pytest.mark.hazard("H40")


@pytest.fixture
def stock(cast):
    return Stock(cast)


@pytest.fixture
def session(cast):
    return opened(cast)


def draw(stock, session, parts=400, actor=None, vial=0):
    return handle_drug.draw_drug(
        actor=actor or stock.cast.bea, now=stock.cast.now, command_id=stock.new(),
        session_id=session.id, store_id=stock.safe.id, vial_id=stock.vials[vial].id, parts=parts,
    )  # fmt: skip


def give(stock, session, parts):
    return handle_drug.give_drug(
        actor=stock.cast.bea, now=stock.cast.now, command_id=stock.new(), session_id=session.id,
        parts=parts,
    )  # fmt: skip


def waste(stock, session, parts, witness="ben", actor=None):
    return handle_drug.waste_drug(
        actor=actor or stock.cast.bea, now=stock.cast.now, command_id=stock.new(),
        session_id=session.id, parts=parts, because="left over", witness=stock.confirmed(witness),
    )  # fmt: skip


def test_what_is_drawn_is_given_wasted_or_left(stock, session):
    good(draw(stock, session, 400))
    good(give(stock, session, 350))
    good(waste(stock, session, 30))
    assert store.held_at(ledger.SYRINGE, session.id) == {stock.vials[0].id: 20}
    assert stock.in_safe() == {stock.vials[0].id: 600, stock.vials[1].id: 1000}
    assert verify_records()[1] == []


def test_more_than_was_drawn_leaves_nobody(stock, session):
    good(draw(stock, session, 100))
    assert give(stock, session, 101).code == "ledger.less_drawn"
    assert waste(stock, session, 101).code == "ledger.less_drawn"
    assert store.held_at(ledger.SYRINGE, session.id) == {stock.vials[0].id: 100}


@pytest.mark.parametrize("witness", ["bea", "dev"])
def test_a_waste_needs_another_trusted_person(stock, session, witness):
    good(draw(stock, session, 100, actor=stock.cast.adams))
    refused = waste(stock, session, 100, witness)
    assert refused.code in ("ledger.same_person", "ledger.not_a_witness")


def test_who_drew_does_not_watch_it_wasted(stock, session):
    good(draw(stock, session, 100, actor=stock.cast.ben))
    assert waste(stock, session, 100, "ben").code == "ledger.drawer"
    good(waste(stock, session, 100, "adams"))


def test_a_refused_waste_does_not_use_up_the_confirmation(stock, session):
    good(draw(stock, session, 100))
    ben = stock.confirmed("ben")
    act = {"actor": stock.cast.ben, "now": stock.cast.now, "session_id": session.id,
           "parts": 100, "because": "left over", "witness": ben}  # fmt: skip
    assert handle_drug.waste_drug(**act, command_id=stock.new()).code == "ledger.same_person"
    good(handle_drug.waste_drug(**act | {"actor": stock.cast.bea}, command_id=stock.new()))
    spent = handle_drug.waste_drug(
        **act | {"actor": stock.cast.bea, "parts": 1}, command_id=stock.new()
    )
    assert isinstance(spent, Refusal)


def test_an_unopened_vial_goes_back_and_an_opened_one_never(stock, session):
    good(draw(stock, session, 1000))
    back = {"actor": stock.cast.bea, "now": stock.cast.now, "session_id": session.id,
            "store_id": stock.safe.id, "vial_id": stock.vials[0].id}  # fmt: skip
    good(handle_drug.put_back(
        **back, command_id=stock.new(), witness=stock.confirmed("ben")))  # fmt: skip
    assert stock.in_safe()[stock.vials[0].id] == 1000
    good(draw(stock, session, 999))
    refused = handle_drug.put_back(**back, command_id=stock.new(), witness=stock.confirmed("ben"))
    assert refused.code == "ledger.opened"


def test_an_expired_vial_is_not_drawn(cast, session):
    stock = Stock(cast, vials=1, expiry=cast.now.date())
    late = handle_drug.draw_drug(
        actor=cast.bea, now=cast.now + timedelta(days=1), command_id=stock.new(),
        session_id=session.id, store_id=stock.safe.id, vial_id=stock.vials[0].id, parts=1,
    )  # fmt: skip
    assert late.code == "ledger.expired"


def test_overfill_is_entered_as_found(stock, session):
    good(draw(stock, session, 1000))
    good(handle_drug.note_overfill(
        actor=stock.cast.bea, now=stock.cast.now, command_id=stock.new(), session_id=session.id,
        vial_id=stock.vials[0].id, parts=35))  # fmt: skip
    assert store.held_at(ledger.SYRINGE, session.id) == {stock.vials[0].id: 1035}
    assert store.verify(stock.cast.location.id) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"supplier_dea_number": "AB1234560"}, "ledger.dea_number"),
        ({"invoice": " "}, "delivery.incomplete"),
        ({"expiry": date(2020, 1, 1)}, "delivery.expired"),
        ({"received_on": date(2030, 1, 1)}, "delivery.future"),
    ],
)
def test_a_delivery_without_its_papers_is_not_taken_in(stock, changed, code):
    assert stock.receive(3, **changed).code == code
    assert len(stock.vials) == 2


def test_two_concentrations_are_never_at_one_place(stock):
    strong = good(set_up_pharmacy.add_product(
        actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(),
        location_id=stock.cast.location.id, presentation_id="racemic_ketamine.50_mg_per_ml",
        ndc="12345-679-90", labeler="", container_ml="10"))  # fmt: skip
    weak, stock.product = stock.product, strong
    assert stock.receive(1).code == "ledger.two_concentrations"
    for vial in stock.vials:
        good(keep_stock.dispose_of(
            actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(), vial_id=vial.id,
            store_id=stock.safe.id, kind=ledger.RETURN, because="changing over"))  # fmt: skip
    good(stock.receive(1))
    stock.product = weak
    assert stock.receive(1).code == "ledger.two_concentrations"


def test_breaking_needs_a_second_person_and_returning_does_not(stock):
    act = {"actor": stock.cast.eve, "now": stock.cast.now, "vial_id": stock.vials[0].id,
           "store_id": stock.safe.id, "because": "fell"}  # fmt: skip
    alone = keep_stock.dispose_of(**act, command_id=stock.new(), kind=ledger.BREAK)
    assert alone.code == "ledger.no_witness"
    good(
        keep_stock.dispose_of(
            **act, command_id=stock.new(), kind=ledger.BREAK, witness=stock.confirmed("ben")
        )
    )
    assert stock.vials[0].id not in stock.in_safe()


def test_a_count_that_agrees_opens_no_case(stock):
    good(count(stock, stock.in_safe()))
    assert not Discrepancy.objects.exists()


def count(stock, counted, actor=None):
    return count_stock.count_stock(
        actor=actor or stock.cast.bea, now=stock.cast.now, command_id=stock.new(),
        store_id=stock.safe.id, counted=counted,
    )  # fmt: skip


def test_a_count_must_name_every_vial(stock):
    first = stock.vials[0].id
    assert count(stock, {first: 1000}).code == "count.incomplete"


@pytest.mark.parametrize(
    ("found", "outcome", "status", "left"),
    [(980, "lost", "reported", 980), (980, "miscounted", "explained", 1000),
     (1010, "overfill", "explained", 1010)],
)  # fmt: skip
def test_a_difference_opens_a_case_that_is_settled_by_two(stock, found, outcome, status, left):
    first = stock.vials[0].id
    good(count(stock, stock.in_safe() | {first: found}))
    case = Discrepancy.objects.get()
    assert case.due_at - case.found_at < timedelta(days=4)
    good(settle(stock, case, outcome))
    case.refresh_from_db()
    assert (case.status, stock.in_safe()[first]) == (status, left)
    assert store.verify(stock.cast.location.id) is None


def settle(stock, case, outcome, explanation="looked everywhere"):
    return settle_discrepancy(
        actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(), case_id=case.id,
        outcome=outcome, explanation=explanation, witness=stock.confirmed("ben"),
    )  # fmt: skip


def test_a_shortage_is_not_explained_by_overfill_nor_closed_without_words(stock):
    good(count(stock, stock.in_safe() | {stock.vials[0].id: 900}))
    case = Discrepancy.objects.get()
    assert settle(stock, case, "overfill").code == "discrepancy.outcome"
    assert settle(stock, case, "lost", " ").code == "discrepancy.unexplained"


def test_the_inventory_rests_on_a_fresh_count_without_open_cases(stock):
    def inventory():
        return count_stock.record_inventory(
            actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(),
            location_id=stock.cast.location.id, moment="close", witness=stock.confirmed("ben"),
        )  # fmt: skip

    assert inventory().code == "inventory.uncounted"
    good(count(stock, stock.in_safe() | {stock.vials[0].id: 999}))
    assert inventory().code == "inventory.case_open"
    good(settle(stock, Discrepancy.objects.get(), "miscounted"))
    (entry,) = good(inventory())
    assert [row["parts"] for row in entry.detail["held"]] == [1000, 1000]
    assert entry.witness_name == "Ben"


def test_a_correction_undoes_once_and_leaves_the_wrong_entry(stock, session):
    (wrong,) = good(draw(stock, session, 400))

    def correct():
        return correct_entry(
            actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(), entry_id=wrong.id,
            because="the other vial was drawn", witness=stock.confirmed("ben"),
        )  # fmt: skip

    (entry,) = good(correct())
    assert entry.corrects_id == wrong.id
    assert stock.in_safe()[stock.vials[0].id] == 1000
    assert correct().code == "ledger.corrected"
    assert LedgerEntry.objects.filter(id=wrong.id).exists()


def test_what_has_moved_on_is_not_undone(stock, session):
    (drawn,) = good(draw(stock, session, 400))
    good(give(stock, session, 400))
    refused = correct_entry(
        actor=stock.cast.eve, now=stock.cast.now, command_id=stock.new(), entry_id=drawn.id,
        because="wrong", witness=stock.confirmed("ben"),
    )  # fmt: skip
    assert refused.code == "ledger.not_there"


def test_the_custodian_keeps_the_stock_and_a_nurse_does_not(stock, session):
    gus = custodian(stock.cast)
    good(count(stock, stock.in_safe(), actor=gus))
    with pytest.raises(NotPermitted):
        set_up_pharmacy.add_store(
            actor=stock.cast.bea, now=stock.cast.now, command_id=stock.new(),
            location_id=stock.cast.location.id, name="Mine",
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        draw(stock, session, 1, actor=gus)


def test_another_organization_finds_nothing(stock, session):
    with pytest.raises(NotFound):
        draw(stock, session, 1, actor=stock.cast.faye)
    with pytest.raises(NotFound):
        count(stock, {}, actor=stock.cast.faye)


def test_the_database_itself_refuses_to_change_the_ledger(stock):
    for rows, change in (
        (LedgerEntry.objects.all(), {"kind": "give"}),
        (LedgerLine.objects.all(), {"parts": 0}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)


def test_two_tablets_never_draw_the_same_drop(real_cast):
    stock, session = Stock(real_cast, vials=1), opened(real_cast)
    line = Barrier(2)

    def take(actor):
        try:
            line.wait(timeout=60)
            return handle_drug.draw_drug(
                actor=actor, now=real_cast.now, command_id=stock.new(), session_id=session.id,
                store_id=stock.safe.id, vial_id=stock.vials[0].id, parts=600,
            )  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(take, (real_cast.bea, real_cast.adams)))
    assert [isinstance(r, Refusal) for r in results].count(True) == 1
    assert stock.in_safe() == {stock.vials[0].id: 400}
    assert store.verify(real_cast.location.id) is None


def test_the_papers_of_a_delivery_are_kept(stock):
    (entry,) = LedgerEntry.objects.filter(kind=ledger.RECEIVE)
    assert entry.detail["dea_number"] == DEA
    assert (entry.detail["containers"], entry.detail["numbers"]) == (2, [1, 2])


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("pharmacy_ledgerline", "parts", 1), ("pharmacy_ledgerline", "account", "given"),
     ("pharmacy_ledgerentry", "actor_name", "Nobody"), ("pharmacy_ledgerentry", "kind", "give"),
     ("pharmacy_ledgerentry", "detail", '{"invoice": "INV-2"}')],
)  # fmt: skip
def test_any_altered_entry_or_line_is_found(stock, table, column, value):
    assert verify_records()[1] == []
    model = LedgerLine if table.endswith("line") else LedgerEntry
    row = model.objects.order_by("id").first()
    row_id = row.id.hex if connection.vendor == "sqlite" and model is LedgerEntry else row.id
    tamper(table, column, row_id, value)
    assert [f.chain for f in verify_records()[1]] == [f"ledger:{stock.cast.location.id}"]
