"""Who is looking, and the headers every answer carries."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from leeward.records.accounts.actor import ANONYMOUS
from leeward.records.accounts.selectors import get_actor

Handler = Callable[[HttpRequest], HttpResponse]


def viewer(get_response: Handler) -> Handler:
    """Put the signed-in `Actor` on the request as `viewer`, and tell times in their clinic's."""

    def handle(request: HttpRequest) -> HttpResponse:
        origin = request.META.get("REMOTE_ADDR", "")
        user_id = request.user.pk if request.user.is_authenticated else None
        actor = get_actor(user_id, origin=origin) if user_id else None
        request.viewer = actor or ANONYMOUS  # type: ignore[attr-defined]
        if actor is None or not actor.timezone:
            return get_response(request)
        with timezone.override(ZoneInfo(actor.timezone)):
            return get_response(request)

    return handle


def security_headers(get_response: Handler) -> Handler:
    """Nothing with health data is kept by a browser or a proxy."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        patch_vary_headers(response, ["HX-Request"])
        return response

    return handle
