"""Which words of the library a clinic has approved, and the index on PostgreSQL."""

import uuid

from django.db import models

from leeward.records.organizations.models import Organization


class ArticleApproval(models.Model):
    """A director's approval of one article, as it stood; another word needs another approval."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="article_approvals"
    )
    slug = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    digest = models.CharField(max_length=64)
    approved_by_id = models.UUIDField()
    approved_by_name = models.CharField(max_length=200)
    approved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_approval_in_force",
            )
        ]


class IndexedPassage(models.Model):
    """A passage's words as PostgreSQL searches them; made again whenever the content changes."""

    index_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    key = models.CharField(max_length=200)
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["index_digest", "language"], name="passage_index")]
