"""Says everything that is wrong with a content folder."""

from pathlib import Path

from .errors import Problem
from .loader import HOME
from .reading import read


def check(path: Path | None = None) -> list[Problem]:
    """Check a content folder.

    Parameters
    ----------
    path : Path, optional
        Folder with one subfolder for each kind; the shipped content by default.

    Returns
    -------
    list of Problem
        In order of file and line; empty if all is well.
    """
    return list(read((path or HOME).resolve()).problems)
