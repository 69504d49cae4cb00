"""Reads of the clinical record, as the pages show it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.people.models import Patient
from leeward.records.people.selectors import PatientName, name_of, visible_patients

from .models import (
    AllergyIntolerance,
    CandidacyDecision,
    Condition,
    FamilyMemberHistory,
    MedicationStatement,
    Observation,
    Task,
)

# LOINC of a body weight: body weight, and measured body weight.
WEIGHT_CODES = ("29463-7", "3141-9")
ENTERED_IN_ERROR = "entered-in-error"
SHOWN_FIGURES = 4
CURRENT_CONDITION = ("", "active", "recurrence", "relapse")
CURRENT_MEDICATION = ("", "active", "on-hold", "intended")
HEIGHT_CODE = "8302-2"
NO_KNOWN_ALLERGY = ("716186003", "409137002", "428607008")


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight and when it was measured: one without the other is not a dosing weight."""

    weight_kg: Decimal
    measured: str
    measured_at: datetime | None


@dataclass(frozen=True, slots=True)
class AllergyLine:
    text: str
    criticality: str
    reactions: str


@dataclass(frozen=True, slots=True)
class PatientBanner:
    """The identity header of every page about a person.

    `allergies` is None when nobody ever recorded any, which is not the same as having none.
    """

    patient: PatientName
    weight: Weight | None
    allergies: tuple[AllergyLine, ...] | None
    open_tasks: int


@dataclass(frozen=True, slots=True)
class ProblemLine:
    text: str
    status: str
    verification: str
    onset: str
    abatement: str
    current: bool
    reference: str
    provenance: str


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """A medicine; `given` where one administration is meant, not a time of taking."""

    text: str
    status: str
    since: str
    dosage: str
    current: bool
    reference: str
    given: bool = False


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """One relative, by relation, and what they had; no conditions is not the same as none."""

    relation: str
    conditions: tuple[str, ...]
    recorded: str
    reference: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    text: str
    value: str
    effective: str
    at: datetime | None
    category: str
    reference: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    id: UUID
    kind: str
    priority: str
    because: str
    created_at: datetime
    due_at: datetime | None
    patient_id: UUID | None
    patient_name: str
    subject_type: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    id: UUID
    drug: str
    route: str
    indication: str
    decision: str
    rationale: str
    decided_by: str
    decided_at: datetime
    review_since: datetime | None
    review_because: str
    content_digest: str
    facts_digest: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the patient chart shows beside the timeline."""

    banner: PatientBanner
    problems: tuple[ProblemLine, ...]
    medicines: tuple[MedicineLine, ...]
    family: tuple[RelativeLine, ...]
    results: tuple[ResultLine, ...]
    tasks: tuple[TaskLine, ...]
    decisions: tuple[DecisionLine, ...]


def get_banner(viewer: Actor, patient_id: UUID, *, now: datetime) -> PatientBanner:
    """The identity header, or `NotFound` when the person is not the viewer's to see."""
    return banner_of(_patient(viewer, patient_id), now)


def banner_of(patient: Patient, now: datetime) -> PatientBanner:
    return PatientBanner(
        patient=name_of(patient, now.date()),
        weight=find_weight(patient),
        allergies=_allergies(patient),
        open_tasks=patient.tasks.filter(status=Task.OPEN).count(),
    )


def get_chart(viewer: Actor, patient_id: UUID, *, now: datetime) -> Chart:
    """Problems, medicines, results, tasks and decisions of one person."""
    patient = _patient(viewer, patient_id)
    return Chart(
        banner=banner_of(patient, now),
        problems=_problems(patient),
        medicines=_medicines(patient),
        family=_family(patient),
        results=_results(patient),
        tasks=tuple(task_line(t) for t in _open_tasks().filter(patient=patient)),
        decisions=list_decisions(patient),
    )


