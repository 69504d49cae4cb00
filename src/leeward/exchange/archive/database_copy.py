"""Takes a consistent copy of the clinic's database while it is written to, and puts one back.

The one module of vendor means for this purpose: SQLite's backup API, `pg_dump` and `pg_restore`.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from leeward.core.quantities import Refusal

from .manifest import Contents, contents_of

SQLITE_MEMBER, POSTGRES_MEMBER = "leeward.sqlite3", "database.pgdump"
_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
_POSTGRES_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
POSTGRES_NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}


def take_copy(folder: Path) -> tuple[Path, Contents, str] | Refusal:
    """A copy of the database in `folder`, what it holds, and the database's version."""
    if connection.vendor == "postgresql":
        return _dump(folder / POSTGRES_MEMBER)
    file = folder / SQLITE_MEMBER
    source = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(source, timeout=60)) as here, closing(_new(file)) as copy:
        # In one step: with WAL the writers go on, and a copy in steps would begin anew with each
        # of their commits.
        here.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
    return file, read_sqlite(file), f"SQLite {sqlite3.sqlite_version}"


def read_sqlite(file: Path) -> Contents:
    """What a SQLite file holds."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        tables = [row[0] for row in copy.execute(_SQLITE_TABLES)]
        return contents_of(tables, lambda query: list(copy.execute(query)))


def fault_in(file: Path) -> str | None:
    """What is wrong with a copied database, as its own tool sees it; None when it is whole."""
    if file.name == SQLITE_MEMBER:
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
                said = [row[0] for row in copy.execute("PRAGMA integrity_check")]
                broken = list(copy.execute("PRAGMA foreign_key_check"))
        except sqlite3.DatabaseError as fault:
            return str(fault)
        if said != ["ok"]:
            return "; ".join(said[:3])
        return f"{len(broken)} rows point at nothing" if broken else None
    listed = _run(["pg_restore", "--list", str(file)], {})
    return None if listed.returncode == 0 else listed.stderr.strip()


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything within as of one moment, while others go on writing.

    Django's own transaction would be IMMEDIATE on SQLite and hold up every writer.
    """
    begin = "BEGIN DEFERRED"
    if connection.vendor == "postgresql":
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def put_back(file: Path, database_url: str) -> Refusal | None:
    """Fill an empty PostgreSQL database from a dump, all of it or nothing."""
    import psycopg

    if shutil.which("pg_restore") is None:
        return _needs("pg_restore")
    try:
        with psycopg.connect(database_url) as target:
            (count,) = target.execute(
                "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
            ).fetchone() or (0,)
    except psycopg.Error as fault:
        because = f"The database can't be reached: {str(fault).splitlines()[0]}."
        return Refusal("restore.database", because)
    if count:
        return Refusal("restore.database", "That database is not empty. Name an empty one.")
    made = _run(
        ["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
         "--no-privileges", "--dbname", _without_password(database_url), str(file)],
        _password(database_url),
    )  # fmt: skip
    if made.returncode == 0:
        return None
    return Refusal("restore.database", f"pg_restore refused: {made.stderr.strip()[-300:]}")


def _dump(file: Path) -> tuple[Path, Contents, str] | Refusal:
    if shutil.which("pg_dump") is None:
        return _needs("pg_dump")
    settings = connection.get_connection_params()
    given = {name: str(settings[key]) for key, name in POSTGRES_NAMES.items() if settings.get(key)}
    import psycopg

    where = {k: v for k, v in settings.items() if k in (*POSTGRES_NAMES, "dbname")}
    with psycopg.connect(**where) as here:
        # One snapshot for the dump and for the counts, so that they speak of the same moment.
        here.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = here.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        made = _run(
            ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}",
             "--no-owner", "--no-privileges", f"--dbname={settings['dbname']}"],
            given,
        )  # fmt: skip
        if made.returncode:
            return Refusal("backup.database", f"pg_dump refused: {made.stderr.strip()[-300:]}")
        tables = [row[0] for row in here.execute(_POSTGRES_TABLES)]
        contents = contents_of(tables, lambda query: here.execute(query).fetchall())  # type: ignore[arg-type]
        version = f"PostgreSQL {here.info.server_version}"
    return file, contents, version


def _needs(tool: str) -> Refusal:
    return Refusal(
        "backup.no_tool",
        f"{tool} is not on the PATH. Install the PostgreSQL client of the server's version "
        "(Debian: postgresql-client), then try again.",
    )


def _new(file: Path) -> sqlite3.Connection:
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return sqlite3.connect(file)


def _password(url: str) -> dict[str, str]:
    from urllib.parse import unquote, urlsplit

    password = urlsplit(url).password
    return {"PGPASSWORD": unquote(password)} if password else {}


def _without_password(url: str) -> str:
    """For a command line, which everybody on the machine can read."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl()


def _run(words: list[str], env: dict[str, str]) -> Any:
    return subprocess.run(  # noqa: S603 - fixed commands, no shell
        words, env=os.environ | env, capture_output=True, text=True, check=False
    )
