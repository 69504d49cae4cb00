"""Consent: given to an exact text, provable, withdrawable."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import DIRECTOR, NURSE, PATIENT, PRESCRIBER, Actor, NotFound
from leeward.records.audit import store as audit
from leeward.records.consents.models import Consent, ConsentText
from leeward.records.consents.texts import digest_of
from leeward.usecases.access import access_patient


def give_consent(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    text_digest: str,
    consent_id: str,
    language: str,
    drug: str,
    route: str,
    signed_name: str,
    understood: bool,
) -> Consent | Refusal:
    """Record that the patient agreed to the text that was shown.

    *Refuses when* the text changed since it was shown, the box is not ticked or no name is
    signed. *Emits* audit `consent.given`.
    """
    patient = access_patient(actor, patient_id, PATIENT, NURSE, PRESCRIBER, DIRECTOR)
    shown = content.load().consents[consent_id]
    body = shown.body(language)
    if digest_of(body) != text_digest:
        return Refusal("consent.text_changed", "The text has changed. Please read it again.")
    if not understood:
        return Refusal("consent.not_ticked", "Tick the box if you agree.", field="understood")
    if len(signed_name.strip()) < 2:
        return Refusal("consent.no_name", "Write your full name to sign.", field="signed_name")
    with transaction.atomic():
        if done := audit.recall(command_id, "give_consent", actor):
            return Consent.objects.get(id=done)
        text, _ = ConsentText.objects.get_or_create(
            digest=text_digest,
            defaults={"kind": consent_id, "version": shown.version, "language": language,
                      "title": str(body["title"]), "body": body},
        )  # fmt: skip
        consent = Consent.objects.create(
            id=uuid5(command_id, "consent"), patient=patient, text=text, drug=drug, route=route,
            signed_name=signed_name.strip(), signed_at=now, recorded_by_id=actor.account_id,
        )  # fmt: skip
        audit.record(
            actor,
            "consent.given",
            at=now,
            patient_id=patient.id,
            subject=("consent", consent.id),
            text=text_digest,
            language=language,
        )
        audit.remember(command_id, "give_consent", actor, now, consent.id)
    return consent


def withdraw_consent(
    *, actor: Actor, now: datetime, command_id: UUID, consent_id: UUID, because: str = ""
) -> Consent:
    """End a consent; no reason is needed. *Emits* audit `consent.withdrawn`. *Locks* the row."""
    with transaction.atomic():
        consent = Consent.objects.select_for_update().filter(id=consent_id).first()
        if consent is None:
            raise NotFound("consent")
        access_patient(actor, consent.patient_id, PATIENT, NURSE, PRESCRIBER, DIRECTOR)
        if consent.withdrawn_at is None:
            consent.withdrawn_at, consent.withdrawn_because = now, because.strip()
            consent.save(update_fields=["withdrawn_at", "withdrawn_because"])
            audit.record(
                actor,
                "consent.withdrawn",
                at=now,
                patient_id=consent.patient_id,
                subject=("consent", consent.id),
                because=because,
            )
            audit.remember(command_id, "withdraw_consent", actor, now, consent.id)
    return consent
