"""Asking the library: alarms first, then the passages that answer, or an honest nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from leeward.content.article import Article
from leeward.content.kinds.lexicon import Lexicon

from .alerts import Alarms, Listener
from .passages import Passage, cut
from .question import Reader
from .ranking import Ranking
from .store_sqlite import SqliteStore
from .wording import LANGUAGES, LONGEST_QUESTION, tokens

MOST_CANDIDATES = 80
MOST_ANSWERS = 5
LEAST_SCORE = 0.2
# A passage that meets much less of the question than the best one is left out.
SHARE_OF_BEST = 0.4
BASIC_ANSWERS = 3


class Store(Protocol):
    """Where candidates come from."""

    def candidates(self, stems: Sequence[str], language: str, most: int) -> list[str]:
        """Keys of the passages that hold any of the stems, the likeliest first."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that answers.

    Attributes
    ----------
    score : float
        Share of the question that it meets, from 0 to 1 [1].
    stems : frozenset of str
        The stems that were looked for, so that a page can mark them.
    """

    passage: Passage
    score: float
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question; it writes no words of its own."""

    question: str
    language: str
    alarms: Alarms
    found: tuple[Found, ...]


class Search:
    """The library of every language, ready to be asked. Safe to share between threads."""

    def __init__(
        self,
        articles: Iterable[Article],
        lexicons: Mapping[str, Lexicon],
        store: Store | None = None,
    ) -> None:
        self._passages = {p.key: p for p in cut(articles)}
        self._lexicons = lexicons
        every = tuple(self._passages.values())
        self._store = store or SqliteStore(every)
        words = {name: _words(every, name) for name in LANGUAGES}
        known = set().union(
            *words.values(), *(_plain_words(lexicon) for lexicon in lexicons.values())
        )
        self._listener = Listener(lexicons.values(), known)
        self._readers = {
            name: Reader(lexicon, words[name], _stems(every, name))
            for name, lexicon in lexicons.items()
        }
        self._rankings = {
            name: Ranking([p for p in every if p.article.language == name]) for name in lexicons
        }

    def ask(self, question: str, language: str, most: int = MOST_ANSWERS) -> Answer:
        """Answer a question with passages of the library.

        Parameters
        ----------
        question : str
            As it was typed; what goes beyond `LONGEST_QUESTION` letters is heard for alarm only.
        language : str
            ``en`` or ``es``.
        most : int
            How many passages at most [1].

        Returns
        -------
        Answer
        """
        alarms = self._listener.hear(question)
        found = self._find(question[:LONGEST_QUESTION], language, most)
        if alarms.dosing:
            found = self._safety_first(found, language, most)
        return Answer(question, language, alarms, tuple(found))

    def hear(self, words: str) -> Alarms:
        """Words of alarm in anything that somebody wrote.

        Parameters
        ----------
        words : str
            As they were typed.
        """
        return self._listener.hear(words)

    def language_of(self, question: str) -> str:
        """The language whose words a question has more of; English if neither."""
        said = set(tokens(question[:LONGEST_QUESTION], "en"))
        known = {name: len(said & reader.known) for name, reader in self._readers.items()}
        return max(sorted(known), key=lambda name: known[name], default="en")

    def _find(self, question: str, language: str, most: int) -> list[Found]:
        reader = self._readers[language]
        terms, leads = reader.read(question), reader.leads(question)
        if not terms and not leads:
            return self._basics(question, language, most)
        stems = frozenset(key for term in terms for key in term.stems())
        keys = self._store.candidates(sorted(stems), language, MOST_CANDIDATES)
        pointed = [k for k, p in self._passages.items() if p.article.slug in leads]
        candidates = [self._passages[k] for k in {**dict.fromkeys(keys), **dict.fromkeys(pointed)}]
        candidates = [p for p in candidates if p.article.language == language]
        ranked = self._rankings[language].best(candidates, terms, leads, most)
        least = max(LEAST_SCORE, SHARE_OF_BEST * ranked[0][1]) if ranked else 0.0
        return [Found(p, score, stems) for p, score in ranked if score >= least]

    def _basics(self, question: str, language: str, most: int) -> list[Found]:
        """What ketamine is, for a question that names it and no more."""
        lexicon = self._lexicons[language]
        if not set(tokens(question, language)) & set(lexicon.everywhere):
            return []
        own = [p for p in self._passages.values() if _is_of(p, lexicon.basic_article, language)]
        return [Found(p, 1.0, frozenset()) for p in own[: min(most, BASIC_ANSWERS)]]

    def _safety_first(self, found: list[Found], language: str, most: int) -> list[Found]:
        """Put the safety page before all else: nobody is told a dose here."""
        slug = self._lexicons[language].safety_article
        own = [each for each in found if each.passage.article.slug == slug]
        if not own:
            first = next(p for p in self._passages.values() if _is_of(p, slug, language))
            own = [Found(first, 1.0, frozenset())]
        rest = [each for each in found if each.passage.article.slug != slug]
        top = [Found(each.passage, 1.0, each.stems) for each in own[:2]]
        return (top + rest)[:most]


def _is_of(passage: Passage, slug: str, language: str) -> bool:
    return passage.article.slug == slug and passage.article.language == language


def _words(passages: Iterable[Passage], language: str) -> set[str]:
    """Every word of the library in a language, as it is written."""
    found: set[str] = set()
    for passage in passages:
        if passage.article.language == language:
            article, section = passage.article, passage.section
            texts = [
                article.title, article.summary, *article.words, section.heading, *section.words,
                passage.text({}),
            ]  # fmt: skip
            for text in texts:
                found.update(tokens(text, language))
    return found


def _plain_words(lexicon: Lexicon) -> set[str]:
    listed = (*lexicon.stop, *lexicon.common, *(p for group in lexicon.same for p in group))
    return {token for text in listed for token in tokens(text, lexicon.language)}


def _stems(passages: Iterable[Passage], language: str) -> set[str]:
    return {
        key
        for passage in passages
        if passage.article.language == language
        for bag in passage.bags.values()
        for key in bag
    }
