"""From what people type to the tokens that are compared: one way for pages and questions."""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

LANGUAGES = ("en", "es")
LONGEST_QUESTION = 500

_STEMMERS = {
    "en": snowballstemmer.stemmer("english"),
    "es": snowballstemmer.stemmer("spanish"),
}
# A stemmer keeps the word it works on, so threads take turns.
_ALONE = Lock()
_APOSTROPHES = re.compile("['’`´ʼ]")
_SELF = re.compile(r"\b(my|your|him|her|our|them)(?:self|selves)\b|\b(my) self\b")
_LONG_RUN = re.compile(r"(\w)\1{2,}")
_TOKEN = re.compile(r"[a-z0-9]+")
_ENCLITIC = re.compile(r"^([a-z]{2,}[aei]r)(me|se|te|nos|lo|la|los|las)$")


def normal(text: str) -> str:
    """Lower case without accents or apostrophes; a letter stretched out is said twice."""
    text = _APOSTROPHES.sub("", text.casefold())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = _LONG_RUN.sub(r"\1\1", bare)
    return _SELF.sub(lambda found: f"{found[1] or found[2]} self", bare)


def tokens(text: str, language: str) -> list[str]:
    """The words of a text, with Spanish pronouns set apart from their verb: `matar me`."""
    found = _TOKEN.findall(normal(text))
    if language != "es":
        return found
    return [part for token in found for part in _apart(token)]


def _apart(token: str) -> tuple[str, ...]:
    found = _ENCLITIC.match(token)
    return (found[1], found[2]) if found else (token,)


@lru_cache(maxsize=20_000)
def stem(token: str, language: str) -> str:
    """The part of a word that its forms share."""
    with _ALONE:
        return str(_STEMMERS[language].stemWord(token))


_SOUNDS = (
    (re.compile("ph"), "f"), (re.compile("h"), ""), (re.compile("qu|q|ck|c(?=[^eiy]|$)"), "k"),
    (re.compile("c|z|x"), "s"), (re.compile("v|w"), "b"), (re.compile("ll|y"), "i"),
    (re.compile("j|g(?=[ei])"), "g"), (re.compile("gu(?=[ei])"), "g"),
    (re.compile("n(?=[bp])"), "m"),
    (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def sound(token: str) -> str:
    """Roughly how a word sounds: `enbarazada` and `embarazada` give the same."""
    for pattern, letter in _SOUNDS:
        token = pattern.sub(letter, token)
    return token
