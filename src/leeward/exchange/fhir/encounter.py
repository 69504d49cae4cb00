"""Encounter: contacts with health care."""

from leeward.usecases.imported import Concept, ImportedEncounter, Origin

from .datatypes import Json, coding, concepts, member, period, string
from .references import References
from .subject import patient_of


def read_encounter(resource: Json, origin: Origin, references: References) -> ImportedEncounter:
    """Read an Encounter; its type names it, else its reason, else its class."""
    starts, ends = period(resource, "period")
    written = member(resource, "class")
    class_ = coding(written) if written else None
    named = [*concepts(resource, "type"), *concepts(resource, "reasonCode")]
    fallback = Concept((class_,) if class_ else (), "")
    return ImportedEncounter(
        origin=origin,
        patient=patient_of(resource, references),
        concept=next((each for each in named if each.label), fallback),
        status=string(resource, "status"),
        class_code=class_.code if class_ else "",
        starts=starts,
        ends=ends,
    )
