"""Feeds files to the import use case: a Bundle at a time, or NDJSON in batches.

What points at a person or a medicine that has not been seen yet is put off and tried once more
at the end, so the order of files and lines does not matter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leeward.core.quantities import Refusal
from leeward.usecases.imported import Imported, ImportOutcome, Skipped

from .datatypes import Unresolved
from .later import Later
from .mapping import map_resource, skipped
from .reader import Found, Group, ReadLimits, patients_first, read_groups, shown_name
from .references import References
from .report import ImportReport

BATCH = 500
DISTINCT_NOTES = 200
TakeBatch = Callable[[Sequence[Imported]], ImportOutcome | Refusal]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come."""

    file: str
    read: int
    taken: int
    skipped: int


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def import_files(
    paths: Iterable[str],
    take: TakeBatch,
    *,
    progress: Callable[[Progress], None] | None = None,
    limits: ReadLimits | None = None,
    names: Mapping[str, str] | None = None,
) -> ImportReport | Refusal:
    """Read every file and hand its resources to `take`, batch by batch.

    `names` gives the name to show for a path, where an upload has another one than its copy.
    A `Refusal` by `take` (nobody may import here) ends the import and is returned.
    """
    run = _Run(take, progress or (lambda _: None))
    try:
        shown = {path: (names or {}).get(path) or shown_name(path) for path in paths}
        for path in patients_first(shown):
            run.file = shown[path]
            for group in read_groups(path, limits, name=run.file):
                run.group(group)
            run.flush()
            run.tell()
        run.settle()
    except _Refused as stopped:
        return stopped.refusal
    return run.report


@dataclass(slots=True)
class _Run:
    take: TakeBatch
    progress: Callable[[Progress], None]
    report: ImportReport = field(default_factory=ImportReport)
    references: References = field(default_factory=References)
    later: Later = field(default_factory=Later)
    batch: list[Imported] = field(default_factory=list)
    file: str = ""
    read: int = 0

    def group(self, group: Group) -> None:
        """Take one Bundle whole, or add one resource to the batch."""
        for each in group.skipped:
            self.report.skip(each)
        self.read += len(group.found) + len(group.skipped)
        if group.is_bundle:
            self.flush()
            self._bundle(group)
            self.flush()
        else:
            self._map(group.found, self.references)
            if len(self.batch) >= BATCH:
                self.flush()
                self.tell()

    def _bundle(self, group: Group) -> None:
        own = References(parent=self.references)
        waiting = self.later.count
        self._map(group.found, own)
        if self.later.count > waiting:
            self.references.keep_urls_of(own)

    def _map(self, found: tuple[Found, ...], references: References) -> None:
        for each in found:
            _note(each, references)
        for each in found:
            try:
                self._accept(map_resource(each, references))
            except Unresolved:
                self.later.put_off(each)

    def _accept(self, imported: Imported | Skipped) -> None:
        if isinstance(imported, Skipped):
            self.report.skip(imported)
            return
        for note in getattr(imported, "notes", ()):
            if note in self.report.notes or len(self.report.notes) < DISTINCT_NOTES:
                self.report.notes[note] += 1
        self.batch.append(imported)

    def flush(self, *, last: bool = False) -> None:
        """Hand the batch over; what has no patient yet is put off, or on the last turn left."""
        if not self.batch:
            return
        outcome = self.take(tuple(self.batch))
        self.batch.clear()
        if isinstance(outcome, Refusal):
            raise _Refused(outcome)
        self.report.add(outcome)
        for each in outcome.unplaced:
            if last:
                self.report.skip(_without_patient(each))
            else:
                self.later.put_off(each)

    def settle(self) -> None:
        """Try once more what was put off, now that everything has been seen."""
        self.references.complete = True
        for waiting in self.later.take_up():
            if not isinstance(waiting, Found):
                self.batch.append(waiting)
            else:
                try:
                    self._accept(map_resource(waiting, self.references))
                except Unresolved as reason:
                    self.report.skip(skipped(waiting, str(reason)))
            if len(self.batch) >= BATCH:
                self.flush(last=True)
        self.flush(last=True)

    def tell(self) -> None:
        """Say how far it has come."""
        report = self.report
        self.progress(Progress(self.file, self.read, report.taken_count, report.skipped_count))


def _note(found: Found, references: References) -> None:
    try:
        references.add(found.resource, found.full_url)
    except ValueError:
        return  # the mapper says what is wrong with it


def _without_patient(imported: Imported) -> Skipped:
    origin = imported.origin
    patient = getattr(imported, "patient", "")
    because = f"its patient ({patient}) is neither in these files nor known here"
    return Skipped(origin.file, origin.where, origin.resource, because)
