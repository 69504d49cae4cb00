"""How the demo acts: through use cases, each under a fixed name, refusals being defects here."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid5

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.organizations.selectors import ChairName, Place
from leeward.usecases.confirm_identity import confirm_identity

from .people import PASSPHRASE

if TYPE_CHECKING:
    from leeward.records.accounts.models import ConfirmedIdentity

NAMESPACE = UUID("0b1a2f7e-5d1c-4b7e-9a44-6d1f0c2a9e31")
DRUG, ROUTE = "racemic_ketamine", "iv"
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Clinic:
    """The invented clinic while it is being made: where, who by login, and when."""

    place: Place
    chairs: tuple[ChairName, ...]
    staff: dict[str, Actor]
    now: datetime
    address: str


def act(name: str) -> UUID:
    """The command id of a named act of the demo."""
    return uuid5(NAMESPACE, name)


def must(result: _Value | Refusal) -> _Value:
    """What a use case gave; the demo has no business being refused."""
    if isinstance(result, Refusal):
        raise RuntimeError(f"the demo was refused: {result.code}: {result.because}")
    return result


def confirmed(
    actor: Actor, login: str, purpose: str, at: datetime, name: str
) -> "ConfirmedIdentity":
    """Somebody proves who they are, as they would in a dialog."""
    return must(
        confirm_identity(
            actor=actor, now=at, command_id=act(name), login=login, password=PASSPHRASE,
            purpose=purpose,
        )
    )  # fmt: skip
