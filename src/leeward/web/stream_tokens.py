"""The signed, short-lived token by which a page's script opens its stream.

It names the viewer, the topics and when it ends, so that the stream never touches Django's
session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from leeward.records.accounts.actor import Actor

SALT = "leeward.stream"
# A shift: the page that holds it asks for a new one with every load.
DEFAULT_TTL = timedelta(hours=12)
KINDS = ("board", "session")


class BadToken(ValueError):
    """The token is not one of ours, was altered, or has ended."""


@dataclass(frozen=True, slots=True)
class StreamPass:
    """What a token allows."""

    viewer_id: str
    organization_id: UUID
    location_ids: frozenset[UUID] | None
    topics: tuple[str, ...]
    expires_at: datetime
    issued_at: datetime
    visit: str = ""

    def ids(self, kind: str) -> frozenset[UUID]:
        """Ids of the topics of one kind."""
        return frozenset(
            UUID(topic.partition(":")[2]) for topic in self.topics if topic.startswith(f"{kind}:")
        )


def stream_token(
    viewer: Actor,
    topics: Iterable[str],
    now: datetime,
    ttl: timedelta = DEFAULT_TTL,
    *,
    visit: str = "",
) -> str:
    """A token for `viewer` to follow `topics`: `board:<location id>`, `session:<session id>`.

    The page that makes it has read those objects through its selectors, so they are the viewer's.
    `visit` names the sign-in it belongs to, and the token ends when that one signs out.
    """
    if viewer.organization_id is None:
        raise ValueError("only people of an organization follow a stream")
    places = viewer.location_ids
    return signing.dumps(
        {
            "viewer": str(viewer.id),
            "organization": str(viewer.organization_id),
            "locations": None if places is None else sorted(map(str, places)),
            "topics": [_checked(topic) for topic in topics],
            "expires": (now + ttl).isoformat(),
            "issued": now.isoformat(),
            "visit": visit,
        },
        salt=SALT,
        compress=True,
    )


def read_token(token: str, now: datetime) -> StreamPass:
    """What a token allows. Raises `BadToken`."""
    try:
        content = signing.loads(token, salt=SALT)
    except signing.BadSignature as fault:
        raise BadToken("not a stream token of this clinic") from fault
    places = content["locations"]
    allowed = StreamPass(
        viewer_id=content["viewer"],
        organization_id=UUID(content["organization"]),
        location_ids=None if places is None else frozenset(map(UUID, places)),
        topics=tuple(content["topics"]),
        expires_at=datetime.fromisoformat(content["expires"]),
        issued_at=datetime.fromisoformat(content["issued"]),
        visit=content["visit"],
    )
    if allowed.expires_at <= now:
        raise BadToken("the stream token has ended; load the page again")
    return allowed


def _checked(topic: str) -> str:
    kind, _, name = topic.partition(":")
    if kind not in KINDS:
        raise ValueError(f"{topic!r} is not a topic; it begins with {' or '.join(KINDS)}")
    return f"{kind}:{UUID(name)}"
