"""Stock for the cast: a registered clinic with a safe, a product and some vials."""

from datetime import date
from uuid import uuid4

from leeward.core.quantities import Refusal
from leeward.records.accounts.selectors import get_actor
from leeward.records.pharmacy import ledger, store
from leeward.records.pharmacy.models import Vial
from leeward.usecases import keep_stock, set_up_clinic, set_up_pharmacy
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.keep_stock import Delivery
from leeward.usecases.ledger_acts import WITNESS
from tests.cast import PASSWORD, cid

DEA, NDC = "AB1234563", "12345-678-90"
PRESENTATION = "racemic_ketamine.10_mg_per_ml"


def good(result):
    assert not isinstance(result, Refusal), result
    return result


class Stock:
    """A safe and ten-millilitre vials, kept by Eve."""

    def __init__(self, cast, vials=2, expiry=date(2028, 1, 31), lot="L77"):
        self.cast, self.count, self.lot = cast, 0, lot
        do = {"actor": cast.eve, "now": cast.now, "location_id": cast.location.id}
        good(
            set_up_pharmacy.register_location(
                **do, command_id=cid("dea"), dea_number=DEA, registrant="Harbor Clinic"
            )
        )
        self.safe = good(set_up_pharmacy.add_store(**do, command_id=cid("safe"), name="Safe"))
        self.box = good(set_up_pharmacy.add_store(**do, command_id=cid("box"), name="Chair box"))
        self.product = good(
            set_up_pharmacy.add_product(
                **do,
                command_id=cid("product"),
                presentation_id=PRESENTATION,
                ndc=NDC,
                labeler="Invented Labs",
                container_ml="10",
            )
        )
        self.receive(vials, expiry)  # fmt: skip

    def receive(self, containers, expiry=date(2028, 1, 31), **changed):
        papers = {
            "supplier": "Wholesale", "supplier_address": "1 Dock Road",
            "supplier_dea_number": DEA, "invoice": "INV-1", "received_on": self.cast.now.date(),
            "lot": self.lot, "expiry": expiry, "containers": containers, **changed,
        }  # fmt: skip
        return keep_stock.receive_stock(
            actor=self.cast.eve, now=self.cast.now, command_id=self.new(), store_id=self.safe.id,
            product_id=self.product.id, delivery=Delivery(**papers),
        )  # fmt: skip

    def new(self):
        self.count += 1
        return cid(f"stock-{self.count}")

    @property
    def vials(self):
        return list(Vial.objects.filter(location=self.cast.location).order_by("number"))

    def in_safe(self):
        return store.held_at(ledger.STORE, self.safe.id)

    def confirmed(self, login):
        return good(confirm_identity(
            actor=self.cast.bea, now=self.cast.now, command_id=uuid4(), login=login,
            password=PASSWORD, purpose=WITNESS))  # fmt: skip


def custodian(cast):
    """Gus keeps the drugs and nothing else."""
    user = set_up_clinic.create_staff(
        actor=cast.eve, now=cast.now, command_id=cid("gus"), organization=cast.organization,
        login="gus", name="Gus", password=PASSWORD, roles=[("custodian", cast.location)],
    )  # fmt: skip
    return get_actor(user.id)
