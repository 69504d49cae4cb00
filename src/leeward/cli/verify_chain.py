"""`leeward verify-chain`: look for any altered, missing or reordered record."""

import argparse
import sys


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    subparsers.add_parser(
        "verify-chain", help="check every session log and audit trail for alteration"
    )


def run(args: argparse.Namespace) -> int:
    from leeward.usecases.verify_records import verify_records

    checked, faults = verify_records()
    for fault in faults:
        print(f"ALTERED  {fault.chain}: {fault.because}")
    print(f"{checked} chains checked, {len(faults)} with a fault.", file=sys.stderr)
    if not faults:
        print("Every chain is whole.")
    return 1 if faults else 0
