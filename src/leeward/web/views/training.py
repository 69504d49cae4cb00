"""Training: a scenario on a simulated patient in the real screens, and its debrief.

Only a demo home has these pages; anywhere else they do not exist.
"""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.demo.debrief import debrief
from leeward.demo.training import SPEEDS, begin_training
from leeward.exchange.devices.simulated.scenario import shipped
from leeward.figures.debrief import draw_debrief
from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import Place, list_places
from leeward.records.overview.session import get_session_page
from leeward.records.treatments.selectors_devices import find_simulated, list_simulated
from leeward.web import door

TRAINEES = (door.NURSE, door.PRESCRIBER)
NARROW = 350.0


@door.allow(*TRAINEES)
def show(request: HttpRequest) -> HttpResponse:
    return _page(request)


@door.allow(*TRAINEES, methods=("POST",))
def begin(request: HttpRequest) -> HttpResponse:
    """Start a scenario; the trainee goes on at its chair, as with any patient."""
    place, now = _place(request), door.now()
    scenario = shipped().get(request.POST.get("scenario", ""))
    if scenario is None:
        refusal = Refusal("training.scenario", "Choose a scenario.", field="scenario")
        return _page(request, refusal)
    with transaction.atomic():
        result = begin_training(
            viewer=door.viewer(request),
            now=now,
            place=place,
            scenario=scenario,
            speed=request.POST.get("speed", "1"),
            folder=settings.LEEWARD_HOME / "records",
        )
    if isinstance(result, Refusal):
        return _page(request, result)
    return redirect("session", session_id=result)


@door.allow(*door.CLINICAL)
def after(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The debrief of one run."""
    _in_a_demo_home()
    now = door.now()
    page = get_session_page(door.viewer(request), session_id, now=now)
    run = find_simulated(session_id)
    scenario = shipped().get(run.scenario) if run else None
    if run is None or scenario is None:
        raise NotFound("training run")
    told = debrief(page.state, scenario, speed=float(run.speed), now=now)
    context = {
        "page": page,
        "run": run,
        "debrief": told,
        "plot_wide": draw_debrief(told.lanes, told.end_min),
        "plot_narrow": draw_debrief(told.lanes, told.end_min, width=NARROW),
    }
    return render(request, "training_debrief.html", context)


def _page(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    place = _place(request)
    context = {
        "place": place,
        "scenarios": sorted(shipped().values(), key=lambda s: (bool(s.happenings), s.title)),
        "speeds": SPEEDS,
        "runs": list_simulated(door.viewer(request), place.id),
        "titles": {name: scenario.title for name, scenario in shipped().items()},
        "refusal": refusal,
        "entered": request.POST,
    }
    return render(request, "training.html", context, status=422 if refusal else 200)


def _place(request: HttpRequest) -> Place:
    _in_a_demo_home()
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return places[0]


def _in_a_demo_home() -> None:
    if not settings.LEEWARD_DEMO:
        raise NotFound("training")
