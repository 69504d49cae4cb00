"""A place's alarms: the log, the month they add up to, and who answers for them."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.figures.alarm_report import draw_counts, draw_waits
from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.alarm_log import AlarmLog, get_alarm_log
from leeward.usecases.charge_alarms import CHARGE, charge_alarms
from leeward.usecases.confirm_identity import confirm_identity
from leeward.web import door


@door.allow(*door.CLINICAL, door.DIRECTOR)
def first(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return redirect("alarm-log", location_id=places[0].id)


@door.allow(*door.CLINICAL, door.DIRECTOR)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    return _page(request, location_id)


@door.allow(*door.CLINICAL, door.DIRECTOR)
def report(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """The month on paper."""
    page = _log(request, location_id)
    return render(request, "alarm_report.html", _drawn(page, standalone=True))


@door.allow(door.DIRECTOR, methods=("POST",))
def charge(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """The director accepts the alarms of a place, or puts it back to record only."""
    viewer, now, command_id = door.viewer(request), door.now(), door.command_id(request)
    posted = request.POST
    confirmed = confirm_identity(
        actor=viewer, now=now, command_id=command_id, login=posted.get("login", ""),
        password=posted.get("password", ""), purpose=CHARGE,
    )  # fmt: skip
    if isinstance(confirmed, Refusal):
        return _page(request, location_id, refusal=confirmed)
    result = charge_alarms(
        actor=viewer, now=now, command_id=command_id, location_id=location_id,
        accepted=posted.get("alarms") == "on", statement=posted.get("statement", ""),
        backup_name=posted.get("backup_name", ""),
        backup_contact=posted.get("backup_contact", ""), confirmed=confirmed,
    )  # fmt: skip
    if isinstance(result, Refusal):
        return _page(request, location_id, refusal=result)
    words = "Alarms are on" if result.accepted else "This location records only"
    messages.success(request, f"{words} for sessions that are opened from now.")
    return redirect("alarm-log", location_id=location_id)


def _page(
    request: HttpRequest, location_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    page = _log(request, location_id)
    context = _drawn(page) | {"refusal": refusal, "entered": request.POST if refusal else {}}
    return render(request, "alarm_log.html", context, status=422 if refusal else 200)


def _log(request: HttpRequest, location_id: UUID) -> AlarmLog:
    viewer, asked = door.viewer(request), request.GET.get("month", "")
    today = door.now().astimezone(ZoneInfo(viewer.timezone or "UTC")).date()
    try:
        month = date.fromisoformat(f"{asked}-01") if asked else today
    except ValueError as fault:
        raise Http404("There is no such month.") from fault
    if not 2000 <= month.year <= today.year + 1:
        raise Http404("There is no such month.")
    return get_alarm_log(viewer, location_id, month)


def _drawn(page: AlarmLog, *, standalone: bool = False) -> dict[str, object]:
    return {
        "page": page,
        "counts": draw_counts(page.counts, standalone=standalone),
        "waits": draw_waits(page.waits_s, standalone=standalone),
    }
