"""`leeward screen`: candidacy findings for every person of a FHIR Bulk Data export."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

from leeward.core.quantities import Refusal

from .assess import DRUGS, ROUTES, read_date, recogniser, refuse

if TYPE_CHECKING:
    from leeward.exchange.fhir.bulk import Export

    from .screen_lines import Tally


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "screen",
        help="candidacy findings for every patient of an export",
        description="Reads a FHIR R4 Bulk Data export (a folder of NDJSON, gzipped or not) and "
        "writes one line for each patient with the findings that `leeward assess` would give, "
        "then a summary. Damaged lines are counted, located and left. Nobody is ever cleared: "
        "what no record names is unknown.",
        epilog="Exit status: 0 done, whatever was found and whatever lines were damaged; 1 there "
        "is no export to read, or the question is refused; 2 bad usage.",
    )
    parser.add_argument("folder", type=Path, metavar="NDJSON_DIR", help="the export")
    parser.add_argument("--drug", required=True, choices=DRUGS)
    parser.add_argument("--route", required=True, choices=ROUTES)
    parser.add_argument("--as-of", metavar="DATE", help="the date of the question; today if not")
    parser.add_argument("--format", choices=["json", "csv"], default="json")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the lines there")


def run(args: argparse.Namespace) -> int:
    as_of = read_date(args.as_of)
    if isinstance(as_of, Refusal):
        return refuse(as_of, args.format)
    refusal = _unusable(args.folder)
    if refusal is not None:
        return refuse(refusal, args.format)
    tally = screen_folder(args.folder, args.drug, args.route, as_of, args)
    if isinstance(tally, Refusal):
        return refuse(tally, args.format)
    return 0


def _unusable(folder: Path) -> Refusal | None:
    from leeward.exchange.fhir.reader import NDJSON_ENDINGS

    if not folder.is_dir():
        because = f"{folder} is not a folder. Name the folder that holds the NDJSON files."
        return Refusal("screen.no_folder", because, field="folder")
    from leeward.exchange.fhir.bulk import export_files

    if not export_files(folder):
        because = f"{folder} holds no NDJSON file ({', '.join(NDJSON_ENDINGS)})."
        return Refusal("screen.no_files", because, field="folder")
    return None


def screen_folder(
    folder: Path, drug: str, route: str, as_of: date, args: argparse.Namespace
) -> "Tally | Refusal":
    """Screen an export and write the lines and the summary."""
    from leeward import content
    from leeward.core.candidacy.questions import concepts_read
    from leeward.exchange.fhir.bulk import Export

    from .screen_lines import Question, screen_people

    library = content.load()
    rules, indications = tuple(library.rules.values()), tuple(library.indications.values())
    known = recogniser()
    wanted = frozenset().union(*(concepts_read(each) for each in (*rules, *indications)))
    question = Question(drug, route, as_of, rules, indications, known, library.digest)
    refusal = question.refusal()
    if refusal is not None:
        return refusal
    with Export(folder, known, wanted, as_of) as export:
        export.read(_tell)
        with _opened(args.out) as out:
            tally = screen_people(export, question, args.format, out, _tell)
        _summarise(export, tally, args)
    return tally


@contextmanager
def _opened(file: Path | None) -> Iterator[IO[str]]:
    if file is None:
        yield sys.stdout
        return
    with file.open("w", encoding="utf-8", newline="") as out:
        yield out


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _summarise(export: "Export", tally: "Tally", args: argparse.Namespace) -> None:
    """The summary: the last line of JSON, and for people where they are looking."""
    from .screen_lines import summary_json, summary_text

    if args.format == "json":
        line = json.dumps({"summary": summary_json(export, tally)}, ensure_ascii=False) + "\n"
        if args.out is None:
            sys.stdout.write(line)
        else:
            with args.out.open("a", encoding="utf-8") as out:
                out.write(line)
    shown = sys.stdout if args.out is not None else sys.stderr
    for said in summary_text(export, tally):
        print(said, file=shown)
