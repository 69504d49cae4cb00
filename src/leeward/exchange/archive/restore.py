"""Putting a backup back into a fresh place: all of it, compared with its manifest, or nothing."""

import hashlib
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from leeward.core.quantities import Refusal

from . import database_copy
from .manifest import NAME, Manifest, Member
from .sealing import Unreadable, opened

CHUNK = 1 << 20
DATABASES = (database_copy.SQLITE_MEMBER, database_copy.POSTGRES_MEMBER)
# A restored copy must never write into the database of the clinic that it was copied from.
DATABASE_SETTING = re.compile(r"(?m)^(\s*database_url\s*=)")


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup unpacked into a folder and found to be what its manifest says."""

    folder: Path
    manifest: Manifest


def unpack(file: Path, identities: Sequence[Any], folder: Path) -> Staged | Refusal:
    """Decrypt into `folder`, which is made, and compare. A refusal leaves no folder behind."""
    folder.mkdir(mode=0o700)
    try:
        manifest = _extract(file, identities, folder)
        if (because := _differs(folder, manifest)) is None:
            return Staged(folder, manifest)
    except (Unreadable, tarfile.TarError, ValueError) as fault:
        because = str(fault) if isinstance(fault, ValueError) else "it is cut short or altered"
    shutil.rmtree(folder)
    return Refusal("restore.unreadable", f"{file.name} can't be used: {because}.")


def restore_backup(
    file: Path, identities: Sequence[Any], into: Path, *, database_url: str = ""
) -> Staged | Refusal:
    """A home in `into`, which must be empty or absent. A refusal leaves nothing behind."""
    if (refusal := _occupied(into)) is not None:
        return refusal
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".restoring-") as beside:
        staged = unpack(file, identities, Path(beside) / "home")
        if isinstance(staged, Refusal):
            return staged
        refusal = _place_database(staged, database_url)
        if refusal is not None:
            return refusal
        _settle(staged.folder)
        if into.exists():
            into.rmdir()
        staged.folder.rename(into)
    return Staged(into, staged.manifest)


def _occupied(into: Path) -> Refusal | None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        return Refusal("restore.not_empty", f"{into} is not empty. Name a new or empty folder.")
    return None


def _extract(file: Path, identities: Sequence[Any], folder: Path) -> Manifest:
    manifest, found = None, {}
    with opened(file, identities) as tar:
        for info in tar:
            source = tar.extractfile(info) if info.isfile() else None
            if source is None:
                raise Unreadable(f"it holds {info.name!r}, which is no file")
            if info.name == NAME:
                manifest = Manifest.from_json(source.read())
            else:
                found[info.name] = _write(source, _inside(folder, info.name))
    if manifest is None:
        raise Unreadable("it is cut short: its manifest is missing")
    if found != manifest.members:
        raise Unreadable("its files are not those that its manifest names")
    return manifest


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name.removeprefix("home/")).resolve()
    known = name in DATABASES or name.startswith("home/")
    if not known or not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise Unreadable(f"it holds {name!r}, which no backup of Leeward has")
    return path


def _write(source: IO[bytes], path: Path) -> Member:
    digest, size = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while chunk := source.read(CHUNK):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return Member(size, digest.hexdigest())


def _differs(folder: Path, manifest: Manifest) -> str | None:
    """How the unpacked database differs from what the manifest counted; None when it does not."""
    database = folder / manifest.database
    if manifest.database not in DATABASES or not database.is_file():
        return "its database is missing"
    if (fault := database_copy.fault_in(database)) is not None:
        return f"its database is damaged ({fault})"
    if manifest.database == database_copy.POSTGRES_MEMBER:
        return None  # counted again once it is restored
    held = database_copy.read_sqlite(database)
    if (held.tables, held.chains) != (manifest.tables, manifest.chains):
        return "its database does not hold what its manifest counted"
    return None


def _place_database(staged: Staged, database_url: str) -> Refusal | None:
    postgres = staged.manifest.database == database_copy.POSTGRES_MEMBER
    if postgres != bool(database_url):
        because = (
            "This backup is of PostgreSQL: name an empty database with --database-url."
            if postgres
            else "This backup is of SQLite, which lies in the home: leave --database-url out."
        )
        return Refusal("restore.database", because)
    if not postgres:
        return None
    dump = staged.folder / staged.manifest.database
    refusal = database_copy.put_back(dump, database_url)
    dump.unlink()
    return refusal


def _settle(folder: Path) -> None:
    settings = folder / "leeward.toml"
    if settings.is_file():
        settings.write_text(DATABASE_SETTING.sub(r"# of the original: \1", settings.read_text()))
