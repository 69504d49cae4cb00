"""`leeward restore`: a backup into a fresh home, then every check that can be made of it."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leeward.core.quantities import Refusal

from .backup import refused
from .passphrase import ask_passphrase

if TYPE_CHECKING:
    from leeward.exchange.archive.manifest import Manifest


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "restore",
        help="a backup into a fresh home, and check it",
        description="Opens a backup into a new or empty folder, which becomes a home "
        "(LEEWARD_HOME), then checks every chain, every count, and every session against its "
        "log. Exit code 1 if it can't be opened, and nothing is left then; also if a check fails.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--into", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--identity", type=Path, metavar="KEYFILE", help="the age key of a --recipient"
    )
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL database, if it was one"
    )


def run(args: argparse.Namespace) -> int:
    os.umask(0o077)
    # The archive reads the shape of databases, not this clinic's: any home does.
    opened = _open(args)
    if isinstance(opened, Refusal):
        return refused(opened)
    into = args.into.resolve()
    print(f"{into}: restored from {args.file.name}, made {opened.made_at} "
          f"by Leeward {opened.leeward}")  # fmt: skip
    checked = check(into, args.database_url, opened)
    for line in checked["said"]:
        print(f"  {line}")
    for line in checked["faults"]:
        print(f"FAULT  {line}")
    if not checked["faults"]:
        print("Everything is as it was." if checked["said"] else "It could not be checked.")
        url = " LEEWARD_DATABASE_URL=..." if args.database_url else ""
        print(f"Start it with: LEEWARD_HOME={into}{url} leeward run")
    return 1 if checked["faults"] else 0


def _open(args: argparse.Namespace) -> "Manifest | Refusal":
    from leeward.exchange.archive.restore import restore_backup
    from leeward.exchange.archive.sealing import Unreadable, identities_of

    if not args.file.is_file():
        return Refusal("restore.no_file", f"There is no file {args.file}.")
    passphrase = "" if args.identity else ask_passphrase(new=False)
    if isinstance(passphrase, Refusal):
        return passphrase
    try:
        keys = identities_of(args.file, passphrase=passphrase, key_file=args.identity)
    except OSError as fault:
        return Refusal("restore.no_key", f"{args.identity} can't be read: {fault.strerror}.")
    except Unreadable as fault:
        return Refusal("restore.unreadable", f"{args.file.name} can't be used: {fault}.")
    staged = restore_backup(args.file, keys, args.into.resolve(), database_url=args.database_url)
    return staged if isinstance(staged, Refusal) else staged.manifest


def check(home: Path, database_url: str, manifest: "Manifest") -> dict[str, Any]:
    """What the restored home says of itself, asked in a process of its own."""
    asked = subprocess.run(
        [sys.executable, "-m", "leeward.cli.restored"],
        input=manifest.to_json().decode(), capture_output=True, text=True, check=False,
        env=os.environ | {"LEEWARD_HOME": str(home), "LEEWARD_DATABASE_URL": database_url},
    )  # fmt: skip
    if asked.returncode:
        last = asked.stderr.strip().splitlines()[-1:] or ["no answer"]
        return {"said": [], "faults": [f"the restored home could not be checked: {last[0]}"]}
    found: dict[str, Any] = json.loads(asked.stdout)
    return found
