"""Organizations, places, and clinic limits with their approval."""

import uuid

from django.db import models


class Organization(models.Model):
    """The wall: nothing crosses from one organization to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    country = models.CharField(max_length=2, default="US")
    timezone = models.CharField(max_length=64, default="UTC")
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """One site of an organization; the default scope of its staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="locations"
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField()
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    # The clinic's own words for an emergency at the chair; empty until the director writes them.
    emergency_protocol = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="location_org_slug")
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a location is open on one weekday (0 is Monday), in its own time zone."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()


class Room(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)


class Chair(models.Model):
    """A place where one patient is treated at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="chairs")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="chairs")
    label = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "label"]
        constraints = [
            models.UniqueConstraint(fields=["location", "label"], name="chair_location_label")
        ]

    def __str__(self) -> str:
        return f"Chair {self.label}"


class ClinicLimits(models.Model):
    """One version of a location's limits for a drug and route; in force once approved."""

    DRAFT, APPROVED, SUPERSEDED = "draft", "approved", "superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="limits")
    drug = models.CharField(max_length=40)
    route = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=12, default=DRAFT)
    # {parameter id: {"value": "180", "unit": "mm[Hg]", "rationale": "..."}}
    values = models.JSONField(default=dict)
    content_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, blank=True)
    drafted_by_id = models.UUIDField(null=True)
    drafted_by_name = models.CharField(max_length=200, blank=True)
    drafted_at = models.DateTimeField(null=True)
    approved_by_id = models.UUIDField(null=True)
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "drug", "route", "version"], name="limits_version"
            )
        ]


class AlarmCharge(models.Model):
    """A director's recorded act: from now on this location's alarms are on, or record only.

    The newest row is in force; without one a location records only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="alarm_charges")
    number = models.PositiveIntegerField()
    accepted = models.BooleanField()
    statement = models.TextField()
    backup_name = models.CharField(max_length=200, blank=True)
    backup_contact = models.CharField(max_length=200, blank=True)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "number"], name="alarm_charge_number")
        ]
