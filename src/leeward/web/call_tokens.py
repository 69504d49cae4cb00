"""The signed link by which a patient's phone becomes a call button for one visit."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

SALT = "leeward.call"
VALID_FOR = timedelta(hours=12)


def call_token(session_id: UUID, now: datetime) -> str:
    """A token that lets its holder call from this session's chair, for the length of a visit."""
    return signing.dumps({"s": str(session_id), "t": int(now.timestamp())}, salt=SALT)


def session_of(token: str, now: datetime) -> UUID | None:
    """The session a token is for; None if it is not ours, was altered, or has ended."""
    try:
        content = signing.loads(token, salt=SALT)
        made_s = int(content["t"])
        session_id = UUID(content["s"])
    except (signing.BadSignature, KeyError, ValueError):
        return None
    return session_id if now.timestamp() - made_s <= VALID_FOR.total_seconds() else None
