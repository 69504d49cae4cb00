"""One article of the library, on screen and for paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from leeward import content
from leeward.records.library.selectors import approved_articles
from leeward.web import door
from leeward.web.article_page import show_article
from leeward.web.crisis import crisis_lines
from leeward.web.two_languages import address, localized


@door.public()
@localized
def show(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    return render(request, "article.html", _context(request, language, slug))


@door.public()
@localized
def printout(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The article alone, with its sources and its address."""
    return render(request, "article_print.html", _context(request, language, slug))


def _context(request: HttpRequest, language: str, slug: str) -> dict[str, object]:
    library = content.load()
    article = library.articles.get(f"{slug}.{language}")
    if article is None:
        raise Http404("article")
    lines = crisis_lines()
    numbers = {"emergency": lines.emergency, "crisis": lines.crisis}
    related = [library.articles[f"{other}.{language}"] for other in article.related]
    return {
        "page": show_article(article, library.sources, numbers),
        "review": approved_articles().get(article.digest),
        "related": related,
        "permanent": request.build_absolute_uri(address("article", language, slug=slug)),
    }
