"""Reads and assesses every FHIR Bundle of a folder: `make corpus DATA=DIR`. No database.

Shows on a larger set than the tests carry that nothing falls over and what is found how often.
Exits 1 when a file could not be read.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from leeward.cli.assess import assess_facts
from leeward.core.candidacy import Assessment, Effect, Status
from leeward.core.quantities import Refusal
from leeward.exchange.fhir.one_person import read_one_person

SUFFIXES = (".json", ".ndjson", ".json.gz", ".ndjson.gz")
COMMONEST = 12


@dataclass
class Sweep:
    """What a folder came to."""

    people: int = 0
    facts: int = 0
    blocked: int = 0
    present: Counter[str] = field(default_factory=Counter)
    indications: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def take(self, file: Path, drug: str, route: str, as_of: date) -> None:
        person = read_one_person(str(file))
        if isinstance(person, Refusal):
            self.refused.append(f"{file.name}: {person}")
            return
        self.skipped.update(each.because for each in person.skipped)
        found = assess_facts(person.facts, drug, route, as_of, None)
        if isinstance(found, Refusal):
            self.refused.append(f"{file.name}: {found}")
            return
        self.people += 1
        self.facts += len(person.facts)
        self._count(found)

    def _count(self, found: Assessment) -> None:
        present = found.having(Status.PRESENT)
        self.present.update(f"{f.effect.value:<9} {f.rule}" for f in present)
        self.blocked += any(f.effect is Effect.BLOCK for f in present)
        self.indications.update(i.id for i in found.indications if i.status is Status.PRESENT)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--drug", default="racemic_ketamine")
    parser.add_argument("--route", default="iv")
    parser.add_argument("--as-of", type=date.fromisoformat, default=datetime.now(UTC).date())
    args = parser.parse_args()
    files = sorted(f for f in args.folder.rglob("*") if f.name.endswith(SUFFIXES) and f.is_file())
    if not files:
        print(f"{args.folder} holds no FHIR file ({', '.join(SUFFIXES)}).", file=sys.stderr)
        return 1
    sweep, began_s = Sweep(), time.monotonic()
    for number, file in enumerate(files, start=1):
        sweep.take(file, args.drug, args.route, args.as_of)
        if sys.stderr.isatty() and number % 20 == 0:
            print(f"\r{number}/{len(files)}", end="", file=sys.stderr)
    _print(sweep, len(files), time.monotonic() - began_s)
    return 1 if sweep.refused else 0


def _print(sweep: Sweep, files: int, took_s: float) -> None:
    print(f"{files} files, {sweep.people} people, {sweep.facts} facts in {took_s:.1f} s")
    print(f"With a BLOCK that is present: {sweep.blocked}")
    for title, counts in (
        ("Indications found", sweep.indications),
        ("Findings present", sweep.present),
        ("Resources without a fact for this", sweep.skipped),
    ):
        print(f"{title}:")
        for name, count in counts.most_common(COMMONEST):
            print(f"  {count:>7}  {name}")
    for line in sweep.refused:
        print(f"NOT READ  {line}")


if __name__ == "__main__":
    sys.exit(main())
