"""AllergyIntolerance: what the person must not be given, and what happened."""

from leeward.usecases.imported import Concept, ImportedAllergy, Origin, Reaction

from .datatypes import (
    Json,
    Unreadable,
    concept,
    concepts,
    first_category,
    first_code,
    members,
    moment_or_period,
    string,
    when,
)
from .references import References
from .subject import patient_of


def read_allergy(resource: Json, origin: Origin, references: References) -> ImportedAllergy:
    """Read an AllergyIntolerance; without a code, a reaction's substance names it."""
    reactions = tuple(_reaction(each) for each in members(resource, "reaction"))
    return ImportedAllergy(
        origin=origin,
        patient=patient_of(resource, references, "patient"),
        concept=_substance(resource, reactions),
        clinical_status=first_code(resource, "clinicalStatus"),
        verification=first_code(resource, "verificationStatus"),
        criticality=string(resource, "criticality"),
        category=first_category(resource),
        onset=moment_or_period(resource, "onset")[0],
        recorded=when(resource, "recordedDate"),
        reactions=reactions,
    )


def _substance(resource: Json, reactions: tuple[Reaction, ...]) -> Concept:
    substances = (reaction.substance for reaction in reactions)
    found = concept(resource, "code") or next((each for each in substances if each), None)
    if found is None:
        raise Unreadable("it does not say to what")
    return found


def _reaction(reaction: Json) -> Reaction:
    return Reaction(
        substance=concept(reaction, "substance"),
        manifestations=tuple(
            each.label for each in concepts(reaction, "manifestation") if each.label
        ),
        severity=string(reaction, "severity"),
    )
