"""The clinic's own emergency protocol, which the medical director writes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.overview.emergency_protocol import get_emergency_protocol
from leeward.usecases.set_emergency_protocol import set_emergency_protocol
from leeward.web import door


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(door.DIRECTOR, methods=("POST",))
def write(request: HttpRequest, location_id: UUID) -> HttpResponse:
    result = set_emergency_protocol(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        location_id=location_id,
        text=request.POST.get("text", ""),
    )
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    messages.success(request, "Saved. It is shown at the chair from now on.")
    return redirect("emergency-protocol", location_id=location_id)


def _page(
    request: HttpRequest, location_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    page = get_emergency_protocol(door.viewer(request), location_id)
    context = {"page": page, "refusal": refusal, "entered": request.POST}
    return render(request, "emergency_protocol.html", context, status=422 if refusal else 200)
