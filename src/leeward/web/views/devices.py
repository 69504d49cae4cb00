"""The devices that report to a place: which are on a patient, and which on nobody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.board import get_board
from leeward.records.treatments.selectors_devices import (
    get_device,
    list_devices,
    list_place_pulses,
)
from leeward.usecases.bind_device import bind_device
from leeward.web import door


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(door.NURSE, door.PRESCRIBER, methods=("POST",))
def bind(request: HttpRequest, location_id: UUID, device_id: UUID) -> HttpResponse:
    """Confirm by name that a device is on a patient."""
    viewer, now = door.viewer(request), door.now()
    _place(request, location_id)
    device = get_device(location_id, device_id, now=now)
    try:
        session_id = UUID(request.POST.get("session", ""))
    except ValueError:
        refusal = Refusal("device.no_patient", "Choose the patient it is on.", field="session")
        return _page(request, location_id, refusal=refusal)
    result = bind_device(
        actor=viewer,
        now=now,
        command_id=door.command_id(request),
        session_id=session_id,
        kind="hl7",
        label=device.key[:120],
        settings={},
        device_key=device.key,
    )
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    return redirect("devices", location_id=location_id)


def _page(
    request: HttpRequest, location_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    context = {
        "place": _place(request, location_id),
        "devices": list_devices(viewer, location_id, now=now),
        "adapters": list_place_pulses(location_id),
        "sessions": [
            (tile.session_id, f"Chair {tile.chair}: {tile.name}")
            for tile in get_board(viewer, location_id, now=now).tiles
            if tile.session_id
        ],
        "refusal": refusal,
    }
    partial = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "devices.html#devices" if partial else "devices.html"
    return render(request, template, context, status=422 if refusal else 200)


def _place(request: HttpRequest, location_id: UUID):  # type: ignore[no-untyped-def]
    viewer = door.viewer(request)
    for place in list_places(viewer.wall, viewer.location_ids):
        if place.id == location_id:
            return place
    raise NotFound("location")
