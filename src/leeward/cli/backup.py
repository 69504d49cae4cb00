"""`leeward backup`: the whole clinic in one sealed file, read back before it gets its name."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from leeward.core.quantities import Refusal

from .passphrase import ask_passphrase

if TYPE_CHECKING:
    from leeward.exchange.archive.backup import Made
    from leeward.exchange.archive.sealing import Lock


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "backup",
        help="the whole clinic in one sealed file",
        description="Copies the database while the clinic works, with keys, settings and files, "
        "into one file encrypted with age; reads it back and compares before it is done. The "
        "passphrase comes from LEEWARD_BACKUP_PASSPHRASE or is asked for.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--recipient", action="append", default=[], metavar="age1...",
        help="seal to this age public key instead of a passphrase; may be repeated",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    from leeward.exchange.archive.backup import make_backup
    from leeward.records.accounts.actor import system_actor
    from leeward.usecases.keep_data import note_keeping

    lock = _lock(args.recipient)
    if isinstance(lock, Refusal):
        return refused(lock)
    now = datetime.now(UTC)
    made = make_backup(
        settings.LEEWARD_HOME, args.file.resolve(), lock, now=now,
        tell=lambda step: print(f"backup: {step}", file=sys.stderr),
    )  # fmt: skip
    if isinstance(made, Refusal):
        return refused(made)
    note_keeping(
        actor=system_actor("leeward backup"), now=datetime.now(UTC), action="backed_up",
        sha256=made.sha256, bytes=made.bytes, rows=sum(made.manifest.tables.values()),
    )  # fmt: skip
    _print(made)
    return 0


def _lock(recipients: list[str]) -> "Lock | Refusal":
    from leeward.exchange.archive.sealing import Lock

    if recipients:
        return Lock(recipients=tuple(recipients))
    passphrase = ask_passphrase(new=True)
    return passphrase if isinstance(passphrase, Refusal) else Lock(passphrase)


def _print(made: "Made") -> None:
    held = made.manifest
    print(f"{made.file}: {made.bytes / 1e6:.1f} MB, written and read back")
    print(f"  {held.database_version}: {sum(held.tables.values())} rows in "
          f"{len(held.tables)} tables, {len(held.chains)} chains")  # fmt: skip
    print(f"  {len(held.members)} files; SHA-256 {made.sha256}")
    print("Keep it on another machine, and what opens it in another place.")


def refused(refusal: Refusal) -> int:
    print(refusal, file=sys.stderr)
    return 1
