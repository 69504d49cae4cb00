"""An article as its page shows it: paragraphs with numbered sources, one mark for each run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from leeward.content.article import Article, Block, Section, Table
from leeward.content.kinds.source import Source

from .article_html import html_of

WORDS_PER_MINUTE = 180


@dataclass(frozen=True, slots=True)
class Claim:
    """Words of a claim, the numbers of its sources, and its mark where the next one differs."""

    html: SafeString
    refs: tuple[int, ...]
    mark: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `width` draws a number out of 100."""

    text: str
    width: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a list, a table, or the line that says how well the ones before are known.

    Attributes
    ----------
    kind : str
        ``paragraph``, ``list``, ``table`` or ``evidence``.
    marks : tuple of str
        For a line of evidence: its marks, in order.
    """

    kind: str
    claims: tuple[Claim, ...] = ()
    table: Table | None = None
    rows: tuple[tuple[Cell, ...], ...] = ()
    refs: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class ShownSection:
    id: str
    heading: str
    urgent: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source as the foot of the page lists it."""

    number: int
    source: Source
    places: tuple[str, ...]
    link: str
    second_hand: bool


@dataclass(frozen=True, slots=True)
class ShownArticle:
    article: Article
    in_short: tuple[SafeString, ...]
    summary: SafeString
    sections: tuple[ShownSection, ...]
    sources: tuple[ShownSource, ...]
    marks: tuple[str, ...]
    minutes: int


def show_article(
    article: Article, sources: Mapping[str, Source], numbers: Mapping[str, str]
) -> ShownArticle:
    """Lay out an article.

    Parameters
    ----------
    article : Article
        The article.
    sources : mapping of str to Source
        The register of sources.
    numbers : mapping of str to str
        The emergency numbers.
    """
    order = _numbering(article)
    page = _Page(article, numbers, order)
    words = sum(len(t.split()) for s in article.sections for b in s.blocks for t in b.sentences())
    used = {block.evidence for s in article.sections for block in s.blocks if block.evidence}
    return ShownArticle(
        article=article,
        in_short=tuple(page.html(point) for point in article.in_short),
        summary=page.html(article.summary),
        sections=tuple(page.section(section) for section in article.sections),
        sources=tuple(_source(n, sources[id_], article) for id_, n in order.items()),
        marks=tuple(
            mark for mark in ("strong", "label", "some", "little", "practice") if mark in used
        ),
        minutes=max(1, round(words / WORDS_PER_MINUTE)),
    )


class _Page:
    """Lays out one article."""

    def __init__(
        self, article: Article, numbers: Mapping[str, str], order: Mapping[str, int]
    ) -> None:
        self._article, self._numbers, self._order = article, numbers, order

    def html(self, words: str) -> SafeString:
        return html_of(words, self._numbers, self._article.language)

    def section(self, section: Section) -> ShownSection:
        pieces: list[Piece] = []
        run: list[Block] = []
        for group in _paragraphs(section.blocks):
            if _marks(run) and _marks(group) and _marks(group) != _marks(run):
                pieces.append(self._evidence(run))
                run = []
            run += group
            pieces.append(self._piece(group))
        if _marks(run):
            pieces.append(self._evidence(run))
        return ShownSection(section.id, section.heading, section.urgent, tuple(pieces))

    def _piece(self, group: list[Block]) -> Piece:
        first = group[0]
        if first.table:
            return Piece(
                "table", table=first.table, rows=_rows(first.table), refs=self._refs(first)
            )
        if first.points:
            claims = tuple(Claim(self.html(point), (), None) for point in first.points)
            return Piece("list", claims=claims, refs=self._refs(first))
        mixed = len(_marks(group)) > 1
        return Piece(
            "paragraph",
            claims=tuple(
                Claim(self.html(b.text), self._refs(b), b.evidence if mixed else None)
                for b in group
            ),
        )

    def _evidence(self, run: Iterable[Block]) -> Piece:
        days = [block.checked or self._article.checked for block in run if block.evidence]
        return Piece("evidence", marks=_marks(run), checked=min(days))

    def _refs(self, block: Block) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._order[cited.source] for cited in block.sources))


def _paragraphs(blocks: Iterable[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = []
    for block in blocks:
        if block.run_on:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _marks(blocks: Iterable[Block]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(block.evidence for block in blocks if block.evidence))


def _rows(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(_cell(cell) for cell in row) for row in table.rows)


def _cell(cell: Decimal | str) -> Cell:
    if isinstance(cell, str):
        return Cell(cell, "")
    return Cell(format(cell, "f"), format(cell, "f"))


def _numbering(article: Article) -> dict[str, int]:
    """Each source once, numbered in the order in which the article cites it."""
    order: dict[str, int] = {}
    for section in article.sections:
        for block in section.blocks:
            for cited in block.sources:
                order.setdefault(cited.source, len(order) + 1)
    return order


def _source(number: int, source: Source, article: Article) -> ShownSource:
    cited = [
        each
        for section in article.sections
        for block in section.blocks
        for each in block.sources
        if each.source == source.id
    ]
    return ShownSource(
        number=number,
        source=source,
        places=tuple(dict.fromkeys(each.at for each in cited)),
        link=_link(source),
        second_hand=all(each.grade.unverified for each in cited),
    )


def _link(source: Source) -> str:
    """Where a source can be read; empty where only its citation is known."""
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    url = source.url or ""
    if url.startswith("PMC"):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{url}/"
    return url if url.startswith("https://") else ""
