"""Every chair of a location at once, worst first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.board import get_board
from leeward.records.treatments.selectors_devices import list_unbound
from leeward.web import door
from leeward.web.stream_tokens import stream_token


@door.allow(*door.STAFF_ROLES)
def first(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return redirect("board", location_id=places[0].id)


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    board = get_board(viewer, location_id, now=now)
    stage = request.GET.get("stage", "")
    # A wall is read by whoever passes it: it never shows names.
    wall = request.GET.get("wall") == "on"
    private = wall or request.GET.get("names") == "initials"
    context = {
        "board": board,
        "stage": stage,
        "wall": wall,
        "private": private,
        "shown": request.GET.urlencode(),
        "tiles": [t for t in board.tiles if not stage or t.stage == stage],
        "token": stream_token(viewer, [f"board:{location_id}"], now, visit=door.visit(request)),
        "unbound": list_unbound(location_id, now=now),
        "after": ",".join(f"{t.session_id}:{t.seq}" for t in board.tiles if t.session_id),
    }
    partial = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "board.html#tiles" if partial else "board.html", context)
