"""Refuses a name that stands twice in one list."""

from collections import Counter
from collections.abc import Iterable

from .errors import Mistake


def refuse_repeated(names: Iterable[str], what: str) -> None:
    """Raise `Mistake` naming every name that stands more than once.

    Parameters
    ----------
    names : iterable of str
        Names that must differ.
    what : str
        What they name, for the message.
    """
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if repeated:
        listed = ", ".join(repr(name) for name in repeated)
        raise Mistake(f"The {what} {listed} stands more than once; each needs a name of its own.")
