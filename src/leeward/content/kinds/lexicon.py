"""Words of one language that the public search must understand: stop words, synonyms, crisis."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, model_validator

from leeward.content.document import ContentDoc, Id, Part, Text
from leeward.content.duplicates import refuse_repeated
from leeward.content.errors import Mistake

FOLDER = "lexicon"
ATTRIBUTE = "lexicons"

Group = Annotated[tuple[Text, ...], Field(min_length=2)]


class AlertDoc(Part):
    """Words and phrases, the words of a phrase in order with few others between them.

    A word that begins with ``=`` must stand as it is written; the others in any of their forms
    and nearly spelt. What stands in `unless`, word beside word, is not heard.
    """

    words: tuple[Text, ...] = ()
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    never: tuple[Text, ...] = ()
    unless: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _once_each(self) -> "AlertDoc":
        refuse_repeated((*self.words, *self.phrases), "word or phrase")
        return self


class SafetyDoc(AlertDoc):
    """What is said of dosing oneself, and the article that answers it."""

    article: Id


class EverywhereDoc(Part):
    """Words that every article holds, and the article for a question that asks for no more."""

    words: tuple[Text, ...]
    article: Id


class LeadDoc(Part):
    """Ways of asking that hold no word of the article that answers them."""

    article: Id
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]


class Doc(ContentDoc):
    """The words of one language; the id is its code."""

    stop: tuple[Text, ...]
    everywhere: EverywhereDoc
    common: tuple[Text, ...] = ()
    same: tuple[Group, ...]
    leads: tuple[LeadDoc, ...] = ()
    crisis: AlertDoc
    emergency: AlertDoc
    dosing: SafetyDoc

    @model_validator(mode="after")
    def _is_a_language(self) -> "Doc":
        if self.id not in ("en", "es"):
            raise Mistake("The id of a lexicon is the code of its language: 'en' or 'es'.")
        refuse_repeated(self.stop, "stop word")
        for alert in (self.crisis, self.emergency, self.dosing):
            if any(" " in word for word in alert.words):
                raise Mistake("One of the 'words' has a space in it: write it among 'phrases'.")
        return self


@dataclass(frozen=True, slots=True)
class Alert:
    """Words and phrases that call for something before any answer.

    Attributes
    ----------
    words, phrases : tuple of str
        As in the file.
    never : tuple of str
        Words that look like one of `words` and are none.
    unless : tuple of str
        Sayings in which such words mean nothing of the kind.
    """

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    never: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    Attributes
    ----------
    stop : tuple of str
        Words that say nothing about what is asked.
    everywhere : tuple of str
        Words that every article holds; they count only where nothing else is asked.
    basic_article : str
        Address of the article for a question that asks for no more than those.
    common : tuple of str
        Plain words of the language that must not be taken for misspelt ones.
    same : tuple of tuple of str
        Words and phrases that mean the same here.
    leads : tuple of (article, phrases)
        Ways of asking that hold no word of the article that answers them.
    safety_article : str
        Address of the article that answers questions about dosing oneself.
    """

    language: str
    stop: tuple[str, ...]
    everywhere: tuple[str, ...]
    basic_article: str
    common: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    leads: tuple[tuple[str, tuple[str, ...]], ...]
    crisis: Alert
    emergency: Alert
    dosing: Alert
    safety_article: str


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the articles that the words lead to."""
    yield "articles", f"{doc.dosing.article}.{doc.id}"
    yield "articles", f"{doc.everywhere.article}.{doc.id}"
    for lead in doc.leads:
        yield "articles", f"{lead.article}.{doc.id}"


def build(doc: Doc) -> Lexicon:
    """Make the words a value."""
    return Lexicon(
        language=doc.id,
        stop=doc.stop,
        everywhere=doc.everywhere.words,
        basic_article=doc.everywhere.article,
        common=doc.common,
        same=doc.same,
        leads=tuple((lead.article, lead.phrases) for lead in doc.leads),
        crisis=_alert(doc.crisis),
        emergency=_alert(doc.emergency),
        dosing=_alert(doc.dosing),
        safety_article=doc.dosing.article,
    )


def _alert(doc: AlertDoc) -> Alert:
    return Alert(doc.words, doc.phrases, doc.never, doc.unless)
