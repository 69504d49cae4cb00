"""Step-up: a person proves again, at the moment of the act, who they are."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.contrib.auth.hashers import check_password
from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.accounts.models import ConfirmedIdentity, User
from leeward.records.accounts.selectors import get_actor
from leeward.records.audit import store as audit
from leeward.usecases.sign_in import attempted

# How long a confirmation may wait for its act: the time a form takes, not a shift.
VALID_FOR = timedelta(minutes=5)
MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=10)


def confirm_identity(
    *, actor: Actor, now: datetime, command_id: UUID, login: str, password: str, purpose: str
) -> ConfirmedIdentity | Refusal:
    """Confirm the identity of the person with this login, who may be another than the actor.

    *Refuses when* the login and password do not fit, the account is of another organization or
    inactive, or there were too many failures. *Emits* audit `identity.confirmed` or
    `identity.refused`.
    """
    user = User.objects.filter(
        login=login, organization_id=actor.wall, is_active=True, kind=User.STAFF
    ).first()
    detail = attempted(user, login)
    if _throttled(actor, detail, now):
        return Refusal(
            "identity.throttled", "Too many wrong passwords. Wait ten minutes.", field="password"
        )
    if user is None or not check_password(password, user.password):
        audit.record(
            actor, "identity.refused", at=now, outcome="refused", purpose=purpose, **detail
        )
        return Refusal(
            "identity.not_confirmed", "Login and password do not fit.", field="password"
        )
    with transaction.atomic():
        confirmed, _ = ConfirmedIdentity.objects.get_or_create(
            # The person is part of the id: another one's confirmation is never handed out.
            id=uuid5(command_id, f"identity:{purpose}:{user.id}"),
            defaults={
                "user": user, "purpose": purpose, "method": "password",
                "confirmed_at": now, "expires_at": now + VALID_FOR,
            },
        )  # fmt: skip
        audit.record(
            actor, "identity.confirmed", at=now, subject=("user", user.id), purpose=purpose
        )
    return confirmed


def use_confirmation(
    confirmed: ConfirmedIdentity, *, purpose: str, subject: str, now: datetime
) -> Actor | Refusal:
    """Take a confirmation for the one act it was made for, and return who it confirms.

    *Refuses when* it was used, has expired or was made for something else. *Locks* the
    confirmation, so two racing acts cannot share it.
    """
    row = ConfirmedIdentity.objects.select_for_update().get(id=confirmed.id)
    if row.used_at is not None or row.expires_at <= now or row.purpose != purpose:
        return Refusal(
            "identity.confirmation_spent",
            "This confirmation was used or has expired. Please confirm again.",
            field="password",
        )
    row.used_at, row.used_for = now, subject[:80]
    row.save(update_fields=["used_at", "used_for"])
    witness = get_actor(row.user_id)
    if witness is None:
        return Refusal("identity.inactive", "This account is no longer active.")
    return witness


def _throttled(actor: Actor, detail: dict[str, str], now: datetime) -> bool:
    return (
        audit.count_recent(actor, "identity.refused", since=now - FAILURE_WINDOW, detail=detail)
        >= MAX_FAILURES
    )
