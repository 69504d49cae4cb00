"""What every template can count on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from leeward import __version__

from . import door
from .crisis import crisis_lines


def page(request: HttpRequest) -> dict[str, Any]:
    """`viewer`, `now`, `is_demo`, `version`, `crisis_numbers`."""
    return {
        "viewer": getattr(request, "viewer", None),
        "now": door.now(),
        "is_demo": settings.LEEWARD_DEMO,
        "version": __version__,
        "crisis_numbers": crisis_lines(),
    }
