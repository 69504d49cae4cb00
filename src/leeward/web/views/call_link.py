"""The link that makes the patient's phone a call button: to read out, or to show."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from leeward.records.overview.session import get_session_page
from leeward.web import door
from leeward.web.call_tokens import call_token


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, session_id: UUID) -> HttpResponse:
    now = door.now()
    page = get_session_page(door.viewer(request), session_id, now=now)
    path = reverse("call", args=[call_token(page.id, now)])
    link = request.build_absolute_uri(path)
    return render(request, "call_link.html", {"page": page, "link": link})
