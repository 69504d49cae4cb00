"""Sign-in and sign-out."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from leeward.core.quantities import Refusal
from leeward.usecases.sign_in import end_visit, sign_in
from leeward.web import door
from leeward.web.forms.sign_in import SignInForm
from leeward.web.refusals import add_to_form, render_invalid


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
            return redirect(_next_page(request, context["next"]))
        add_to_form(form, result)
    return render_invalid(request, "sign_in.html", context)


@door.public("POST")
def leave(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    if viewer.id is not None:
        end_visit(actor=viewer, now=door.now())
    logout(request)
    return redirect("front")


def _next_page(request: HttpRequest, wanted: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else "/home/"
