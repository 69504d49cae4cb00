"""The language of the pages, chosen by the reader and remembered in a cookie."""

from django.http import HttpRequest, HttpResponseBase
from django.views.i18n import set_language

from leeward.web import door


@door.public("POST")
def choose(request: HttpRequest) -> HttpResponseBase:
    """Switch and go back to the page that was read."""
    return set_language(request)
