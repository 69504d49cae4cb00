"""Who is looking, and the headers every answer carries."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from leeward.records.accounts.actor import ANONYMOUS
from leeward.records.accounts.selectors import get_actor

MEGABYTE = 1024 * 1024
Handler = Callable[[HttpRequest], HttpResponse]


def viewer(get_response: Handler) -> Handler:
    """Put the signed-in `Actor` on the request as `viewer`, and tell times in their clinic's."""

    def handle(request: HttpRequest) -> HttpResponse:
        origin = request.META.get("REMOTE_ADDR", "")
        user_id = request.user.pk if request.user.is_authenticated else None
        actor = get_actor(user_id, origin=origin) if user_id else None
        request.viewer = actor or ANONYMOUS  # type: ignore[attr-defined]
        if actor is not None and actor.is_staff:
            # The console is written in English; a patient's language cookie must not reach it.
            translation.activate("en")
        if actor is None or not actor.timezone:
            return get_response(request)
        with timezone.override(ZoneInfo(actor.timezone)):
            return get_response(request)

    return handle


def request_size(get_response: Handler) -> Handler:
    """Refuse by its declared length what no page takes, before anything of it is kept on disk.

    Files of a form are written out before any view, and so before anybody is asked who they are.
    """
    uploads = reverse("import-records")

    def handle(request: HttpRequest) -> HttpResponse:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.path == uploads:
            limit = settings.LEEWARD_UPLOAD_LIMIT_BYTES
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if declared.isdecimal() and int(declared) <= limit:
            return get_response(request)
        return HttpResponse(
            f"This is more than {limit // MEGABYTE} MB. Send it in smaller parts.",
            status=413,
            content_type="text/plain; charset=utf-8",
        )

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
