"""The elements of each resource that become facts; nothing else of it is looked at.

One list for one person's file (`one_person`) and for a population's export (`bulk`), so that both
read the same and a telephone number written wrongly does not cost anybody their birth date.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .datatypes import Json
from .patient import BIRTH_SEX

_MEDICINE = ("status", "medicationCodeableConcept", "medicationReference", "contained")
ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Patient": (
            "gender",
            "extension",
            "deceasedBoolean",
            "birthDate",
            "deceasedDateTime",
        ),
        "Condition": (
            "subject",
            "code",
            "clinicalStatus",
            "verificationStatus",
            "onsetDateTime",
            "onsetPeriod",
            "abatementDateTime",
            "abatementPeriod",
            "recordedDate",
        ),
        "MedicationRequest": (
            "subject",
            *_MEDICINE,
            "doNotPerform",
            "authoredOn",
            "dosageInstruction",
        ),
        "MedicationStatement": (
            "subject",
            *_MEDICINE,
            "effectiveDateTime",
            "effectivePeriod",
            "dateAsserted",
        ),
        "MedicationAdministration": (
            "subject",
            *_MEDICINE,
            "effectiveDateTime",
            "effectivePeriod",
        ),
        "AllergyIntolerance": (
            "patient",
            "code",
            "clinicalStatus",
            "verificationStatus",
            "criticality",
            "onsetDateTime",
            "onsetPeriod",
            "recordedDate",
            "reaction",
        ),
        "Observation": (
            "subject",
            "code",
            "status",
            "component",
            "valueQuantity",
            "valueCodeableConcept",
            "valueString",
            "valueInteger",
            "valueBoolean",
            "valueDateTime",
            "valueTime",
            "dataAbsentReason",
            "effectiveDateTime",
            "effectiveInstant",
            "effectivePeriod",
            "issued",
            "hasMember",
        ),
        "Procedure": ("subject", "code", "status", "performedDateTime", "performedPeriod"),
        "FamilyMemberHistory": ("patient", "status", "relationship", "condition", "date"),
        "Encounter": ("subject",),
        "QuestionnaireResponse": ("subject",),
    }
)
# They say that a person is known, and carry no fact.
WITHOUT_FACTS: Final = frozenset({"Encounter", "QuestionnaireResponse"})
SHARED = ("resourceType", "id")
BOUNDS, SUBSTANCE = "boundsPeriod", "substance"


def project(resource: Json) -> Json:
    """Give the resource with the elements that become facts, and no others."""
    wanted = ELEMENTS.get(resource["resourceType"])
    if wanted is None:
        return resource
    kept = {name: resource[name] for name in (*SHARED, *wanted) if name in resource}
    for name, word in (
        ("extension", BIRTH_SEX),
        ("dosageInstruction", BOUNDS),
        ("reaction", SUBSTANCE),
    ):
        if name in kept:
            kept[name] = _speaking_of(kept[name], word)
    return kept


def _speaking_of(value: Any, word: str) -> Any:
    """Leave out the entries of a list that do not hold a word anywhere."""
    if not isinstance(value, list):
        return value
    return [entry for entry in value if _mentions(entry, word)]


def _mentions(value: Any, word: str) -> bool:
    if isinstance(value, dict):
        return any(name == word or _mentions(each, word) for name, each in value.items())
    if isinstance(value, list):
        return any(_mentions(each, word) for each in value)
    return bool(value == word)
