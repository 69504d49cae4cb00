"""`leeward run`: serve this clinic. Becomes the supervisor, which starts and keeps the rest."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from leeward.core.quantities import Refusal

from .upgrade import (
    add_flag,
    chairs_in_use,
    is_new_version,
    note_override,
    refused,
    remember_version,
    session_in_the_way,
)


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser("run", help="serve this clinic until stopped")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    add_flag(parser)


def run(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.management import call_command

    from leeward.usecases.verify_records import unguarded

    from .database import pending_migrations

    if waiting := pending_migrations():
        print(f"The database lacks {waiting} changes. Run: leeward migrate", file=sys.stderr)
        return 1
    if bare := unguarded():
        print(f"{', '.join(bare)} can be changed: the last migration did not end. "
              "Run: leeward migrate", file=sys.stderr)  # fmt: skip
        return 1
    if (refusal := _hold_back(settings.LEEWARD_HOME, args.reason)) is not None:
        return refused(refusal)
    call_command("collectstatic", interactive=False, verbosity=0)
    return become_supervisor(str(settings.LEEWARD_HOME), args.host, args.port)


def _hold_back(home: Path, reason: str) -> Refusal | None:
    """A new version does not take over a session that the old one began."""
    if is_new_version(home):
        if (refusal := session_in_the_way(reason, what="the new version")) is not None:
            return refusal
        if chairs := chairs_in_use():
            note_override("run", reason, chairs)
    remember_version(home)
    return None


def become_supervisor(home: str, host: str, port: int) -> NoReturn:
    """Replace this process by the supervisor of `home`, so signals reach it directly."""
    command = [
        sys.executable, "-m", "leeward.jobs.supervisor",
        "--home", home, "--host", host, "--port", str(port),
    ]  # fmt: skip
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, command)  # noqa: S606
