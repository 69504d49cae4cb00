"""Whoever acts or looks: a finished value made at the door from the signed-in account."""

from dataclasses import dataclass
from uuid import UUID

FRONT_DESK, NURSE, PRESCRIBER, DIRECTOR = "front_desk", "nurse", "prescriber", "director"
# Who keeps the controlled drugs: sees the ledger, and no chart.
CUSTODIAN = "custodian"
STAFF_ROLES = (FRONT_DESK, NURSE, PRESCRIBER, DIRECTOR)
PATIENT = "patient"
# Who reads what is clinical; the desk knows who comes and when.
CLINICAL = (NURSE, PRESCRIBER, DIRECTOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal with its organization and roles.

    `grants` holds (role, location id or None); None means every location of the organization.
    """

    id: UUID | None
    kind: str
    name: str
    organization_id: UUID | None
    grants: frozenset[tuple[str, UUID | None]] = frozenset()
    patient_id: UUID | None = None
    origin: str = ""
    timezone: str = ""

    @property
    def roles(self) -> frozenset[str]:
        roles = frozenset(role for role, _ in self.grants)
        return roles | {PATIENT} if self.kind == PATIENT else roles

    @property
    def account_id(self) -> UUID:
        """The account, for rows that must name one. A machine principal has none."""
        if self.id is None:
            raise NotPermitted("this act needs a person")
        return self.id

    @property
    def wall(self) -> UUID:
        """The organization to look within; for somebody of none, an id that no row has."""
        return self.organization_id or UUID(int=0)

    @property
    def keeps_drugs_only(self) -> bool:
        """A custodian with no other role: the ledger is all they see."""
        return self.is_staff and self.roles == {CUSTODIAN}

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    def has(self, *roles: str) -> bool:
        """True when the actor holds one of `roles` anywhere."""
        return bool(self.roles.intersection(roles))

    def works_at(self, location_id: UUID | None, *roles: str) -> bool:
        """True when the actor holds one of `roles` (any, if none named) at this location."""
        return any(
            (not roles or role in roles) and place in (None, location_id)
            for role, place in self.grants
        )

    @property
    def location_ids(self) -> frozenset[UUID] | None:
        """The locations the actor works at; None means all of the organization."""
        if any(place is None for _, place in self.grants):
            return None
        return frozenset(place for _, place in self.grants if place is not None)


ANONYMOUS = Actor(id=None, kind="anonymous", name="", organization_id=None)


def system_actor(name: str, organization_id: UUID | None = None) -> Actor:
    """A machine principal of Leeward's own, such as the alarm engine."""
    return Actor(id=None, kind="system", name=name, organization_id=organization_id)


class NotFound(LookupError):
    """There is no such thing for this viewer; a page answers 404, and says no more."""


class NotPermitted(PermissionError):
    """The viewer is known here but this act is not theirs; a page answers 403 and says whose."""
