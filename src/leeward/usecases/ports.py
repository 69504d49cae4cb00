"""What use cases need from outside, as protocols, and the register that wiring fills."""

from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

_Adapter = TypeVar("_Adapter")


class Wakeup(Protocol):
    """Says "look again" to live pages and engines; losing one delays and never loses."""

    def notify(self, topic: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to hand over; `id` makes the handing over idempotent."""

    id: UUID
    channel: str
    to: str
    subject: str
    body: str
    organization_id: UUID | None = None
    language: str = "en"


class Notifier(Protocol):
    """Hands a message to whoever carries it. Raises `NotDelivered` with the reason."""

    def send(self, notice: Notice) -> None: ...


class NotDelivered(Exception):
    """The carrier refused or could not be reached; the message stays queued."""


class Signer(Protocol):
    """Signs the digest of a canonical record with this clinic's key."""

    @property
    def key_id(self) -> str: ...
    @property
    def public_key(self) -> str: ...
    def sign(self, message: bytes) -> str: ...
    def verify(self, message: bytes, signature: str) -> bool: ...


class AnchorLog(Protocol):
    """Lines kept outside the record, that nobody takes back."""

    def lines(self) -> list[str]: ...
    def append(self, line: str) -> None: ...


@dataclass(slots=True)
class _Register:
    wakeup: Wakeup | None = None
    notifier: Notifier | None = None
    signer: Signer | None = None
    anchors: AnchorLog | None = None


_register = _Register()


def register(
    *,
    wakeup: Wakeup | None = None,
    notifier: Notifier | None = None,
    signer: Signer | None = None,
    anchors: AnchorLog | None = None,
) -> None:
    """Put adapters in place; what is not named stays as it is."""
    _register.wakeup = wakeup or _register.wakeup
    _register.notifier = notifier or _register.notifier
    _register.signer = signer or _register.signer
    _register.anchors = anchors or _register.anchors


def wakeup() -> Wakeup:
    return _given(_register.wakeup, "wakeup")


def notifier() -> Notifier:
    return _given(_register.notifier, "notifier")


def signer() -> Signer:
    return _given(_register.signer, "signer")


def anchors() -> AnchorLog:
    return _given(_register.anchors, "anchor log")


def _given(adapter: _Adapter | None, name: str) -> _Adapter:
    if adapter is None:
        raise RuntimeError(f"no {name} is registered; config.wiring.wire() was not called")
    return adapter
