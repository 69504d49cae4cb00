"""Drug that is drawn and open, and what the session itself can no longer say of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.overview.ledger_open import get_open_page
from leeward.records.pharmacy.ledger import parts_of_ml
from leeward.usecases import handle_drug
from leeward.web import door

from .ledger import READERS
from .ledger_stock import _act, _uuid, confirmed_second

SAID = {"give": "Entered as given.", "waste": "Entered as wasted.",
        "overfill": "Overfill entered as found.", "put_back": "Entered as put back."}  # fmt: skip


@door.allow(*READERS)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(door.NURSE, door.PRESCRIBER, methods=("POST",))
def act(request: HttpRequest, location_id: UUID, session_id: UUID) -> HttpResponse:
    """Give, waste, put back or note overfill of what one session holds."""
    get_open_page(door.viewer(request), location_id)  # nothing is told of another place
    what = request.POST.get("what", "")
    result = ACTS[what](request, session_id) if what in ACTS else Refusal(
        "ledger.kind", "Choose what happened.", field="what")  # fmt: skip
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    messages.success(request, SAID[what])
    return redirect("ledger-open", location_id=location_id)


def _give(request: HttpRequest, session_id: UUID) -> Any:
    parts = parts_of_ml(request.POST.get("amount", ""))
    if isinstance(parts, Refusal):
        return parts
    return handle_drug.give_drug(**_act(request), session_id=session_id, parts=parts)


def _waste(request: HttpRequest, session_id: UUID) -> Any:
    parts = parts_of_ml(request.POST.get("amount", ""))
    if isinstance(parts, Refusal):
        return parts
    witness = confirmed_second(request)
    if isinstance(witness, Refusal):
        return witness
    return handle_drug.waste_drug(
        **_act(request), session_id=session_id, parts=parts,
        because=request.POST.get("because", ""), witness=witness,
    )  # fmt: skip


def _overfill(request: HttpRequest, session_id: UUID) -> Any:
    parts = parts_of_ml(request.POST.get("amount", ""))
    if isinstance(parts, Refusal):
        return parts
    return handle_drug.note_overfill(
        **_act(request), session_id=session_id, vial_id=_uuid(request, "vial"), parts=parts
    )


def _put_back(request: HttpRequest, session_id: UUID) -> Any:
    witness = confirmed_second(request)
    if isinstance(witness, Refusal):
        return witness
    return handle_drug.put_back(
        **_act(request), session_id=session_id, store_id=_uuid(request, "store"),
        vial_id=_uuid(request, "vial"), witness=witness,
    )  # fmt: skip


ACTS = {"give": _give, "waste": _waste, "overfill": _overfill, "put_back": _put_back}


def _page(request: HttpRequest, location_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    page = get_open_page(door.viewer(request), location_id)
    context = {"page": page, "refusal": refusal}
    return render(request, "ledger_open.html", context, status=422 if refusal else 200)
