"""The only way a use case gets a row: fetched and checked in one step.

Another organization's row does not exist for the actor (`NotFound`); within it, an act that is not
the actor's is `NotPermitted`.
"""

from uuid import UUID

from leeward.records.accounts.actor import Actor, NotFound, NotPermitted
from leeward.records.organizations.models import Chair, Location
from leeward.records.people.models import Patient
from leeward.records.treatments.models import TreatmentSession


def access_location(actor: Actor, location_id: UUID, *roles: str) -> Location:
    """A location of the actor's organization at which the actor holds one of `roles`."""
    location = Location.objects.filter(id=location_id, organization_id=actor.wall).first()
    if location is None or not actor.is_staff:
        raise NotFound("location")
    require(actor, location_id, *roles)
    return location


def access_chair(actor: Actor, chair_id: UUID, *roles: str) -> Chair:
    chair = Chair.objects.filter(id=chair_id, location__organization_id=actor.wall).first()
    if chair is None or not actor.is_staff:
        raise NotFound("chair")
    require(actor, chair.location_id, *roles)
    return chair


def access_patient(actor: Actor, patient_id: UUID, *roles: str) -> Patient:
    """A patient of the actor's organization; a patient reaches only their own record."""
    patient = Patient.objects.filter(id=patient_id, organization_id=actor.wall).first()
    if patient is None:
        raise NotFound("patient")
    if not actor.is_staff:
        if actor.patient_id != patient.id or "patient" not in roles:
            raise NotFound("patient")
        return patient
    if not actor.works_at(patient.location_id):
        raise NotFound("patient")
    require(actor, patient.location_id, *(role for role in roles if role != "patient"))
    return patient


def access_session(
    actor: Actor, session_id: UUID, *roles: str, for_update: bool = False
) -> TreatmentSession:
    """A treatment session at a location the actor works at; `for_update` locks its log."""
    rows = TreatmentSession.objects.filter(id=session_id, organization_id=actor.wall)
    session = (rows.select_for_update() if for_update else rows).first()
    if session is None or not (actor.kind == "system" or actor.works_at(session.location_id)):
        raise NotFound("session")
    if actor.kind != "system":
        require(actor, session.location_id, *roles)
    return session


def require(actor: Actor, location_id: UUID | None, *roles: str) -> None:
    """Raise `NotPermitted` unless the actor holds one of `roles` at the location."""
    if roles and not actor.works_at(location_id, *roles):
        raise NotPermitted(f"this is for: {', '.join(roles)}")
