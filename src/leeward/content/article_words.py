"""The three marks that words of an article may bear: bold, a link, an emergency number."""

import re
from collections.abc import Iterator

LINK = re.compile(r"\[([^\[\]]+)\]\(([a-z0-9-]+)(?:#([a-z0-9-]+))?\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
NUMBER = re.compile(r"\{(emergency|crisis)\}")
MARK = re.compile(rf"{BOLD.pattern}|{LINK.pattern}|{NUMBER.pattern}")


def links_in(words: str) -> Iterator[tuple[str, str | None]]:
    """Yield (slug, section or None) of every link."""
    for link in LINK.finditer(words):
        yield link[2], link[3]


def wrong_markup(words: str) -> Iterator[str]:
    """Yield what looks like a mark and is none."""
    rest = MARK.sub(" ", words)
    found = re.search(r"\*\*|[{}<>\[\]]|https?://", rest)
    if found:
        yield (
            f"{found[0]!r} near {rest[max(0, found.start() - 15) : found.end() + 15].strip()!r}:"
            " words may bear **bold**, [words](article) or [words](article#section),"
            " {emergency} and {crisis}, and nothing else."
        )


def plain(words: str, numbers: dict[str, str] | None = None) -> str:
    """Words without their marks; the emergency numbers written out where they are given."""
    words = LINK.sub(r"\1", BOLD.sub(r"\1", words))
    return NUMBER.sub(lambda found: (numbers or {}).get(found[1], ""), words)
