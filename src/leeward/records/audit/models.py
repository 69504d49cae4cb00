"""The audit trail and the register of commands already carried out."""

import uuid

from django.db import models


class ChainHead(models.Model):
    """The newest link of one hash chain; locking this row is what orders the appends."""

    scope = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class AuditEntry(models.Model):
    """One thing somebody did, saw or was refused. Append-only."""

    scope = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    organization_id = models.UUIDField(null=True, db_index=True)
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=16, default="done")
    patient_id = models.UUIDField(null=True, db_index=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    origin = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "seq"], name="audit_scope_seq")]
        indexes = [models.Index(fields=["organization_id", "at"], name="audit_org_at")]


class Command(models.Model):
    """A command that has been carried out: a retry finds its result and does no harm."""

    command_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    use_case = models.CharField(max_length=80)
    actor_id = models.UUIDField(null=True)
    result = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
