"""Patients and related persons."""

import uuid

from django.db import models

from leeward.records.accounts.models import User
from leeward.records.organizations.models import Location, Organization


class Patient(models.Model):
    """A person under the care of one organization."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="patients"
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="patients")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="patient")
    family = models.CharField(max_length=120)
    given = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=10, default="unknown")
    birth_sex = models.CharField(max_length=10, blank=True)
    deceased_at = models.DateTimeField(null=True)
    deceased = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    # As on an envelope; the law wants it beside each controlled dose.
    address = models.CharField(max_length=300, blank=True)
    identifiers = models.JSONField(default=list)
    source_id = models.CharField(max_length=200, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source_id"],
                condition=~models.Q(source_id=""),
                name="patient_source_once",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "family", "given"], name="patient_name"),
        ]

    @property
    def display_name(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


class RelatedPerson(models.Model):
    """Somebody who accompanies or cares for the patient; the escort home."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="related_persons")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
