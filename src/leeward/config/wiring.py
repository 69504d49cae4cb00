"""Puts the adapters in place of the ports."""

from django.conf import settings

from leeward.exchange.documents.signer import Ed25519Signer
from leeward.exchange.notify.outbox import OutboxNotifier
from leeward.jobs.wakeups import make_wakeup
from leeward.usecases import ports


def wire() -> None:
    """Register the adapters this installation uses."""
    ports.register(
        wakeup=make_wakeup(settings.LEEWARD_HOME, settings.LEEWARD_REDIS_URL),
        notifier=OutboxNotifier(settings.LEEWARD_HOME / "outbox"),
        signer=Ed25519Signer(settings.LEEWARD_HOME / "keys"),
    )
