"""A question as the words to look for: stop words out, slips mended, synonyms beside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from leeward.content.kinds.lexicon import Lexicon

from .wording import sound, stem, tokens

MENDED = 0.85
SYNONYM = 0.7
PHRASE_SYNONYM = 0.8
SHORTEST_MENDED = 4


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for.

    Attributes
    ----------
    asked : str
        The word as it was typed.
    known : bool
        Whether it, or what it was mended to, stands anywhere in the library.
    stems : mapping as tuple of (stem, weight)
        What to look for in its place, the word itself at 1 [1].
    phrase : bool
        Whether it was understood from several words together.
    """

    asked: str
    known: bool
    stems: tuple[tuple[str, float], ...]
    phrase: bool = False


class Reader:
    """Reads questions in one language."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str], stems: Iterable[str]) -> None:
        self._language = lexicon.language
        self._stop = {t for word in lexicon.stop for t in tokens(word, self._language)}
        self._everywhere = {t for word in lexicon.everywhere for t in tokens(word, self._language)}
        self._stems = frozenset(stems)
        words = {t for group in lexicon.same for phrase in group for t in self._tokens(phrase)}
        common = {t for word in lexicon.common for t in self._tokens(word)}
        self.known = frozenset(vocabulary) | words | self._stop | common
        self._words = sorted(w for w in frozenset(vocabulary) | words if len(w) >= SHORTEST_MENDED)
        self._sounds: dict[str, str] = {}
        for word in self._words:
            self._sounds.setdefault(sound(word), word)
        self._groups = [[tuple(self._tokens(p)) for p in group] for group in lexicon.same]

    def _tokens(self, text: str) -> list[str]:
        return tokens(text, self._language)

    def _stem(self, token: str) -> str:
        return stem(token, self._language)

    def read(self, question: str) -> tuple[Term, ...]:
        """Give the terms of a question, in the order in which they stand."""
        mended = [(token, self._mend(token)) for token in self._tokens(question)]
        said = [word or token for token, word in mended]
        terms, taken = [], set()
        for phrase, group in self._phrases(said):
            terms.append(self._of_phrase(phrase, group))
            taken.update(phrase)
        left = [each for each in mended if not {each[0], each[1]} & (taken | self._stop)]
        told = [each for each in left if not {each[0], each[1]} & self._everywhere]
        # "What is ketamine therapy" asks for nothing else than what every article holds.
        for token, word in told if terms or told else left:
            terms.append(self._term(token, word))
        return tuple({term.stems: term for term in terms}.values())

    def _mend(self, token: str) -> str | None:
        """The known word that an unknown one stands for; None if it is itself known or hopeless."""
        if token in self.known or self._stem(token) in self._stems or token.isdigit():
            return token
        if len(token) < SHORTEST_MENDED:
            return None
        same = self._sounds.get(sound(token))
        if same is not None:
            return same
        allowed = 1 if len(token) < 6 else 2 if len(token) < 10 else 3
        near = process.extract(
            token, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=5
        )
        if not near:
            return None
        least = near[0][1]
        best = [word for word, distance, _ in near if distance == least]
        return max(best, key=lambda word: JaroWinkler.similarity(token, word))

    def _phrases(self, said: Sequence[str]) -> Iterable[tuple[tuple[str, ...], int]]:
        """Phrases of several words that a group of synonyms holds, and the group."""
        stems = [self._stem(token) for token in said]
        for number, group in enumerate(self._groups):
            for phrase in group:
                if len(phrase) > 1 and _stands(stems, [self._stem(p) for p in phrase]):
                    yield phrase, number
                    break

    def _of_phrase(self, phrase: tuple[str, ...], number: int) -> Term:
        weights: dict[str, float] = {}
        for other in self._groups[number]:
            for token in other:
                if token not in self._stop:
                    weight = 1.0 if other == phrase else PHRASE_SYNONYM
                    if len(other) > 1 and other != phrase:
                        weight *= 0.6
                    key = self._stem(token)
                    weights[key] = max(weight, weights.get(key, 0))
        return Term(" ".join(phrase), True, tuple(weights.items()), phrase=True)

    def _term(self, token: str, word: str | None) -> Term:
        if word is None:
            return Term(token, False, ((self._stem(token), 1.0),))
        base = 1.0 if word == token else MENDED
        weights = {self._stem(word): base}
        for group in self._groups:
            if any(len(p) == 1 and self._stem(p[0]) == self._stem(word) for p in group):
                for other in group:
                    share = SYNONYM if len(other) == 1 else SYNONYM * 0.5
                    for each in other:
                        if each not in self._stop:
                            key = self._stem(each)
                            weights[key] = max(base * share, weights.get(key, 0))
        known = any(key in self._stems for key in weights)
        return Term(token, known, tuple(weights.items()))


def _stands(said: Sequence[str], phrase: Sequence[str]) -> bool:
    length = len(phrase)
    return any(list(said[i : i + length]) == list(phrase) for i in range(len(said) - length + 1))
