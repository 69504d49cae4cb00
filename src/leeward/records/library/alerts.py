"""Words of crisis, of an emergency and of dosing oneself, in any language and nearly spelt.

Nothing is missed for being misspelt; a false alarm costs a look at two telephone numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from leeward.content.kinds.lexicon import Alert, Lexicon

from .wording import sound, stem, tokens

LONGEST_HEARD = 1000
MOST_BETWEEN = 3
SHORTEST_MISSPELT = 4
LONG = 7


@dataclass(frozen=True, slots=True)
class Alarms:
    """What a question calls for before any answer.

    Attributes
    ----------
    crisis, emergency, dosing : bool
        Words of suicide or despair; of bodily danger; of dosing oneself.
    """

    crisis: bool
    emergency: bool
    dosing: bool


class Listener:
    """Hears the words of alarm of every language in a question of any."""

    def __init__(self, lexicons: Iterable[Lexicon], vocabulary: Iterable[str]) -> None:
        self._lexicons = tuple(lexicons)
        self._known = frozenset(vocabulary)

    def hear(self, question: str) -> Alarms:
        """Say what the question calls for.

        Parameters
        ----------
        question : str
            As it was typed; of a very long one, how it begins and how it ends.
        """
        if len(question) > 2 * LONGEST_HEARD:
            question = f"{question[:LONGEST_HEARD]} {question[-LONGEST_HEARD:]}"
        heard = dict.fromkeys(("crisis", "emergency", "dosing"), False)
        for lexicon in self._lexicons:
            said = tokens(question, lexicon.language)
            for name, already in heard.items():
                alert: Alert = getattr(lexicon, name)
                heard[name] = already or self._hears(said, alert, lexicon.language)
        return Alarms(**heard)

    def _hears(self, said: Sequence[str], alert: Alert, language: str) -> bool:
        said = _without(said, [_wanted(phrase, language) for phrase in alert.unless])
        never = set(alert.never)
        for word in alert.words:
            if any(t not in never and self._is(t, word, language) for t in said):
                return True
        joined = "".join(said)
        if any(len(word) > LONG and word.replace(" ", "") in joined for word in alert.words):
            return True
        return any(self._says(said, phrase, language) for phrase in alert.phrases)

    def _says(self, said: Sequence[str], phrase: str, language: str) -> bool:
        wanted = _wanted(phrase, language)
        return any(self._from(said, start, wanted, language) for start in range(len(said)))

    def _from(self, said: Sequence[str], start: int, wanted: Sequence[str], language: str) -> bool:
        """Whether the words follow one another from here, with few others between."""
        if not self._is(said[start], wanted[0], language):
            return False
        at = start
        for word in wanted[1:]:
            reach = range(at + 1, min(len(said), at + 2 + MOST_BETWEEN))
            found = next((i for i in reach if self._is(said[i], word, language)), None)
            if found is None:
                return False
            at = found
        return True

    def _is(self, token: str, wanted: str, language: str) -> bool:
        return _same_word(token, wanted, language, known=token in self._known)


@lru_cache(maxsize=200_000)
def _same_word(token: str, wanted: str, language: str, *, known: bool) -> bool:
    """Whether a word is the one of an alarm, in any form, or a slip for it if nobody knows it."""
    exactly = wanted.startswith("=")
    wanted = wanted.removeprefix("=")
    if token == wanted:
        return True
    if not exactly and stem(token, language) == stem(wanted, language):
        return True
    return not known and _nearly(token, wanted)


def _without(said: Sequence[str], sayings: Iterable[Sequence[str]]) -> list[str]:
    """The words without those of a saying that stand in it side by side."""
    left = list(said)
    for saying in sayings:
        for start in range(len(left) - len(saying), -1, -1):
            if left[start : start + len(saying)] == list(saying):
                del left[start : start + len(saying)]
    return left


def _wanted(phrase: str, language: str) -> tuple[str, ...]:
    return tuple(
        f"={token}" if word.startswith("=") else token
        for word in phrase.split()
        for token in tokens(word, language)
    )


def _nearly(token: str, wanted: str) -> bool:
    """Whether a word nobody knows is a slip for one of alarm."""
    if len(wanted) < SHORTEST_MISSPELT or len(token) < SHORTEST_MISSPELT - 1:
        return False
    if sound(token) == sound(wanted):
        return True
    allowed = 2 if len(wanted) >= LONG else 1
    return bool(OSA.distance(token, wanted, score_cutoff=allowed) <= allowed)
