"""The pharmacy of a location before the first drug comes: registration, stores, products."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.audit import store as audit
from leeward.records.pharmacy import ledger
from leeward.records.pharmacy.labels import is_dea_number, normal_ndc
from leeward.records.pharmacy.models import Product, Registration, Store
from leeward.usecases.access import access_location
from leeward.usecases.ledger_acts import KEEPERS


def register_location(
    *, actor: Actor, now: datetime, command_id: UUID, location_id: UUID, dea_number: str,
    registrant: str,
) -> Registration | Refusal:  # fmt: skip
    """Say under which DEA registration a location keeps controlled drugs.

    *Refuses when* the number's check digit is wrong. *Emits* audit `ledger.registered`.
    """
    location = access_location(actor, location_id, *KEEPERS)
    number = dea_number.strip().upper()
    if not is_dea_number(number):
        return Refusal(
            "ledger.dea_number", "This DEA number does not check. Look at the certificate.",
            field="dea_number",
        )  # fmt: skip
    with transaction.atomic():
        if audit.recall(command_id, "register_location", actor):
            return Registration.objects.get(location=location)
        row, _ = Registration.objects.update_or_create(
            location=location, defaults={"dea_number": number, "registrant": registrant.strip()}
        )
        audit.record(actor, "ledger.registered", at=now, subject=("location", location.id),
                     dea_number=number)  # fmt: skip
        audit.remember(command_id, "register_location", actor, now, location.id)
    return row


def add_store(
    *, actor: Actor, now: datetime, command_id: UUID, location_id: UUID, name: str
) -> Store | Refusal:
    """Name a locked place. *Refuses when* the name is empty or taken. *Emits* `store.added`."""
    location = access_location(actor, location_id, *KEEPERS)
    name = name.strip()
    with transaction.atomic():
        if done := audit.recall(command_id, "add_store", actor):
            return Store.objects.get(id=done)
        if not name or location.stores.filter(name__iexact=name).exists():
            return Refusal("store.name", "Give the store a name of its own.", field="name")
        row = Store.objects.create(id=uuid5(command_id, "store"), location=location, name=name)
        audit.record(actor, "store.added", at=now, subject=("store", row.id), name=name)
        audit.remember(command_id, "add_store", actor, now, row.id)
    return row


def add_product(
    *, actor: Actor, now: datetime, command_id: UUID, location_id: UUID, presentation_id: str,
    ndc: str, labeler: str, container_ml: str,
) -> Product | Refusal:  # fmt: skip
    """Enter a product by its NDC; its concentration is that of the sourced presentation.

    *Refuses when* the NDC or the size can't be read, the NDC is known, or there is no such
    presentation. *Emits* audit `product.added`.
    """
    access_location(actor, location_id, *KEEPERS)
    presentation = content.load().presentations.get(presentation_id)
    if presentation is None:
        return Refusal("product.presentation", "Choose a presentation.", field="presentation")
    code, parts = normal_ndc(ndc), ledger.parts_of_ml(container_ml)
    if isinstance(code, Refusal):
        return code
    if isinstance(parts, Refusal):
        return Refusal(parts.code, parts.because, field="container_ml")
    with transaction.atomic():
        if done := audit.recall(command_id, "add_product", actor):
            return Product.objects.get(id=done)
        if Product.objects.filter(organization_id=actor.wall, ndc=code).exists():
            return Refusal("product.known", "This NDC is already in the list.", field="ndc")
        row = Product.objects.create(
            id=uuid5(command_id, "product"), organization_id=actor.wall, drug=presentation.drug,
            presentation=presentation.id, label=presentation.label, labeler=labeler.strip(),
            ndc=code, mg_per_ml=presentation.concentration.value, container_parts=parts,
        )  # fmt: skip
        audit.record(actor, "product.added", at=now, subject=("product", row.id), ndc=code)
        audit.remember(command_id, "add_product", actor, now, row.id)
    return row
