"""A passage as an answer shows it: its words with those asked for marked, evidence and sources."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from leeward import content
from leeward.records.library.search import Found
from leeward.records.library.wording import stem, tokens

from .two_languages import address

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
MOST_LETTERS = 700


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """One answer.

    Attributes
    ----------
    paragraphs : tuple of SafeString
        The passage as it stands, cut only where it is long.
    longer : bool
        Whether more of it stands in the article.
    """

    href: str
    title: str
    heading: str
    paragraphs: tuple[SafeString, ...]
    longer: bool
    marks: tuple[str, ...]
    sources: tuple[str, ...]
    checked: date
    reviewed: bool


def show_passage(
    found: Found, numbers: Mapping[str, str], language: str, *, reviewed: bool
) -> ShownPassage:
    """Lay out an answer.

    Parameters
    ----------
    found : Found
        The passage and the stems that were looked for.
    numbers : mapping of str to str
        The emergency numbers.
    language : str
        Of the passage.
    reviewed : bool
        Whether the clinic has approved its article.
    """
    passage = found.passage
    article, section = passage.article, passage.section
    texts = passage.text(numbers).split("\n")
    kept = _first_letters(texts)
    register = content.load().sources
    cited = dict.fromkeys(c.source for b in passage.blocks for c in b.sources)
    return ShownPassage(
        href=f"{address('article', language, slug=article.slug)}#{section.id}",
        title=article.title,
        heading=section.heading,
        paragraphs=tuple(_marked(text, found.stems, language) for text in kept),
        longer=len(kept) < len(texts),
        marks=tuple(dict.fromkeys(b.evidence for b in passage.blocks if b.evidence)),
        sources=tuple(register[id_].citation for id_ in cited),
        checked=passage.checked,
        reviewed=reviewed,
    )


def _first_letters(texts: list[str]) -> list[str]:
    """Whole paragraphs until there is enough to read; at least one."""
    kept, letters = [texts[0]], len(texts[0])
    for text in texts[1:]:
        letters += len(text)
        if letters > MOST_LETTERS:
            break
        kept.append(text)
    return kept


def _marked(text: str, stems: frozenset[str], language: str) -> SafeString:
    parts, at = [], 0
    for word in _WORD.finditer(text):
        if not stems & {stem(token, language) for token in tokens(word[0], language)}:
            continue
        parts.append(conditional_escape(text[at : word.start()]))
        parts.append(format_html("<mark>{}</mark>", word[0]))
        at = word.end()
    parts.append(conditional_escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped
