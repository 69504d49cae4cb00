"""What advertising claims, and what the library says: all twenty-five, in both languages."""

import re
from collections.abc import Iterator

import pytest

from leeward import content
from leeward.content.article import Article
from tests.content.audited_claims import ESSENCE, WRONG

ARTICLES = tuple(content.load().articles.values())
LANGUAGES = ("en", "es")


def claims(article: Article) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every claim in words: paragraphs, lists, and the rows of tables."""
    yield article.summary, ()
    for point in article.in_short:
        yield point, ()
    for section in article.sections:
        for block in section.blocks:
            rows = block.table.rows if block.table else ()
            words = [*block.sentences(), *(" ".join(map(str, row)) for row in rows)]
            yield " ".join(words), block.audits


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_audited_claim_is_answered(language: str) -> None:
    named = {n for a in ARTICLES if a.language == language for _, held in claims(a) for n in held}
    assert named == set(range(1, 26)) == set(ESSENCE)


@pytest.mark.parametrize("number", sorted(ESSENCE))
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_an_audited_claim_is_what_the_evidence_says(
    language: str, number: int
) -> None:
    said = " ".join(
        words
        for article in ARTICLES
        if article.language == language
        for words, held in claims(article)
        if number in held
    )
    missing = [p for p in ESSENCE[number][LANGUAGES.index(language)] if not re.search(p, said)]
    assert not missing, f"claim {number} in {language} lacks {missing}: {said[:600]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_what_the_advertising_says(language: str) -> None:
    found = [
        f"{article.slug}.{language}: {pattern}: {words[:120]}"
        for article in ARTICLES
        if article.language == language
        for words, _ in claims(article)
        for pattern in WRONG[language]
        if re.search(pattern, words, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: f"{a.slug}.{a.language}")
def test_no_page_names_a_dose(article: Article) -> None:
    for words, _ in claims(article):
        assert not re.search(r"\d\s*(mg|milligram|miligramo|mcg|ml)\b", words, re.I), words
