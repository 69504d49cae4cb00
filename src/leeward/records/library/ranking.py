"""Which passages answer best: each word counts by how rare it is and where it stands (BM25F)."""

import math
from collections.abc import Iterable, Mapping, Sequence

from .passages import WEIGHTS, Passage
from .question import Term

SATURATION = 1.2
LENGTH_SHARE = 0.4
MOST_OF_ONE_ARTICLE = 2
UNKNOWN_SHARE = 0.45


class Ranking:
    """Ranks passages of one language."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._count = len(passages)
        self._mean = sum(p.length for p in passages) / max(1, len(passages))
        self._in: dict[str, int] = {}
        for passage in passages:
            for key in {key for bag in passage.bags.values() for key in bag}:
                self._in[key] = self._in.get(key, 0) + 1

    def rarity(self, key: str) -> float:
        """How much a stem tells [1]: the rarer the more."""
        held = self._in.get(key, 0)
        return math.log(1 + (self._count - held + 0.5) / (held + 0.5))

    def best(
        self, passages: Iterable[Passage], terms: Sequence[Term], most: int
    ) -> list[tuple[Passage, float]]:
        """Give the best passages with their share of the most there could be, best first.

        Parameters
        ----------
        passages : iterable of Passage
            Candidates.
        terms : sequence of Term
            The question.
        most : int
            How many at most [1].

        Returns
        -------
        list of (Passage, float)
            Empty if too little of the question is to be found anywhere.
        """
        weight = {term: self._weight(term) for term in terms}
        whole = sum(weight.values())
        if not whole or not any(term.known for term in terms):
            return []
        known = sum(w for term, w in weight.items() if term.known)
        if known / whole < UNKNOWN_SHARE:
            return []
        scored = [(p, sum(w * self._fit(p, t) for t, w in weight.items())) for p in passages]
        scored = [(p, score / whole) for p, score in scored if score > 0]
        scored.sort(key=lambda each: (-each[1], each[0].key))
        return _not_all_of_one(scored, most)

    def _weight(self, term: Term) -> float:
        rarities = [self.rarity(key) for key, share in term.stems if share >= 0.8]
        known = [r for (key, _), r in zip(term.stems, rarities, strict=False) if key in self._in]
        return min(known) if known else max(rarities, default=1.0)

    def _fit(self, passage: Passage, term: Term) -> float:
        """How well a passage meets a term, from 0 to about 1 [1]."""
        return max(share * self._held(passage, key) for key, share in term.stems)

    def _held(self, passage: Passage, key: str) -> float:
        size = 1 - LENGTH_SHARE + LENGTH_SHARE * passage.length / self._mean
        count = _weighted(passage.bags, key, size)
        return count / (SATURATION + count)


def _weighted(bags: Mapping[str, Mapping[str, int]], key: str, size: float) -> float:
    held = 0.0
    for name, weight in WEIGHTS.items():
        count = bags[name].get(key, 0)
        if count:
            held += weight * count / size if name == "text" else weight * min(count, 2)
    return held


def _not_all_of_one(
    scored: Sequence[tuple[Passage, float]], most: int
) -> list[tuple[Passage, float]]:
    """Best first, with no more than a few from one article."""
    seen: dict[str, int] = {}
    chosen = []
    for passage, score in scored:
        slug = passage.article.slug
        seen[slug] = seen.get(slug, 0) + 1
        if seen[slug] <= MOST_OF_ONE_ARTICLE:
            chosen.append((passage, score))
        if len(chosen) == most:
            break
    return chosen
