"""The door of the house: where the clock is read, ids are made and the viewer is checked.

Every view carries one of the decorators below, so that the table of URL x role x status can be
generated and tested; a view without one fails that test.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from leeward.records.accounts.actor import (
    CLINICAL,
    CUSTODIAN,
    DIRECTOR,
    FRONT_DESK,
    NURSE,
    PATIENT,
    PRESCRIBER,
    STAFF_ROLES,
    Actor,
    NotFound,
    NotPermitted,
)
from leeward.records.audit.store import CommandTaken

from . import trail

__all__ = ["CLINICAL", "CUSTODIAN", "DIRECTOR", "FRONT_DESK", "NURSE", "PATIENT", "PRESCRIBER",
           "STAFF_ROLES", "allow", "command_id", "day_in", "now", "public"]  # fmt: skip

VISIT = "visit"
FIRST_YEAR, LAST_YEAR = 1900, 2200
View = Callable[..., HttpResponse]


def now() -> datetime:
    return datetime.now(UTC)


def command_id(request: HttpRequest) -> UUID:
    """The id the page made for this act; a form without one gets a new id and no retry safety."""
    try:
        return UUID(request.POST.get("command_id", ""))
    except ValueError:
        return uuid4()


def day_in(text: str) -> date | None:
    """A day typed into an address; None when it is none that a clinic has.

    At the edges of the calendar the day before, or the same day in another zone, does not exist.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def visit(request: HttpRequest) -> str:
    """Which sign-in this browser is in, so that what it was given ends with it."""
    return str(request.session.get(VISIT, ""))


def viewer(request: HttpRequest) -> Actor:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


def public(*methods: str) -> Callable[[View], View]:
    """A page that anybody may open."""
    return _guard(frozenset({"public"}), methods or ("GET",))


def allow(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """A page for holders of one of `roles`; others of the house get 403, strangers sign in."""
    return _guard(frozenset(roles), methods)


def _guard(roles: frozenset[str], methods: tuple[str, ...]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method == "HEAD" and "GET" in methods:
                # As a reading: to a view that asks for POST or GET alone it would be a form
                # without a token. The server drops the body.
                request.method = "GET"
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if "public" in roles:
                return _answer(view, request, kwargs)
            who = viewer(request)
            if who.id is None:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            with trail.noting(who, request, kwargs, now) as answered:
                if not who.has(*roles):
                    return answered(forbidden(request, "This page is for other roles than yours."))
                return answered(_answer(view, request, kwargs))

        guarded.roles, guarded.methods = roles, methods  # type: ignore[attr-defined]
        return guarded

    return decorate


def _answer(view: View, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, **kwargs)
    except NotFound as missing:
        raise Http404(str(missing)) from missing
    except NotPermitted as refused:
        return forbidden(request, str(refused))
    except CommandTaken:
        return forbidden(request, "This form was sent before. Load its page again.", status=409)


def forbidden(request: HttpRequest, because: str, *, status: int = 403) -> HttpResponse:
    return render(request, "403.html", {"because": because}, status=status)
