"""Candidates by PostgreSQL full text, for installations that keep their records there."""

from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import transaction

from .models import IndexedPassage
from .passages import Passage
from .store_sqlite import indexed_words


class PostgresStore:
    """The index in the clinic's database, one for each state of the content."""

    def __init__(self, passages: Sequence[Passage], digest: str) -> None:
        self._digest = digest
        with transaction.atomic():
            if IndexedPassage.objects.filter(index_digest=digest).exists():
                return
            IndexedPassage.objects.exclude(index_digest=digest).delete()
            IndexedPassage.objects.bulk_create(
                IndexedPassage(
                    index_digest=digest,
                    language=p.article.language,
                    key=p.key,
                    words=indexed_words(p),
                )
                for p in passages
            )

    def candidates(self, stems: Sequence[str], language: str, most: int) -> list[str]:
        """Keys of the passages that hold any of the stems, the likeliest first."""
        if not stems:
            return []
        # "simple": the words were stemmed before they were indexed.
        query = SearchQuery(" | ".join(stems), config="simple", search_type="raw")
        vector = SearchVector("words", config="simple")
        rows = (
            IndexedPassage.objects.filter(index_digest=self._digest, language=language)
            .annotate(found=vector)
            .filter(found=query)
            .annotate(rank=SearchRank(vector, query))
            .order_by("-rank", "key")
        )
        return list(rows.values_list("key", flat=True)[:most])
