"""Whom to call now. Works signed out, and knows nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.web import door
from leeward.web.crisis import crisis_lines


@door.public()
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html", {"lines": crisis_lines()})
