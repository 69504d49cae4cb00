"""Which passages answer best: each word counts by how rare it is and where it stands (BM25F)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .passages import WEIGHTS, Passage
from .question import Stems, Term

SATURATION = 1.2
LENGTH_SHARE = 0.4
MOST_OF_ONE_ARTICLE = 2
# Of what is asked, this much must stand somewhere in the library for it to answer at all.
LEAST_KNOWN = 0.5
# How much of a passage's score comes from the subject of its article.
SUBJECT_SHARE = 0.35
# What it counts that the way of asking points to the article.
LED_SHARE = 0.4
SUBJECT_FIELDS = ("title", "topic")


class Ranking:
    """Ranks passages of one language."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._mean = sum(p.length for p in passages) / max(1, len(passages))
        self._rare = _rarities([{k for bag in p.bags.values() for k in bag} for p in passages])
        subjects = {p.article.slug: _subject(p) for p in passages}
        self._rare_subject = _rarities(list(subjects.values()))
        self._unknown = math.log(1 + len(passages))

    def best(
        self,
        passages: Iterable[Passage],
        terms: Sequence[Term],
        leads: frozenset[str],
        most: int,
    ) -> list[tuple[Passage, float]]:
        """Give the best passages with their share of the most there could be, best first.

        Parameters
        ----------
        passages : iterable of Passage
            Candidates.
        terms : sequence of Term
            The question.
        leads : frozenset of str
            Articles that the way of asking points to.
        most : int
            How many at most [1].

        Returns
        -------
        list of (Passage, float)
            Empty if too little of the question is to be found anywhere.
        """
        weights = [self._weight(term, self._rare) for term in terms]
        known = sum(w for term, w in zip(terms, weights, strict=True) if term.known)
        whole = sum(weights)
        if (not whole or known / whole < LEAST_KNOWN) and not leads:
            return []
        subject = [self._weight(term, self._rare_subject) for term in terms]
        scored = []
        for passage in passages:
            text = sum(w * self._fit(passage, t) for t, w in zip(terms, weights, strict=True))
            about = _subject(passage)
            named = sum(
                w * max(s * _named(about, way) for way, s in t.ways)
                for t, w in zip(terms, subject, strict=True)
            )
            score = (1 - SUBJECT_SHARE) * text / (whole or 1)
            score += SUBJECT_SHARE * named / (sum(subject) or 1)
            if leads:
                led = 1.0 if passage.article.slug in leads else 0.0
                score = (1 - LED_SHARE) * score + LED_SHARE * led
            scored.append((passage, score))
        scored.sort(key=lambda each: (-each[1], each[0].key))
        return _not_all_of_one(scored, most)

    def _weight(self, term: Term, rare: Mapping[str, float]) -> float:
        """How much a term tells: as much as its own words, or the commonest way of saying it."""
        if not term.known:
            return self._unknown
        own = term.ways[0][0]
        if all(key in rare for key in own):
            return max(rare[key] for key in own)
        said = [max(rare[k] for k in way) for way, _ in term.ways if all(k in rare for k in way)]
        return min(said, default=self._unknown)

    def _fit(self, passage: Passage, term: Term) -> float:
        """How well a passage meets a term, from 0 to 1 [1]."""
        return max(share * self._held(passage, way) for way, share in term.ways)

    def _held(self, passage: Passage, way: Stems) -> float:
        """A way of saying something counts as much as its words do on average, squared if torn."""
        size = 1 - LENGTH_SHARE + LENGTH_SHARE * passage.length / self._mean
        held = [_weighted(passage.bags, key, size) for key in way]
        met = sum(count / (SATURATION + count) for count in held) / len(way)
        return met if all(held) else met * met


def _subject(passage: Passage) -> set[str]:
    return {key for name in SUBJECT_FIELDS for key in passage.bags[name]}


def _named(about: set[str], way: Stems) -> float:
    return 1.0 if all(key in about for key in way) else 0.0


def _rarities(sets: Sequence[set[str]]) -> dict[str, float]:
    """How much each stem tells [1]: the rarer the more."""
    held = Counter(key for each in sets for key in each)
    return {key: math.log(1 + (len(sets) - n + 0.5) / (n + 0.5)) for key, n in held.items()}


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
    seen: Counter[str] = Counter()
    chosen = []
    for passage, score in scored:
        seen[passage.article.slug] += 1
        if seen[passage.article.slug] <= MOST_OF_ONE_ARTICLE:
            chosen.append((passage, score))
        if len(chosen) == most:
            break
    return chosen
