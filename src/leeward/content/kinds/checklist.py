"""Checklists: what is asked before the start on the day, and what the patient prepares at home."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, model_validator

from leeward.content.document import ContentDoc, Id, Part, StatementDoc, Text, WordsDoc
from leeward.content.duplicates import refuse_repeated
from leeward.content.errors import Mistake
from leeward.core.protocols.limits import Effect
from leeward.core.treatment.plan import CheckItem

FOLDER = "checklists"

Audience = Literal["staff", "patient"]


class ItemDoc(Part):
    """One question. Answers outside `passes_with` have the item's effect."""

    item: Id
    label: WordsDoc
    help: WordsDoc | None = None
    effect: Effect
    answers: tuple[Text, ...]
    passes_with: tuple[Text, ...]
    overridable: bool
    basis: StatementDoc | None = None

    @model_validator(mode="after")
    def _can_pass(self) -> "ItemDoc":
        if not self.passes_with or not set(self.passes_with) <= set(self.answers):
            raise Mistake("'passes_with' names at least one of the 'answers', and nothing else.")
        return self


class Doc(ContentDoc):
    """A checklist of one drug and route for one audience."""

    drug: Id
    route: Id
    audience: Audience
    title: WordsDoc
    items: tuple[ItemDoc, ...]

    @model_validator(mode="after")
    def _items_are_different(self) -> "Doc":
        refuse_repeated((item.item for item in self.items), "item")
        return self


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One question of a checklist.

    Attributes
    ----------
    item : str
        Stable id within the checklist.
    label, label_es, help, help_es : str
        The question and, where there is more to say, what it means.
    effect : Effect
        What an answer outside `passes_with` does: HOLD or DECISION.
    answers, passes_with : tuple of str
        Possible answers, and those that let the session go on.
    overridable : bool
        Whether a named person may go on without it, with a reason.
    basis, source : str, str or None
        Why it is asked, and on whose word; nothing where it is plain housekeeping.
    unverified : bool
        Whether that must be shown as unverified.
    """

    item: str
    label: str
    label_es: str
    help: str
    help_es: str
    effect: Effect
    answers: tuple[str, ...]
    passes_with: tuple[str, ...]
    overridable: bool
    basis: str
    source: str | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist of one drug and route for one audience."""

    id: str
    drug: str
    route: str
    audience: str
    title: str
    title_es: str
    items: tuple[ChecklistItem, ...]

    def check_items(self) -> tuple[CheckItem, ...]:
        """The items as a session's monitoring plan takes them."""
        return tuple(CheckItem(i.item, i.label, i.passes_with, i.overridable) for i in self.items)


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug and the route."""
    yield "drugs", doc.drug
    yield "routes", doc.route


def cross_check(doc: Doc, documents: Mapping[str, Mapping[str, BaseModel]]) -> Iterator[str]:
    """Refuse a second checklist for the same drug, route and audience."""
    for other in documents["checklists"].values():
        assert isinstance(other, Doc)
        same = (other.drug, other.route, other.audience) == (doc.drug, doc.route, doc.audience)
        if same and other.id != doc.id:
            yield f"{other.id} is already the {doc.audience} checklist of this drug and route."


def build(doc: Doc) -> Checklist:
    """Make the checklist a value."""
    items = tuple(
        ChecklistItem(
            item=item.item,
            label=item.label.en,
            label_es=item.label.es,
            help=item.help.en if item.help else "",
            help_es=item.help.es if item.help else "",
            effect=item.effect,
            answers=item.answers,
            passes_with=item.passes_with,
            overridable=item.overridable,
            basis=item.basis.text if item.basis else "",
            source=item.basis.source.id if item.basis else None,
            unverified=bool(item.basis and item.basis.grade.unverified),
        )
        for item in doc.items
    )
    title = doc.title
    return Checklist(doc.id, doc.drug, doc.route, doc.audience, title.en, title.es, items)
