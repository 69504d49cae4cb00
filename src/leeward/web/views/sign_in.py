"""Sign-in and sign-out."""

from dataclasses import replace
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from leeward.core.quantities import Refusal
from leeward.records.accounts.selectors import get_actor
from leeward.records.people.selectors import find_language
from leeward.usecases.sign_in import end_visit, sign_in
from leeward.web import door
from leeward.web.forms.sign_in import SignInForm
from leeward.web.refusals import add_to_form, render_invalid

# Refusals that patients read, in their language.
SAID = {
    "sign_in.wrong": _("Login and password do not fit. Check both and try again."),
    "sign_in.throttled": _("Too many wrong passwords. Wait ten minutes."),
}


@door.public("GET", "POST")
def show(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    if request.method == "GET":
        return render(request, "sign_in.html", context)
    if form.is_valid():
        result = sign_in(
            origin=request.META.get("REMOTE_ADDR", ""),
            now=door.now(),
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
        )
        if not isinstance(result, Refusal):
            login(request, result, backend="django.contrib.auth.backends.ModelBackend")
            request.session[door.VISIT] = str(uuid4())
            response = redirect(_next_page(request, context["next"]))
            return _in_their_language(request, response, result.pk)
        add_to_form(form, replace(result, because=str(SAID.get(result.code, result.because))))
    return render_invalid(request, "sign_in.html", context)


@door.public("POST")
def leave(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    if viewer.id is not None:
        end_visit(actor=viewer, now=door.now(), visit=door.visit(request))
    logout(request)
    return redirect("front")


def _next_page(request: HttpRequest, wanted: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else "/home/"


def _in_their_language(
    request: HttpRequest, response: HttpResponse, user_id: UUID
) -> HttpResponse:
    """A patient's own language, unless this browser has already chosen one."""
    actor = get_actor(user_id)
    language = find_language(actor) if actor else None
    if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.LEEWARD_TLS
        )
    return response
