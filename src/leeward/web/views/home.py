"""Where a person lands after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from leeward.web import door


@door.allow(*door.STAFF_ROLES, door.PATIENT)
def show(request: HttpRequest) -> HttpResponse:
    if not door.viewer(request).is_staff:
        return redirect("portal")
    return redirect("board-all")
