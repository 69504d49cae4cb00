"""How an article of the library stands in its file: one claim a block, with what it rests on."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from leeward.content.document import ContentDoc, GradeMark, Part, SourceDoc, Text
from leeward.content.duplicates import refuse_repeated
from leeward.content.errors import Mistake

TOPICS = ("basics", "mind", "pain", "fit", "visit", "safety", "practical")
EVIDENCE = ("strong", "label", "some", "little", "practice")
LANGUAGES = ("en", "es")
AUDITED_CLAIMS = 25

Topic = Literal["basics", "mind", "pain", "fit", "visit", "safety", "practical"]
Evidence = Literal["strong", "label", "some", "little", "practice"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Audit = Annotated[int, Field(ge=1, le=AUDITED_CLAIMS)]


def _cell(raw: object) -> object:
    return Decimal(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


Cell = Annotated[Decimal | Text, BeforeValidator(_cell)]


class CitedDoc(SourceDoc):
    """Where a claim was read, and how."""

    grade: GradeMark


class TableDoc(Part):
    """A table: the first cell of a row names it, the others are words or numbers out of 100."""

    caption: Text
    columns: tuple[Text, ...] = Field(min_length=2, max_length=4)
    rows: tuple[tuple[Cell, ...], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_square(self) -> "TableDoc":
        for row in self.rows:
            if len(row) != len(self.columns):
                raise Mistake(
                    f"The row {str(row[0])!r} has {len(row)} cells and the table"
                    f" {len(self.columns)} columns."
                )
            if any(isinstance(cell, Decimal) and not 0 <= cell <= 100 for cell in row):
                raise Mistake(f"The row {str(row[0])!r} has a number that is not out of 100.")
        return self


class BlockDoc(Part):
    """One claim: a paragraph, a list or a table; or words that claim nothing."""

    text: Text | None = None
    points: tuple[Text, ...] | None = Field(None, min_length=1)
    table: TableDoc | None = None
    run_on: bool = False
    no_claim: bool = False
    evidence: Evidence | None = None
    sources: tuple[CitedDoc, ...] = ()
    audits: tuple[Audit, ...] = ()
    checked: date | None = None

    @property
    def shape(self) -> str:
        """Which of the three it is."""
        return "text" if self.text else "points" if self.points else "table"

    @model_validator(mode="after")
    def _is_one_thing(self) -> "BlockDoc":
        if sum(part is not None for part in (self.text, self.points, self.table)) != 1:
            raise Mistake("A block is one claim: write one of 'text', 'points' or 'table'.")
        if self.run_on and not self.text:
            raise Mistake("Only a 'text' can run on in the paragraph before it.")
        return self

    @model_validator(mode="after")
    def _says_what_it_rests_on(self) -> "BlockDoc":
        if self.no_claim and (self.evidence or self.sources or self.audits):
            raise Mistake("A block with 'no_claim' states no fact, so it has nothing to cite.")
        if not self.no_claim and not (self.evidence and self.sources):
            raise Mistake(
                "A claim needs 'evidence' and 'sources'. If the block states no fact (kindness,"
                " directions), write 'no_claim: true'."
            )
        return self


class ArticleSectionDoc(Part):
    """A heading and its claims: one question answered."""

    id: Slug
    heading: Text
    urgent: bool = False
    words: tuple[Text, ...] = ()
    blocks: tuple[BlockDoc, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _runs_on_from_something(self) -> "ArticleSectionDoc":
        before: BlockDoc | None = None
        for block in self.blocks:
            if block.run_on and (before is None or before.shape != "text"):
                raise Mistake("The first block, or one after a list or table, cannot run on.")
            before = block
        return self


class ArticleDoc(ContentDoc):
    """One article in one language; the id is ``<slug>.<language>``."""

    topic: Topic
    order: int
    title: Text
    summary: Text
    written: date
    checked: date
    recheck: date
    in_short: tuple[Text, ...] = Field(min_length=2, max_length=7)
    related: tuple[Slug, ...] = Field((), max_length=5)
    words: tuple[Text, ...] = ()
    sections: tuple[ArticleSectionDoc, ...] = Field(min_length=1)

    @property
    def slug(self) -> str:
        """Address of the article, the same in every language."""
        return self.id.rpartition(".")[0]

    @property
    def language(self) -> str:
        """Code of its language."""
        return self.id.rpartition(".")[2]

    @model_validator(mode="after")
    def _is_named_for_its_language(self) -> "ArticleDoc":
        if not self.slug or self.language not in LANGUAGES:
            raise Mistake(
                f"The id {self.id!r} must be the address, a dot and the language:"
                " 'after-care.en' or 'after-care.es'."
            )
        refuse_repeated((section.id for section in self.sections), "section")
        return self

    @model_validator(mode="after")
    def _is_checked_again(self) -> "ArticleDoc":
        if not self.written <= self.checked < self.recheck:
            raise Mistake("The days must follow one another: 'written', 'checked', 'recheck'.")
        return self
