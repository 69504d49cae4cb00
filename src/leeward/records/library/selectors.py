"""Reads of the library: what the clinic has approved, and the search of this installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from leeward import content
from leeward.content.article import Article
from leeward.records.accounts.actor import DIRECTOR, Actor
from leeward.records.organizations.models import Organization

from .models import ArticleApproval
from .passages import cut
from .search import Search


@dataclass(frozen=True, slots=True)
class Review:
    """Who approved an article, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ArticleReview:
    """An article as the director's list shows it.

    Attributes
    ----------
    review : Review or None
        The approval of the article as it stands now.
    changed : bool
        Whether an earlier wording was approved and this one is not.
    """

    article: Article
    review: Review | None
    changed: bool


def approved_articles() -> dict[str, Review]:
    """Digests of the articles that every clinic served here has approved, with the last approval.

    A public page belongs to all clinics of an installation; one that any of them has not read
    is not yet reviewed.
    """
    clinics = Organization.objects.count()
    by: dict[str, list[ArticleApproval]] = {}
    for row in ArticleApproval.objects.filter(withdrawn_at=None).order_by("approved_at"):
        by.setdefault(row.digest, []).append(row)
    return {
        digest: Review(rows[-1].approved_by_name, rows[-1].approved_at)
        for digest, rows in by.items()
        if len({row.organization_id for row in rows}) == clinics
    }


def list_article_reviews(viewer: Actor) -> list[ArticleReview]:
    """Every article with the state of its approval by the viewer's clinic, in reading order."""
    wall = viewer.wall
    if wall is None or not viewer.has(DIRECTOR):
        return []
    rows = ArticleApproval.objects.filter(organization_id=wall)
    force = {
        r.digest: Review(r.approved_by_name, r.approved_at) for r in rows if not r.withdrawn_at
    }
    ever = {(row.slug, row.language) for row in rows if not row.withdrawn_at}
    return [
        ArticleReview(
            article,
            force.get(article.digest),
            article.digest not in force and (article.slug, article.language) in ever,
        )
        for article in in_order(content.load().articles)
    ]


def in_order(articles: Mapping[str, Article]) -> list[Article]:
    """Articles by topic, place in it, and language."""
    from leeward.content.kinds.article import TOPICS

    return sorted(
        articles.values(), key=lambda a: (TOPICS.index(a.topic), a.order, a.slug, a.language)
    )


@lru_cache(maxsize=1)
def library_search() -> Search:
    """The search of this installation, made once in the life of a process."""
    library = content.load()
    articles = tuple(library.articles.values())
    if connection.vendor == "postgresql":
        from .store_postgres import PostgresStore

        return Search(articles, library.lexicons, PostgresStore(cut(articles), library.digest))
    return Search(articles, library.lexicons)
