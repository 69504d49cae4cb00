"""What has to wait for a later file: kept on disk, so that its number does not matter."""

import pickle
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from leeward.usecases.imported import Imported

from .reader import Found

IN_MEMORY = 4 * 1024 * 1024
Waiting = Found | Imported


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


@dataclass(slots=True, weakref_slot=True)
class Later:
    """Resources put off until everything has been seen once."""

    _file: IO[bytes] = field(default_factory=_spool)
    count: int = 0

    def __post_init__(self) -> None:
        weakref.finalize(self, self._file.close)

    def put_off(self, waiting: Waiting) -> None:
        """Keep one for later."""
        self._file.seek(0, 2)
        pickle.dump(waiting, self._file)
        self.count += 1

    def take_up(self) -> Iterator[Waiting]:
        """Give each of them back, in order."""
        self._file.seek(0)
        for _ in range(self.count):
            # The file has no name and only this object ever wrote to it.
            yield pickle.load(self._file)  # noqa: S301
