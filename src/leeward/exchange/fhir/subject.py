"""Whom a resource is about."""

from .datatypes import Json, Unreadable, member
from .references import References


def patient_of(resource: Json, references: References, name: str = "subject") -> str:
    """`Patient/id` of the person, under the name that the source uses.

    Raises
    ------
    Unreadable
        If the resource is about nobody, or about something that is not a patient.
    """
    reference = member(resource, name)
    if reference is None:
        raise Unreadable("it does not say whom it is about")
    target = references.target(reference)
    if not target.startswith("Patient/"):
        raise Unreadable(f"it is about {target}, not about a patient")
    return target
