"""Signing in and out."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.accounts.models import User
from leeward.records.accounts.selectors import get_actor
from leeward.records.audit import store as audit

MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=10)


def sign_in(*, origin: str, now: datetime, login: str, password: str) -> User | Refusal:
    """Check a login and password and return the account.

    *Refuses when* they do not fit, the account is closed, or there were too many failures for
    this login. *Emits* audit `access.signed_in`, `access.refused`
    or `access.throttled`.
    """
    user = User.objects.filter(login=login.strip()).first()
    who = Actor(
        id=user.id if user else None,
        kind=user.kind if user else "anonymous",
        name=user.name if user else "",
        organization_id=user.organization_id if user else None,
        origin=origin,
    )
    since = now - FAILURE_WINDOW
    detail = attempted(user, login.strip())
    if audit.count_recent(who, "access.refused", since=since, detail=detail) >= MAX_FAILURES:
        audit.record(who, "access.throttled", at=now, outcome="refused", **detail)
        return Refusal("sign_in.throttled", "Too many wrong passwords. Wait ten minutes.")
    if user is None:
        make_password(password)  # the same work, so that timing does not tell who has an account
    fits = user is not None and check_password(password, user.password)
    if user is None or not user.is_active or not fits:
        audit.record(who, "access.refused", at=now, outcome="refused", **detail)
        return Refusal("sign_in.wrong", "Login and password do not fit. Check both and try again.")
    actor = get_actor(user.id, origin=origin)
    audit.record(actor or who, "access.signed_in", at=now, subject=("user", user.id))
    return user


def attempted(user: User | None, login: str) -> dict[str, Any]:
    """What the trail keeps of a refused attempt; of an unknown login a keyed digest alone.

    A password typed where the login belongs would otherwise stand in it for ever.
    """
    if user is not None:
        return {"login": login}
    return {
        "login_digest": salted_hmac("leeward.unknown-login", login, algorithm="sha256").hexdigest()
    }


def end_visit(*, actor: Actor, now: datetime, visit: str = "") -> None:
    """Note that the person left and which sign-in ends. *Emits* audit `access.signed_out`."""
    audit.record(actor, "access.signed_out", at=now, subject=("user", actor.id), visit=visit)


def has_left(actor: Actor, visit: str, *, since: datetime) -> bool:
    """Whether this sign-in was ended; another one of the same person goes on."""
    if not visit:
        return False
    detail = {"visit": visit}
    return audit.count_recent(actor, "access.signed_out", since=since, detail=detail) > 0
