"""Messages to people, each one kept."""

import uuid

from django.db import models

from leeward.records.organizations.models import Organization
from leeward.records.people.models import Patient


class Message(models.Model):
    """A message handed to the notifier, with what became of it."""

    QUEUED, SENT, FAILED = "queued", "sent", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    channel = models.CharField(max_length=10)  # email | sms
    to = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    purpose = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    status = models.CharField(max_length=10, default=QUEUED)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
