"""`leeward doctor`: every problem of this installation, each with what to do about it."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from .checkup import ATTENTION, BROKEN, OK, Checkup

MARKS = {OK: "ok  ", ATTENTION: "look", BROKEN: "STOP"}


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="check this installation and say what to do",
        description="Looks at the installation, the home (LEEWARD_HOME), the database, the "
        "content, the clock and the clinic's limits. Exit code 1 if something prevents work.",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace) -> int:
    found = list(examine())
    if args.format == "json":
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found)))
    return 1 if any(one.state == BROKEN for one in found) else 0


def examine() -> Iterator[Checkup]:
    """Look at everything; what rests on something broken is left out and said so."""
    from . import doctor_clinic as clinic
    from . import doctor_machine as machine

    yield from machine.look()
    home = clinic.look_at_home()
    yield from home
    if any(one.state == BROKEN for one in home):
        yield Checkup("database", ATTENTION, "not looked at", "Mend the home first.")
        return
    yield from clinic.look()


def _lines(found: list[Checkup]) -> Iterator[str]:
    width = max(len(one.name) for one in found)
    for one in found:
        yield f"{MARKS[one.state]}  {one.name:<{width}}  {one.said}"
        if one.remedy:
            yield f"      {'':<{width}}  -> {one.remedy}"
    stops = sum(one.state == BROKEN for one in found)
    looks = sum(one.state == ATTENTION for one in found)
    yield ""
    if not stops and not looks:
        yield "All is well."
    else:
        yield f"{stops} to mend before work, {looks} to look at."
