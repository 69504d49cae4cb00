"""An emergency at the chair: the clinic's own protocol, and the hand-over sheet."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.records.overview.last_known import get_last_known
from leeward.web import door


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, session_id: UUID) -> HttpResponse:
    sheet = get_last_known(door.viewer(request), session_id, now=door.now())
    return render(request, "emergency.html", {"sheet": sheet})
