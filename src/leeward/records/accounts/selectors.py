"""Reads of accounts."""

from datetime import datetime
from uuid import UUID

from .actor import Actor
from .models import ConfirmedIdentity, User


def get_actor(user_id: UUID, *, origin: str = "") -> Actor | None:
    """The actor an active account stands for."""
    user = User.objects.select_related("organization").filter(id=user_id, is_active=True).first()
    if user is None:
        return None
    grants = frozenset(user.staff_roles.values_list("role", "location_id"))
    patient = getattr(user, "patient", None) if user.kind == User.PATIENT else None
    return Actor(
        id=user.id,
        kind=user.kind,
        name=user.name,
        organization_id=user.organization_id,
        grants=grants,
        patient_id=patient.id if patient else None,
        origin=origin,
        timezone=user.organization.timezone,
    )


def list_staff_actors(organization_id: UUID) -> dict[str, Actor]:
    """The active staff of an organization by login."""
    users = User.objects.filter(
        organization_id=organization_id, kind=User.STAFF, is_active=True
    ).order_by("login")
    found = ((user.login, get_actor(user.id)) for user in users)
    return {login: actor for login, actor in found if actor is not None}


def list_colleagues(viewer: Actor, *roles: str) -> list[tuple[UUID, str]]:
    """Active staff of the viewer's organization other than the viewer, by name."""
    users = User.objects.filter(
        organization_id=viewer.organization_id, kind=User.STAFF, is_active=True
    ).exclude(id=viewer.id)
    if roles:
        users = users.filter(staff_roles__role__in=roles).distinct()
    return [(user.id, user.name) for user in users.order_by("name")]


def find_open_confirmation(
    confirmation_id: UUID, *, purpose: str, now: datetime
) -> ConfirmedIdentity | None:
    return ConfirmedIdentity.objects.filter(
        id=confirmation_id, purpose=purpose, used_at=None, expires_at__gt=now
    ).first()
