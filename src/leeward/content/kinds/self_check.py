"""The public self-check: plain questions whose answers are answers to candidacy rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from leeward.content.document import ContentDoc, Id, Part, WordsDoc
from leeward.content.duplicates import refuse_repeated
from leeward.content.errors import Mistake

FOLDER = "self_check"
ATTRIBUTE = "self_checks"

Help = Literal["crisis", "medical"]


class ChoiceDoc(Part):
    """One answer, and what it says of which rules."""

    id: Id
    label: WordsDoc
    holds: tuple[Id, ...] = ()
    lacks: tuple[Id, ...] = ()
    age_years: int | None = Field(None, ge=0, le=120)
    help_now: Help | None = None
    article: Id | None = None


class QuestionDoc(Part):
    """One page. `several` lets more than one answer be ticked; what is not ticked is a no."""

    id: Id
    text: WordsDoc
    hint: WordsDoc | None = None
    several: bool = False
    choices: tuple[ChoiceDoc, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_answered(self) -> "QuestionDoc":
        refuse_repeated((choice.id for choice in self.choices), "choice")
        if {"unsure", "none"} & {choice.id for choice in self.choices}:
            raise Mistake("'unsure' and 'none' are offered by the page itself; take them out.")
        return self


class Doc(ContentDoc):
    """The questions in the order in which they are asked."""

    questions: tuple[QuestionDoc, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _asks_once(self) -> "Doc":
        refuse_repeated((question.id for question in self.questions), "question")
        return self


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer.

    Attributes
    ----------
    holds, lacks : tuple of str
        Rules of which it says that they hold, or that they do not.
    age_years : int or None
        An age that stands for the band it names [a].
    help_now : str or None
        ``crisis`` or ``medical`` where it calls for help before anything else.
    article : str
        Address of an article about it; empty if none.
    """

    id: str
    label: str
    label_es: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...]
    age_years: int | None
    help_now: str | None
    article: str


@dataclass(frozen=True, slots=True)
class Question:
    """One page of the self-check."""

    id: str
    text: str
    text_es: str
    hint: str
    hint_es: str
    several: bool
    choices: tuple[Choice, ...]

    def rules(self) -> tuple[str, ...]:
        """Every rule that an answer to it speaks of."""
        return tuple(dict.fromkeys(r for c in self.choices for r in (*c.holds, *c.lacks)))


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The questions in the order in which they are asked."""

    id: str
    questions: tuple[Question, ...]


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the rules that answers speak of, and the articles they lead to."""
    for question in doc.questions:
        for choice in question.choices:
            for rule in (*choice.holds, *choice.lacks):
                yield "rules", rule
            if choice.article:
                yield "articles", f"{choice.article}.en"


def build(doc: Doc) -> SelfCheck:
    """Make the questions values."""
    return SelfCheck(doc.id, tuple(_question(question) for question in doc.questions))


def _question(doc: QuestionDoc) -> Question:
    return Question(
        id=doc.id,
        text=doc.text.en,
        text_es=doc.text.es,
        hint=doc.hint.en if doc.hint else "",
        hint_es=doc.hint.es if doc.hint else "",
        several=doc.several,
        choices=tuple(_choice(choice) for choice in doc.choices),
    )


def _choice(doc: ChoiceDoc) -> Choice:
    return Choice(
        id=doc.id,
        label=doc.label.en,
        label_es=doc.label.es,
        holds=doc.holds,
        lacks=doc.lacks,
        age_years=doc.age_years,
        help_now=doc.help_now,
        article=doc.article or "",
    )
