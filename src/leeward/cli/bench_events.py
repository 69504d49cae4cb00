"""`leeward bench events`: durable events a second, beside bare inserts into the same kind of file.

All in one process and one run, with the same pragmas: an event counts after its commit reached the
disk. The bare insert is the limit that the machine sets. Works on a copy of this home's database,
so nothing is added to a record.
"""

import argparse
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

DATABASE = "leeward.sqlite3"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many were written, in what time [s]."""

    what: str
    count: int
    seconds: float

    @property
    def per_s(self) -> float:
        return self.count / self.seconds


def add_parser(subparsers: Any) -> None:
    """Add the benchmark."""
    parser = subparsers.add_parser("events", help="durable events a second")
    parser.add_argument("--events", type=int, default=300, help="how many to write")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure on a copy of the home's database, which is removed afterwards."""
    source = Path(os.environ.get("LEEWARD_HOME", "var")) / DATABASE
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as folder:
        if source.exists():
            _copy(source, Path(folder) / DATABASE)
        os.environ |= {"LEEWARD_HOME": folder, "LEEWARD_DATABASE_URL": ""}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")
        import django
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        pragmas = settings.DATABASES["default"]["OPTIONS"]["init_command"]
        rates = [bare_inserts(Path(folder) / "bare.sqlite3", args.events, pragmas)]
        rates += [*session_events(args.events), audit_entries(args.events)]
        django.db.connections.close_all()
    _print(rates, args.format)
    return 0


def bare_inserts(file: Path, count: int, pragmas: str) -> Rate:
    """One small row in one transaction, `count` times."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(pragmas)
    connection.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, payload TEXT)")

    def insert(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO event (payload) VALUES (?)", (f'{{"v":"{number}"}}',))
        connection.execute("COMMIT")

    rate = timed("bare SQLite insert, same pragmas", count, insert)
    connection.close()
    return rate


def audit_entries(count: int) -> Rate:
    """Entries of the audit trail: locked, chained, committed."""
    from leeward.records.accounts.actor import system_actor
    from leeward.records.audit import store

    actor, at = system_actor("Benchmark"), datetime.now(UTC)
    return timed(
        "audit entry, chained", count, lambda n: store.record(actor, "bench", at=at, number=n)
    )


def session_events(count: int) -> list[Rate]:
    """Commands to a session of this home: fold, decide, append, audit; empty if none is open."""
    from leeward.core.quantities import Refusal
    from leeward.core.treatment.commands import RecordMonitoringGap
    from leeward.records.accounts.actor import system_actor
    from leeward.records.treatments import selectors_live as live
    from leeward.usecases.treat_session import carry_out

    session = next(iter(live.list_live()), None)
    if session is None:
        print("No session is open in this home; session events are left out.", file=sys.stderr)
        return []
    actor = system_actor("Benchmark", session.organization_id)

    def command(_number: int) -> None:
        now = datetime.now(UTC)
        gap = RecordMonitoringGap(now, now, "benchmark")
        result = carry_out(
            actor=actor, now=now, command_id=uuid4(), session_id=session.id, command=gap
        )
        if isinstance(result, Refusal):
            raise SystemExit(f"the session refused: {result}")

    what = f"session command on a log of {session.last_seq} events"
    return [timed(what, count, command)]


def timed(what: str, count: int, write: Callable[[int], Any]) -> Rate:
    began_s = time.perf_counter()
    for number in range(count):
        write(number)
    return Rate(what, count, time.perf_counter() - began_s)


def _copy(source: Path, target: Path) -> None:
    reader, writer = sqlite3.connect(source), sqlite3.connect(target)
    reader.backup(writer)
    reader.close()
    writer.close()


def _print(rates: list[Rate], form: str) -> None:
    limit = rates[0].per_s
    if form == "json":
        rows = [
            {"what": r.what, "count": r.count, "per_s": r.per_s, "of_limit": r.per_s / limit}
            for r in rates
        ]
        print(json.dumps({"benchmark": "events", "rates": rows}))
        return
    for rate in rates:
        print(f"{rate.per_s:9.0f} a second  {rate.per_s / limit:6.1%}  {rate.what}")
    print("Each counts after its own commit with synchronous=FULL.", file=sys.stderr)
