"""What is shown when there is nothing to show."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "Leeward could not answer. What you entered before is kept. "
        "Reload the page; if it happens again, chart on paper and tell your administrator.",
        status=500,
        content_type="text/plain; charset=utf-8",
    )
