"""MedicationRequest, -Statement and -Administration: what was ordered, is taken, was given."""

from leeward.core.candidacy import When
from leeward.usecases.imported import Concept, ImportedMedication, Origin

from .datatypes import (
    Json,
    concept,
    flag,
    member,
    members,
    moment_or_period,
    number,
    period,
    string,
    when,
)
from .references import References
from .subject import patient_of

DO_NOT_PERFORM = "do-not-perform"
NOT_DONE, NOT_TAKEN = "not-done", "not-taken"


def read_request(resource: Json, origin: Origin, references: References) -> ImportedMedication:
    """Read a MedicationRequest; an order *not* to give a medicine says so in its status."""
    starts, ends = _treatment_span(resource)
    return ImportedMedication(
        origin=origin,
        patient=patient_of(resource, references),
        concept=references.medicine(resource),
        form="request",
        status=DO_NOT_PERFORM if flag(resource, "doNotPerform") else string(resource, "status"),
        intent=string(resource, "intent"),
        authored=when(resource, "authoredOn"),
        starts=starts,
        ends=ends,
        dosage_text=_dosage(members(resource, "dosageInstruction")),
    )


def read_statement(resource: Json, origin: Origin, references: References) -> ImportedMedication:
    """Read a MedicationStatement."""
    starts, ends = moment_or_period(resource, "effective")
    return ImportedMedication(
        origin=origin,
        patient=patient_of(resource, references),
        concept=references.medicine(resource),
        form="statement",
        status=string(resource, "status"),
        authored=when(resource, "dateAsserted"),
        starts=starts,
        ends=ends,
        dosage_text=_dosage(members(resource, "dosage")),
    )


def read_administration(
    resource: Json, origin: Origin, references: References
) -> ImportedMedication:
    """Read a MedicationAdministration: it ends when it was given, if nothing says later."""
    began, ended = moment_or_period(resource, "effective")
    status = string(resource, "status")
    dosage = member(resource, "dosage")
    return ImportedMedication(
        origin=origin,
        patient=patient_of(resource, references),
        concept=references.medicine(resource),
        form="administration",
        status=NOT_TAKEN if status == NOT_DONE else status,
        starts=began,
        ends=ended or began,
        dosage_text=_given(dosage) if dosage else "",
    )


def _given(dosage: Json) -> str:
    written = string(dosage, "text")
    if written:
        return written
    route = concept(dosage, "route") or Concept()
    return ", ".join(part for part in (_quantity(member(dosage, "dose")), route.label) if part)


def _treatment_span(resource: Json) -> tuple[When | None, When | None]:
    """Start and end of the treatment itself (not of the prescription), where a dosage says."""
    for dosage in members(resource, "dosageInstruction"):
        timing = member(dosage, "timing")
        repeat = member(timing, "repeat") if timing else None
        if repeat and member(repeat, "boundsPeriod"):
            return period(repeat, "boundsPeriod")
    return None, None


def _dosage(dosages: tuple[Json, ...]) -> str:
    return "; ".join(words for each in dosages if (words := _one_dosage(each)))


def _one_dosage(dosage: Json) -> str:
    """The record's own words; where it gives none, its numbers put in words."""
    written = string(dosage, "text") or string(dosage, "patientInstruction")
    if written:
        return written
    route = concept(dosage, "route") or Concept()
    parts = (_dose(dosage), _frequency(dosage), route.label, _as_needed(dosage))
    return ", ".join(part for part in parts if part)


def _dose(dosage: Json) -> str:
    for each in members(dosage, "doseAndRate"):
        if shown := _quantity(member(each, "doseQuantity")):
            return shown
    return ""


def _quantity(quantity: Json | None) -> str:
    if quantity is None or number(quantity, "value") is None:
        return ""
    unit = string(quantity, "unit") or string(quantity, "code")
    return f"{number(quantity, 'value')} {unit or '(no unit given)'}"


def _frequency(dosage: Json) -> str:
    timing = member(dosage, "timing")
    repeat = member(timing, "repeat") if timing else None
    if not repeat:
        return ""
    times, span, unit = number(repeat, "frequency"), number(repeat, "period"), ""
    if times is None or span is None:
        return ""
    unit = string(repeat, "periodUnit")
    return f"{times} time{'s' if times != 1 else ''} every {span.normalize():f} {unit}".strip()


def _as_needed(dosage: Json) -> str:
    return "as needed" if flag(dosage, "asNeededBoolean") else ""
