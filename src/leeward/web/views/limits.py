"""Clinic limits: written by prescribers, in force only when the medical director approves them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.limits import get_limits_page
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.set_limits import APPROVAL, approve_limits, draft_limits
from leeward.web import door
from leeward.web.ways import context_of, way_of

VALUE, WHY = "value-", "why-"


@door.allow(*door.CLINICAL)
def first(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return _again(request, places[0].id)


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(door.PRESCRIBER, door.DIRECTOR, methods=("POST",))
def draft(request: HttpRequest, location_id: UUID) -> HttpResponse:
    way = way_of(request)
    result = draft_limits(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        location_id=location_id,
        drug=way.drug,
        route=way.route,
        values=_starting(request, VALUE),
        rationales=_starting(request, WHY),
    )
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    messages.success(request, f"Draft of version {result.version} saved. It is not in force.")
    return _again(request, location_id)


@door.allow(door.DIRECTOR, methods=("POST",))
def approve(request: HttpRequest, location_id: UUID) -> HttpResponse:
    viewer, command_id, way = door.viewer(request), door.command_id(request), way_of(request)
    page = get_limits_page(viewer, location_id, way.drug, way.route)
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
    return _again(request, location_id)


def _again(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return redirect(reverse("limits", args=[location_id]) + way_of(request).query)


def _page(
    request: HttpRequest, location_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    way = way_of(request)
    page = get_limits_page(door.viewer(request), location_id, way.drug, way.route)
    context = {
        **context_of(way),
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
