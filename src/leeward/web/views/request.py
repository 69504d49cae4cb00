"""Ask to talk with a clinic; the places one can go to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from leeward.core.quantities import Refusal
from leeward.records.overview.requests import get_public_place, list_public_places
from leeward.usecases.request_consultation import newest_wordings, request_consultation
from leeward.web import door
from leeward.web.crisis import crisis_lines
from leeward.web.forms.request import EITHER, RequestForm
from leeward.web.two_languages import address, localized

AGREE = "agree-"


@door.public("GET", "POST")
@localized
def ask(request: HttpRequest, language: str, organization: str) -> HttpResponse:
    """The form of one organization; what is wrong is said beside what was written."""
    places = [p for p in list_public_places() if p.organization_slug == organization]
    if not places:
        return redirect(address("places", language))
    start = {"speak": language, "place": request.GET.get("at", "")}
    if len(places) == 1:
        start["place"] = str(places[0].place.id)
    if request.method != "POST":
        form = RequestForm(initial=start)
        return _form(request, language, places, form)
    form = RequestForm(request.POST, places=tuple(p.place.id for p in places))
    if not form.is_valid():
        return _form(request, language, places, form, status=422)
    if form.is_machine:
        # It is told what a person would be told, and nothing is kept.
        return redirect(address("request-done", language, organization=organization))
    agreed = tuple(w.id for w in newest_wordings() if request.POST.get(f"{AGREE}{w.id}"))
    taken = request_consultation(
        actor=door.viewer(request), now=door.now(), command_id=door.command_id(request),
        organization_id=places[0].place.organization_id,
        location_id=form.cleaned_data["place"], asked=form.asked(agreed, request.path),
    )  # fmt: skip
    if isinstance(taken, Refusal):
        form.add_error(taken.field, gettext(taken.because))
        return _form(request, language, places, form, status=422)
    done = address("request-done", language, organization=organization)
    return redirect(f"{done}?call=1" if taken.alarm else done)


@door.public()
@localized
def done(request: HttpRequest, language: str, organization: str) -> HttpResponse:
    """Thank you, and what happens next; with the numbers first where they may be needed."""
    places = [p for p in list_public_places() if p.organization_slug == organization]
    context = {"places": places, "lines": crisis_lines(), "call": request.GET.get("call") == "1"}
    return render(request, "request_done.html", context)


@door.public()
@localized
def places(request: HttpRequest, language: str) -> HttpResponse:
    return render(request, "places.html", {"places": list_public_places()})


@door.public()
@localized
def place(request: HttpRequest, language: str, organization: str, site: str) -> HttpResponse:
    shown = get_public_place(organization, site, door.now())
    return render(request, "place.html", {"shown": shown})


def _form(
    request: HttpRequest, language: str, places: list[Any], form: RequestForm, status: int = 200
) -> HttpResponse:
    clinic = places[0].place.organization_name
    ticked = {name.removeprefix(AGREE) for name in request.POST if name.startswith(AGREE)}
    boxes = [
        {"id": w.id, "channel": w.channel, "ticked": w.id in ticked,
         "agree": (w.agree_es if language == "es" else w.agree).replace("{clinic}", clinic),
         "detail": w.detail_es if language == "es" else w.detail}
        for w in newest_wordings()
    ]  # fmt: skip
    context = {"form": form, "places": places, "boxes": boxes, "either": EITHER,
               "chosen": form["place"].value(), "several": len(places) > 1}  # fmt: skip
    return render(request, "request.html", context, status=status)
