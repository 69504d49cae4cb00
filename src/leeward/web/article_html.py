"""Words of an article as HTML: bold, links to articles, emergency numbers; all else is escaped."""

from collections.abc import Mapping

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from leeward.content.article_words import MARK

from .two_languages import address


def html_of(words: str, numbers: Mapping[str, str], language: str) -> SafeString:
    """Turn the three marks that words may bear into HTML.

    Parameters
    ----------
    words : str
        As they stand in the article.
    numbers : mapping of str to str
        The numbers for ``emergency`` and ``crisis``.
    language : str
        Of the article, for the addresses of others.
    """
    parts, at = [], 0
    for found in MARK.finditer(words):
        parts.append(conditional_escape(words[at : found.start()]))
        parts.append(_mark(found.groups(), numbers, language))
        at = found.end()
    parts.append(conditional_escape(words[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped


def _mark(found: tuple[str | None, ...], numbers: Mapping[str, str], language: str) -> SafeString:
    bold, label, slug, section, number = found
    if bold is not None:
        return format_html("<strong>{}</strong>", bold)
    if number is not None:
        return format_html('<a class="nowrap" href="tel:{0}">{0}</a>', numbers.get(number, ""))
    where = address("article", language, slug=slug) + (f"#{section}" if section else "")
    return format_html('<a href="{}">{}</a>', where, label)
