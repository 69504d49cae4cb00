"""A day of a location, chair by chair."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import Place, list_places
from leeward.records.scheduling.selectors import get_day
from leeward.web import door


@door.allow(*door.STAFF_ROLES)
def today(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return redirect("schedule", location_id=places[0].id)


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    place = next((p for p in places if p.id == location_id), None)
    if place is None:
        raise NotFound("location")
    on = _day(request.GET.get("day", ""), place)
    context = {
        "sheet": get_day(viewer, location_id, on),
        "places": places,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
    }
    return render(request, "schedule.html", context)


def _day(text: str, place: Place) -> date:
    return door.day_in(text) or door.now().astimezone(ZoneInfo(place.timezone)).date()
