"""Clinic limits: drafted by anyone the director lets, in force only when the director approves."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from django.db import transaction

from leeward import content
from leeward.core.alarms import contradictions
from leeward.core.protocols import LimitParameter
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import DIRECTOR, PRESCRIBER, Actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.audit import store as audit
from leeward.records.audit.chain import canonical
from leeward.records.organizations.models import ClinicLimits
from leeward.usecases.access import access_location
from leeward.usecases.confirm_identity import use_confirmation

APPROVAL = "limits.approve"
# No limit of any unit here is a million or a millionth; such an entry is a slip.
LARGEST_EXPONENT = 5


def draft_limits(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    location_id: UUID,
    drug: str,
    route: str,
    values: Mapping[str, str],
    rationales: Mapping[str, str],
) -> ClinicLimits | Refusal:
    """Write the values that the director will be asked to approve; an empty value is not set.

    *Refuses when* a parameter is unknown for this drug and route or a value is not a positive
    decimal number. *Emits* audit `limits.drafted`. *Locks* the location's versions.
    """
    location = access_location(actor, location_id, DIRECTOR, PRESCRIBER)
    library = content.load()
    entries: dict[str, dict[str, str]] = {}
    for parameter_id, text in values.items():
        parameter = library.limits.get(parameter_id)
        if parameter is None or not parameter.concerns(drug, route):
            return Refusal("limits.unknown", f"There is no limit called {parameter_id}.")
        if not text.strip():
            continue
        entry = _entry(parameter, text, rationales.get(parameter_id, ""))
        if isinstance(entry, Refusal):
            return entry
        entries[parameter_id] = entry
    with transaction.atomic():
        if done := audit.recall(command_id, "draft_limits", actor):
            return ClinicLimits.objects.get(id=done)
        versions = ClinicLimits.objects.select_for_update().filter(
            location=location, drug=drug, route=route
        )
        newest = versions.order_by("-version").first()
        row = newest if newest and newest.status == ClinicLimits.DRAFT else None
        if row is None:
            row = ClinicLimits(
                id=uuid5(command_id, "limits"), location=location, drug=drug, route=route,
                version=newest.version + 1 if newest else 1,
            )  # fmt: skip
        row.values, row.content_digest = entries, library.digest
        row.digest = _digest(drug, route, row.version, entries)
        row.drafted_by_id, row.drafted_by_name, row.drafted_at = actor.id, actor.name, now
        row.save()
        audit.record(
            actor,
            "limits.drafted",
            at=now,
            subject=("limits", row.id),
            location=location.name,
            drug=drug,
            route=route,
            values=entries,
        )
        audit.remember(command_id, "draft_limits", actor, now, row.id)
    return row


def approve_limits(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    limits_id: UUID,
    seen_digest: str,
    statement: str,
    confirmed: ConfirmedIdentity,
) -> ClinicLimits | Refusal:
    """Put a draft in force, by the medical director's confirmed identity.

    *Refuses when* the draft changed since it was shown, a required limit is empty, nothing is
    drafted, or the confirmation is not the director's own. *Emits* audit `limits.approved`.
    *Locks* the location's versions.
    """
    with transaction.atomic():
        row = ClinicLimits.objects.select_for_update().filter(id=limits_id).first()
        location = access_location(actor, row.location_id if row else UUID(int=0), DIRECTOR)
        assert row is not None
        if audit.recall(command_id, "approve_limits", actor, of=row.id):
            return row
        fault = _cannot_approve(row, seen_digest)
        if fault is not None:
            return fault
        director = use_confirmation(
            confirmed, purpose=APPROVAL, subject=f"limits:{row.id}", now=now
        )
        if isinstance(director, Refusal):
            return director
        if director.id != actor.id:
            return Refusal("limits.other_person", "Confirm with your own login.", field="password")
        ClinicLimits.objects.filter(
            location=location, drug=row.drug, route=row.route, status=ClinicLimits.APPROVED
        ).update(status=ClinicLimits.SUPERSEDED)
        row.status, row.statement = ClinicLimits.APPROVED, statement.strip()
        row.approved_by_id, row.approved_by_name, row.approved_at = actor.id, actor.name, now
        row.save()
        audit.record(
            actor,
            "limits.approved",
            at=now,
            subject=("limits", row.id),
            location=location.name,
            drug=row.drug,
            route=row.route,
            digest=row.digest,
        )
        audit.remember(command_id, "approve_limits", actor, now, row.id)
    return row


def _entry(parameter: LimitParameter, text: str, rationale: str) -> dict[str, str] | Refusal:
    fault = Refusal(
        "limits.not_a_number",
        f"{parameter.label}: write a number above zero with a point, such as 12.5.",
        field=parameter.id,
    )
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return fault
    if not value.is_finite() or value <= 0 or abs(value.adjusted()) > LARGEST_EXPONENT:
        return fault
    return {"value": format(value, "f"), "unit": parameter.unit, "rationale": rationale.strip()}


def _cannot_approve(row: ClinicLimits, seen_digest: str) -> Refusal | None:
    if row.status != ClinicLimits.DRAFT:
        return Refusal("limits.not_a_draft", "This version has already been approved.")
    if row.digest != seen_digest:
        return Refusal(
            "limits.changed",
            "The draft changed after you opened this page. Read the new values, then approve.",
        )
    needed = [
        p
        for p in content.load().limits.values()
        if p.required and p.concerns(row.drug, row.route) and p.id not in row.values
    ]
    if needed:
        names = ", ".join(p.label for p in needed)
        return Refusal("limits.missing", f"Not set yet: {names}.", field=needed[0].id)
    specs = content.load().alarms.get(f"{row.drug}.{row.route}")
    values = {name: Decimal(entry["value"]) for name, entry in row.values.items()}
    wrong = contradictions(specs, values) if specs else ()
    return Refusal("limits.contradict", " ".join(wrong)) if wrong else None


def _digest(drug: str, route: str, version: int, entries: Mapping[str, object]) -> str:
    whole = {"drug": drug, "route": route, "version": version, "values": dict(entries)}
    return hashlib.sha256(canonical(whole).encode()).hexdigest()
