"""The audit trail as a director reads it: with the names of people, and one person's report."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leeward.records.accounts.actor import DIRECTOR, Actor, NotPermitted
from leeward.records.audit.selectors import Asked, Entry, list_entries
from leeward.records.people.models import Patient
from leeward.records.people.selectors import PatientName, get_patient_name, list_patients

PAGE = 100
MOST_PATIENTS = 200
REPORT = 2000
OUTCOMES = ("done", "refused")
# Beginnings of actions worth asking for, in the words of the page.
KINDS = (
    ("patient.viewed", "a chart was opened"),
    ("page.viewed", "a list was opened"),
    ("access.", "sign-in, sign-out, refusal"),
    ("access.denied", "turned away"),
    ("session.", "treatment session"),
    ("note.", "note: read, signed, exported"),
    ("audit.", "the trail itself"),
    ("data.", "backup, export, anchor"),
)


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One line with what it says in words."""

    entry: Entry
    action: str
    patient: str
    said: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    rows: tuple[TrailRow, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Who opened, changed or was refused one person's record."""

    patient: PatientName
    rows: tuple[TrailRow, ...]
    people: tuple[tuple[str, int], ...]
    cut: bool


def get_trail_page(viewer: Actor, asked: Asked, *, before: int | None) -> TrailPage:
    """A page of the trail of the viewer's organization, newest first."""
    entries = list_entries(_wall(viewer), asked, before=before, limit=PAGE + 1)
    more = len(entries) > PAGE
    shown = entries[:PAGE]
    return TrailPage(_rows(viewer, shown), shown[-1].seq if more else None)


def get_access_report(
    viewer: Actor, patient_id: UUID, *, now: datetime, since: datetime | None = None
) -> AccessReport:
    """Everything the trail says about one patient, newest first."""
    wall = _wall(viewer)
    patient = get_patient_name(viewer, patient_id, now=now)
    asked = Asked(patient_ids=frozenset({patient_id}), since=since)
    entries = list_entries(wall, asked, limit=REPORT + 1)
    counts: dict[str, int] = {}
    for entry in entries[:REPORT]:
        counts[entry.actor_name] = counts.get(entry.actor_name, 0) + 1
    people = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return AccessReport(patient, _rows(viewer, entries[:REPORT]), people, len(entries) > REPORT)


def patients_called(viewer: Actor, search: str, now: datetime) -> frozenset[UUID] | None:
    """The patients a search means; None when nothing was asked."""
    if not search.strip():
        return None
    found = list_patients(viewer, search=search, now=now, limit=MOST_PATIENTS)
    return frozenset(patient.id for patient in found)


def _wall(viewer: Actor) -> UUID:
    if not viewer.has(DIRECTOR):
        raise NotPermitted(f"this is for: {DIRECTOR}")
    return viewer.wall


def _rows(viewer: Actor, entries: list[Entry]) -> tuple[TrailRow, ...]:
    ids = {entry.patient_id for entry in entries if entry.patient_id}
    people = Patient.objects.filter(organization_id=viewer.wall).in_bulk(list(ids))
    return tuple(
        TrailRow(
            entry,
            entry.action.replace("_", " ").replace(".", ": ", 1),
            people[entry.patient_id].display_name if entry.patient_id in people else "",
            _said(entry),
        )
        for entry in entries
    )


def _said(entry: Entry) -> str:
    about = entry.subject_id if entry.subject_type == "page" else entry.subject_type
    told = [f"{name} {value}" for name, value in entry.detail.items() if value not in ("", None)]
    return ", ".join([about.replace("_", " ").replace("-", " "), *told] if about else told)[:200]
