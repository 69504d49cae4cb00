"""Taking records from elsewhere into the chart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import DIRECTOR, FRONT_DESK, NURSE, PRESCRIBER, Actor, NotFound
from leeward.records.audit import store as audit
from leeward.records.charts.models import CandidacyDecision
from leeward.records.organizations.models import Location, Organization
from leeward.records.people.models import Patient
from leeward.usecases.access import access_location
from leeward.usecases.decide_candidacy import mark_for_review
from leeward.usecases.imported import (
    ChartStatement,
    Imported,
    ImportedEncounter,
    ImportedPatient,
    ImportedQuestionnaireResponse,
    ImportOutcome,
    Skipped,
)
from leeward.usecases.imported_alerts import raise_answer_alerts
from leeward.usecases.imported_answers import answer_columns
from leeward.usecases.imported_patient import take_patient
from leeward.usecases.imported_rows import MODELS, Columns, chart_columns
from leeward.usecases.tasks import raise_task

IMPORTERS = (FRONT_DESK, NURSE, PRESCRIBER, DIRECTOR)
SYSTEM = "system"
# Nothing that a candidacy rule reads.
OUTSIDE_CANDIDACY = (ImportedEncounter, ImportedQuestionnaireResponse)


def import_records(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    location_id: UUID,
    resources: Sequence[Imported],
) -> ImportOutcome | Refusal:
    """Take one batch (a Bundle, or part of a file) into the chart, all of it or nothing.

    A resource is known again by its source and content, so a repeated batch changes nothing and
    the same `command_id` serves every batch of one import. New people come to `location_id`.
    What the clinic itself entered about how to reach a person is not overwritten.

    *Refuses when* the actor may not import. A resource is *skipped* when its person is kept at a
    location the actor does not work at, or when the source's name for a person already stands for
    somebody else here; it is *unplaced* when its person is not known (yet). *Emits* audit
    `records.imported` for each person it changed; marks candidacy decisions for review and raises
    a task when what they rest on changed, and an urgent one when a person's newest answers to a
    scale call for somebody. *Locks* the organization against other imports.
    """
    location = _place(actor, location_id)
    if location is None:
        return Refusal("import.not_permitted", "Only staff of this clinic can import records.")
    batch = _Batch(actor, now, command_id, location)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(id=location.organization_id)
        batch.take_patients([each for each in resources if isinstance(each, ImportedPatient)])
        batch.take_statements([e for e in resources if not isinstance(e, ImportedPatient)])
        batch.close()
    return batch.outcome()


def _place(actor: Actor, location_id: UUID) -> Location | None:
    if actor.kind == SYSTEM:
        location = Location.objects.filter(id=location_id, organization_id=actor.wall).first()
        if location is None:
            raise NotFound("location")
        return location
    return access_location(actor, location_id, *IMPORTERS) if actor.is_staff else None


@dataclass(slots=True)
class _Change:
    """What the batch did to one person's record."""

    patient: Patient
    counts: Counter[str] = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    for_candidacy: bool = False
    answered: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Batch:
    actor: Actor
    now: datetime
    command_id: UUID
    location: Location
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    unplaced: list[Imported] = field(default_factory=list)
    changes: dict[UUID, _Change] = field(default_factory=dict)
    people: dict[str, Patient] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    to_review: int = 0

    def take_patients(self, patients: Sequence[ImportedPatient]) -> None:
        """Create or update the people, and remember whom the source means by which name."""
        self._look_up({each.origin.resource for each in patients})
        for each in patients:
            name = each.origin.resource
            if name in self.refused:
                self._skip(each, self.refused[name])
                continue
            taken = take_patient(
                each, self.people.get(name), self.location, self._new_id(name), self.now
            )
            if isinstance(taken, Refusal):
                self.refused[name] = taken.because
                self._skip(each, taken.because)
                continue
            self.people[name] = taken.patient
            self._count(taken.what, each, taken.patient)

    def _new_id(self, name: str) -> UUID:
        return uuid5(self.command_id, f"{self.location.organization_id}:{name}")

    def take_statements(self, statements: Sequence[ChartStatement]) -> None:
        """Create or update what is said about people who are known."""
        self._look_up({each.patient for each in statements} - set(self.people))
        placed: dict[str, list[tuple[Patient, ChartStatement]]] = {}
        for each in statements:
            patient = self.people.get(each.patient)
            if each.patient in self.refused:
                self._skip(each, self.refused[each.patient])
            elif patient is None:
                self.unplaced.append(each)
            else:
                placed.setdefault(each.kind, []).append((patient, each))
        for kind, group in placed.items():
            self._take_kind(kind, group)

    def _take_kind(self, kind: str, group: list[tuple[Patient, ChartStatement]]) -> None:
        model = MODELS[kind]
        known: dict[tuple[UUID, str], str] = {
            (patient_id, source_id): digest
            for patient_id, source_id, digest in model._default_manager.filter(
                patient_id__in={patient.id for patient, _ in group},
                source_id__in={each.origin.resource for _, each in group},
            ).values_list("patient_id", "source_id", "source_hash")
        }
        fresh: dict[tuple[UUID, str], Columns] = {}
        for patient, each in group:
            key = (patient.id, each.origin.resource)
            what = "created" if key not in known else "updated"
            if known.get(key) == each.origin.digest:
                self._count("unchanged", each, patient)
                continue
            columns = self._columns(patient, each)
            if what == "created" or key in fresh:
                fresh[key] = columns
            else:
                model._default_manager.filter(patient=patient, source_id=key[1]).update(**columns)
            known[key] = each.origin.digest
            self._count(what, each, patient)
        model._default_manager.bulk_create(
            [
                model(id=uuid5(key[0], key[1]), patient_id=key[0], **columns)
                for key, columns in fresh.items()
            ],
            batch_size=200,
        )

    def _columns(self, patient: Patient, each: ChartStatement) -> Columns:
        columns = chart_columns(each)
        columns |= {"source_id": each.origin.resource, "source_hash": each.origin.digest}
        if isinstance(each, ImportedQuestionnaireResponse):
            answers = answer_columns(each, content.load().instruments.values())
            return columns | answers | {"requested_at": columns["completed_at"] or self.now}
        return columns | {"entered_at": self.now, "entered_by_name": self.actor.name[:200]}

    def _look_up(self, names: set[str]) -> None:
        """Find the people whom the source calls so, unless they are out of the actor's reach."""
        rows = Patient.objects.filter(
            organization_id=self.location.organization_id,
            source_id__in={name.removeprefix("Patient/") for name in names},
        )
        for row in rows:
            name = f"Patient/{row.source_id}"
            if self.actor.kind == SYSTEM or self.actor.works_at(row.location_id):
                self.people[name] = row
            else:
                self.refused[name] = "its patient is kept at a location you do not work at"

    def _skip(self, imported: Imported, because: str) -> None:
        origin = imported.origin
        self.skipped.append(Skipped(origin.file, origin.where, origin.resource, because))

    def _count(self, what: str, imported: Imported, patient: Patient) -> None:
        kind = imported.origin.resource.partition("/")[0]
        tally: Counter[str] = getattr(self, what)
        tally[kind] += 1
        if what == "unchanged":
            return
        change = self.changes.setdefault(patient.id, _Change(patient))
        change.counts[f"{kind} {what}"] += 1
        change.files.add(imported.origin.file)
        if isinstance(imported, ImportedQuestionnaireResponse):
            change.answered.add(imported.origin.resource)
        change.for_candidacy |= not isinstance(imported, OUTSIDE_CANDIDACY)

    def close(self) -> None:
        """Write the trail, and reopen the decisions that rested on something else."""
        decided = set(
            CandidacyDecision.objects.filter(
                patient_id__in=self.changes, review_since=None
            ).values_list("patient_id", flat=True)
        )
        for patient_id, change in self.changes.items():
            audit.record(
                self.actor,
                "records.imported",
                at=self.now,
                patient_id=patient_id,
                subject=("import", self.command_id),
                counts=dict(sorted(change.counts.items())),
                files=sorted(change.files),
            )
            if change.for_candidacy and patient_id in decided:
                self._reopen(change)
            if change.answered:
                raise_answer_alerts(
                    change.patient, change.answered, actor=self.actor, now=self.now
                )

    def _reopen(self, change: _Change) -> None:
        because = f"new records were imported from {', '.join(sorted(change.files))[:200]}"
        if not mark_for_review(change.patient, now=self.now, because=because):
            return
        self.to_review += 1
        raise_task(
            actor=self.actor,
            now=self.now,
            command_id=uuid5(self.command_id, str(change.patient.id)),
            patient=change.patient,
            kind="review_candidacy",
            because=f"Look at the candidacy decision again: {because}.",
            priority="soon",
            role=PRESCRIBER,
        )

    def outcome(self) -> ImportOutcome:
        """What the batch came to."""
        return ImportOutcome(
            self.created,
            self.updated,
            self.unchanged,
            tuple(self.skipped),
            tuple(self.unplaced),
            self.to_review,
        )
