"""Sessions, their event log, device bindings and vital-sign samples."""

import uuid

from django.db import models

from leeward.records.orders.models import MedicationRequest
from leeward.records.organizations.models import Chair, Location, Organization
from leeward.records.people.models import Patient
from leeward.records.scheduling.models import Appointment


class TreatmentSession(models.Model):
    """One visit's record. `stage` is a projection kept for lists; the log is the truth."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="sessions")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="sessions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True)
    order = models.ForeignKey(MedicationRequest, on_delete=models.PROTECT, related_name="sessions")
    session_number = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField()
    stage = models.CharField(max_length=16, default="opened", db_index=True)
    closed_at = models.DateTimeField(null=True)
    last_seq = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)


class TreatmentEvent(models.Model):
    """One fact about a session. Append-only, hash-chained; `id` orders the bus for all readers."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="events")
    seq = models.BigIntegerField()
    event_id = models.UUIDField(unique=True)
    command_id = models.UUIDField()
    ordinal = models.PositiveSmallIntegerField(default=0)
    type = models.CharField(max_length=80)
    payload = models.TextField()
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "seq"], name="event_session_seq"),
            models.UniqueConstraint(fields=["command_id", "ordinal"], name="event_command_once"),
        ]


class DeviceBinding(models.Model):
    """A named person confirmed that this device is on this patient in this chair."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    session = models.ForeignKey(
        TreatmentSession, on_delete=models.PROTECT, related_name="bindings"
    )
    kind = models.CharField(max_length=20)  # manual | replay | simulator | hl7
    label = models.CharField(max_length=120)
    # by which a listener knows the device; empty where the binding's own adapter is the device
    device_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    # {"file": ..., "speed": "30", "period_s": {"hr": "2"}}
    settings = models.JSONField(default=dict)
    bound_by_name = models.CharField(max_length=200)
    bound_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class SampleTail(models.Model):
    """One second of samples of one binding, committed before anyone is told of it."""

    id = models.BigAutoField(primary_key=True)
    binding = models.ForeignKey(DeviceBinding, on_delete=models.PROTECT, related_name="tail")
    boot_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    # {"spo2": {"v": "97", "q": "valid"}, "hr": {"v": null, "q": "no_value"}}
    channels = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["binding", "boot_id", "seq"], name="sample_once")
        ]
        indexes = [models.Index(fields=["binding", "at"], name="sample_binding_at")]


class SampleBlock(models.Model):
    """A sealed minute of one binding's samples; its digest is an event of the session."""

    binding = models.ForeignKey(DeviceBinding, on_delete=models.PROTECT, related_name="blocks")
    minute = models.DateTimeField()
    data = models.BinaryField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["binding", "minute"], name="block_binding_minute")
        ]


class EngineHeartbeat(models.Model):
    """When the alarm engine last completed a tick, by its own and by the wall clock."""

    engine = models.CharField(max_length=40, primary_key=True)
    boot_id = models.UUIDField()
    started_at = models.DateTimeField()
    ticked_at = models.DateTimeField()
    period_ms = models.PositiveIntegerField(default=0)


class AdapterHeartbeat(models.Model):
    """When an adapter process was last heard, whether or not it had anything to report.

    An adapter serves one binding (replay, simulator) or a whole place (an HL7 listener). With it a
    silent device, a dead adapter and a dead gateway can be told apart.
    """

    RUNNING, STARTING = "running", "starting"

    name = models.CharField(max_length=80, primary_key=True)  # binding:<id> | hl7:<location id>
    kind = models.CharField(max_length=20)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="adapters")
    state = models.CharField(max_length=16)
    heard_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField()
    restarts = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)


class DeviceSeen(models.Model):
    """A device that reports to this place, bound or not, and what it last said.

    What an unbound device says is shown here as unbound and kept nowhere else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="devices_seen")
    key = models.CharField(max_length=200)
    adapter = models.CharField(max_length=20)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # {"spo2": {"v": "97", "q": "valid"}} of the last message that held any
    channels = models.JSONField(default=dict)
    # seconds between the last messages, newest last
    intervals_s = models.JSONField(default=list)
    messages = models.BigIntegerField(default=0)
    # codes this device sends that no channel is known for
    unknown_codes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "key"], name="device_seen_once")
        ]
