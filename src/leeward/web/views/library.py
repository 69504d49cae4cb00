"""The public library: every article by topic."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward import content
from leeward.records.library.selectors import approved_articles, in_order
from leeward.web import door
from leeward.web.two_languages import localized


@door.public()
@localized
def show(request: HttpRequest, language: str) -> HttpResponse:
    articles = [a for a in in_order(content.load().articles) if a.language == language]
    approved = approved_articles()
    context = {
        "topics": [(topic, list(held)) for topic, held in groupby(articles, lambda a: a.topic)],
        "unreviewed": any(a.digest not in approved for a in articles),
    }
    return render(request, "library.html", context)
