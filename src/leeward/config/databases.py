"""Which database this clinic uses: SQLite in the home, or PostgreSQL by `LEEWARD_DATABASE_URL`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    # An acknowledged write must survive a power cut, and NORMAL loses commits there.
    "PRAGMA synchronous=FULL;"
    # INSERT OR REPLACE deletes without firing delete triggers unless this is on.
    "PRAGMA recursive_triggers=ON;"
)


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's settings for the default database.

    An empty `url` means `leeward.sqlite3` in the home.
    """
    if not url:
        return sqlite(home / "leeward.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(
            f"LEEWARD_DATABASE_URL begins with '{parts.scheme}://'; "
            "use postgresql://user:password@host:port/name, or leave it empty for SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
        },
        "TEST": {"NAME": str(file.parent / "test.sqlite3")},
    }
