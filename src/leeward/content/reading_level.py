"""How hard an article is to read: Flesch-Kincaid in English, Fernández-Huerta in Spanish.

Only running text counts: summary, points in short, paragraphs and lists. Headings, tables and
sources do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .article import Article
from .article_words import plain
from .syllables import syllables

HIGHEST_GRADE = 7.0
LOWEST_EASE = 70.0
SHORTEST_PARAGRAPH_WORDS = 8

_SENTENCE_END = re.compile(r"(?<=[.!?:])[\"”»’)]*\s+(?=[\"“«‘(¿¡]*[A-ZÁÉÍÓÚÑÜ0-9])")
_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
_ABBREVIATIONS = re.compile(r"\b(Dr|Mr|Mrs|Ms|vs|St|EE|UU|a\.\s?m|p\.\s?m)\.")
_NUMBERS = {"emergency": "911", "crisis": "988"}


@dataclass(frozen=True, slots=True)
class Level:
    """Reading level of a text.

    Attributes
    ----------
    score : float
        English: Flesch-Kincaid grade [1]. Spanish: Fernández-Huerta ease [1].
    passes : bool
        Whether it is easy enough.
    words, sentences : int
        What was counted [1].
    """

    score: float
    passes: bool
    words: int
    sentences: int


@dataclass(frozen=True, slots=True)
class HardPassage:
    """A paragraph or list that is too hard by itself."""

    where: str
    level: Level
    text: str


def level_of(texts: list[str], language: str) -> Level:
    """Measure texts; each of them ends a sentence.

    Parameters
    ----------
    texts : list of str
        Plain running texts.
    language : str
        ``en`` or ``es``.

    Returns
    -------
    Level
    """
    said = [part for text in texts for part in _sentences(text)]
    words = [word for part in said for word in _WORD.findall(part)]
    if not words:
        return Level(0.0 if language == "en" else 100.0, True, 0, 0)
    per_sentence = len(words) / len(said)
    per_word = sum(syllables(word, language) for word in words) / len(words)
    if language == "es":
        score = 206.84 - 60 * per_word - 1.02 * per_sentence
        return Level(score, score >= LOWEST_EASE, len(words), len(said))
    score = 0.39 * per_sentence + 11.8 * per_word - 15.59
    return Level(score, score <= HIGHEST_GRADE, len(words), len(said))


def _sentences(text: str) -> list[str]:
    whole = _ABBREVIATIONS.sub(lambda found: found[1].replace(".", ""), text)
    return [part for part in _SENTENCE_END.split(whole) if _WORD.search(part)]


def level_of_article(article: Article) -> Level:
    """Measure all running text of an article."""
    return level_of([text for _, texts in _passages(article) for text in texts], article.language)


def hard_passages(article: Article) -> tuple[HardPassage, ...]:
    """Name the paragraphs and lists that are too hard by themselves, the hardest first."""
    found = []
    for where, texts in _passages(article):
        level = level_of(texts, article.language)
        if not level.passes and level.words >= SHORTEST_PARAGRAPH_WORDS:
            found.append(HardPassage(where, level, " ".join(texts)))
    hardest = 1 if article.language == "en" else -1
    return tuple(sorted(found, key=lambda hard: -hardest * hard.level.score))


def _passages(article: Article) -> Iterator[tuple[str, list[str]]]:
    yield "summary", [plain(article.summary, _NUMBERS)]
    yield "in_short", [plain(point, _NUMBERS) for point in article.in_short]
    for section in article.sections:
        for place, block in enumerate(section.blocks, start=1):
            if block.sentences():
                texts = [plain(words, _NUMBERS) for words in block.sentences()]
                yield f"{section.id}, block {place}", texts
