"""`leeward demo`: a fresh demo clinic in a home of its own, served, with its logins printed."""

import argparse
import os
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .processes import read_status

if TYPE_CHECKING:
    from leeward.demo.clinic import Demo

MARK = "DEMO"
MARK_TEXT = "This home holds an invented clinic. `leeward demo` wipes it and makes it anew.\n"


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "demo",
        help="a fresh demo clinic with invented people",
        description="Makes an invented clinic in a home of its own (LEEWARD_HOME, by default "
        "./var/demo), prints the logins and serves it. Each time it is a fresh one: a home that "
        "the demo made is wiped, any other that is not empty is refused.",
    )
    parser.add_argument("--no-serve", action="store_true", help="make it and stop")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")


def run(args: argparse.Namespace) -> int:
    home = Path(os.environ.get("LEEWARD_HOME", "var/demo")).resolve()
    if refused := prepare_home(home):
        print(refused, file=sys.stderr)
        return 1
    began_s = time.monotonic()
    os.environ["LEEWARD_HOME"] = str(home)
    # The demo must never write into the clinic's own PostgreSQL.
    os.environ["LEEWARD_DATABASE_URL"] = ""
    address = f"http://{args.host}:{args.port}"
    demo = _make(home, address)
    _say(f"made in {time.monotonic() - began_s:.1f} s, in {home}")
    _print(demo, None if args.no_serve else address)
    if args.no_serve:
        return 0
    from leeward.cli.run import become_supervisor

    return become_supervisor(str(home), args.host, args.port)


def prepare_home(home: Path) -> str | None:
    """Empty a home that the demo made and mark it; the reason when it is somebody else's."""
    if home.exists() and not home.is_dir():
        return f"{home} is a file. Name another folder with LEEWARD_HOME."
    if home.is_dir() and any(home.iterdir()):
        if not (home / MARK).is_file():
            return (
                f"{home} is not empty and was not made by the demo, so it is left alone. "
                "Name another folder with LEEWARD_HOME."
            )
        if read_status(home) is not None:
            return f"The demo in {home} is running. Stop it, then start it again."
        _empty(home)
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.mkdir(exist_ok=True, mode=0o700)
    (home / MARK).write_text(MARK_TEXT)
    return None


def _empty(home: Path) -> None:
    """Remove everything but the mark, which goes last: an interrupted wipe stays a demo home."""
    for entry in home.iterdir():
        if entry.name == MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _make(home: Path, address: str) -> "Demo":
    from leeward.cli.main import start_django

    start_django()
    from django.core.management import call_command
    from django.db import transaction

    from leeward.demo.clinic import make_demo, start_monitor

    _say("the database")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    # One commit for all of it: hundreds of durable ones take longer than the rest together.
    with transaction.atomic():
        demo = make_demo(
            now=datetime.now(UTC), timezone=local_zone(), folder=home / "records",
            address=address, tell=_say,
        )  # fmt: skip
    start_monitor(demo, now=datetime.now(UTC))
    return demo


def local_zone() -> str:
    """The zone of this machine by name, so that the demo's day is the viewer's day."""
    named = os.environ.get("TZ", "").lstrip(":")
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (named, linked):
        try:
            if name:
                return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return "UTC"


def _print(demo: "Demo", address: str | None) -> None:
    from leeward.demo.monitor import LABEL
    from leeward.demo.people import PASSPHRASE

    width = max(len(line.login) for line in demo.logins)
    print("\nHarbor Street Clinic (demo): everything and everybody in it is invented.")
    if address:
        print(f"\n  {address}\n")
    print(f"Every login opens with the password: {PASSPHRASE}\n")
    for line in demo.logins:
        print(f"  {line.login:<{width}}  {line.does} ({line.who})")
    print(f"\nChair 1: a session under way. {LABEL}, for half an hour or so.")
    print("Chair 2: in recovery. Chair 3: expected later today.")
    print("Milan Beatty, Virginia Mercado and Louis Maggio are imported and not yet assessed.\n")
    sys.stdout.flush()


def _say(line: str) -> None:
    print(f"demo: {line}", file=sys.stderr, flush=True)
