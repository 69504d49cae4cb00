"""The shipped rating scales, read without the rest of the content."""

from collections.abc import Mapping
from functools import lru_cache

from leeward.content.kind import all_kinds
from leeward.content.loader import HOME
from leeward.content.reading import read
from leeward.core.instruments import Instrument


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Instrument]:
    """Every shipped scale by id."""
    kinds = tuple(kind for kind in all_kinds() if kind.name in ("source", "instrument"))
    reading = read(HOME, kinds)
    assert reading.library is not None, "\n".join(map(str, reading.problems))
    return reading.library.instruments


def values_of(instrument: Instrument, *values: object) -> dict:
    """Answers to the questions of a scale, in order."""
    return dict(zip((item.link_id for item in instrument.items), values, strict=False))
