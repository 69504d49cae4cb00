"""Articles cut into the passages that a search finds: one for each section."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from leeward.content.article import Article, Block, Section
from leeward.content.article_words import plain

from .wording import stem, tokens

NUMBERS = {"emergency": "911", "crisis": "988"}
# How much a word counts where it stands; the text itself is 1.
WEIGHTS = {"heading": 3.0, "words": 2.0, "title": 1.6, "topic": 0.9, "text": 1.0}


@dataclass(frozen=True, slots=True)
class Passage:
    """One section of one article, as it is found and shown.

    Attributes
    ----------
    key : str
        ``<slug>.<language>#<section>``.
    blocks : tuple of Block
        The claims in it, with sources and evidence.
    bags : mapping of field to Counter
        Its stems by field, for ranking.
    length : float
        Number of stems in its text [1].
    """

    key: str
    article: Article
    section: Section
    bags: Mapping[str, Counter[str]] = field(compare=False)
    length: float

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The claims in it."""
        return self.section.blocks

    @property
    def checked(self) -> date:
        """Day on which the oldest of its claims was compared with its sources."""
        return min(block.checked or self.article.checked for block in self.blocks)

    def text(self, numbers: Mapping[str, str]) -> str:
        """What it says, in plain text."""
        return "\n".join(_said(block, numbers) for block in self.blocks)


def cut(articles: Iterable[Article]) -> tuple[Passage, ...]:
    """Cut articles into passages.

    Parameters
    ----------
    articles : iterable of Article
        Of one language or several.

    Returns
    -------
    tuple of Passage
    """
    return tuple(
        _passage(article, section) for article in articles for section in article.sections
    )


def _passage(article: Article, section: Section) -> Passage:
    language = article.language
    said = " ".join(_said(block, NUMBERS) for block in section.blocks)
    parts = {
        "heading": section.heading,
        "words": " ".join(section.words),
        "title": article.title,
        "topic": " ".join(
            (article.slug.replace("-", " "), *article.words, plain(article.summary))
        ),
        "text": said,
    }
    bags = {
        name: Counter(stem(token, language) for token in tokens(text, language))
        for name, text in parts.items()
    }
    key = f"{article.slug}.{language}#{section.id}"
    return Passage(key, article, section, bags, float(bags["text"].total()))


def _said(block: Block, numbers: Mapping[str, str]) -> str:
    if block.table is None:
        return "\n".join(plain(words, dict(numbers)) for words in block.sentences())
    table = block.table
    rows = [
        f"{row[0]}: " + ", ".join(
            f"{column} {cell}" for column, cell in zip(table.columns[1:], row[1:], strict=True)
        )
        for row in table.rows
    ]  # fmt: skip
    return "\n".join([table.caption, *rows])
