"""`leeward export`: everything written out, for leaving or for an auditor."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from leeward.core.quantities import Refusal


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "export",
        help="everything written out, to take away",
        description="Writes FHIR, signed documents, every hash chain, every table without "
        "secrets, and a verifier that needs nothing but Python, into a new or empty folder. "
        "Nothing in it is encrypted.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    from leeward.exchange.archive.leaving import export_everything
    from leeward.records.accounts.actor import system_actor
    from leeward.usecases.keep_data import note_keeping

    os.umask(0o077)
    now = datetime.now(UTC)
    written = export_everything(
        args.folder.resolve(), now=now, styles=Path(settings.STATICFILES_DIRS[0]),
        tell=lambda step: print(f"export: {step}", file=sys.stderr),
    )  # fmt: skip
    if isinstance(written, Refusal):
        print(written, file=sys.stderr)
        return 1
    actor = system_actor("leeward export")
    note_keeping(actor=actor, now=now, action="exported", **written.counts)
    for name, count in written.counts.items():
        print(f"{count:>8}  {name.replace('_', ' ')}")
    for reason in written.not_written:
        print(f"not written: {reason}", file=sys.stderr)
    print(f"Check it with: python3 {written.folder / 'verify.py'}")
    return 0
