"""Articles of the public library: every claim with its source, its day and its evidence."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from leeward.content.article import Article, Block, Cited, Section, Table
from leeward.content.article_words import links_in, wrong_markup
from leeward.content.digest import digest_of

from ._article_doc import EVIDENCE, LANGUAGES, TOPICS, ArticleDoc, ArticleSectionDoc, BlockDoc

__all__ = ["EVIDENCE", "LANGUAGES", "TOPICS", "Doc", "build"]

FOLDER = "library"
ATTRIBUTE = "articles"


class Doc(ArticleDoc):
    """One article in one language."""


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the related articles, and those that the words lead to, in the same language."""
    for slug in doc.related:
        yield "articles", f"{slug}.{doc.language}"
    for words in _all_words(doc):
        for slug, _ in links_in(words):
            yield "articles", f"{slug}.{doc.language}"


def cross_check(doc: Doc, documents: Mapping[str, Mapping[str, BaseModel]]) -> Iterator[str]:
    """Refuse wrong marks, links to no section, and languages that say different things."""
    for words in _all_words(doc):
        yield from wrong_markup(words)
        for slug, section in links_in(words):
            other = documents["articles"][f"{slug}.{doc.language}"]
            assert isinstance(other, Doc)
            if section and section not in {part.id for part in other.sections}:
                yield f"It leads to {slug}#{section}, and that article has no such section."
    for language in LANGUAGES:
        twin = documents["articles"].get(f"{doc.slug}.{language}")
        if twin is None:
            yield f"The article is missing in {language!r}: write {doc.slug}.{language}.yaml."
        elif language != doc.language:
            assert isinstance(twin, Doc)
            yield from _differences(doc, twin)


def _differences(doc: Doc, twin: Doc) -> Iterator[str]:
    """Yield what one language claims, or rests on, that the other does not."""
    for name in ("topic", "order", "related", "written", "checked", "recheck"):
        if getattr(doc, name) != getattr(twin, name):
            yield f"'{name}' differs from that of {twin.id}."
    ours, theirs = [s.id for s in doc.sections], [s.id for s in twin.sections]
    if ours != theirs:
        yield f"The sections differ from those of {twin.id}: {ours} here, {theirs} there."
        return
    for section, other in zip(doc.sections, twin.sections, strict=True):
        shapes = [_shape(block) for block in section.blocks]
        twins = [_shape(block) for block in other.blocks]
        if section.urgent != other.urgent or len(shapes) != len(twins):
            yield f"Section {section.id!r} has other blocks than in {twin.id}."
            continue
        for place, (mine, its) in enumerate(zip(shapes, twins, strict=True), start=1):
            if mine != its:
                yield (
                    f"Block {place} of section {section.id!r} rests on something else than in"
                    f" {twin.id}: kind, evidence, sources and audits must be the same."
                )


def _shape(block: BlockDoc) -> tuple[object, ...]:
    return (block.shape, block.run_on, block.evidence, block.sources, block.audits, block.checked)


def _all_words(doc: Doc) -> Iterator[str]:
    yield doc.summary
    yield from doc.in_short
    for section in doc.sections:
        for block in section.blocks:
            yield from [block.text] if block.text else block.points or ()


def build(doc: Doc) -> Article:
    """Make the article a value."""
    return Article(
        slug=doc.slug,
        language=doc.language,
        topic=doc.topic,
        order=doc.order,
        title=doc.title,
        summary=doc.summary,
        written=doc.written,
        checked=doc.checked,
        recheck=doc.recheck,
        in_short=doc.in_short,
        related=doc.related,
        words=doc.words,
        sections=tuple(_section(section) for section in doc.sections),
        digest=digest_of([("articles", doc.id, doc.model_dump(mode="json"))]),
    )


def _section(doc: ArticleSectionDoc) -> Section:
    blocks = tuple(_block(block) for block in doc.blocks)
    return Section(doc.id, doc.heading, doc.urgent, doc.words, blocks)


def _block(doc: BlockDoc) -> Block:
    table = doc.table
    return Block(
        text=doc.text or "",
        points=doc.points or (),
        table=Table(table.caption, table.columns, table.rows) if table else None,
        run_on=doc.run_on,
        evidence=doc.evidence,
        sources=tuple(Cited(source.id, source.at, source.grade) for source in doc.sources),
        audits=doc.audits,
        checked=doc.checked,
    )
