"""A clinic's director approves an article of the public library, or takes that back."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.content.article import Article
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import DIRECTOR, Actor, NotPermitted
from leeward.records.audit import store as audit
from leeward.records.library.models import ArticleApproval


def approve_article(
    *, actor: Actor, now: datetime, command_id: UUID, slug: str, language: str, seen_digest: str
) -> ArticleApproval | Refusal:
    """Put the clinic's approval under an article, as it was shown.

    *Refuses when* there is no such article, or it is another by now than the one that was
    shown. *Emits* audit `article.approved`. *Locks* nothing; a second approval of the same words
    is the first.
    """
    article = _article(actor, slug, language)
    if isinstance(article, Refusal):
        return article
    if article.digest != seen_digest:
        return Refusal(
            "library.changed",
            "The article has changed since this page was loaded. Read it again, then approve it.",
        )
    with transaction.atomic():
        if audit.recall(command_id, "approve_article", actor, of=article.digest):
            return _newest(actor, article)
        row, made = ArticleApproval.objects.get_or_create(
            organization_id=actor.wall,
            digest=article.digest,
            withdrawn_at=None,
            defaults={
                "id": uuid5(command_id, "approval"), "slug": slug, "language": language,
                "approved_by_id": actor.account_id, "approved_by_name": actor.name,
                "approved_at": now,
            },
        )  # fmt: skip
        if made:
            _tell(actor, "article.approved", now, row)
        audit.remember(command_id, "approve_article", actor, now, article.digest)
    return row


def withdraw_approval(
    *, actor: Actor, now: datetime, command_id: UUID, slug: str, language: str
) -> ArticleApproval | Refusal:
    """Take the clinic's approval off an article; it is marked as not reviewed at once.

    *Refuses when* there is no such article or it is not approved. *Emits* audit
    `article.approval_withdrawn`.
    *Locks* the approval.
    """
    article = _article(actor, slug, language)
    if isinstance(article, Refusal):
        return article
    with transaction.atomic():
        if audit.recall(command_id, "withdraw_approval", actor, of=article.digest):
            return _newest(actor, article)
        row = (
            ArticleApproval.objects.select_for_update()
            .filter(organization_id=actor.wall, digest=article.digest, withdrawn_at=None)
            .first()
        )
        if row is None:
            return Refusal("library.not_approved", "This article is not approved at present.")
        row.withdrawn_at, row.withdrawn_by_name = now, actor.name
        row.save()
        _tell(actor, "article.approval_withdrawn", now, row)
        audit.remember(command_id, "withdraw_approval", actor, now, article.digest)
    return row


def _article(actor: Actor, slug: str, language: str) -> Article | Refusal:
    """The article, for a director alone: they answer for what the clinic says in public."""
    if not actor.has(DIRECTOR) or actor.organization_id is None:
        raise NotPermitted("Only the medical director approves what the clinic says in public.")
    article = content.load().articles.get(f"{slug}.{language}")
    if article is None:
        return Refusal("library.no_article", "There is no such article. Choose one of the list.")
    return article


def _newest(actor: Actor, article: Article) -> ArticleApproval:
    """What the first sending of the same form made."""
    rows = ArticleApproval.objects.filter(organization_id=actor.wall, digest=article.digest)
    return rows.latest("approved_at")


def _tell(actor: Actor, action: str, now: datetime, row: ArticleApproval) -> None:
    audit.record(
        actor,
        action,
        at=now,
        subject=("article_approval", row.id),
        article=row.slug,
        language=row.language,
        digest=row.digest,
    )
