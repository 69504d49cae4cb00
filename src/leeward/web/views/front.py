"""The public front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.records.organizations.selectors import list_places
from leeward.web import door


@door.public()
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "front.html", {"places": list_places()})
