"""The inbox of consultation requests."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.overview.requests import get_inbox
from leeward.usecases import answer_request
from leeward.web import door

STATES = ("waiting", "tried", "booked", "closed")
SAID = {
    "take": "It is yours.",
    "try": "Kept.",
    "close": "Closed.",
    "same": "Noted; both are kept.",
}


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest) -> HttpResponse:
    shown = request.GET.get("show", STATES[0])
    inbox = get_inbox(
        door.viewer(request), door.now(), shown=shown if shown in STATES else STATES[0]
    )
    return render(request, "requests.html", {"inbox": inbox})


@door.allow(*door.STAFF_ROLES)
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _one(request, request_id)


@door.allow(*door.STAFF_ROLES, methods=("POST",))
def act(request: HttpRequest, request_id: UUID, action: str) -> HttpResponse:
    do = ACTS.get(action)
    result = do(request, _common(request, request_id)) if do else Refusal(
        "action.unknown", "This page is out of date. Load it again.")  # fmt: skip
    if isinstance(result, Refusal):
        return _one(request, request_id, refusal=result)
    messages.success(request, SAID[action])
    if action == "close":
        return redirect("requests")
    return redirect("requests-one", request_id=request_id)


def _take(request: HttpRequest, common: dict[str, Any]) -> object:
    return answer_request.take_request(**common)


def _try(request: HttpRequest, common: dict[str, Any]) -> object:
    return answer_request.log_try(
        **common, how=request.POST.get("how", ""), note=request.POST.get("note", ""),
        reached=request.POST.get("reached") == "yes",
    )  # fmt: skip


def _close(request: HttpRequest, common: dict[str, Any]) -> object:
    return answer_request.close_request(
        **common, booked=request.POST.get("booked") == "yes",
        because=request.POST.get("because", ""),
    )  # fmt: skip


def _same(request: HttpRequest, common: dict[str, Any]) -> object:
    try:
        other = UUID(request.POST.get("other", ""))
    except ValueError:
        return Refusal("request.same", "Say which request it is.", field="other")
    return answer_request.say_same_person(**common, other_id=other)


ACTS = {"take": _take, "try": _try, "close": _close, "same": _same}


def _common(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    return {"actor": door.viewer(request), "now": door.now(),
            "command_id": door.command_id(request), "request_id": request_id}  # fmt: skip


def _one(request: HttpRequest, request_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    inbox = get_inbox(door.viewer(request), door.now(), chosen=request_id)
    context = {"inbox": inbox, "refusal": refusal, "hows": answer_request.HOW}
    return render(request, "requests.html", context, status=422 if refusal else 200)
