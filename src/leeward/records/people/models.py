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
    # as the record wrote it: a vague date must not become a sharp one
    deceased_when = models.CharField(max_length=40, blank=True)
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


class ConsultationRequest(models.Model):
    """Somebody asked to talk with a clinic. A person, not yet a patient; never merged silently."""

    WAITING, TRIED, BOOKED, CLOSED = "waiting", "tried", "booked", "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    # None: they do not mind which.
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    words = models.TextField(blank=True)
    received_at = models.DateTimeField(db_index=True)
    # Words of crisis or bodily danger were heard in what they wrote.
    alarm = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=10, default=WAITING, db_index=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    tries = models.JSONField(default=list)
    outcome = models.CharField(max_length=300, blank=True)
    first_answer_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    same_person_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
