"""`leeward anchor`: sign now what every chain has come to, into the anchor file."""

import argparse
import sys
from datetime import UTC, datetime

from leeward.core.quantities import Refusal


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    subparsers.add_parser(
        "anchor",
        help="sign what every chain has come to",
        description="Adds one signed line to the anchor file (LEEWARD_ANCHOR_FILE; keep it where "
        "this machine can't rewrite it) and sends it to LEEWARD_ANCHOR_EMAIL. `leeward run` does "
        "so daily.",
    )


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    from leeward.records.accounts.actor import system_actor
    from leeward.usecases.anchor_records import make_anchor

    to = settings.LEEWARD_ANCHOR_EMAIL
    made = make_anchor(actor=system_actor("leeward anchor"), now=datetime.now(UTC), to=to)
    if isinstance(made, Refusal):
        print(made, file=sys.stderr)
        return 1
    print(f"Anchor {made.number}: {made.chains} chains, {len(made.changed)} of them moved")
    print(f"Root {made.root}")
    if settings.LEEWARD_ANCHOR_FILE.is_relative_to(settings.LEEWARD_HOME):
        print("The anchor file lies in the home: set LEEWARD_ANCHOR_FILE to another place.",
              file=sys.stderr)  # fmt: skip
    return 0
