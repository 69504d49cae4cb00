"""`leeward run`: serve this clinic. Becomes the supervisor, which starts and keeps the rest."""

import argparse
import os
import sys
from typing import NoReturn


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser("run", help="serve this clinic until stopped")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.management import call_command

    from .database import pending_migrations

    if waiting := pending_migrations():
        print(f"The database lacks {waiting} changes. Run: leeward migrate", file=sys.stderr)
        return 1
    call_command("collectstatic", interactive=False, verbosity=0)
    return become_supervisor(str(settings.LEEWARD_HOME), args.host, args.port)


def become_supervisor(home: str, host: str, port: int) -> NoReturn:
    """Replace this process by the supervisor of `home`, so signals reach it directly."""
    command = [
        sys.executable, "-m", "leeward.jobs.supervisor",
        "--home", home, "--host", host, "--port", str(port),
    ]  # fmt: skip
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, command)  # noqa: S606
