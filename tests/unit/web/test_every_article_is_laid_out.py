"""Every article makes a page: a mark follows each claim, each table says what it holds."""

import re

import pytest
from django.template.loader import render_to_string

from leeward import content
from leeward.web.article_page import show_article

LIBRARY = content.load()
NUMBERS = {"emergency": "911", "crisis": "988"}


@pytest.mark.parametrize("id", sorted(LIBRARY.articles))
def test_every_section_with_a_claim_ends_with_its_mark(id: str) -> None:
    article = LIBRARY.articles[id]
    page = show_article(article, LIBRARY.sources, NUMBERS)
    for section, shown in zip(article.sections, page.sections, strict=True):
        claims = {block.evidence for block in section.blocks if block.evidence}
        told = {mark for piece in shown.pieces if piece.kind == "evidence" for mark in piece.marks}
        assert told == claims


def test_words_in_a_table_are_no_numbers_and_need_no_bars() -> None:
    page = show_article(LIBRARY.articles["session.en"], LIBRARY.sources, NUMBERS)
    html = render_to_string("parts/article_text.html", {"page": page, "review": None})
    table = html[html.index("<table") : html.index("</table>")]
    assert "You sit or lie back" in table
    assert not re.search(r'class="(n|bars)"', table)


def test_numbers_in_a_table_are_aligned_and_drawn() -> None:
    page = show_article(LIBRARY.articles["side-effects.en"], LIBRARY.sources, NUMBERS)
    html = render_to_string("parts/article_text.html", {"page": page, "review": None})
    table = html[html.index("<table") : html.index("</table>")]
    assert '<td class="n">38</td><td class="n">14</td>' in table
    assert 'class="bars"' in table
