"""A question as the words to look for: stop words out, slips mended, synonyms beside."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from leeward.content.kinds.lexicon import Lexicon

from .wording import sound, stem, tokens

MENDED = 0.85
SYNONYM = 0.75
SHORTEST_MENDED = 4
EMERGENCY_NUMBERS = frozenset({"911", "988", "112"})

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for, and everything that says it.

    Attributes
    ----------
    asked : str
        The words as they were typed.
    known : bool
        Whether any way of saying it stands in the library.
    ways : tuple of (Stems, weight)
        Each way of saying it: stems that stand together, and how well they say it [1].
    """

    asked: str
    known: bool
    ways: tuple[tuple[Stems, float], ...]

    def stems(self) -> set[str]:
        """Every stem that could say it."""
        return {key for way, _ in self.ways for key in way}


class Reader:
    """Reads questions in one language."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str], stems: Iterable[str]) -> None:
        self._language = lexicon.language
        self._stop = self._tokens_of(lexicon.stop)
        self._stop_stems = frozenset(stem(word, self._language) for word in self._stop)
        self._everywhere = self._tokens_of(lexicon.everywhere)
        self._stems = frozenset(stems)
        listed = self._tokens_of(phrase for group in lexicon.same for phrase in group)
        words = frozenset(vocabulary) | listed
        self.known = words | self._stop | self._tokens_of(lexicon.common)
        self._words = sorted(word for word in words if len(word) >= SHORTEST_MENDED)
        self._sounds: dict[str, str] = {}
        for word in self._words:
            self._sounds.setdefault(sound(word), word)
        self._groups = [[self._stemmed(phrase) for phrase in group] for group in lexicon.same]

        self._leads = [(s, [self._stemmed(p) for p in phrases]) for s, phrases in lexicon.leads]

    def _tokens_of(self, texts: Iterable[str]) -> frozenset[str]:
        return frozenset(token for text in texts for token in tokens(text, self._language))

    def _stemmed(self, phrase: str) -> Stems:
        return tuple(stem(token, self._language) for token in tokens(phrase, self._language))

    def read(self, question: str) -> tuple[Term, ...]:
        """Give the terms of a question.

        Parameters
        ----------
        question : str
            As it was typed.

        Returns
        -------
        tuple of Term
            Empty if it asks for nothing but what every article holds.
        """
        typed = self._typed(question)
        said = [self._mend(token) for token in typed]
        keys = [
            stem(word or token, self._language) for token, word in zip(typed, said, strict=True)
        ]
        terms, taken = [], set()
        for start, phrase, group in self._phrases(keys):
            places = set(range(start, start + len(phrase)))
            if not places & taken:
                taken |= places
                terms.append(self._of_group(" ".join(phrase), phrase, group, 1.0))
        for place, (token, word) in enumerate(zip(typed, said, strict=True)):
            if place not in taken and not self._says_nothing(token, word):
                terms.append(self._term(token, word))
        return tuple({term.ways: term for term in terms}.values())

    def leads(self, question: str) -> frozenset[str]:
        """Articles that the way of asking points to.

        Parameters
        ----------
        question : str
            As it was typed.
        """
        keys = self._stemmed(" ".join(self._mend(t) or t for t in self._typed(question)))
        return frozenset(
            slug
            for slug, phrases in self._leads
            if any(phrase in _runs(keys, len(phrase)) for phrase in phrases)
        )

    def _typed(self, question: str) -> list[str]:
        return tokens(question, self._language)

    def _says_nothing(self, token: str, word: str | None) -> bool:
        if token.isdigit() and token not in EMERGENCY_NUMBERS:
            return True
        if word is None and len(token) < SHORTEST_MENDED:
            return True
        return bool({token, word} & (self._stop | self._everywhere))

    def _mend(self, token: str) -> str | None:
        """The known word that this one is or stands for; None if there is none near."""
        if token in self.known or stem(token, self._language) in self._stems or token.isdigit():
            return token
        if len(token) < SHORTEST_MENDED:
            return None
        if same := self._sounds.get(sound(token)):
            return same
        allowed = max(1, len(token) // 4)
        near = process.extract(
            token, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=8
        )
        if not near:
            return None
        best = [word for word, distance, _ in near if distance == near[0][1]]
        return max(best, key=lambda word: JaroWinkler.similarity(token, word))

    def _phrases(self, keys: Sequence[str]) -> Iterator[tuple[int, Stems, int]]:
        """Phrases that a group of synonyms holds: where, which, and the group; longest first."""
        found = [
            (start, phrase, number)
            for number, group in enumerate(self._groups)
            for phrase in group
            if len(phrase) > 1
            for start in range(len(keys) - len(phrase) + 1)
            if tuple(keys[start : start + len(phrase)]) == phrase
        ]
        yield from sorted(found, key=lambda each: -len(each[1]))

    def _of_group(self, asked: str, way: Stems, number: int, weight: float) -> Term:
        ways = {self._telling(way): weight * self._kept(way)}
        for other in self._groups[number]:
            ways.setdefault(self._telling(other), weight * SYNONYM * self._kept(other))
        ways.pop((), None)
        return Term(asked, self._any_known(ways), tuple(ways.items()))

    def _term(self, token: str, word: str | None) -> Term:
        key = stem(word or token, self._language)
        weight = 1.0 if word == token else MENDED
        ways: dict[Stems, float] = {(key,): weight}
        for group in self._groups:
            if (key,) in group:
                for other in group:
                    ways.setdefault(self._telling(other), weight * SYNONYM * self._kept(other))
        ways.pop((), None)
        return Term(token, word is not None and self._any_known(ways), tuple(ways.items()))

    def _telling(self, way: Stems) -> Stems:
        """A way of saying something without its stop words."""
        return tuple(key for key in way if key not in self._stop_stems) if len(way) > 1 else way

    def _kept(self, way: Stems) -> float:
        """How much of a way of saying something is left without its stop words."""
        return math.sqrt(len(self._telling(way)) / len(way))

    def _any_known(self, ways: Iterable[Stems]) -> bool:
        return any(all(key in self._stems for key in way) for way in ways)


def _runs(keys: Stems, length: int) -> set[Stems]:
    return {keys[i : i + length] for i in range(len(keys) - length + 1)}
