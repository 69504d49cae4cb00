"""A blank flowsheet on paper, for when no screen works; it names the place and nobody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.event_words import effect_label
from leeward.records.overview.session import FIRST_EFFECTS
from leeward.web import door

ROWS = 18


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    place = next((p for p in places if p.id == location_id), None)
    if place is None:
        raise NotFound("location")
    context = {
        "place": place,
        "rows": range(ROWS),
        "effects": [effect_label(effect) for effect in FIRST_EFFECTS],
    }
    return render(request, "flowsheet.html", context)
