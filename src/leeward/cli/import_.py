"""`leeward import`: FHIR R4 Bundles and NDJSON into the charts of one location."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from leeward.core.quantities import Refusal

if TYPE_CHECKING:
    from leeward.exchange.fhir.importing import Progress, TakeBatch
    from leeward.exchange.fhir.report import ImportReport
    from leeward.records.organizations.selectors import Place
    from leeward.usecases.imported import Imported, ImportOutcome


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "import",
        help="take in FHIR R4 Bundles or NDJSON",
        description="Takes FHIR R4 Bundles, single resources or NDJSON into the charts of one "
        "location, and reports what was taken, what was left and why. Importing twice changes "
        "nothing.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="gzipped or not; - is stdin")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--location", help="name or id of the location that new patients come to, if several"
    )


def run(args: argparse.Namespace) -> int:
    from leeward.exchange.fhir.importing import import_files

    place = _place(args.location)
    if isinstance(place, Refusal):
        return _refused(place, args.format)
    report = import_files(args.files, _taker(place), progress=_tell)
    if isinstance(report, Refusal):
        return _refused(report, args.format)
    _print(report, args.format)
    return 1 if report.unusable_files or not report.taken_count else 0


def _place(wanted: str | None) -> "Place | Refusal":
    from leeward.records.organizations.selectors import list_places

    places = list_places()
    matching = places if wanted is None else [p for p in places if wanted in (str(p.id), p.name)]
    if len(matching) == 1:
        return matching[0]
    if not places:
        return Refusal("import.no_location", "This clinic has no location yet; set it up first.")
    names = "; ".join(f"{p.name} ({p.organization_name}, {p.id})" for p in places)
    asked = "Say which with --location" if wanted is None else f"{wanted} is not one of them"
    return Refusal("import.which_location", f"{asked}: {names}.", field="location")


def _taker(place: "Place") -> "TakeBatch":
    from leeward.records.accounts.actor import system_actor
    from leeward.usecases.import_records import import_records

    actor = system_actor("leeward import", place.organization_id)
    command_id = uuid4()

    def take(batch: "Sequence[Imported]") -> "ImportOutcome | Refusal":
        return import_records(
            actor=actor,
            now=datetime.now(UTC),
            command_id=command_id,
            location_id=place.id,
            resources=batch,
        )

    return take


def _tell(progress: "Progress") -> None:
    print(
        f"{progress.file}: {progress.read} read, {progress.taken} taken, {progress.skipped} left",
        file=sys.stderr,
    )


def _print(report: "ImportReport", form: str) -> None:
    if form == "text":
        report.write_text(sys.stdout)
        return
    report.write_json(sys.stdout)
    for note, count in report.notes.most_common():
        print(f"note ({count} x): {note}", file=sys.stderr)


def _refused(refusal: Refusal, form: str) -> int:
    if form == "json":
        print(json.dumps({"refused": {"code": refusal.code, "because": refusal.because}}))
    print(refusal, file=sys.stderr)
    return 1
