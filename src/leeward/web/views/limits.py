"""Clinic limits: written by prescribers, in force only when the medical director approves them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.limits import get_limits_page
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.set_limits import APPROVAL, approve_limits, draft_limits
from leeward.web import door

DRUG, ROUTE = "racemic_ketamine", "iv"
VALUE, WHY = "value-", "why-"


@door.allow(*door.CLINICAL)
def first(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return redirect("limits", location_id=places[0].id)


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(door.PRESCRIBER, door.DIRECTOR, methods=("POST",))
def draft(request: HttpRequest, location_id: UUID) -> HttpResponse:
    result = draft_limits(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        location_id=location_id,
        drug=DRUG,
        route=ROUTE,
        values=_starting(request, VALUE),
        rationales=_starting(request, WHY),
    )
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    messages.success(request, f"Draft of version {result.version} saved. It is not in force.")
    return redirect("limits", location_id=location_id)


@door.allow(door.DIRECTOR, methods=("POST",))
def approve(request: HttpRequest, location_id: UUID) -> HttpResponse:
    viewer, command_id = door.viewer(request), door.command_id(request)
    page = get_limits_page(viewer, location_id, DRUG, ROUTE)
    if page.draft is None:
        refusal = Refusal("limits.no_draft", "There is no draft to approve.")
        return _page(request, location_id, refusal=refusal)
    confirmed = confirm_identity(
        actor=viewer,
        now=door.now(),
        command_id=command_id,
        login=request.POST.get("login", ""),
        password=request.POST.get("password", ""),
        purpose=APPROVAL,
    )
    if isinstance(confirmed, Refusal):
        return _page(request, location_id, refusal=confirmed)
    result = approve_limits(
        actor=viewer,
        now=door.now(),
        command_id=command_id,
        limits_id=page.draft.id,
        seen_digest=request.POST.get("seen_digest", ""),
        statement=request.POST.get("statement", ""),
        confirmed=confirmed,
    )
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    messages.success(request, f"Version {result.version} is in force.")
    return redirect("limits", location_id=location_id)


def _page(
    request: HttpRequest, location_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    page = get_limits_page(door.viewer(request), location_id, DRUG, ROUTE)
    context = {
        "page": page,
        "refusal": refusal,
        "typed": _starting(request, VALUE),
        "typed_why": _starting(request, WHY),
    }
    return render(request, "limits.html", context, status=422 if refusal else 200)


def _starting(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): value
        for key, value in request.POST.items()
        if key.startswith(prefix) and isinstance(value, str)
    }
