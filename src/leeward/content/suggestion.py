"""The nearest known word to a mistyped one, for error messages."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        What would have been understood.

    Returns
    -------
    str
        ``"Did you mean 'x'?"``, or the known words if none is near and they are few.
    """
    choices = sorted(known)
    close = get_close_matches(word, choices, n=2, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(repr(choice) for choice in close) + "?"
    if choices and len(choices) <= 12:
        return "Known: " + ", ".join(choices) + "."
    return f"None of the {len(choices)} known ones is close."
