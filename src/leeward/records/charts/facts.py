"""From stored rows to the facts that candidacy rules read."""

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from leeward.core.candidacy.facts import Coding, Fact, FactKind
from leeward.core.candidacy.when import When
from leeward.records.people.models import Patient

from .models import (
    AllergyIntolerance,
    Condition,
    FamilyMemberHistory,
    MedicationStatement,
    Observation,
    Procedure,
    ScreeningAnswer,
)

ENTERED_IN_ERROR = "entered-in-error"
# Of two measurements at one instant the rules cite one: always the same, not by a random id.
_ORDER = ("sort_at", "source_id", "id")


def facts_of(patient: Patient) -> list[Fact]:
    """Everything the chart says about one person, in a stable order."""
    facts = [*_demographics(patient)]
    facts += [_condition(row) for row in patient.conditions.order_by(*_ORDER)]
    facts += [_medication(row) for row in patient.medicationstatements.order_by(*_ORDER)]
    for allergy in patient.allergyintolerances.order_by(*_ORDER):
        facts += _allergies(allergy)
    for observation in patient.observations.order_by(*_ORDER):
        facts += _observations(observation)
    facts += [_procedure(row) for row in patient.procedures.order_by(*_ORDER)]
    for history in patient.familymemberhistorys.order_by(*_ORDER):
        facts += _family(history)
    answers = patient.screening_answers.select_related("asked_by").order_by("answered_at", "id")
    facts += [_answer(row) for row in answers]
    return facts


def digest_of(facts: Iterable[Fact]) -> str:
    """One digest for what was known; a decision keeps it, and a change of it asks for review."""
    lines = sorted(repr(fact) for fact in facts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _demographics(patient: Patient) -> Iterator[Fact]:
    resource = f"Patient/{patient.source_id or patient.id}"
    items: list[tuple[str, str]] = [("sex", patient.sex)] if patient.sex != "unknown" else []
    if patient.birth_sex:
        items.append(("birth_sex", patient.birth_sex))
    if patient.birth_date:
        items.append(("birth_date", patient.birth_date.isoformat()))
    for name, value in items:
        yield Fact(
            FactKind.DEMOGRAPHIC, name=name, value=value, resource=resource, provenance="chart"
        )
    if patient.deceased:
        yield Fact(
            FactKind.DEMOGRAPHIC,
            name="deceased",
            value=True,
            onset=when(patient.deceased_when),
            resource=resource,
            provenance="chart",
        )


def _condition(row: Condition) -> Fact:
    return Fact(
        FactKind.CONDITION,
        codings=codings_of(row.codings),
        text=row.text,
        clinical_status=row.status,
        verification=row.verification,
        onset=when(row.onset),
        abatement=when(row.abatement),
        recorded=when(row.recorded),
        resource=_reference("Condition", row),
        provenance=row.provenance,
    )


def _medication(row: MedicationStatement) -> Fact:
    is_request = row.form == "request"
    return Fact(
        FactKind.MEDICATION,
        codings=codings_of(row.codings),
        text=row.text,
        clinical_status=row.status,
        onset=when((row.recorded or row.starts) if is_request else row.starts),
        abatement=when(row.ends),
        recorded=when(row.recorded),
        resource=_reference(f"Medication{row.form.capitalize()}", row),
        provenance=row.provenance,
        dose_text=row.dosage_text,
    )


def _allergies(row: AllergyIntolerance) -> Iterator[Fact]:
    named = [{"codings": row.codings, "text": row.text}]
    substances = (reaction.get("substance") for reaction in row.reactions)
    named += [substance for substance in substances if substance and substance not in named]
    for concept in named:
        yield Fact(
            FactKind.ALLERGY,
            codings=codings_of(concept["codings"]),
            text=concept["text"],
            clinical_status=row.status,
            verification=row.verification,
            criticality=row.criticality,
            onset=when(row.onset),
            recorded=when(row.recorded),
            resource=_reference("AllergyIntolerance", row),
            provenance=row.provenance,
        )


def _observations(row: Observation) -> Iterator[Fact]:
    whole = {
        "codings": row.codings, "text": row.text, "value": row.value, "unit": row.unit,
        "value_text": row.value_text, "value_codings": row.value_codings,
    }  # fmt: skip
    for part in (whole, *row.components):
        value = part.get("value")
        if value is None and not part.get("value_text") and not part.get("value_codings"):
            continue
        yield Fact(
            FactKind.OBSERVATION,
            codings=codings_of(part["codings"]),
            text=part.get("text", ""),
            clinical_status=row.status,
            onset=when(row.effective),
            value=Decimal(str(value)).normalize()
            if value is not None
            else part.get("value_text") or None,
            unit=part.get("unit", ""),
            value_codings=codings_of(part.get("value_codings", [])),
            resource=_reference("Observation", row),
            provenance=row.provenance,
        )


def _procedure(row: Procedure) -> Fact:
    return Fact(
        FactKind.PROCEDURE,
        codings=codings_of(row.codings),
        text=row.text,
        clinical_status=row.status,
        onset=when(row.starts),
        abatement=when(row.ends),
        resource=_reference("Procedure", row),
        provenance=row.provenance,
    )


def _family(row: FamilyMemberHistory) -> Iterator[Fact]:
    relation = row.text or next((c["display"] or c["code"] for c in row.codings), "")
    for condition in row.conditions:
        yield Fact(
            FactKind.FAMILY_HISTORY,
            codings=codings_of(condition["codings"]),
            text=condition["text"],
            clinical_status=row.status if row.status == ENTERED_IN_ERROR else "",
            relation=relation,
            recorded=when(row.recorded),
            resource=_reference("FamilyMemberHistory", row),
            provenance=row.provenance,
        )


def _answer(row: ScreeningAnswer) -> Fact:
    value: bool | str = {"yes": True, "no": False}.get(row.value, "unknown")
    return Fact(
        FactKind.ANSWER,
        name=row.name,
        text=f"{row.note} (asked by {row.asked_by.name})".strip(),
        value=value,
        recorded=When.at(row.answered_at),
        resource=f"ScreeningAnswer/{row.id}",
        provenance="staff",
    )


def codings_of(stored: Iterable[dict[str, str]]) -> tuple[Coding, ...]:
    return tuple(Coding(c["system"], c["code"], c.get("display", "")) for c in stored)


def when(text: str) -> When | None:
    return When.parse(text) if text else None


def _reference(kind: str, row: Any) -> str:
    return row.source_id or f"{kind}/{row.id}"
