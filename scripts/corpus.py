"""Reads and assesses everybody in a folder of FHIR files: `make corpus DATA=DIR`. No database.

Shows on a larger set than the tests carry that nothing falls over, what is found how often, and
that `leeward screen` finds for each person of an export what `leeward assess` finds.
Exits 1 when a file could not be read, or when both disagree about anybody.
"""

import argparse
import contextlib
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from leeward.cli.assess import assess_facts
from leeward.cli.main import main as leeward
from leeward.core.candidacy import Assessment, Effect, Fact, Status
from leeward.core.quantities import Refusal
from leeward.exchange.fhir.bulk import export_files
from leeward.exchange.fhir.one_person import read_one_person, read_people
from leeward.exchange.fhir.reader import read_groups

SUFFIXES = (".json", ".json.gz")
COMMONEST = 12


@dataclass
class Sweep:
    """What a folder came to."""

    people: int = 0
    facts: int = 0
    blocked: int = 0
    compared: int = 0
    nobody: int = 0
    present: Counter[str] = field(default_factory=Counter)
    indications: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def take(self, file: Path, drug: str, route: str, as_of: date) -> None:
        person = read_one_person(str(file))
        if isinstance(person, Refusal):
            readable = any(group.found for group in read_groups(str(file)))
            if person.code == "assess.nothing_read" and readable:
                self.nobody += 1
            else:
                self.refused.append(f"{file.name}: {person}")
            return
        self.skipped.update(each.because for each in person.skipped)
        found = assess_facts(person.facts, drug, route, as_of, None)
        if isinstance(found, Refusal):
            self.refused.append(f"{file.name}: {found}")
            return
        self.count(person.facts, found)

    def compare(self, folder: Path, drug: str, route: str, as_of: date) -> None:
        """Screen the NDJSON files right in a folder, and assess each of their people."""
        files = [str(file) for file in export_files(folder) if file.parent == folder]
        people, left = read_people(files)
        self.skipped.update(each.because for each in left)
        lines = screened_lines(folder, drug, route, as_of)
        for name, facts in people.items():
            found = assess_facts(facts, drug, route, as_of, None)
            if isinstance(found, Refusal):
                self.refused.append(f"{folder.name}: {name}: {found}")
                continue
            self.count(facts, found)
            self.compared += 1
            if "sha256-" not in name and said(found) != lines.get(name):
                self.refused.append(f"{folder.name}: {name}: screen and assess disagree")

    def count(self, facts: Sequence[Fact], found: Assessment) -> None:
        self.people += 1
        self.facts += len(facts)
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
    exports = sorted({file.parent for file in export_files(args.folder)})
    if not files and not exports:
        print(
            f"{args.folder} holds no FHIR file (.json, .ndjson, gzipped or not).", file=sys.stderr
        )
        return 1
    sweep, began_s = Sweep(), time.monotonic()
    for number, file in enumerate(files, start=1):
        sweep.take(file, args.drug, args.route, args.as_of)
        if sys.stderr.isatty() and number % 20 == 0:
            print(f"\r{number}/{len(files)}", end="", file=sys.stderr)
    for folder in exports:
        sweep.compare(folder, args.drug, args.route, args.as_of)
    _print(sweep, len(files) + len(export_files(args.folder)), time.monotonic() - began_s)
    return 1 if sweep.refused else 0


Said = frozenset[tuple[str, str, str, frozenset[str]]]


def screened_lines(folder: Path, drug: str, route: str, as_of: date) -> dict[str, Said]:
    """What `leeward screen` says of each person."""
    out = io.StringIO()
    asked = ["screen", str(folder), "--drug", drug, "--route", route, "--as-of", str(as_of)]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        leeward(asked)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return {
        line["patient"]: frozenset(
            (f["rule"], f["effect"], f["status"], frozenset(f["records"]))
            for f in line["findings"]
        )
        for line in lines
        if "patient" in line
    }


def said(found: Assessment) -> Said:
    """The same of an assessment."""
    return frozenset(
        (
            f.rule,
            f.effect.value,
            f.status.value,
            frozenset(name for line in f.facts for name in (line.resource, *line.also) if name),
        )
        for f in found.findings
    )


def _print(sweep: Sweep, files: int, took_s: float) -> None:
    print(f"{files} files, {sweep.people} people, {sweep.facts} facts in {took_s:.1f} s")
    if sweep.nobody:
        print(f"{sweep.nobody} files say nothing about a person (a device, an organization)")
    if sweep.compared:
        print(f"{sweep.compared} people of exports, by screen and by assess")
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
