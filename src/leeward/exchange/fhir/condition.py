"""Condition: problems, diagnoses and findings."""

from leeward.core.candidacy import When
from leeward.usecases.imported import ImportedCondition, Origin

from .datatypes import (
    Json,
    first_category,
    first_code,
    member,
    moment_or_period,
    number,
    required_concept,
    string,
    when,
)
from .references import References
from .subject import patient_of

SPELLED = {"a": "years", "mo": "months"}


def read_condition(resource: Json, origin: Origin, references: References) -> ImportedCondition:
    """Read a Condition; an age or a text instead of a date stays text."""
    onset, onset_text = dated(resource, "onset")
    abatement, abatement_text = dated(resource, "abatement")
    return ImportedCondition(
        origin=origin,
        patient=patient_of(resource, references),
        concept=required_concept(resource, "code", "which condition"),
        clinical_status=first_code(resource, "clinicalStatus"),
        verification=first_code(resource, "verificationStatus"),
        category=first_category(resource),
        onset=onset,
        onset_text=onset_text,
        abatement=abatement,
        abatement_text=abatement_text,
        recorded=when(resource, "recordedDate"),
    )


def dated(resource: Json, stem: str) -> tuple[When | None, str]:
    """A date with its text, or what the record says instead of a date."""
    start, _end = moment_or_period(resource, stem)
    if start:
        return start, start.text
    age = member(resource, f"{stem}Age")
    if age and number(age, "value") is not None:
        unit = string(age, "unit") or string(age, "code")
        return None, f"at age {number(age, 'value')} {SPELLED.get(unit, unit)}".strip()
    return None, string(resource, f"{stem}String")
