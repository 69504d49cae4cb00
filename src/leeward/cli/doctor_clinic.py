"""What the doctor asks of this clinic: home, database, guards, clock, processes, limits."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .checkup import Checkup, attention, broken, ok
from .processes import read_status

MB = 1024 * 1024
LEAST_FREE_MB, LITTLE_FREE_MB = 200, 2000
# Entries of the future mean that the clock was set back since they were made.
CLOCK_SLACK = timedelta(minutes=2)
SECRETS = ("secret.key", "keys/*.pem", "keys/*.key")


def look_at_home() -> list[Checkup]:
    """The folder that holds the clinic, looked at before the settings are loaded from it."""
    home = Path(os.environ.get("LEEWARD_HOME", "var")).resolve()
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return [
            broken(
                "home",
                f"{nearest} can't be written to.",
                "Name another folder with LEEWARD_HOME, or set its owner.",
            )
        ]
    if not home.exists():
        return [
            attention(
                "home",
                f"{home} does not exist yet.",
                "leeward migrate makes it, leeward demo a demo clinic.",
            )
        ]
    return [_permissions(home), _free_space(home)]


def look() -> Iterator[Checkup]:
    """Database and what stands in it, then what runs beside it."""
    if (fault := _start()) is not None:
        yield fault
        return
    database = list(_database())
    yield from database
    if all(one.state != "broken" for one in database):
        yield from _clinic()
    yield from _wakeups()
    yield _supervisor()


def _permissions(home: Path) -> Checkup:
    opened = [home] if home.stat().st_mode & 0o077 else []
    files = (file for pattern in SECRETS for file in home.glob(pattern))
    opened += [file for file in files if file.stat().st_mode & 0o077]
    if opened:
        names = " ".join(str(path) for path in opened)
        return attention(
            "home", f"Others on this machine can open: {names}", f"chmod go-rwx {names}"
        )
    kind = "a demo" if (home / "DEMO").is_file() else "a clinic"
    return ok("home", f"{home} ({kind})")


def _free_space(home: Path) -> Checkup:
    free_mb = shutil.disk_usage(home).free // MB
    if free_mb < LEAST_FREE_MB:
        return broken("disk", f"Only {free_mb} MB free.", "Free space: nothing can be recorded.")
    if free_mb < LITTLE_FREE_MB:
        return attention("disk", f"{free_mb} MB free.", "Free space before it runs out.")
    return ok("disk", f"{free_mb // 1000} GB free")


def _start() -> Checkup | None:
    from .main import start_django

    try:
        start_django()
    except (ValueError, OSError, ImportError) as fault:
        return broken(
            "settings",
            f"The settings can't be loaded: {fault}.",
            "Look at LEEWARD_* in the environment and at leeward.toml.",
        )
    return None


def _database() -> Iterator[Checkup]:
    from django.db import connection
    from django.db.utils import DatabaseError

    from .database import pending_migrations

    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    try:
        waiting = pending_migrations()
    except (DatabaseError, ImportError) as fault:
        yield broken(
            "database",
            f"{name} can't be reached: {str(fault).splitlines()[0]}",
            "Start it, or correct LEEWARD_DATABASE_URL.",
        )
        return
    if waiting:
        yield broken("database", f"{name} lacks {waiting} changes.", "leeward migrate")
        return
    yield ok("database", f"{name}, up to date")
    yield from _guards()


def _guards() -> Iterator[Checkup]:
    from leeward.usecases.verify_records import unguarded

    if bare := unguarded():
        yield broken(
            "guards",
            f"Not append-only any more: {', '.join(bare)}.",
            "leeward migrate makes the triggers again; find out who removed them.",
        )
    else:
        yield ok("guards", "append-only tables are guarded")


def _clinic() -> Iterator[Checkup]:
    from leeward.records.audit.store import newest_at

    newest, now = newest_at(), datetime.now(UTC)
    if newest is not None and newest > now + CLOCK_SLACK:
        yield broken(
            "clock",
            f"The newest entry is of {newest:%Y-%m-%d %H:%M} UTC, which is to come.",
            "Set the clock right before anybody records.",
        )
    yield from _limits()


def _limits() -> Iterator[Checkup]:
    """Sessions start only on limits that the medical director has approved."""
    from leeward import content
    from leeward.core.protocols import refuse_unset
    from leeward.records.organizations.selectors import find_limits_in_force, list_places

    library = content.load()
    watched = sorted(
        {(m.drug, m.route) for m in library.monitoring.values()}
        & {(p.drug, p.route) for p in library.protocols.values()}
    )
    places = list_places()
    if not places:
        yield attention(
            "limits",
            "No location has been set up yet.",
            "leeward demo shows a clinic; docs/guides/operator.md says how to begin.",
        )
    for place in places:
        for drug, route in watched:
            limits = find_limits_in_force(place.id, drug, route)
            unset = refuse_unset(limits, library.limits.values(), drug=drug, route=route)
            what = f"{place.name}, {drug.replace('_', ' ')} {route}"
            if unset is None:
                yield ok("limits", f"{what}: approved")
            else:
                yield attention(
                    "limits",
                    f"{what}: {_in_short(unset.because)}",
                    "Sessions wait for it: the medical director, page Limits.",
                )


def _in_short(because: str) -> str:
    """The first of a long list and how many more there are."""
    first, *more = because.split("; ")
    return f"{first} and {len(more)} more." if more else first


def _wakeups() -> Iterator[Checkup]:
    from django.conf import settings

    if not settings.LEEWARD_REDIS_URL:
        return
    try:
        import redis

        redis.Redis.from_url(settings.LEEWARD_REDIS_URL, socket_connect_timeout=2).ping()
    except ImportError:
        yield broken(
            "redis",
            "LEEWARD_REDIS_URL is set and the package redis is missing.",
            f"{sys.executable} -m pip install 'leeward[redis]'",
        )
    except Exception as fault:
        yield attention(
            "redis",
            f"Redis does not answer: {fault}",
            "Start it; live pages are slower without, and lose nothing.",
        )
    else:
        yield ok("redis", "answers")


def _supervisor() -> Checkup:
    from django.conf import settings

    status = read_status(Path(settings.LEEWARD_HOME))
    if status is None:
        return attention("processes", "Leeward is not running on this home.", "leeward run")
    parts = status.get("processes", {})
    down = [name for name, part in parts.items() if part.get("state") != "running"]
    if down:
        return broken(
            "processes",
            f"Not running: {', '.join(down)}.",
            "The supervisor starts them again; its output says why they end.",
        )
    restarts = sum(int(part.get("restarts", 0)) for part in parts.values())
    again = f", {restarts} restarts" if restarts else ""
    return ok("processes", f"{', '.join(parts)} at {status.get('address')}{again}")
