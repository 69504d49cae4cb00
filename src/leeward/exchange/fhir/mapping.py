"""From a resource to the plain value an import takes, or to the reason why not."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from leeward.usecases.imported import Imported, ImportedMedication, Origin, Skipped

from .allergy_intolerance import read_allergy
from .condition import read_condition
from .datatypes import Json, Unreadable, Unresolved
from .digest import digest
from .encounter import read_encounter
from .family_member_history import read_family_history
from .medication import read_administration, read_request, read_statement
from .observation import read_observation
from .patient import read_patient
from .procedure import read_procedure
from .questionnaire_response import read_questionnaire_response
from .reader import Found
from .references import References, resource_name

Reader = Callable[[Json, Origin, References], Imported]
READERS: Final[dict[str, Reader]] = {
    "Patient": read_patient,
    "Condition": read_condition,
    "MedicationRequest": read_request,
    "MedicationStatement": read_statement,
    "MedicationAdministration": read_administration,
    "AllergyIntolerance": read_allergy,
    "Observation": read_observation,
    "Procedure": read_procedure,
    "FamilyMemberHistory": read_family_history,
    "Encounter": read_encounter,
    "QuestionnaireResponse": read_questionnaire_response,
}
LOOKED_UP: Final = "Medication"
LONGEST_NAME: Final = 200


def map_resource(
    found: Found, references: References, *, stored: bool = True
) -> Imported | Skipped:
    """Read one resource.

    Without `stored` no digest is made where an id tells resources apart: nothing compares it.

    Raises
    ------
    Unresolved
        If it leans on a resource that has not been seen yet; a later file may bring it.
    """
    kind = found.resource["resourceType"]
    name = resource_name(found.resource, found.full_url) or ""
    try:
        return _read(found, kind, name, references, stored=stored)
    except Unresolved:
        raise
    except Unreadable as reason:
        return skipped(found, str(reason))


def skipped(found: Found, because: str) -> Skipped:
    """Say why a resource was left."""
    kind = found.resource["resourceType"]
    name = resource_name(found.resource, found.full_url) or kind
    return Skipped(found.file, found.where, name[:LONGEST_NAME], because)


def _read(
    found: Found, kind: str, name: str, references: References, *, stored: bool
) -> Imported | Skipped:
    reader = READERS.get(kind)
    if reader is None:
        return skipped(found, not_kept(kind))
    content = digest(found.resource) if stored or not name else ""
    # Without an id the content is the identity: the same resource is then known again.
    name = name or f"{kind}/sha256-{content[:48]}"
    if len(name) > LONGEST_NAME:
        raise Unreadable("its id is longer than FHIR allows")
    imported = reader(found.resource, Origin(found.file, found.where, name, content), references)
    if (
        content
        and isinstance(imported, ImportedMedication)
        and "medicationReference" in found.resource
    ):
        return _with_medicine_in_digest(imported, found.resource)
    return imported


def _with_medicine_in_digest(imported: ImportedMedication, resource: Json) -> ImportedMedication:
    """A medicine described elsewhere is part of what this statement says."""
    content = digest(resource, repr(imported.concept))
    return replace(imported, origin=replace(imported.origin, digest=content))


@lru_cache(maxsize=256)
def not_kept(kind: str) -> str:
    """Say that a kind of resource is not kept."""
    if kind == LOOKED_UP:
        return "a Medication is looked up by the orders that name it, not kept by itself"
    return f"Leeward keeps no {kind[:60]}"
