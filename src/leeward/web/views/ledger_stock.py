"""Stock in and out: registration, stores, products, deliveries, containers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.overview.ledger import get_ledger_page
from leeward.usecases import handle_drug, keep_stock, set_up_pharmacy
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.ledger_acts import WITNESS
from leeward.web import door
from leeward.web.forms.ledger import DeliveryForm, ProductForm

if TYPE_CHECKING:
    from leeward.records.accounts.models import ConfirmedIdentity

KEEPERS = (door.CUSTODIAN, door.DIRECTOR)
DONE = {
    "move": "Moved.", "break": "Entered as broken.", "destroy": "Entered as destroyed.",
    "return": "Entered as returned.", "rest": "The rest is entered as wasted.",
}  # fmt: skip


@door.allow(*KEEPERS)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(*KEEPERS, methods=("POST",))
def register(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _done(request, location_id, "Registration saved.", set_up_pharmacy.register_location(
        **_act(request), location_id=location_id,
        dea_number=request.POST.get("dea_number", ""),
        registrant=request.POST.get("registrant", "")))  # fmt: skip


@door.allow(*KEEPERS, methods=("POST",))
def add_store(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _done(request, location_id, "Store added.", set_up_pharmacy.add_store(
        **_act(request), location_id=location_id, name=request.POST.get("name", "")))  # fmt: skip


@door.allow(*KEEPERS, methods=("POST",))
def add_product(request: HttpRequest, location_id: UUID) -> HttpResponse:
    form = ProductForm(request.POST)
    if not form.is_valid():
        return _page(request, location_id, product_form=form, status=422)
    return _done(request, location_id, "Product added.", set_up_pharmacy.add_product(
        **_act(request), location_id=location_id, **form.cleaned_data),
        product_form=form)  # fmt: skip


@door.allow(*KEEPERS, methods=("POST",))
def receive(request: HttpRequest, location_id: UUID) -> HttpResponse:
    form = DeliveryForm(request.POST)
    page = get_ledger_page(door.viewer(request), location_id, door.now())
    if not form.is_valid():
        return _page(request, location_id, form=form, status=422)
    chosen = form.cleaned_data["product"]
    product = next((p for p in page.products if p.id == chosen), None)
    delivery = form.delivery(product.ndc) if product else Refusal(
        "product.unknown", "Choose a product.", field="product")  # fmt: skip
    if isinstance(delivery, Refusal):
        return _done(request, location_id, "", delivery, form=form)
    result = keep_stock.receive_stock(
        **_act(request), store_id=form.cleaned_data["store"], product_id=chosen, delivery=delivery
    )
    return _done(request, location_id, "Received. Write its number on each vial.", result,
                 form=form)  # fmt: skip


@door.allow(*KEEPERS, methods=("POST",))
def vial(request: HttpRequest, location_id: UUID, vial_id: UUID) -> HttpResponse:
    """Move, break, destroy, return, or waste the rest of a container."""
    what = request.POST.get("what", "")
    if what not in DONE:
        return _done(request, location_id, "", Refusal("ledger.kind", "Choose what happened."))
    witness = None
    if request.POST.get("login"):
        confirmed = confirmed_second(request)
        if isinstance(confirmed, Refusal):
            return _done(request, location_id, "", confirmed)
        witness = confirmed
    elif what in ("break", "destroy", "rest"):
        missing = Refusal("ledger.no_witness", "A second person must sign this.", field="login")
        return _done(request, location_id, "", missing)
    return _done(request, location_id, DONE[what], _vial_act(request, what, vial_id, witness))


def confirmed_second(request: HttpRequest) -> "ConfirmedIdentity | Refusal":
    """The second person's own login and password, typed by them on this screen."""
    return confirm_identity(
        **_act(request), login=request.POST.get("login", ""),
        password=request.POST.get("password", ""), purpose=WITNESS,
    )  # fmt: skip


def _vial_act(
    request: HttpRequest, what: str, vial_id: UUID, witness: "ConfirmedIdentity | None"
) -> Any:
    act, store = _act(request), _uuid(request, "store")
    because = request.POST.get("because", "")
    if what == "move":
        return keep_stock.move_stock(
            **act, vial_id=vial_id, from_id=store, to_id=_uuid(request, "to")
        )
    if what == "rest" and witness is not None:
        return handle_drug.waste_rest(
            **act, store_id=store, vial_id=vial_id, because=because, witness=witness
        )
    return keep_stock.dispose_of(
        **act, vial_id=vial_id, store_id=store, kind=what, because=because, witness=witness
    )


def _act(request: HttpRequest) -> dict[str, Any]:
    return {"actor": door.viewer(request), "now": door.now(),
            "command_id": door.command_id(request)}  # fmt: skip


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return UUID(int=0)


def _done(
    request: HttpRequest, location_id: UUID, said: str, result: object, **forms_: forms.Form
) -> HttpResponse:
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result, status=422, **forms_)
    messages.success(request, said)
    return redirect("ledger-stock", location_id=location_id)


def _page(
    request: HttpRequest, location_id: UUID, *, status: int = 200, **context: object
) -> HttpResponse:
    page = get_ledger_page(door.viewer(request), location_id, door.now())
    form: Callable[[], forms.Form] = DeliveryForm
    shown = {
        "page": page, "form": form(), "product_form": ProductForm(),
        "presentations": content.load().presentations.values(), **context,
    }  # fmt: skip
    return render(request, "ledger_stock.html", shown, status=status)
