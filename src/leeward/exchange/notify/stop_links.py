"""The link that stops messages: signed, about one channel and address, good for ever."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

SALT = "leeward.stop"


@dataclass(frozen=True, slots=True)
class StopLink:
    organization_id: UUID
    channel: str
    address: str


def stop_link(link: StopLink) -> str:
    """The token of a link."""
    return signing.dumps(
        [str(link.organization_id), link.channel, link.address], salt=SALT, compress=True
    )


def read_stop_link(token: str) -> StopLink | None:
    """What a token stops, or None if it is not one of ours."""
    try:
        organization, channel, address = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return StopLink(UUID(organization), channel, address)
