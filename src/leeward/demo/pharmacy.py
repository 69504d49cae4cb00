"""The demo's controlled drugs: an invented registration, one delivery, one count."""

from datetime import datetime, timedelta

from leeward.records.pharmacy import ledger, store
from leeward.usecases import keep_stock, set_up_pharmacy
from leeward.usecases.count_stock import count_stock
from leeward.usecases.keep_stock import Delivery

from .acts import Clinic, act, must
from .course import VIAL

# Invented, though their check digits hold.
REGISTRATION, SUPPLIER = "FH1234563", "RW7654329"
NDC = "99999-010-10"
LOT = "DEMO-2417"
VIALS = 12


def stock_up(clinic: Clinic, at: datetime) -> None:
    """Register, receive twelve vials into the safe, and count them."""
    do = {"actor": clinic.staff["gus"], "now": at}
    here = {**do, "location_id": clinic.place.id}
    must(
        set_up_pharmacy.register_location(
            **here, command_id=act("dea"), dea_number=REGISTRATION, registrant=clinic.place.name
        )
    )
    safe = must(set_up_pharmacy.add_store(**here, command_id=act("safe"), name="Safe"))
    product = must(
        set_up_pharmacy.add_product(
            **here,
            command_id=act("product"),
            presentation_id=VIAL,
            ndc=NDC,
            labeler="Invented Laboratories",
            container_ml="10",
        )
    )
    delivery = Delivery(
        supplier="Invented Wholesale",
        supplier_address="4 Depot Road",
        supplier_dea_number=SUPPLIER,
        invoice="IW-10388",
        received_on=at.date(),
        lot=LOT,
        expiry=clinic.now.date() + timedelta(days=200),
        containers=VIALS,
    )
    must(
        keep_stock.receive_stock(
            **do,
            command_id=act("delivery"),
            store_id=safe.id,
            product_id=product.id,
            delivery=delivery,
        )
    )
    must(count_stock(
        **do, command_id=act("first count"), store_id=safe.id,
        counted=store.held_at(ledger.STORE, safe.id)))  # fmt: skip
