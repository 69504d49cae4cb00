"""From imported values to the facts that candidacy rules read, as `core.candidacy.facts` lists."""

from collections.abc import Iterable, Iterator

from leeward.core.candidacy import Fact, FactKind
from leeward.usecases.imported import (
    ENTERED_IN_ERROR,
    Concept,
    Imported,
    ImportedAllergy,
    ImportedCondition,
    ImportedFamilyHistory,
    ImportedMedication,
    ImportedObservation,
    ImportedPatient,
    ImportedProcedure,
    Measurement,
)

PROVENANCE = "imported"


def to_facts(imported: Iterable[Imported]) -> list[Fact]:
    """Every fact in what was imported about one person.

    Encounters and questionnaire responses carry none. A record entered in error still becomes a
    fact, with that status: the rules leave it out, and say so.
    """
    return [fact for each in imported for fact in _facts_of(each)]


def _facts_of(imported: Imported) -> Iterator[Fact]:
    match imported:
        case ImportedPatient():
            yield from _demographics(imported)
        case ImportedCondition():
            yield _condition(imported)
        case ImportedMedication():
            yield _medication(imported)
        case ImportedAllergy():
            yield from _allergies(imported)
        case ImportedObservation():
            yield from _observations(imported)
        case ImportedProcedure():
            yield _procedure(imported)
        case ImportedFamilyHistory():
            yield from _family(imported)


def _demographics(patient: ImportedPatient) -> Iterator[Fact]:
    def item(name: str, value: str) -> Fact:
        return Fact(
            FactKind.DEMOGRAPHIC,
            name=name,
            value=value,
            resource=patient.origin.resource,
            provenance=PROVENANCE,
        )

    if patient.birth_date:
        yield item("birth_date", patient.birth_date.text)
    if patient.sex not in ("", "unknown"):
        yield item("sex", patient.sex)
    if patient.birth_sex:
        yield item("birth_sex", patient.birth_sex)
    if patient.deceased:
        yield Fact(
            FactKind.DEMOGRAPHIC,
            name="deceased",
            value=True,
            onset=patient.deceased_when,
            resource=patient.origin.resource,
            provenance=PROVENANCE,
        )


def _condition(condition: ImportedCondition) -> Fact:
    return Fact(
        FactKind.CONDITION,
        codings=condition.concept.codings,
        text=condition.concept.text,
        clinical_status=condition.clinical_status,
        verification=condition.verification,
        onset=condition.onset,
        abatement=condition.abatement,
        recorded=condition.recorded,
        resource=condition.origin.resource,
        provenance=PROVENANCE,
    )


def _medication(medication: ImportedMedication) -> Fact:
    is_request = medication.form == "request"
    return Fact(
        FactKind.MEDICATION,
        codings=medication.concept.codings,
        text=medication.concept.text,
        clinical_status=medication.status,
        onset=(medication.authored or medication.starts) if is_request else medication.starts,
        abatement=medication.ends,
        recorded=medication.authored,
        resource=medication.origin.resource,
        provenance=PROVENANCE,
        dose_text=medication.dosage_text,
    )


def _allergies(allergy: ImportedAllergy) -> Iterator[Fact]:
    substances = [reaction.substance for reaction in allergy.reactions if reaction.substance]
    named = [allergy.concept, *(each for each in substances if each != allergy.concept)]
    for concept in named:
        yield Fact(
            FactKind.ALLERGY,
            codings=concept.codings,
            text=concept.text,
            clinical_status=allergy.clinical_status,
            verification=allergy.verification,
            criticality=allergy.criticality,
            onset=allergy.onset,
            recorded=allergy.recorded,
            resource=allergy.origin.resource,
            provenance=PROVENANCE,
        )


def _observations(observation: ImportedObservation) -> Iterator[Fact]:
    for measured in (observation.measured, *observation.components):
        if measured.amount or measured.answer:
            yield _observation(observation, measured)


def _observation(observation: ImportedObservation, measured: Measurement) -> Fact:
    amount, answer = measured.amount, measured.answer or Concept()
    value = amount.value if amount else (answer.text or None)
    return Fact(
        FactKind.OBSERVATION,
        codings=measured.concept.codings,
        text=measured.concept.text,
        clinical_status=observation.status,
        onset=observation.effective,
        value=value,
        unit=amount.unit if amount else "",
        value_codings=answer.codings,
        resource=observation.origin.resource,
        provenance=PROVENANCE,
    )


def _procedure(procedure: ImportedProcedure) -> Fact:
    return Fact(
        FactKind.PROCEDURE,
        codings=procedure.concept.codings,
        text=procedure.concept.text,
        clinical_status=procedure.status,
        onset=procedure.starts,
        abatement=procedure.ends,
        resource=procedure.origin.resource,
        provenance=PROVENANCE,
    )


def _family(history: ImportedFamilyHistory) -> Iterator[Fact]:
    for had in history.conditions:
        yield Fact(
            FactKind.FAMILY_HISTORY,
            codings=had.concept.codings,
            text=had.concept.text,
            clinical_status=ENTERED_IN_ERROR if history.entered_in_error else "",
            relation=history.relation.label,
            recorded=history.recorded,
            resource=history.origin.resource,
            provenance=PROVENANCE,
        )
