"""Counting, the case of a difference, inventories, and corrections."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound
from leeward.records.overview.ledger import get_ledger_page
from leeward.records.overview.ledger_print import get_case
from leeward.records.overview.ledger_rows import differs
from leeward.usecases.correct_ledger import correct_entry
from leeward.usecases.count_stock import count_stock, record_inventory
from leeward.usecases.settle_discrepancy import settle_discrepancy
from leeward.web import door
from leeward.web.forms.ledger import COUNTED, counted_of

from .ledger import READERS
from .ledger_stock import KEEPERS, _act, confirmed_second


@door.allow(*READERS, methods=("GET", "POST"))
def count(request: HttpRequest, location_id: UUID, store_id: UUID) -> HttpResponse:
    """Count a store. What the ledger expects is not shown until the count is in."""
    refusal = None
    if request.method == "POST":
        counted = counted_of(request.POST)
        result = counted if isinstance(counted, Refusal) else count_stock(
            **_act(request), store_id=store_id, counted=counted)  # fmt: skip
        if not isinstance(result, Refusal):
            said = "It differs: see below." if differs(result[0]) else "Everything is there."
            messages.success(request, f"Counted. {said}")
            return redirect("ledger", location_id=location_id)
        refusal = result
    page = get_ledger_page(door.viewer(request), location_id, door.now())
    place = next((s for s in page.stores if s.id == store_id), None)
    if place is None:
        raise NotFound("store")
    typed = {k.removeprefix(COUNTED): v for k, v in request.POST.items() if k.startswith(COUNTED)}
    context = {"page": page, "store": place, "refusal": refusal, "typed": typed,
               "held": [h for h in page.held if h.store_id == store_id]}  # fmt: skip
    return render(request, "ledger_count.html", context, status=422 if refusal else 200)


@door.allow(*READERS, methods=("GET",))
def case(request: HttpRequest, location_id: UUID, case_id: UUID) -> HttpResponse:
    return _case(request, location_id, case_id)


@door.allow(*KEEPERS, methods=("POST",))
def settle(request: HttpRequest, location_id: UUID, case_id: UUID) -> HttpResponse:
    confirmed = confirmed_second(request)
    result = confirmed if isinstance(confirmed, Refusal) else settle_discrepancy(
        **_act(request), case_id=case_id, outcome=request.POST.get("outcome", ""),
        explanation=request.POST.get("explanation", ""), witness=confirmed)  # fmt: skip
    if isinstance(result, Refusal):
        return _case(request, location_id, case_id, result)
    messages.success(request, "The case is closed.")
    return redirect("ledger-case", location_id=location_id, case_id=case_id)


@door.allow(*KEEPERS, methods=("POST",))
def inventory(request: HttpRequest, location_id: UUID) -> HttpResponse:
    confirmed = confirmed_second(request)
    result = confirmed if isinstance(confirmed, Refusal) else record_inventory(
        **_act(request), location_id=location_id, moment=request.POST.get("moment", ""),
        witness=confirmed)  # fmt: skip
    if isinstance(result, Refusal):
        return _ledger(request, location_id, result)
    return redirect("ledger-inventory", location_id=location_id, entry_id=result[0].id)


@door.allow(*KEEPERS, methods=("POST",))
def correct(request: HttpRequest, location_id: UUID, entry_id: UUID) -> HttpResponse:
    confirmed = confirmed_second(request)
    result = confirmed if isinstance(confirmed, Refusal) else correct_entry(
        **_act(request), entry_id=entry_id, because=request.POST.get("because", ""),
        witness=confirmed)  # fmt: skip
    if isinstance(result, Refusal):
        return _ledger(request, location_id, result)
    messages.success(request, "Corrected by a new row.")
    return redirect("ledger", location_id=location_id)


def _ledger(request: HttpRequest, location_id: UUID, refusal: Refusal) -> HttpResponse:
    page = get_ledger_page(door.viewer(request), location_id, door.now())
    return render(request, "ledger.html", {"page": page, "refusal": refusal}, status=422)


def _case(
    request: HttpRequest, location_id: UUID, case_id: UUID, refusal: Refusal | None = None
) -> HttpResponse:
    viewer = door.viewer(request)
    page = get_case(viewer, location_id, case_id, door.now())
    context = {"page": page, "refusal": refusal,
               "may_settle": viewer.works_at(location_id, *KEEPERS)}  # fmt: skip
    return render(request, "ledger_case.html", context, status=422 if refusal else 200)
