"""Which concepts a fact speaks of, and how surely."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from leeward.core.quantities.published import Grade

from .concepts import Concept, icd10cm_matches, undotted
from .facts import Coding, Fact, FactKind
from .reading import Mention, Sense, find_phrase, sense_at, words_of
from .systems import ALIASES, ICD9CM, ICD10CM, NAMED, READABLE, RXNORM

Phrase = tuple[str, ...]
_MEDICINES = frozenset({FactKind.MEDICATION, FactKind.ALLERGY})
SEEN_TEXTS = 20_000


class Surety(StrEnum):
    """How a fact was recognised.

    `CODE` is an exact listed code (or ICD-10-CM prefix). `NAME` is a listed name inside the
    display of a code we do not list, or inside a medicine's name. `TEXT` is free text only.
    """

    CODE = "code"
    NAME = "name"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Match:
    """One fact seen as one concept.

    Attributes
    ----------
    concept : str
        Id of the concept.
    fact : Fact
        The record.
    surety : Surety
        How it was recognised.
    sense : Sense
        What the record's words do with the name; always affirmed for a code.
    by : str
        The code or name that matched.
    ingredient : str
        For a class of drugs: which member.
    doubt : str
        Why a person should look again, or empty.
    unverified : bool
        True when the listed code is graded below `V`.
    """

    concept: str
    fact: Fact
    surety: Surety
    sense: Sense = Sense.AFFIRMED
    by: str = ""
    ingredient: str = ""
    doubt: str = ""
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    concept: Concept
    ingredient: str
    own_words: tuple[Phrase, ...]
    grade: Grade


class Recogniser:
    """An index over code lists; make one per content and keep it.

    Parameters
    ----------
    concepts : iterable of Concept
        Everything that rules name; each id once.

    Attributes
    ----------
    concepts : mapping of str to Concept
        The same, by id.
    kept : dict
        Answers to questions that nothing on record bears on, see `questions.Blanks`.
    """

    __slots__ = ("_exact", "_icd", "_masks", "_phrases", "_seen", "_spoken", "concepts", "kept")

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts: Mapping[str, Concept] = {concept.id: concept for concept in concepts}
        self._exact: dict[tuple[str, str], list[_Target]] = {}
        self._icd: dict[str, list[tuple[str, _Target]]] = {}
        self._phrases: dict[str, list[tuple[tuple[Phrase, ...], str, _Target]]] = {}
        self._masks: dict[str, tuple[Phrase, ...]] = {}
        self._seen: dict[str, tuple[tuple[_Target, Mention], ...]] = {}
        self._spoken: dict[object, tuple[Match, ...]] = {}
        self.kept: dict[object, tuple[object, object, Any]] = {}
        for concept in self.concepts.values():
            self._index(concept)

    def _index(self, concept: Concept) -> None:
        self._masks[concept.id] = tuple(words_of(phrase) for phrase in concept.not_names)
        for code in concept.codes:
            self._list(code.system, code.code, _Target(concept, "", (), code.grade))
        for name in concept.names:
            self._listen(name, _Target(concept, "", (), Grade.READ))
        for member in concept.ingredients:
            names = (member.name, *member.names)
            spoken = tuple(words_of(name) for name in names)
            for code in member.codes:
                target = _Target(concept, member.name, spoken, code.grade)
                self._list(code.system, code.code, target)
            for name in names:
                self._listen(name, _Target(concept, member.name, spoken, Grade.READ))

    def _list(self, system: str, code: str, target: _Target) -> None:
        if system == ICD10CM:
            self._icd.setdefault(code[:1], []).append((code, target))
        else:
            self._exact.setdefault((system, code), []).append(target)

    def _listen(self, name: str, target: _Target) -> None:
        parts = tuple(words_of(part) for part in name.split("+"))
        self._phrases.setdefault(parts[0][0], []).append((parts, name, target))

    def system_of(self, coding: Coding) -> str:
        """Give the canonical URI of a coding's system."""
        return ALIASES.get(coding.system, coding.system)

    def is_readable(self, fact: Fact) -> bool:
        """Say whether any coding of the fact is in a system whose codes are listed here."""
        return any(c.code and self.system_of(c) in READABLE for c in fact.codings)

    def recognise(self, fact: Fact) -> tuple[Match, ...]:
        """Find every concept a fact speaks of, each once, by the surest way.

        Parameters
        ----------
        fact : Fact
            One record.

        Returns
        -------
        tuple of Match
            Codes first; a name counts only for a concept that no code of the fact named.
        """
        key = (fact.kind in _MEDICINES, fact.codings, fact.text)
        if key not in self._spoken:
            if len(self._spoken) >= SEEN_TEXTS:
                self._spoken.clear()
            self._spoken[key] = tuple(self._speaks_of(fact))
        return tuple([_of(match, fact) for match in self._spoken[key]])

    def _speaks_of(self, fact: Fact) -> Iterable[Match]:
        found: dict[tuple[str, str], Match] = {}
        for coding in fact.codings:
            for match in self._by_code(fact, coding):
                found.setdefault((match.concept, match.ingredient), match)
        coded = {match.concept for match in found.values()}
        for match in self._by_name(fact):
            if match.ingredient or match.concept not in coded:
                found.setdefault((match.concept, match.ingredient), match)
        return found.values()

    def _by_code(self, fact: Fact, coding: Coding) -> Iterable[Match]:
        system = self.system_of(coding)
        for target in self._targets(system, coding.code):
            doubt = ""
            if target.own_words and coding.display and system == RXNORM:
                doubt = _disagreement(target, coding)
            yield Match(
                target.concept.id,
                fact,
                Surety.CODE,
                by=f"{coding.code} {coding.display}".strip(),
                ingredient=target.ingredient,
                doubt=doubt,
                unverified=target.grade.unverified,
            )

    def _targets(self, system: str, code: str) -> Iterable[_Target]:
        if system != ICD10CM:
            exact = undotted(code) if system == ICD9CM else code.strip()
            yield from self._exact.get((system, exact), ())
            return
        plain = undotted(code)
        for pattern, target in self._icd.get(plain[:1], ()):
            if icd10cm_matches(pattern, plain) and not any(
                icd10cm_matches(other, plain) for other in target.concept.excluding
            ):
                yield target

    def _by_name(self, fact: Fact) -> Iterable[Match]:
        named = any(c.code and self.system_of(c) in NAMED for c in fact.codings)
        medicine = fact.kind in _MEDICINES
        # A list of one's own often has words for codes: "Lorazepam" in a formulary.
        own = [c.code for c in fact.codings if self.system_of(c) not in NAMED and not c.display]
        texts = dict.fromkeys([fact.text, *(c.display for c in fact.codings), *own])
        for text in filter(None, texts):
            for target, mention in self._mentions(text):
                surety = Surety.NAME if named or medicine else Surety.TEXT
                yield Match(
                    target.concept.id,
                    fact,
                    surety,
                    sense=mention.sense,
                    by=mention.name,
                    ingredient=target.ingredient,
                    doubt=f"known by the name {mention.name!r}, not by a listed code: confirm",
                )

    def _mentions(self, text: str) -> tuple[tuple[_Target, Mention], ...]:
        if text not in self._seen:
            if len(self._seen) >= SEEN_TEXTS:
                self._seen.clear()
            self._seen[text] = tuple(self._search(text))
        return self._seen[text]

    def _search(self, text: str) -> Iterable[tuple[_Target, Mention]]:
        words = words_of(text)
        for first in dict.fromkeys(words):
            for parts, name, target in self._phrases.get(first, ()):
                masked = _mask(words, self._masks[target.concept.id])
                places = [find_phrase(masked, part) for part in parts]
                if places[0] is not None and None not in places:
                    yield target, Mention(name, sense_at(masked, places[0]))


def _of(match: Match, fact: Fact) -> Match:
    return Match(
        match.concept,
        fact,
        match.surety,
        match.sense,
        match.by,
        match.ingredient,
        match.doubt,
        match.unverified,
    )


def _mask(words: tuple[str, ...], phrases: tuple[Phrase, ...]) -> tuple[str, ...]:
    """Blank out phrases that contain a name but mean something else."""
    for phrase in phrases:
        while (start := find_phrase(words, phrase)) is not None:
            words = (*words[:start], *[""] * len(phrase), *words[start + len(phrase) :])
    return words


def _disagreement(target: _Target, coding: Coding) -> str:
    words = words_of(coding.display)
    if any(find_phrase(words, spoken) is not None for spoken in target.own_words):
        return ""
    return (
        f"code {coding.code} is {target.ingredient}, but the record calls it "
        f"{coding.display!r}: one of the two is wrong, confirm"
    )
