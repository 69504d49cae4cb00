"""`leeward bench screening`: one record and whole exports beside msgspec and DuckDB.

The records are the demo's recorded people, multiplied: each copy has its own ids, its dates moved
by some days and its measured values changed, so that no two are alike. Both sides of each ratio
are measured by turns in this run; CPU is that of all threads.
"""

import argparse
import gzip
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from leeward.core.candidacy.population import FactColumns
from leeward.core.candidacy.screening import Population

from . import bench_screening_peers as peers
from .assess import assess_facts, recogniser

AS_OF = date(2026, 11, 22)
ONE_DRUG = ("racemic_ketamine", "iv")
OTHER_DRUG = ("esketamine", "intranasal")
MEGABYTE = 1e6
_DATE = re.compile(r'"(19|20)\d\d-\d\d-\d\d(?=[T"])')
_VALUE = re.compile(r'"value":(\d+)\.(\d+)')


@dataclass(frozen=True, slots=True)
class Ratio:
    """How fast Leeward is beside a peer, and the goal."""

    what: str
    ours_s: list[float]
    peer_s: list[float]
    ours_cpu_s: list[float]
    peer_cpu_s: list[float]
    goal: float
    unit: str
    amount: float

    @property
    def wall(self) -> float:
        """Leeward's rate over the peer's, by the clock."""
        return statistics.median(self.peer_s) / statistics.median(self.ours_s)

    @property
    def cpu(self) -> float:
        """The same by processor time."""
        return statistics.median(self.peer_cpu_s) / max(1e-9, statistics.median(self.ours_cpu_s))

    def lines(self) -> list[str]:
        """Say it for people."""
        ours, theirs = statistics.median(self.ours_s), statistics.median(self.peer_s)
        met = "met" if self.wall >= self.goal else "MISSED"
        return [
            self.what,
            f"  Leeward  {self.amount / ours:12,.0f} {self.unit}/s   {ours * 1e3:10.2f} ms",
            f"  peer     {self.amount / theirs:12,.0f} {self.unit}/s   {theirs * 1e3:10.2f} ms",
            f"  ratio    {self.wall:12.2f} wall, {self.cpu:.2f} CPU; goal {self.goal}: {met}",
        ]


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser("screening", help="records and exports", description=__doc__)
    parser.add_argument("--people", type=int, default=300, help="people of the export")
    parser.add_argument("--loaded", type=int, default=100_000, help="people held in memory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace) -> int:
    records = [_record(file) for file in sorted(_recorded().glob("*.json.gz"))]
    ratios = [_one_bundle(records, args.rounds)]
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as home:
        folder = Path(home) / "export"
        size = _export(records, folder, args.people)
        print(f"{args.people} people, {size / MEGABYTE:.0f} MB of NDJSON", file=sys.stderr)
        ratios.append(_whole_export(folder, args.people, args.rounds))
        ratios.append(_second_scan(folder, args))
    if args.format == "json":
        print(json.dumps([{"what": r.what, "wall": r.wall, "cpu": r.cpu, "goal": r.goal}
                          for r in ratios]))  # fmt: skip
    else:
        load = os.getloadavg()[0]
        print(f"{os.cpu_count()} processors, load {load:.1f}, medians of {args.rounds} rounds")
        print("\n".join(line for ratio in ratios for line in ratio.lines()))
    return 0


def _recorded() -> Path:
    import leeward.demo

    return Path(next(iter(leeward.demo.__path__))) / "data" / "fhir"


def _record(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(gzip.decompress(file.read_bytes()))["entry"]
    named = {
        e["fullUrl"]: f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in entries
    }
    resources = []
    for entry in entries:
        text = json.dumps(entry["resource"], separators=(",", ":"))
        for url in set(re.findall(r"urn:uuid:[0-9a-f-]{36}", text)):
            text = text.replace(url, named.get(url, url))
        resources.append(json.loads(text))
    return resources


def _export(records: list[list[dict[str, Any]]], folder: Path, people: int) -> int:
    """Write an export of as many people as asked for, and give its size [bytes]."""
    folder.mkdir()
    dice = random.Random(20261122)  # noqa: S311 - varied records, not secrets
    texts = [
        [(r["resourceType"], json.dumps(r, separators=(",", ":"))) for r in record]
        for record in records
    ]
    size, files = 0, {}
    try:
        for number in range(people):
            for kind, text in texts[number % len(texts)]:
                if kind not in files:
                    files[kind] = (folder / f"{kind}.ndjson").open("w", encoding="utf-8")
                size += files[kind].write(_copy(text, number, dice) + "\n")
    finally:
        for file in files.values():
            file.close()
    return size


def _copy(text: str, number: int, dice: random.Random) -> str:
    """One resource of another person: own ids, days moved, values changed."""
    days = timedelta(days=number % 363)
    text = re.sub(r'("id":"|/)([0-9a-f]{8}-)', rf"\g<1>c{number}-\g<2>", text)
    text = _DATE.sub(lambda m: f'"{date.fromisoformat(m[0][1:]) - days}', text)
    return _VALUE.sub(lambda m: f'"value":{m[1]}.{dice.randrange(10**6):06d}', text)


def _by_turns(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Measure both by turns, after one round that is not counted."""
    clocks: tuple[list[float], ...] = ([], [], [], [])
    for turn in range(rounds + 1):
        for side, work in enumerate((ours, peer)):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            if turn:
                clocks[side].append(time.perf_counter() - wall)
                clocks[side + 2].append(time.process_time() - cpu)
    return clocks[0], clocks[1], clocks[2], clocks[3]


def _one_bundle(records: list[list[dict[str, Any]]], rounds: int) -> Ratio:
    """A record of about 1 MB, every time another one."""
    from leeward.exchange.fhir.one_person import read_one_person

    first, second = sorted(records, key=lambda r: -len(json.dumps(r)))[:2]
    one, other = (next(r["id"] for r in each if r["resourceType"] == "Patient")
                  for each in (first, second))  # fmt: skip
    added = [r for r in second if r["resourceType"] != "Patient"]
    dice = random.Random(7)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as home:
        files = []
        for number in range(rounds + 1):
            texts = [json.dumps(r, separators=(",", ":")).replace(other, one)
                     for r in [*first, *added]]  # fmt: skip
            whole = ",".join(f'{{"resource":{_copy(text, number, dice)}}}' for text in texts)
            file = Path(home) / f"{number}.json"
            file.write_text(f'{{"resourceType":"Bundle","type":"collection","entry":[{whole}]}}')
            files.append(file)
        size = files[0].stat().st_size
        ours_of, peers_of = iter(files), iter(files)

        def ours() -> None:
            person = read_one_person(str(next(ours_of)))
            found = assess_facts(person.facts, *ONE_DRUG, AS_OF, None)  # type: ignore[union-attr]
            if len(found.findings) < 50:  # type: ignore[union-attr]
                raise AssertionError("too few findings")

        decoder = msgspec.json.Decoder(peers.Bundle)
        clocks = _by_turns(ours, lambda: decoder.decode(next(peers_of).read_bytes()), rounds)
    return Ratio(f"One record of {size / MEGABYTE:.2f} MB, read and assessed; msgspec decodes it",
                 clocks[0], clocks[1], clocks[2], clocks[3], 0.5, "records", 1)  # fmt: skip


def _whole_export(folder: Path, people: int, rounds: int) -> Ratio:
    from .main import main

    files = [str(file) for file in sorted(folder.glob("*.ndjson"))]
    out = folder.parent / "out.jsonl"
    asked = ["screen", str(folder), "--drug", ONE_DRUG[0], "--route", ONE_DRUG[1], "--as-of",
             str(AS_OF), "--out", str(out)]  # fmt: skip

    def ours() -> None:
        with Path(os.devnull).open("w") as nowhere:
            kept = sys.stdout, sys.stderr
            sys.stdout = sys.stderr = nowhere
            try:
                code = main(asked)
            finally:
                sys.stdout, sys.stderr = kept
        lines = out.read_bytes().count(b"\n")
        if code or lines != people + 1:
            raise AssertionError(f"{lines} lines for {people} people")

    def peer() -> None:
        if peers.scan_and_join(files) != people:
            raise AssertionError("the peer lost people")

    clocks = _by_turns(ours, peer, rounds)
    return Ratio("An export screened, a line written for each; DuckDB scans and joins its files",
                 clocks[0], clocks[1], clocks[2], clocks[3], 0.5, "people", people)  # fmt: skip


def _second_scan(folder: Path, args: argparse.Namespace) -> Ratio:
    """The people held in memory are asked about another drug and route."""
    columns = _tiled(_loaded(folder), args.loaded)
    from leeward import content

    library = content.load()
    population = Population(columns, tuple(library.rules.values()),
                            tuple(library.indications.values()), recogniser(), AS_OF)  # fmt: skip
    tables = peers.Tables(folder, args.loaded)

    def ours() -> None:
        population.screen(*OTHER_DRUG)

    clocks = _by_turns(ours, tables.ask, args.rounds)
    tables.close()
    return Ratio(
        f"{args.loaded:,} people in memory asked again, all rules; DuckDB in memory asks one rule",
        clocks[0], clocks[1], clocks[2], clocks[3], 1.0, "people", args.loaded,
    )  # fmt: skip


def _loaded(folder: Path) -> FactColumns:
    from leeward import content
    from leeward.core.candidacy.questions import concepts_read
    from leeward.exchange.fhir.bulk import Export

    library = content.load()
    asked = (*library.rules.values(), *library.indications.values())
    wanted = frozenset().union(*(concepts_read(each) for each in asked))
    with Export(folder, recogniser(), wanted, AS_OF) as export:
        export.read()
        return next(export.people()).columns


def _tiled(columns: FactColumns, people: int) -> FactColumns:
    """As many people as asked for, by repetition: so that fixed costs do not count."""
    times = max(1, people // columns.people)
    person = (columns.person + columns.people * np.arange(times)[:, None]).ravel()

    def tile(values: Any) -> Any:
        return np.tile(values, (times,) + (1,) * (values.ndim - 1))

    return replace(
        columns,
        people=columns.people * times,
        person=person,
        template=tile(columns.template),
        first=tile(columns.first),
        last=tile(columns.last),
        instant=tile(columns.instant),
    )


__all__ = ["add_parser", "run"]
