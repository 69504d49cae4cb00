"""Whatever is done to it, in whatever order, the ledger adds up to nothing and loses nothing.

Each example is a story of random acts, sane and mad, each perhaps sent twice, perhaps cut off by
a crash in the middle; it is told to the real use cases on the real database and rolled back.
"""

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.core.quantities import Refusal
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import LedgerEntry, LedgerLine
from leeward.usecases import count_stock, handle_drug, keep_stock
from leeward.usecases.correct_ledger import correct_entry
from tests.integration.ledger_story import Stock
from tests.integration.runtime.treating import opened

pytestmark = pytest.mark.hazard("H40")

AMOUNTS = st.one_of(st.integers(1, 40), st.integers(1, 1100))
ACTS = st.tuples(
    st.sampled_from(
        ["draw", "give", "waste", "put_back", "overfill", "move", "break", "return", "rest",
         "count", "correct", "receive"]
    ),
    st.integers(0, 2), AMOUNTS, st.sampled_from(["once", "twice", "crash"]),
    st.sampled_from(["ben", "bea", "adams"]),
)  # fmt: skip


class Crash(Exception):
    """The process dies before the commit."""


class Story:
    def __init__(self, cast):
        self.stock, self.session, self.cast = Stock(cast), opened(cast), cast

    def tell(self, act):
        what, number, parts, fate, witness = act
        command_id = self.stock.new()
        do = getattr(self, what)
        before = LedgerEntry.objects.count()
        if fate == "crash":
            with pytest.raises(Crash), transaction.atomic():
                do(command_id, number, parts, witness)
                raise Crash
            assert LedgerEntry.objects.count() == before
            return
        first = do(command_id, number, parts, witness)
        written = LedgerEntry.objects.count()
        if fate == "twice" and not isinstance(first, Refusal):
            assert [e.id for e in do(command_id, number, parts, witness)] == [e.id for e in first]
            assert LedgerEntry.objects.count() == written
        assert written == before if isinstance(first, Refusal) else written > before

    def at_chair(self, command_id):
        return {"actor": self.cast.bea, "now": self.cast.now, "command_id": command_id,
                "session_id": self.session.id}  # fmt: skip

    def at_safe(self, command_id):
        return {"actor": self.cast.eve, "now": self.cast.now, "command_id": command_id}

    def vial(self, number):
        return self.stock.vials[number % len(self.stock.vials)].id

    def draw(self, command_id, number, parts, _witness):
        return handle_drug.draw_drug(
            **self.at_chair(command_id), store_id=self.stock.safe.id, vial_id=self.vial(number),
            parts=parts,
        )  # fmt: skip

    def give(self, command_id, _number, parts, _witness):
        return handle_drug.give_drug(**self.at_chair(command_id), parts=parts)

    def waste(self, command_id, _number, parts, witness):
        return handle_drug.waste_drug(
            **self.at_chair(command_id), parts=parts, because="left",
            witness=self.stock.confirmed(witness),
        )  # fmt: skip

    def overfill(self, command_id, number, parts, _witness):
        return handle_drug.note_overfill(
            **self.at_chair(command_id), vial_id=self.vial(number), parts=min(parts, 40)
        )

    def put_back(self, command_id, number, _parts, witness):
        return handle_drug.put_back(
            **self.at_chair(command_id), store_id=self.stock.safe.id, vial_id=self.vial(number),
            witness=self.stock.confirmed(witness),
        )  # fmt: skip

    def move(self, command_id, number, _parts, _witness):
        return keep_stock.move_stock(
            **self.at_safe(command_id), vial_id=self.vial(number), from_id=self.stock.safe.id,
            to_id=self.stock.box.id,
        )  # fmt: skip

    def dispose(self, command_id, number, kind, witness=None):
        return keep_stock.dispose_of(
            **self.at_safe(command_id), vial_id=self.vial(number), store_id=self.stock.safe.id,
            kind=kind, because="so", witness=witness,
        )  # fmt: skip

    def __getattr__(self, name):
        if name == "break":
            return lambda c, n, _p, w: self.dispose(c, n, ledger.BREAK, self.stock.confirmed(w))
        if name == "return":
            return lambda c, n, _p, _w: self.dispose(c, n, ledger.RETURN)
        raise AttributeError(name)

    def rest(self, command_id, number, _parts, witness):
        return handle_drug.waste_rest(
            **self.at_safe(command_id), store_id=self.stock.box.id, vial_id=self.vial(number),
            because="old", witness=self.stock.confirmed(witness),
        )  # fmt: skip

    def count(self, command_id, number, parts, _witness):
        seen = self.stock.in_safe()
        if number == 0 and seen:
            seen[next(iter(seen))] = parts
        return count_stock.count_stock(
            **self.at_safe(command_id), store_id=self.stock.safe.id, counted=seen
        )

    def correct(self, command_id, number, _parts, witness):
        entries = LedgerEntry.objects.order_by("-seq")
        return correct_entry(
            **self.at_safe(command_id), entry_id=entries[min(number, len(entries) - 1)].id,
            because="wrong", witness=self.stock.confirmed(witness),
        )  # fmt: skip

    def receive(self, command_id, number, _parts, _witness):
        self.stock.new = lambda: command_id
        try:
            return self.stock.receive(number)
        finally:
            del self.stock.new

    def holds(self):
        """What must be so after every story."""
        assert LedgerLine.objects.aggregate(s=Sum("parts"))["s"] == 0
        balances = store.balances(v.id for v in self.stock.vials)
        assert all(n >= 0 for p, n in balances.items() if p.account not in ledger.SOURCES)
        for vial in self.stock.vials:
            of = {}
            for position, parts in balances.items():
                if position.vial == vial.id:
                    of[position.account] = of.get(position.account, 0) + parts
            came = -sum(of.get(a, 0) for a in ledger.SOURCES)
            assert came == sum(n for a, n in of.items() if a not in ledger.SOURCES)
        assert self.at_this_session("draw", "overfill") == self.at_this_session(
            "give", "waste", "put_back"
        ) + sum(store.held_at(ledger.SYRINGE, self.session.id).values())
        assert store.verify(self.cast.location.id) is None

    def at_this_session(self, *kinds):
        """Parts moved by entries of these kinds that still stand."""
        rows = LedgerLine.objects.filter(
            entry__session_id=self.session.id, entry__kind__in=kinds, parts__gt=0
        )
        undone = LedgerEntry.objects.exclude(corrects=None).values_list("corrects_id", flat=True)
        return sum(rows.exclude(entry_id__in=undone).values_list("parts", flat=True))


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(acts=st.lists(ACTS, max_size=14))
def test_every_story_ends_with_nothing_lost(cast, acts):
    with transaction.atomic():
        story = Story(cast)
        for act in acts:
            story.tell(act)
        story.holds()
        transaction.set_rollback(True)
    from leeward.records.treatments import folding

    folding.forget()
