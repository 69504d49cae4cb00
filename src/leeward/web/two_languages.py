"""Public pages that have an address of their own in each language: /ask/ and /es/ask/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import get_language

SUFFIX = {"en": "", "es": "-es"}
LANGUAGES = ("en", "es")
YEAR_SECONDS = 365 * 24 * 60 * 60

View = Callable[..., HttpResponse]


def both(route: str, view: View, name: str) -> list[URLPattern]:
    """The addresses of a page: the English one, and the Spanish one under /es/."""
    return [
        path(route, view, {"language": "en"}, name=name),
        path(f"es/{route}", view, {"language": "es"}, name=f"{name}-es"),
    ]


def localized(view: View) -> View:
    """Show a page in the language of its address, whatever the reader chose elsewhere.

    The choice is remembered, so that the pages without a language in their address follow it.
    """

    @wraps(view)
    def shown(request: HttpRequest, *, language: str, **kwargs: Any) -> HttpResponse:
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            other = "en" if language == "es" else "es"
            request.other_language = (  # type: ignore[attr-defined]
                other,
                _same_page(request, other, kwargs),
            )
            response = view(request, language=language, **kwargs)
        response.headers["Content-Language"] = language
        if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "en") != language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax"
            )
        return response

    return shown


def address(name: str, language: str | None = None, **kwargs: Any) -> str:
    """Where a page is, in a language or in the one of the page being made."""
    code = (language or get_language() or "en").split("-", maxsplit=1)[0]
    return reverse(f"{name}{SUFFIX.get(code, '')}", kwargs=kwargs or None)


def _same_page(request: HttpRequest, language: str, kwargs: dict[str, Any]) -> str:
    """The same page in another language, with the question still in it."""
    match = request.resolver_match
    name = (match.url_name or "").removesuffix("-es") if match else ""
    asked = request.META.get("QUERY_STRING", "")
    return address(name, language, **kwargs) + (f"?{asked}" if asked else "")
