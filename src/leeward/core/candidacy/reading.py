"""Reading names in text: whole words, what masks them, and what turns their meaning round."""

import re
from dataclasses import dataclass
from enum import StrEnum

_WORD = re.compile(r"[^\W_]+(?:'s\b)?", re.UNICODE)

# Words before a name that turn its meaning round, and how far before it they reach.
_NEGATING_TEXT = """
    no; not; denies; denied; without; absence of; no history of; negative for; negative; rule out;
    ruled out; r o; no evidence of; free of; never; niega; sin; no antecedentes de
"""
_FAMILY_TEXT = """
    family history of; family history; fh; fhx; mother; father; brother; sister; maternal;
    paternal; parent; sibling; son; daughter; antecedentes familiares de
"""
_PAST_TEXT = """
    history of; h o; hx of; hx; past; previous; prior; personal history; status post; s p; old;
    former; resolved; antecedentes de; antecedente de
"""
_UNSURE_TEXT = """
    possible; probable; suspected; suspicion of; risk of; risk for; at risk; fear of; screening;
    screening for; screen for; evaluation for; query; questionable; monitoring for;
    counseling for; counseling about; education about; prevention of; vaccination for; posible
"""
# Words after a name that put it into the past; they may stand anywhere behind it.
_PAST_AFTER_TEXT = """
    in remission; in full remission; in partial remission; in sustained remission;
    in early remission; resolved; en remisión; resuelto; resuelta
"""
_REACH = 3


class Sense(StrEnum):
    """What a text does with a name it mentions."""

    AFFIRMED = "affirmed"
    PAST = "past"
    UNSURE = "unsure"
    FAMILY = "family"
    NEGATED = "negated"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text.

    Attributes
    ----------
    name : str
        The listed name that was found.
    sense : Sense
        Whether the text affirms it, denies it, or says it of a relative or of the past.
    """

    name: str
    sense: Sense


def _cues(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cue.split()) for cue in text.split(";"))


_NEGATING, _FAMILY = _cues(_NEGATING_TEXT), _cues(_FAMILY_TEXT)
_PAST, _UNSURE = _cues(_PAST_TEXT), _cues(_UNSURE_TEXT)
_PAST_AFTER = _cues(_PAST_AFTER_TEXT)


def words_of(text: str) -> tuple[str, ...]:
    """Split a text into lower-case words; punctuation and digits' units fall apart."""
    return tuple(word.removesuffix("'s") for word in _WORD.findall(text.lower().replace("’", "'")))


def find_phrase(words: tuple[str, ...], phrase: tuple[str, ...]) -> int | None:
    """Give the position of a phrase in a text, both as words; None if it is not there."""
    size = len(phrase)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == phrase:
            return start
    return None


def sense_at(words: tuple[str, ...], position: int) -> Sense:
    """Judge how the words shortly before a name, and those behind it, use it.

    Parameters
    ----------
    words : tuple of str
        The text, as `words_of` gives it.
    position : int
        Where the name begins.
    """
    before = words[max(0, position - _REACH - 2) : position]
    for sense, cues in (
        (Sense.FAMILY, _FAMILY),
        (Sense.NEGATED, _NEGATING),
        (Sense.UNSURE, _UNSURE),
        (Sense.PAST, _PAST),
    ):
        if any(_reaches(before, cue) for cue in cues):
            return sense
    behind = words[position:]
    if any(find_phrase(behind, cue) is not None for cue in _PAST_AFTER):
        return Sense.PAST
    return Sense.AFFIRMED


def _reaches(before: tuple[str, ...], cue: tuple[str, ...]) -> bool:
    start = find_phrase(before, cue)
    return start is not None and len(before) - (start + len(cue)) < _REACH
