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
        self._passages, self._digest = passages, digest
        self._fill()

    def _fill(self) -> bool:
        """Make the index of this content, in place of any other; say whether it was needed."""
        with transaction.atomic():
            if IndexedPassage.objects.filter(index_digest=self._digest).exists():
                return False
            IndexedPassage.objects.exclude(index_digest=self._digest).delete()
            IndexedPassage.objects.bulk_create(
                IndexedPassage(
                    index_digest=self._digest,
                    language=p.article.language,
                    key=p.key,
                    words=indexed_words(p),
                )
                for p in self._passages
            )
        return True

    def candidates(self, stems: Sequence[str], language: str, most: int) -> list[str]:
        """Keys of the passages that hold any of the stems, the likeliest first."""
        if not stems:
            return []
        found = self._candidates(stems, language, most)
        # Another process with newer content, or a restored backup, may have taken the index away.
        if not found and self._fill():
            found = self._candidates(stems, language, most)
        return found

    def _candidates(self, stems: Sequence[str], language: str, most: int) -> list[str]:
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
