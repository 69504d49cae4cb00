"""An article of the public library as a value, in one language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leeward.core.quantities.published import Grade


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of a claim: its id, the place in it, and how it was read."""

    source: str
    at: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Table:
    """Rows whose first cell names them; a number is out of 100."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Decimal | str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One claim and what it rests on.

    Attributes
    ----------
    text, points, table
        Exactly one of them says something.
    run_on : bool
        Whether it continues the paragraph of the block before.
    evidence : str or None
        ``strong``, ``label``, ``some``, ``little`` or ``practice``; None where nothing is claimed.
    audits : tuple of int
        Numbers of the audited claims that it states correctly.
    checked : date or None
        Day it was compared with its sources, if another than the article's.
    """

    text: str
    points: tuple[str, ...]
    table: Table | None
    run_on: bool
    evidence: str | None
    sources: tuple[Cited, ...]
    audits: tuple[int, ...]
    checked: date | None

    def sentences(self) -> tuple[str, ...]:
        """Running text of the block: its paragraph or its points; nothing of a table."""
        return (self.text,) if self.text else self.points


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its claims.

    Attributes
    ----------
    words : tuple of str
        Words people use that the text does not, for search alone.
    """

    id: str
    heading: str
    urgent: bool
    words: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article in one language.

    Attributes
    ----------
    slug, language : str
        Its address and its language.
    written, checked, recheck : date
        When it was written, last compared with its sources, and is to be compared again.
    digest : str
        SHA-256 [hex] of all it says and cites; a clinic's approval holds for one digest.
    """

    slug: str
    language: str
    topic: str
    order: int
    title: str
    summary: str
    written: date
    checked: date
    recheck: date
    in_short: tuple[str, ...]
    related: tuple[str, ...]
    words: tuple[str, ...]
    sections: tuple[Section, ...]
    digest: str
