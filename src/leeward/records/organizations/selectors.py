"""Reads of places and of the limits in force."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from leeward.core.protocols import LimitSet, LimitValue

from .models import Chair, ClinicLimits, Location


@dataclass(frozen=True, slots=True)
class Place:
    """A location as a page names it."""

    id: UUID
    name: str
    phone: str
    address: str
    timezone: str
    organization_id: UUID
    organization_name: str


@dataclass(frozen=True, slots=True)
class ChairName:
    id: UUID
    label: str
    location_id: UUID


@dataclass(frozen=True, slots=True)
class LimitsVersion:
    """One version of a location's limits, with who set and who approved it."""

    id: UUID
    version: int
    status: str
    values: dict[str, dict[str, str]]
    digest: str
    content_digest: str
    drafted_by: str
    drafted_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    statement: str

    def value(self, parameter: str) -> Decimal | None:
        entry = self.values.get(parameter)
        return Decimal(entry["value"]) if entry else None


def list_places(
    organization_id: UUID | None = None, location_ids: frozenset[UUID] | None = None
) -> list[Place]:
    """Locations by name; all of them, those of one organization, or those named."""
    locations = Location.objects.select_related("organization").order_by("name")
    if organization_id is not None:
        locations = locations.filter(organization_id=organization_id)
    if location_ids is not None:
        locations = locations.filter(id__in=location_ids)
    return [place_of(location) for location in locations]


def list_place_ids_named(slug: str) -> list[UUID]:
    """The locations of this name, of whatever organization; a setting must name just one."""
    return list(Location.objects.filter(slug=slug).values_list("id", flat=True))


def place_of(location: Location) -> Place:
    return Place(
        id=location.id,
        name=location.name,
        phone=location.phone,
        address=location.address,
        timezone=location.timezone,
        organization_id=location.organization_id,
        organization_name=location.organization.name,
    )


def list_chairs(location_id: UUID) -> list[ChairName]:
    chairs = Chair.objects.filter(location_id=location_id, active=True)
    return [ChairName(chair.id, chair.label, chair.location_id) for chair in chairs]


def find_limits_in_force(location_id: UUID, drug: str, route: str) -> LimitSet | None:
    """The approved limits, or the newest draft if none is approved, or None."""
    version = find_limits(location_id, drug, route, ClinicLimits.APPROVED) or find_limits(
        location_id, drug, route, ClinicLimits.DRAFT
    )
    return None if version is None else limit_set(version)


def find_limits(location_id: UUID, drug: str, route: str, status: str) -> LimitsVersion | None:
    row = (
        ClinicLimits.objects.filter(location_id=location_id, drug=drug, route=route, status=status)
        .order_by("-version")
        .first()
    )
    return None if row is None else _version(row)


def list_limit_versions(location_id: UUID, drug: str, route: str) -> list[LimitsVersion]:
    rows = ClinicLimits.objects.filter(location_id=location_id, drug=drug, route=route)
    return [_version(row) for row in rows.order_by("-version")]


def limit_set(version: LimitsVersion) -> LimitSet:
    approved = version.status == ClinicLimits.APPROVED
    return LimitSet(
        values=tuple(
            LimitValue(parameter, Decimal(entry["value"]), entry["unit"])
            for parameter, entry in sorted(version.values.items())
        ),
        digest=version.digest,
        approved_by=version.approved_by if approved else None,
        approved_on=version.approved_at.date() if approved and version.approved_at else None,
    )


def _version(row: ClinicLimits) -> LimitsVersion:
    values: dict[str, dict[str, Any]] = row.values
    return LimitsVersion(
        id=row.id,
        version=row.version,
        status=row.status,
        values=values,
        digest=row.digest,
        content_digest=row.content_digest,
        drafted_by=row.drafted_by_name,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
        statement=row.statement,
    )
