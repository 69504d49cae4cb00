"""Making a clinic: the organization, its places, its people.

Used by the first run, the demo and the tests; each act is audited under the actor it is done by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import CUSTODIAN, DIRECTOR, STAFF_ROLES, Actor
from leeward.records.accounts.models import StaffRole, User
from leeward.records.audit import store as audit
from leeward.records.organizations.models import Chair, Location, OpeningHours, Organization
from leeward.records.people.models import Patient
from leeward.usecases.access import access_patient, require

SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class LocationDetails:
    """What a new location is called and how it is reached."""

    name: str
    slug: str
    timezone: str
    phone: str = ""
    email: str = ""
    address: str = ""
    chairs: Sequence[str] = ()
    opens: time | None = None
    closes: time | None = None


def create_organization(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    name: str,
    slug: str,
    timezone: str,
    country: str = "US",
    is_demo: bool = False,
) -> Organization:
    """Make an organization, once per command. *Emits* audit `organization.created`."""
    with transaction.atomic():
        organization, made = Organization.objects.get_or_create(
            id=uuid5(command_id, "organization"),
            defaults={"name": name, "slug": slug, "timezone": timezone, "country": country,
                      "is_demo": is_demo},
        )  # fmt: skip
        if made:
            audit.record(
                actor,
                "organization.created",
                at=now,
                subject=("organization", organization.id),
                name=name,
            )
    return organization


def create_location(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    organization: Organization,
    details: LocationDetails,
) -> Location:
    """Make a location with its chairs and weekday hours. *Emits* audit `location.created`."""
    with transaction.atomic():
        location, made = Location.objects.get_or_create(
            id=uuid5(command_id, "location"),
            defaults={
                "organization": organization, "name": details.name, "slug": details.slug,
                "timezone": details.timezone, "phone": details.phone, "email": details.email,
                "address": details.address,
            },
        )  # fmt: skip
        if made:
            for position, label in enumerate(details.chairs, start=1):
                Chair.objects.create(
                    id=uuid5(command_id, f"chair:{label}"), location=location, label=label,
                    position=position,
                )  # fmt: skip
            if details.opens and details.closes:
                OpeningHours.objects.bulk_create(
                    OpeningHours(location=location, weekday=day, opens=details.opens,
                                 closes=details.closes)
                    for day in range(5)
                )  # fmt: skip
            audit.record(
                actor,
                "location.created",
                at=now,
                subject=("location", location.id),
                name=details.name,
            )
    return location


def create_staff(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    organization: Organization,
    login: str,
    name: str,
    password: str,
    roles: Sequence[tuple[str, Location | None]],
) -> User | Refusal:
    """Open a staff account with its roles.

    *Refuses when* the login is taken, the password is short, a role is unknown or its location
    belongs to somebody else. *Emits* audit `account.opened`.
    """
    if (fault := _fault_in_account(login, password)) is not None:
        return fault
    for role, location in roles:
        if role not in (*STAFF_ROLES, CUSTODIAN):
            return Refusal("account.role", f"There is no role called {role}.", field="role")
        if location is not None and location.organization_id != organization.id:
            return Refusal("account.location", "That location is another organization's.")
    with transaction.atomic():
        user = User.objects.create_account(
            login=login, name=name, organization=organization, kind=User.STAFF, password=password
        )
        StaffRole.objects.bulk_create(
            StaffRole(user=user, role=role, location=location) for role, location in roles
        )
        audit.record(
            actor,
            "account.opened",
            at=now,
            subject=("user", user.id),
            login=login,
            roles=[role for role, _ in roles],
        )
    return user


def open_portal(
    *, actor: Actor, now: datetime, command_id: UUID, patient_id: UUID, login: str, password: str
) -> User | Refusal:
    """Give a patient a login of their own.

    *Refuses when* the patient has one, the login is taken or the password is short. *Emits* audit
    `account.opened`.
    """
    patient = access_patient(actor, patient_id)
    if patient.user_id is not None:
        return Refusal("account.exists", "This patient already has a login.")
    if (fault := _fault_in_account(login, password)) is not None:
        return fault
    with transaction.atomic():
        user = User.objects.create_account(
            login=login, name=f"{patient.given} {patient.family}".strip(),
            organization=patient.organization, kind=User.PATIENT, password=password,
        )  # fmt: skip
        Patient.objects.filter(id=patient.id).update(user=user)
        audit.record(
            actor,
            "account.opened",
            at=now,
            patient_id=patient.id,
            subject=("user", user.id),
            login=login,
        )
    return user


def set_contact(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    language: str,
    phone: str,
    email: str,
    address: str | None = None,
) -> Patient:
    """Set how a patient is reached and in which language. *Emits* audit `patient.contact_set`."""
    patient = access_patient(actor, patient_id)
    with transaction.atomic():
        patient.language, patient.phone, patient.email = language, phone, email
        patient.address = patient.address if address is None else address
        patient.save(update_fields=["language", "phone", "email", "address"])
        audit.record(
            actor,
            "patient.contact_set",
            at=now,
            patient_id=patient.id,
            subject=("patient", patient.id),
            language=language,
        )
    return patient


def close_account(*, actor: Actor, now: datetime, command_id: UUID, user_id: UUID) -> None:
    """End an account's access at once. *Emits* audit `account.closed`."""
    require(actor, None, DIRECTOR)
    with transaction.atomic():
        changed = User.objects.filter(id=user_id, organization_id=actor.wall).update(
            is_active=False
        )
        if changed:
            audit.record(actor, "account.closed", at=now, subject=("user", user_id))


def _fault_in_account(login: str, password: str) -> Refusal | None:
    if len(password) < SHORTEST_PASSWORD:
        return Refusal(
            "account.password",
            f"Choose a password of at least {SHORTEST_PASSWORD} characters.",
            field="password",
        )
    # Two people whose logins differ by capitals alone would be taken for each other.
    if User.objects.filter(login__iexact=login).exists():
        return Refusal("account.login_taken", f"The login {login} is taken.", field="login")
    return None
