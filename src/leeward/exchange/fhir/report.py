"""What came of an import: counts, and every resource that was left, with the reason.

The list of what was left can be longer than what was taken (a payer's export is mostly claims), so
it is kept in a file that lives only as long as the report, and memory stays bounded.
"""

import json
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import IO

from leeward.usecases.imported import ImportOutcome, Skipped

from .reader import END, WHOLE_FILE

IN_MEMORY = 4 * 1024 * 1024


def _spool() -> IO[str]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class KindRow:
    """What became of one kind of resource."""

    kind: str
    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """How many of one kind were left for one reason."""

    kind: str
    because: str
    count: int


@dataclass(slots=True, weakref_slot=True)
class ImportReport:
    """The running account of an import; `write_json` gives its stable form."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    patients_to_review: int = 0
    unusable_files: int = 0
    _reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    _skipped: IO[str] = field(default_factory=_spool)

    def add(self, outcome: ImportOutcome) -> None:
        """Count what one batch came to."""
        self.created.update(outcome.created)
        self.updated.update(outcome.updated)
        self.unchanged.update(outcome.unchanged)
        self.patients_to_review += outcome.new_for_assessed
        for skipped in outcome.skipped:
            self.skip(skipped)

    def skip(self, skipped: Skipped) -> None:
        """Note one resource that was left."""
        kind = skipped.resource.partition("/")[0] or "(no resource)"
        self.unusable_files += not skipped.resource and skipped.where in (WHOLE_FILE, END)
        self._reasons[kind, skipped.because] += 1
        self._skipped.seek(0, 2)
        self._skipped.write(json.dumps(asdict(skipped)) + "\n")

    def __post_init__(self) -> None:
        weakref.finalize(self, self._skipped.close)

    @property
    def rows(self) -> list[KindRow]:
        """Counts by kind, for a table."""
        kinds = sorted({*self.created, *self.updated, *self.unchanged})
        return [KindRow(k, self.created[k], self.updated[k], self.unchanged[k]) for k in kinds]

    @property
    def reason_lines(self) -> list[ReasonLine]:
        """Why resources were left, the commonest first."""
        return [ReasonLine(k, why, n) for (k, why), n in self._reasons.most_common()]

    @property
    def skipped_count(self) -> int:
        """How many resources (or unreadable places) were left."""
        return self._reasons.total()

    @property
    def taken_count(self) -> int:
        """How many resources were created, updated or found unchanged."""
        return self.created.total() + self.updated.total() + self.unchanged.total()

    def skipped(self) -> Iterator[Skipped]:
        """Every resource that was left, in the order it was met."""
        self._skipped.seek(0)
        for line in self._skipped:
            yield Skipped(**json.loads(line))

    def reasons(self) -> list[tuple[str, str, int]]:
        """(resource type, reason, how often), the most frequent first."""
        return [(kind, because, n) for (kind, because), n in self._reasons.most_common()]

    def write_json(self, out: IO[str]) -> None:
        """Write ``{"created": .., "updated": .., "unchanged": .., "skipped": [..]}``."""
        counts = {
            name: dict(sorted(counter.items()))
            for name, counter in (
                ("created", self.created),
                ("updated", self.updated),
                ("unchanged", self.unchanged),
            )
        }
        out.write(json.dumps(counts)[:-1] + ', "skipped": [')
        self._skipped.seek(0)
        for count, line in enumerate(self._skipped):
            out.write(("," if count else "") + "\n" + line.rstrip("\n"))
        out.write("]}\n")

    def write_text(self, out: IO[str]) -> None:
        """Write the account for people: counts, then the reasons, each with its number."""
        for name, counter in (
            ("created", self.created),
            ("updated", self.updated),
            ("unchanged", self.unchanged),
        ):
            kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(counter.items()))
            out.write(f"{name}: {kinds or 'nothing'}\n")
        if self.patients_to_review:
            out.write(f"assessments to look at again: {self.patients_to_review}\n")
        out.write(f"left: {self.skipped_count}\n")
        for kind, because, n in self.reasons():
            out.write(f"  {n} x {kind}: {because}\n")
        for note, n in self.notes.most_common():
            out.write(f"  note ({n} x): {note}\n")
