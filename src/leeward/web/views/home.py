"""Where a person lands after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from leeward.web import door


@door.allow(*door.STAFF_ROLES, door.CUSTODIAN, door.PATIENT)
def show(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    if not viewer.is_staff:
        return redirect("portal")
    if not viewer.has(*door.STAFF_ROLES):
        return redirect("ledger-all")
    return redirect("board-all")
