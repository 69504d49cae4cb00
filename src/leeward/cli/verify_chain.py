"""`leeward verify-chain`: look for any altered, missing or reordered record."""

import argparse
import sys
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "verify-chain",
        help="check every session log, ledger and audit trail for alteration",
        description="Walks every chain. With --anchors it also finds a cut tail and a chain that "
        "was written anew as a whole, back to the last anchor before it.",
    )
    parser.add_argument("--anchors", type=Path, metavar="FILE", help="the anchor file")


def run(args: argparse.Namespace) -> int:
    from leeward.usecases.anchor_records import verify_anchors
    from leeward.usecases.verify_records import verify_records

    if args.anchors is not None and not args.anchors.is_file():
        print(f"There is no anchor file {args.anchors}.", file=sys.stderr)
        return 1
    checked, faults = verify_records()
    if args.anchors is not None:
        anchors, found = verify_anchors(args.anchors.read_text("utf-8", "replace").splitlines())
        faults += found
        print(f"{anchors} anchors checked.", file=sys.stderr)
    for fault in faults:
        print(f"ALTERED  {fault.chain}: {fault.because}")
    print(f"{checked} chains checked, {len(faults)} with a fault.", file=sys.stderr)
    if not faults:
        print("Every chain is whole.")
    return 1 if faults else 0
