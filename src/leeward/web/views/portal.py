"""The patient's start page."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from leeward.records.overview.portal import get_portal_home
from leeward.web import door


@door.allow(door.PATIENT)
def show(request: HttpRequest) -> HttpResponse:
    page = get_portal_home(door.viewer(request), language=get_language() or "en", now=door.now())
    with timezone.override(ZoneInfo(page.timezone)):
        return render(request, "portal.html", {"page": page, "section": "portal"})
