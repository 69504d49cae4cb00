"""Controlled drugs: products, stores, containers, and the ledger of every part of them."""

import uuid

from django.db import models

from leeward.records.organizations.models import Location, Organization


class Registration(models.Model):
    """Under which number a location holds controlled drugs, and who keeps them."""

    location = models.OneToOneField(Location, on_delete=models.PROTECT, primary_key=True)
    dea_number = models.CharField(max_length=9)
    registrant = models.CharField(max_length=200)


class Product(models.Model):
    """What is bought: one presentation of a drug by one labeler, in one size of container."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    drug = models.CharField(max_length=40)
    presentation = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    labeler = models.CharField(max_length=200, blank=True)
    ndc = models.CharField(max_length=13)
    mg_per_ml = models.DecimalField(max_digits=12, decimal_places=6)
    container_parts = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ndc"], name="product_org_ndc")
        ]


class Store(models.Model):
    """A locked place of a location: a safe, a cabinet, a box at the chairs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stores")
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="store_location_name")
        ]

    def __str__(self) -> str:
        return self.name


class Vial(models.Model):
    """One container, from the day it came; `number` is what is written on its sticker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="vials")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="vials")
    number = models.PositiveIntegerField()
    lot = models.CharField(max_length=40)
    expiry = models.DateField()
    serial = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "number"], name="vial_location_number")
        ]


class LedgerHead(models.Model):
    """The newest entry of a location's ledger; locking this row is what orders the entries."""

    location = models.OneToOneField(Location, on_delete=models.PROTECT, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    vials = models.PositiveIntegerField(default=0)


class LedgerEntry(models.Model):
    """One act with a controlled drug. Append-only and hash-chained, its lines within the hash.

    `session_id` and `patient_id` are bare: the ledger knows which session, not what a session is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="ledger")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    session_id = models.UUIDField(null=True, db_index=True)
    patient_id = models.UUIDField(null=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    detail = models.JSONField(default=dict)
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=200)
    witness_id = models.UUIDField(null=True)
    witness_name = models.CharField(max_length=200, blank=True)
    command_id = models.UUIDField()
    ordinal = models.PositiveSmallIntegerField(default=0)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "seq"], name="ledger_location_seq"),
            models.UniqueConstraint(fields=["command_id", "ordinal"], name="ledger_command_once"),
            models.UniqueConstraint(fields=["corrects"], name="ledger_corrected_once"),
        ]


class LedgerLine(models.Model):
    """Parts that came to an account (or left it, below zero). Append-only."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    ordinal = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=12)
    place_id = models.UUIDField(null=True)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="lines")
    parts = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["vial", "account", "place_id"], name="line_vial_account"),
            models.Index(fields=["place_id", "account"], name="line_place_account"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "ordinal"], name="line_entry_ordinal")
        ]


class Discrepancy(models.Model):
    """A difference between what was counted and what the ledger says, until it is explained."""

    OPEN, EXPLAINED, REPORTED = "open", "explained", "reported"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="discrepancies")
    found_by = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="found")
    store = models.ForeignKey(Store, on_delete=models.PROTECT)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT)
    expected_parts = models.BigIntegerField()
    counted_parts = models.BigIntegerField()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    status = models.CharField(max_length=10, default=OPEN)
    explanation = models.TextField(blank=True)
    closed_by_name = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="settled"
    )