def find_weight(patient: Patient) -> Weight | None:
    """The newest weight in kilograms that has a date."""
    for row in patient.observations.filter(unit="kg").order_by("-sort_at"):
        codes = {coding["code"] for coding in row.codings}
        if row.value and row.effective and codes.intersection(WEIGHT_CODES):
            if row.status in (ENTERED_IN_ERROR, "cancelled"):
                continue
            return Weight(plain(row.value), row.effective, row.sort_at)
    return None


def find_height_cm(patient: Patient) -> Decimal | None:
    """The newest height in centimetres that has a date."""
    for row in patient.observations.filter(unit="cm").order_by("-sort_at"):
        codes = {coding["code"] for coding in row.codings}
        if row.value and row.effective and HEIGHT_CODE in codes:
            if row.status in (ENTERED_IN_ERROR, "cancelled"):
                continue
            return plain(row.value)
    return None


def list_decisions(patient: Patient) -> tuple[DecisionLine, ...]:
    """Candidacy decisions, newest first."""
    rows = patient.candidacy_decisions.select_related("decided_by").order_by("-decided_at")
    return tuple(decision_line(row) for row in rows)


def list_tasks(viewer: Actor, *, limit: int = 100) -> list[TaskLine]:
    """Open tasks of the viewer's locations, urgent first, then oldest."""
    tasks = _open_tasks().filter(organization_id=viewer.organization_id)
    places = viewer.location_ids
    if places is not None:
        tasks = tasks.filter(location_id__in=places)
    order = {"urgent": 0, "soon": 1, "routine": 2}
    rows = sorted(tasks[:limit], key=lambda t: (order.get(t.priority, 3), t.created_at))
    return [task_line(row) for row in rows]


def task_line(task: Task) -> TaskLine:
    return TaskLine(
        id=task.id,
        kind=task.kind,
        priority=task.priority,
        because=task.because,
        created_at=task.created_at,
        due_at=task.due_at,
        patient_id=task.patient_id,
        patient_name=task.patient.display_name if task.patient else "",
        subject_type=task.subject_type,
        subject_id=task.subject_id,
    )


def decision_line(row: CandidacyDecision) -> DecisionLine:
    return DecisionLine(
        id=row.id,
        drug=row.drug,
        route=row.route,
        indication=row.indication,
        decision=row.decision,
        rationale=row.rationale,
        decided_by=row.decided_by.name,
        decided_at=row.decided_at,
        review_since=row.review_since,
        review_because=row.review_because,
        content_digest=row.content_digest,
        facts_digest=row.facts_digest,
    )


