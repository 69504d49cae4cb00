"""The way to the content: read once, kept for the life of the process."""

from functools import lru_cache
from pathlib import Path

from .errors import ContentError
from .library import ContentLibrary
from .reading import read

HOME = Path(__file__).parent


def load(path: Path | None = None) -> ContentLibrary:
    """Load content, once for each process and folder.

    Parameters
    ----------
    path : Path, optional
        Folder with one subfolder for each kind; the shipped content by default.

    Returns
    -------
    ContentLibrary

    Raises
    ------
    ContentError
        If anything in it makes it unfit for use; it carries every problem found.
    """
    return _load((path or HOME).resolve())


@lru_cache(maxsize=8)
def _load(root: Path) -> ContentLibrary:
    reading = read(root)
    if reading.library is None:
        raise ContentError(root, tuple(p for p in reading.problems if not p.housekeeping))
    return reading.library
