"""The patients of the viewer's locations, with a search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.records.people.selectors import list_patients
from leeward.web import door

PAGE = 200


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("search", "").strip()[:80]
    found = list_patients(door.viewer(request), search=search, now=door.now(), limit=PAGE + 1)
    context = {"patients": found[:PAGE], "search": search, "more": len(found) > PAGE}
    template = "patients.html#list" if request.htmx else "patients.html"  # type: ignore[attr-defined]
    return render(request, template, context)
