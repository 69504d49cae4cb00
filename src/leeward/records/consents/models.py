"""Consent texts as they were shown, and consents given to them."""

import uuid

from django.db import models

from leeward.records.accounts.models import User
from leeward.records.people.models import Patient


class ConsentText(models.Model):
    """The exact words of one version in one language, kept once anyone agreed to them."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    body = models.JSONField()


class Consent(models.Model):
    """A person's agreement to one text for one drug and route; withdrawable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT)
    drug = models.CharField(max_length=40)
    route = models.CharField(max_length=20)
    signed_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
