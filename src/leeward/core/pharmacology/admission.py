"""May this set be asked about this person and this regimen?  Refusals first, findings second."""

import math
from functools import lru_cache

from leeward.core.quantities import Refusal

from .model import Model, Same, StudiedRange
from .patient import Patient
from .provenance import Finding
from .regimen import Regimen, check_regimen, route_of

ADULT_Y = 18.0
"""Youngest age [a] any set here is offered for."""
BODY_KG = (1.0, 1000.0)
"""What can be a body weight at all [kg]: a guard of arithmetic, wider than any studied range."""
RANGE_MARGIN = 0.20
"""Fraction [1] outside the studied range beyond which a set refuses."""


def admit(model: Model, patient: Patient, regimen: Regimen) -> tuple[Finding, ...] | Refusal:
    """Check person, drug and routes against what the set was made from.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        The person.
    regimen : Regimen
        What is given.

    Returns
    -------
    tuple of Finding or Refusal
        What a reader must know, or why the set must not be used.
    """
    findings = admit_patient(model, patient)
    if isinstance(findings, Refusal):
        return findings
    refusal = check_regimen(regimen)
    if refusal is not None:
        return refusal
    drug = _drug(model, regimen)
    if isinstance(drug, Refusal):
        return drug
    for route in dict.fromkeys(route_of(event) for event in regimen.events):
        if route not in model.routes:
            return Refusal(
                "model.route_not_supported",
                f"{model.id} has no published input for the route {route}; it covers "
                f"{', '.join(model.routes)}.",
                source=model.source.source,
                field="regimen",
            )
    return (*findings, *drug)


def admit_patient(model: Model, patient: Patient) -> tuple[Finding, ...] | Refusal:
    """Check a person against the people a set was fitted to; the last answers are kept."""
    return _admitted(Same(model), patient)


@lru_cache(maxsize=256)
def _admitted(key: Same, patient: Patient) -> tuple[Finding, ...] | Refusal:
    model = key.model
    if not BODY_KG[0] <= patient.weight_kg <= BODY_KG[1]:
        return Refusal("patient.weight", "A body weight in kg is needed.", field="weight_kg")
    if patient.age_y is not None and not ADULT_Y <= patient.age_y < math.inf:
        return Refusal(
            "patient.under_18",
            "The sets offered here are for adults; this person is under 18 or the age is not a "
            "number.",
            field="age_y",
        )
    findings = [note.finding for note in model.notes if note.applies(patient.weight_kg)]
    for name, value, studied in (
        ("weight_kg", patient.weight_kg, model.weight_range),
        ("age_y", patient.age_y, model.age_range),
    ):
        answer = _in_range(model, name, value, studied)
        if isinstance(answer, Refusal):
            return answer
        findings += answer
    return tuple(findings)


def _in_range(
    model: Model, name: str, value: float | None, studied: StudiedRange | None
) -> list[Finding] | Refusal:
    what = {"weight_kg": "weight", "age_y": "age"}[name]
    if value is None:
        return [Finding("patient.not_given", f"No {what} was given, so it was not checked.", name)]
    if studied is None:
        text = f"{model.id} has no published range of {what}, so {what} was not checked."
        return [Finding("model.range_not_published", text, name)]
    low, high = studied.low * (1 - RANGE_MARGIN), studied.high * (1 + RANGE_MARGIN)
    span = f"{studied.low:g} to {studied.high:g} {studied.unit} ({studied.basis})"
    if not low <= value <= high:
        return Refusal(
            "patient.out_of_range",
            f"A {what} of {value:g} lies more than 20 % outside what {model.id} covers: {span}.",
            source=model.source.source,
            field=name,
        )
    if not studied.low <= value <= studied.high:
        text = f"A {what} of {value:g} lies outside what {model.id} covers: {span}."
        return [Finding("patient.beyond_studied_range", text, name)]
    return []


def _drug(model: Model, regimen: Regimen) -> list[Finding] | Refusal:
    if regimen.drug is None or regimen.drug == model.drug:
        return []
    if model.drug == "esketamine":
        return [
            Finding(
                "drug.s_half_of_racemate",
                "The doses are racemic ketamine: the S half drives this set, and the result is "
                "S-ketamine only.",
                "drug",
            )
        ]
    return Refusal(
        "model.drug_not_supported",
        f"{model.id} predicts R + S after racemic ketamine; it has nothing to say of esketamine.",
        source=model.source.source,
        field="drug",
    )
