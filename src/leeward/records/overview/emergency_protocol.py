"""The page of a location's emergency protocol."""

from dataclasses import dataclass
from uuid import UUID

from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.organizations.models import Location


@dataclass(frozen=True, slots=True)
class EmergencyProtocol:
    location_id: UUID
    place: str
    text: str
    may_write: bool


def get_emergency_protocol(viewer: Actor, location_id: UUID) -> EmergencyProtocol:
    """The page, or `NotFound` for a location elsewhere."""
    row = Location.objects.filter(id=location_id, organization_id=viewer.wall).first()
    if row is None or not viewer.works_at(row.id):
        raise NotFound("location")
    return EmergencyProtocol(
        row.id, row.name, row.emergency_protocol, viewer.works_at(row.id, "director")
    )
