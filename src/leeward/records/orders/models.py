"""Care plans and medication requests."""

import uuid

from django.db import models

from leeward.records.accounts.models import User
from leeward.records.charts.models import CandidacyDecision
from leeward.records.organizations.models import Location
from leeward.records.people.models import Patient


class CarePlan(models.Model):
    """One course of treatment: a copy of the published protocol it began from, and the series."""

    ACTIVE, COMPLETED, REVOKED = "active", "completed", "revoked"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_plans")
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    indication = models.CharField(max_length=80)
    protocol_id = models.CharField(max_length=80)
    protocol = models.JSONField()
    session_count = models.PositiveSmallIntegerField()
    interval = models.CharField(max_length=120, blank=True)
    goals = models.TextField(blank=True)
    # ids of `content` adjuncts, and what is said about them
    adjuncts = models.JSONField(default=list)
    adjuncts_note = models.TextField(blank=True)
    decision = models.ForeignKey(CandidacyDecision, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, default=ACTIVE)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT)
    created_at = models.DateTimeField()


class MedicationRequest(models.Model):
    """An order: the drug, its dose in every form it will be read in, and what was checked."""

    ACTIVE, SUPERSEDED, STOPPED = "active", "superseded", "stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    care_plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="orders")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    version = models.PositiveIntegerField(default=1)
    # leeward.core.protocols.DosePlan as a payload, amounts as decimal strings
    plan = models.JSONField()
    checks = models.JSONField(default=list)
    overrides = models.JSONField(default=dict)
    status = models.CharField(max_length=12, default=ACTIVE)
    because = models.TextField(blank=True)
    content_digest = models.CharField(max_length=64)
    limits_digest = models.CharField(max_length=64)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT)
    ordered_at = models.DateTimeField()
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
