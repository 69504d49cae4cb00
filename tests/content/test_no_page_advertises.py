"""No claim of the library says what the advertising says; what must be said instead is tried in
`test_library_says_what_is_true`."""

import re
from collections.abc import Iterator

import pytest

from leeward import content
from leeward.content.article import Article
from tests.content.advertising import WRONG

ARTICLES = tuple(content.load().articles.values())


def claims(article: Article) -> Iterator[str]:
    """Every claim in words: summary, points, paragraphs, lists, rows of tables; no heading."""
    yield article.summary
    yield from article.in_short
    for section in article.sections:
        for block in section.blocks:
            rows = block.table.rows if block.table else ()
            yield " ".join([*block.sentences(), *(" ".join(map(str, row)) for row in rows)])


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_says_what_the_advertising_says(language: str) -> None:
    found = [
        f"{article.slug}.{language}: {pattern}: {words[:120]}"
        for article in ARTICLES
        if article.language == language
        for words in claims(article)
        for pattern in WRONG[language]
        if re.search(pattern, words, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_wordings_would_be_found(language: str) -> None:
    said = {
        "en": "Ketamine is safe and not addictive.",
        "es": "La ketamina es segura y no causa adicción.",
    }
    assert sum(bool(re.search(p, said[language], re.IGNORECASE)) for p in WRONG[language]) == 2
