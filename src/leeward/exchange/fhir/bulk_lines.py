"""The files of an export as lines in DuckDB; what it cannot read is set aside."""

import gzip
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

import duckdb

from leeward.usecases.imported import Skipped

from . import bulk_sql as sql
from .reader import GZIP_MAGIC, NDJSON_ENDINGS, Found, read_groups

MOST_LOCATED: Final = 10_000
MEMORY: Final = "2GB"
HEAD_BYTES: Final = 4096
_KIND = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')
Tell = Callable[[str], None]


@dataclass(slots=True)
class Left:
    """What could not be used: counted by reason, and located."""

    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    located: list[Skipped] = field(default_factory=list)
    bad_lines: int = 0

    def add(self, each: Skipped, times: int = 1) -> None:
        """Note something that was left."""
        kind = each.resource.partition("/")[0] or "(no resource)"
        self.reasons[kind, each.because] += times
        self.bad_lines += not each.resource
        if len(self.located) < MOST_LOCATED:
            self.located.append(each)


class Lines:
    """The lines of an export; use it as a context, its temporary folder goes with it."""

    def __init__(self, folder: Path) -> None:
        self.files = export_files(folder)
        self.left = Left()
        self._folder = folder
        self._aside: list[Found] = []
        self._stack = ExitStack()
        self._names = count()

    def __enter__(self) -> Self:
        home = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="leeward-screen-"))
        self._home = Path(home)
        self._db = self._stack.enter_context(duckdb.connect())
        self._db.execute(f"SET memory_limit='{MEMORY}'; SET temp_directory='{home}/spilt'")
        self._db.execute("SET TimeZone='UTC'")
        self._db.execute("SET enable_progress_bar=false")
        return self

    def __exit__(self, *trouble: object) -> None:
        self._stack.close()

    def _value(self, statement: str) -> Any:
        row = self._db.execute(statement).fetchone()
        return row[0] if row else None

    def _scan(self, tell: Tell) -> None:
        packed = [str(file) for file in self.files if _is_gzip(file)]
        plain = [str(file) for file in self.files if str(file) not in set(packed)]
        made = False
        for files, compression in ((plain, "none"), (packed, "gzip")):
            needed = self._needed(files, compression)
            if needed:
                tell(f"reading {len(needed)} of {len(files)} files ({compression})")
                made = self._scan_files(needed, compression, made, tell)
        if not made:
            none = self._home / "none.ndjson"
            none.touch()
            self._load([str(none)], "none", insert=False)

    def _needed(self, files: list[str], compression: str) -> list[str]:
        """Leave out files that hold nothing to be read; an export has a file for each kind."""
        other = [file for file in files if _first_kind(Path(file)) not in sql.KINDS]
        if not other:
            return files
        try:
            asked = {"files": other, "compression": compression}
            found = self._db.execute(sql.needed_statement(), asked).fetchall()
        except duckdb.Error:
            return files
        unread = set(other) - {file for (file,) in found}
        return [file for file in files if file not in unread]

    def _scan_files(self, files: list[str], compression: str, made: bool, tell: Tell) -> bool:
        """Read files together, or where one of them stops DuckDB one by one."""
        try:
            self._load(files, compression, insert=made)
        except duckdb.Error as reason:
            if len(files) == 1:
                why = str(reason).splitlines()[0]
                tell(f"{self._shown(files[0])}: read line by line, for DuckDB stopped: {why}")
                self._set_aside(files[0])
                return made
            for file in files:
                made = self._scan_files([file], compression, made, tell)
            return made
        return True

    def _load(self, files: list[str], compression: str, *, insert: bool) -> None:
        self._db.execute(sql.read_statement(insert), {"files": files, "compression": compression})

    def _set_aside(self, file: str) -> None:
        """Read a whole file line by line, as single records are read."""
        for group in read_groups(file, name=self._shown(file)):
            self._aside += group.found
            for each in group.skipped:
                self.left.add(each)

    def _shown(self, file: str) -> str:
        return str(Path(file).relative_to(self._folder))

    def _locate_damage(self) -> None:
        damaged = self._db.execute(
            "SELECT file, count(*) FROM line WHERE kind IS NULL GROUP BY file ORDER BY file"
        ).fetchall()
        for file, lines in damaged:
            lost = [
                each
                for group in read_groups(file, name=self._shown(file))
                for each in group.skipped
                if not each.resource and each.where.startswith("line ") and "," not in each.where
            ]
            if len(lost) == lines:
                for each in lost:
                    self.left.add(each)
            else:
                # Some lines are damaged for one reader only: the careful one decides.
                self._db.execute("DELETE FROM line WHERE file = $file", {"file": file})
                self._set_aside(file)
        self._db.execute("DELETE FROM line WHERE kind IS NULL")

    def _table(self, name: str, columns: str, rows: Iterable[dict[str, Any]]) -> None:
        """Make a table of rows that Python worked out."""
        file = self._home / f"{next(self._names)}.ndjson"
        with file.open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row) + "\n")
        listed = ", ".join(
            f"{word}: '{kind}'" for word, kind in (each.split() for each in columns.split(", "))
        )
        self._db.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM read_ndjson("
            f"'{file}', columns={{{listed}}}, maximum_object_size={sql.LINE_BYTES})"
        )
        file.unlink()


def export_files(folder: Path) -> list[Path]:
    """List the NDJSON files of a folder and of those in it."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and file.name.lower().endswith(NDJSON_ENDINGS)
    )


def _first_kind(file: Path) -> str:
    """The kind that the first line of a file seems to hold."""
    try:
        opened = gzip.open(file) if _is_gzip(file) else file.open("rb")  # noqa: SIM115
        with opened as stream:
            kind = _KIND.search(stream.read(HEAD_BYTES))
    except (OSError, EOFError, zlib.error):
        return ""
    return kind[1].decode() if kind else ""


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(GZIP_MAGIC)) == GZIP_MAGIC