def plain(value: Decimal) -> Decimal:
    """A stored decimal without the zeros the column padded it with."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def as_reported(value: Decimal) -> Decimal:
    """A charted value to four figures: what another system computed beyond that is noise."""
    if not value or value.adjusted() >= SHOWN_FIGURES:
        return plain(value)
    return plain(round(value, SHOWN_FIGURES - 1 - value.adjusted()))


def _patient(viewer: Actor, patient_id: UUID) -> Patient:
    patient = visible_patients(viewer).filter(id=patient_id).first()
    if patient is None:
        raise NotFound("patient")
    return patient


def _open_tasks():  # type: ignore[no-untyped-def]
    return Task.objects.filter(status=Task.OPEN).select_related("patient").order_by("created_at")


def _allergies(patient: Patient) -> tuple[AllergyLine, ...] | None:
    rows = patient.allergyintolerances.exclude(verification__in=("refuted", ENTERED_IN_ERROR))
    rows = rows.exclude(status__in=("inactive", "resolved")).order_by("-criticality", "text")
    if not patient.allergyintolerances.exists():
        return None
    return tuple(_allergy(row) for row in rows if not _says_none(row))


def _allergy(row: AllergyIntolerance) -> AllergyLine:
    reactions = [word for r in row.reactions for word in r.get("manifestations", [])]
    return AllergyLine(label_of(row), row.criticality, ", ".join(reactions))


def _says_none(row: AllergyIntolerance) -> bool:
    return any(coding["code"] in NO_KNOWN_ALLERGY for coding in row.codings)


def _problems(patient: Patient) -> tuple[ProblemLine, ...]:
    rows = patient.conditions.exclude(verification=ENTERED_IN_ERROR).order_by("-sort_at")
    lines = [_problem(row) for row in rows]
    return tuple(sorted(lines, key=lambda line: not line.current))


def _problem(row: Condition) -> ProblemLine:
    refuted = row.verification == "refuted"
    return ProblemLine(
        text=label_of(row),
        status=row.status,
        verification=row.verification,
        onset=row.onset or row.onset_note,
        abatement=row.abatement or row.abatement_note,
        current=row.status in CURRENT_CONDITION and not row.abatement and not refuted,
        reference=row.source_id or f"Condition/{row.id}",
        provenance=row.provenance,
    )


def _medicines(patient: Patient) -> tuple[MedicineLine, ...]:
    rows = patient.medicationstatements.exclude(status=ENTERED_IN_ERROR).order_by("-sort_at")
    lines = [_medicine(row) for row in rows]
    return tuple(sorted(lines, key=lambda line: not line.current))


def _medicine(row: MedicationStatement) -> MedicineLine:
    given = row.form == MedicationStatement.ADMINISTRATION
    return MedicineLine(
        text=label_of(row),
        status=row.status,
        since=row.starts or row.recorded,
        dosage=row.dosage_text,
        current=row.status in CURRENT_MEDICATION and not given,
        reference=row.source_id or f"MedicationStatement/{row.id}",
        given=given,
    )


def _family(patient: Patient) -> tuple[RelativeLine, ...]:
    rows = patient.familymemberhistorys.exclude(status=ENTERED_IN_ERROR).order_by("text", "id")
    return tuple(
        RelativeLine(
            relation=label_of(row),
            conditions=tuple(map(_relatives_condition, row.conditions)),
            recorded=row.recorded,
            reference=row.source_id or f"FamilyMemberHistory/{row.id}",
        )
        for row in rows
    )


def _relatives_condition(condition: dict[str, Any]) -> str:
    words: str = condition["text"] or _display(condition["codings"])
    return f"{words} ({condition['onset_note']})" if condition["onset_note"] else words


def _results(patient: Patient, limit: int = 60) -> tuple[ResultLine, ...]:
    rows = patient.observations.exclude(status=ENTERED_IN_ERROR).order_by("-sort_at")[:limit]
    return tuple(_result(row) for row in rows)


def _result(row: Observation) -> ResultLine:
    return ResultLine(
        text=label_of(row),
        value=_value_text(row),
        effective=row.effective,
        at=row.sort_at,
        category=row.category,
        reference=row.source_id or f"Observation/{row.id}",
    )


def _value_text(row: Observation) -> str:
    own = _one_value(row.value, row.unit, row.value_text, row.original, row.absent_because)
    parts = [
        f"{part.get('text') or _display(part['codings'])} "
        + _one_value(
            part.get("value"),
            part.get("unit", ""),
            part.get("value_text", ""),
            part.get("original", ""),
            part.get("absent_because", ""),
        )
        for part in row.components
    ]
    return "; ".join(text for text in (own, *parts) if text)


def _one_value(
    value: Decimal | str | None, unit: str, words: str, original: str, absent: str
) -> str:
    if value is not None:
        shown = "" if unit in ("{score}", "1") else f" {unit.replace('mm[Hg]', 'mmHg')}"
        return f"{as_reported(Decimal(str(value))):f}{shown}"
    return words or original or (f"no value ({absent})" if absent else "")


def label_of(
    row: Condition | MedicationStatement | AllergyIntolerance | Observation | FamilyMemberHistory,
) -> str:
    """The record's own words, else a display, else the bare code."""
    return row.text or _display(row.codings)


def _display(codings: list[dict[str, str]]) -> str:
    shown = next((c["display"] for c in codings if c.get("display")), "")
    return shown or (codings[0]["code"] if codings else "not named")
