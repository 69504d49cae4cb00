"""Appointments and the slots that guard against double booking."""

import uuid

from django.db import models

from leeward.records.accounts.models import User
from leeward.records.organizations.models import Chair, Location
from leeward.records.people.models import Patient


class Appointment(models.Model):
    """A visit: one patient in one chair for a while."""

    BOOKED, ARRIVED, IN_SESSION, DONE, CANCELLED, NO_SHOW = (
        "booked", "arrived", "in-session", "fulfilled", "cancelled", "noshow",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="appointments")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    order_id = models.UUIDField(null=True)
    session_number = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=30, default="treatment")
    starts = models.DateTimeField(db_index=True)
    ends = models.DateTimeField()
    status = models.CharField(max_length=12, default=BOOKED)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    cancelled_because = models.CharField(max_length=300, blank=True)


class ChairSlot(models.Model):
    """One five-minute slot of a chair taken by an appointment.

    The unique pair is what makes two racing bookings of one chair impossible on any database.
    """

    chair = models.ForeignKey(Chair, on_delete=models.CASCADE, related_name="slots")
    starts = models.DateTimeField()
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="slots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chair", "starts"], name="chair_slot_once")]
