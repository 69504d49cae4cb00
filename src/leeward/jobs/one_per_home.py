"""One supervisor per home: a lock that the kernel lets go when its holder dies."""

import os
import sys
from pathlib import Path
from typing import IO


class AlreadyRunning(RuntimeError):
    """Another Leeward serves this home."""


def take_lock(folder: Path) -> IO[str]:
    """Hold `run/supervisor.lock` for as long as the returned file is open."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder / "supervisor.lock").open("a+")
    try:
        _lock(file)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunning(
            f"Leeward is already running on this home (process {holder}). "
            "Stop it first, or set LEEWARD_HOME to another folder."
        ) from None
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


def _lock(file: IO[str]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def main() -> int:
    """Exit 1 and say who, when the home named is being served: for a terminal to ask."""
    try:
        take_lock(Path(sys.argv[1]) / "run").close()
    except AlreadyRunning as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
