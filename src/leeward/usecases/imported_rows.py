"""From imported values to the columns of the chart.

Dates go in as the record wrote them; text longer than its column is cut and ends in an ellipsis.
"""

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Model

from leeward.core.candidacy import Coding, When
from leeward.records.charts.models import (
    AllergyIntolerance,
    Condition,
    Encounter,
    FamilyMemberHistory,
    MedicationStatement,
    Observation,
    Procedure,
    QuestionnaireResponse,
)
from leeward.usecases.imported import (
    ChartStatement,
    Concept,
    ImportedAllergy,
    ImportedCondition,
    ImportedEncounter,
    ImportedFamilyHistory,
    ImportedMedication,
    ImportedObservation,
    ImportedPatient,
    ImportedProcedure,
    ImportedQuestionnaireResponse,
    Measurement,
)

Columns = dict[str, Any]
PROVENANCE = "imported"
MODELS: dict[str, type[Model]] = {
    ImportedCondition.kind: Condition,
    ImportedMedication.kind: MedicationStatement,
    ImportedAllergy.kind: AllergyIntolerance,
    ImportedObservation.kind: Observation,
    ImportedProcedure.kind: Procedure,
    ImportedFamilyHistory.kind: FamilyMemberHistory,
    ImportedEncounter.kind: Encounter,
    ImportedQuestionnaireResponse.kind: QuestionnaireResponse,
}


def patient_columns(patient: ImportedPatient) -> Columns:
    """Who the person is. A birth date that is not a full date is not known."""
    born, died = patient.birth_date, patient.deceased_when
    return {
        "family": fit(patient.family, 120),
        "given": fit(patient.given, 120),
        "birth_date": born.first if born and born.first == born.last else None,
        "sex": fit(patient.sex, 10),
        "birth_sex": fit(patient.birth_sex, 10),
        "deceased": patient.deceased,
        "deceased_when": written(died),
        "identifiers": [{"system": s, "value": v} for s, v in patient.identifiers],
    }


def contact_columns(patient: ImportedPatient) -> Columns:
    """How the person is reached, and in which language; only what the record gives."""
    language = patient.language.partition("-")[0].lower()
    known = {
        "language": language if len(language) <= 10 else "",
        "phone": patient.phone if len(patient.phone) <= 40 else "",
        "email": patient.email if len(patient.email) <= 254 else "",
        "address": patient.address[:300],
    }
    return {name: value for name, value in known.items() if value}


def chart_columns(statement: ChartStatement) -> Columns:
    """What a statement says, by column, without whose it is and where it came from."""
    match statement:
        case ImportedCondition():
            columns = _condition(statement)
        case ImportedMedication():
            columns = _medication(statement)
        case ImportedAllergy():
            columns = _allergy(statement)
        case ImportedObservation():
            columns = _observation(statement)
        case ImportedFamilyHistory():
            columns = _family(statement)
        case ImportedQuestionnaireResponse():
            columns = _response(statement)
        case _:
            columns = _event(statement)
    return columns


def fit(text: str, longest: int) -> str:
    """The text, cut to its column with an ellipsis that shows the cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def written(when: When | None) -> str:
    """A date as the record wrote it."""
    return when.text if when else ""


def first_instant(when: When) -> datetime:
    """The first instant that a date can mean; a day without a time begins at midnight UTC."""
    return when.instant or datetime.combine(when.first, time(), tzinfo=UTC)


def _said(concept: Concept, status: str, *dates: When | None) -> Columns:
    leading = next((date for date in dates if date), None)
    return {
        "codings": _codings(concept.codings),
        "text": fit(concept.text, 500),
        "status": fit(status, 30),
        "sort_at": first_instant(leading) if leading else None,
        "provenance": PROVENANCE,
    }


def _codings(codings: tuple[Coding, ...]) -> list[dict[str, str]]:
    return [{"system": c.system, "code": c.code, "display": c.display} for c in codings]


def _condition(condition: ImportedCondition) -> Columns:
    dates = (condition.onset, condition.recorded)
    onset_note = "" if condition.onset else condition.onset_text
    abatement_note = "" if condition.abatement else condition.abatement_text
    return {
        **_said(condition.concept, condition.clinical_status, *dates),
        "verification": fit(condition.verification, 30),
        "category": fit(condition.category, 60),
        "onset": written(condition.onset),
        "onset_note": fit(onset_note, 100),
        "abatement": written(condition.abatement),
        "abatement_note": fit(abatement_note, 100),
        "recorded": written(condition.recorded),
    }


def _medication(medication: ImportedMedication) -> Columns:
    dates = (medication.starts, medication.authored)
    return {
        **_said(medication.concept, medication.status, *dates),
        "form": medication.form,
        "intent": fit(medication.intent, 20),
        "starts": written(medication.starts),
        "ends": written(medication.ends),
        "recorded": written(medication.authored),
        "dosage_text": fit(medication.dosage_text, 500),
    }


def _allergy(allergy: ImportedAllergy) -> Columns:
    return {
        **_said(allergy.concept, allergy.clinical_status, allergy.onset, allergy.recorded),
        "verification": fit(allergy.verification, 30),
        "criticality": fit(allergy.criticality, 30),
        "category": fit(allergy.category, 60),
        "onset": written(allergy.onset),
        "recorded": written(allergy.recorded),
        "reactions": [
            {
                "substance": {
                    "codings": _codings(reaction.substance.codings),
                    "text": reaction.substance.text,
                }
                if reaction.substance
                else None,
                "manifestations": list(reaction.manifestations),
                "severity": reaction.severity,
            }
            for reaction in allergy.reactions
        ],
    }


def _observation(observation: ImportedObservation) -> Columns:
    named = observation.measured.concept
    own = _measured(observation.measured)
    return {
        **_said(named, observation.status, observation.effective),
        "category": fit(observation.category, 60),
        "effective": written(observation.effective),
        **own,
        "components": [
            {
                "codings": _codings(part.concept.codings),
                "text": part.concept.text,
                **_as_json(_measured(part)),
            }
            for part in observation.components
        ],
    }


def _measured(measured: Measurement) -> Columns:
    amount, answer = measured.amount, measured.answer or Concept()
    return {
        "value": amount.value if amount else None,
        "unit": fit(amount.unit, 40) if amount else "",
        "original": fit(amount.original, 120) if amount else "",
        "value_text": fit(answer.text, 500),
        "value_codings": _codings(answer.codings),
        "absent_because": fit(measured.absent_because, 100),
    }


def _as_json(columns: Columns) -> Columns:
    value = columns["value"]
    return {**columns, "value": None if value is None else f"{value:f}"}


def _family(history: ImportedFamilyHistory) -> Columns:
    return {
        **_said(history.relation, history.status, history.recorded),
        "recorded": written(history.recorded),
        "conditions": [
            {
                "codings": _codings(each.concept.codings),
                "text": each.concept.text,
                "onset_note": fit(each.onset_text, 100),
            }
            for each in history.conditions
        ],
    }


def _event(event: ImportedProcedure | ImportedEncounter) -> Columns:
    columns = {
        **_said(event.concept, event.status, event.starts),
        "starts": written(event.starts),
        "ends": written(event.ends),
    }
    if isinstance(event, ImportedEncounter):
        columns["class_code"] = fit(event.class_code, 20)
    return columns


def _response(response: ImportedQuestionnaireResponse) -> Columns:
    return {
        "status": fit(response.status, 16),
        "mode": PROVENANCE,
        "completed_at": first_instant(response.authored) if response.authored else None,
    }
