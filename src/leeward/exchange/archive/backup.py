"""A backup: the database, keys, settings and files of a home in one sealed file, read back."""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from leeward import __version__, content
from leeward.core.quantities import Refusal

from . import database_copy
from .manifest import NAME, Contents, Manifest, Member
from .restore import unpack
from .sealing import Lock, Unreadable, identities_of, sealed

# Made anew by any start, or copied by the database's own means.
LEFT_OUT = ("run", "static", "restoring")
DATABASE = ("leeward.sqlite3", "leeward.sqlite3-wal", "leeward.sqlite3-shm")
HOME = "home/"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished and verified backup."""

    file: Path
    manifest: Manifest
    sha256: str
    bytes: int


def make_backup(
    home: Path, file: Path, lock: Lock, *, now: datetime, tell: Tell = lambda _: None
) -> Made | Refusal:
    """Write `file`, read it back, and only then give it its name."""
    if file.exists():
        return Refusal("backup.exists", f"{file} exists already. Name another file.")
    if not file.parent.is_dir():
        return Refusal("backup.no_folder", f"There is no folder {file.parent}.")
    draft = file.with_name(f".{file.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix="backup-") as folder:
            made = _write(home, draft, lock, Path(folder), now, tell)
        if isinstance(made, Refusal):
            return made
        draft.replace(file)
    except Unreadable as fault:
        return Refusal("backup.not_verified", f"The backup did not hold: {fault}.")
    finally:
        draft.unlink(missing_ok=True)
    return Made(file, made, _sha256(file), file.stat().st_size)


def _write(
    home: Path, draft: Path, lock: Lock, folder: Path, now: datetime, tell: Tell
) -> Manifest | Refusal:
    tell("copying the database")
    copied = database_copy.take_copy(folder)
    if isinstance(copied, Refusal):
        return copied
    database, contents, version = copied
    if (fault := database_copy.fault_in(database)) is not None:
        return Refusal("backup.damaged", f"The database itself is damaged: {fault}.")
    manifest = _manifest(contents, version, now, database.name)
    tell("sealing")
    with sealed(draft, lock) as (tar, key):
        _add(tar, database.name, database, manifest)
        for path in files_of(home, leave=(folder, draft)):
            _add(tar, HOME + path.relative_to(home).as_posix(), path, manifest)
        _add_manifest(tar, manifest)
    database.unlink()
    tell("reading it back")
    held = unpack(draft, [key] if lock.recipients else _by_passphrase(draft, lock),
                  folder / "read-back")  # fmt: skip
    if isinstance(held, Refusal):
        return Refusal("backup.not_verified", f"The backup did not hold: {held.because}")
    return manifest


def _by_passphrase(draft: Path, lock: Lock) -> list[Any]:
    """As a restore will open it: the passphrase itself is tried too."""
    return identities_of(draft, passphrase=lock.passphrase)


def files_of(home: Path, *, leave: tuple[Path, ...] = ()) -> Iterator[Path]:
    """The files of a home that no start makes anew and no database tool copies."""
    for folder, names, files in os.walk(home):
        here = Path(folder)
        names[:] = sorted(
            n for n in names if not (here == home and _passing(n)) and here / n not in leave
        )
        for name in sorted(files):
            path = here / name
            skipped = (here == home and name in DATABASE) or path in leave or path.is_symlink()
            if not skipped and path.is_file():
                yield path


def _passing(name: str) -> bool:
    return name in LEFT_OUT or name.startswith("backup-")


def _manifest(contents: Contents, version: str, now: datetime, database: str) -> Manifest:
    return Manifest(
        made_at=now.isoformat(), leeward=__version__, database=database,
        database_version=version, content_digest=content.load().digest,
        tables=contents.tables, chains=contents.chains,
    )  # fmt: skip


def _add(tar: tarfile.TarFile, name: str, path: Path, manifest: Manifest) -> None:
    """Add a file by its size at this moment; one that grows meanwhile is cut there."""
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(source.fileno()).st_size
        info.mode, info.mtime = 0o600, int(path.stat().st_mtime)
        counted = _Counted(source)
        tar.addfile(info, counted)  # type: ignore[arg-type]
    manifest.members[name] = Member(info.size, counted.digest.hexdigest())


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    text = manifest.to_json()
    info = tarfile.TarInfo(NAME)
    info.size, info.mode = len(text), 0o600
    tar.addfile(info, io.BytesIO(text))


class _Counted:
    """Reads a file and keeps the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def _sha256(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
