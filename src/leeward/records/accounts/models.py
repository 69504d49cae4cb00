"""Accounts, roles and confirmed identities."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from leeward.records.organizations.models import Location, Organization


class UserManager(BaseUserManager["User"]):
    def create_account(
        self, *, login: str, name: str, organization: Organization, kind: str, password: str
    ) -> "User":
        user = self.model(login=login, name=name, organization=organization, kind=kind)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody or something that signs in: staff, patient, or a machine principal."""

    STAFF, PATIENT, SYSTEM, DEVICE = "staff", "patient", "system", "device"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="users")
    kind = models.CharField(max_length=10, default=STAFF)
    is_active = models.BooleanField(default=True)
    # The human behind the login, where it is known: two logins of one human share it.
    person = models.UUIDField(null=True, db_index=True)

    USERNAME_FIELD = "login"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class StaffRole(models.Model):
    """One role of a member of staff, at one location or (without location) at all of them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=20)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "location"], name="staff_role_once")
        ]


class ConfirmedIdentity(models.Model):
    """A person proved again, just now, who they are, for one named act. Used once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="confirmations")
    purpose = models.CharField(max_length=80)
    method = models.CharField(max_length=20)
    confirmed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_for = models.CharField(max_length=80, blank=True)
