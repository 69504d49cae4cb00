"""Messages to people, each one kept."""

import uuid

from django.db import models

from leeward.records.organizations.models import Organization
from leeward.records.people.models import Patient


class Message(models.Model):
    """A message handed to the notifier, with what became of it."""

    QUEUED, SENT, FAILED, HELD = "queued", "sent", "failed", "held"

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


class ContactConsent(models.Model):
    """Yes or no to one channel for one address. Rows are added; the newest holds."""

    FORM, STOP_WORD, START_WORD, LINK, STAFF = "form", "stop", "start", "link", "staff"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    given = models.BooleanField()
    how = models.CharField(max_length=10)
    wording_id = models.CharField(max_length=20, blank=True)
    # The words as they were read, so that they can be shown though content has moved on.
    wording = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    page = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    request_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["channel", "address", "at"], name="contact_newest")]
