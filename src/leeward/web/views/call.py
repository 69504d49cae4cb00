"""The patient's call button on a phone, opened by a signed link; it shows no name."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound
from leeward.records.overview.call_page import find_call_page
from leeward.usecases.call_for_help import call_for_help
from leeward.web import door
from leeward.web.call_tokens import session_of


@door.public("GET", "POST")
def show(request: HttpRequest, call_token: str) -> HttpResponse:
    now = door.now()
    session_id = session_of(call_token, now)
    if session_id is None:
        raise NotFound("call")
    if request.method == "POST":
        called = call_for_help(
            now=now,
            command_id=door.command_id(request),
            session_id=session_id,
            words=request.POST.get("words", ""),
        )
        if not isinstance(called, Refusal):
            return redirect("call", call_token=call_token)
    page = find_call_page(session_id)
    if page is None:
        raise NotFound("call")
    language = request.GET.get("language") or page.language
    with (
        translation.override("es" if language.startswith("es") else "en"),
        timezone.override(ZoneInfo(page.timezone)),
    ):
        return render(request, "call.html", {"page": page, "token": call_token})
