"""Puts the adapters in place of the ports."""

from django.conf import settings

from leeward.exchange.archive.anchor_file import AnchorFile
from leeward.exchange.documents.signer import Ed25519Signer
from leeward.exchange.notify.outbox import OutboxNotifier
from leeward.exchange.notify.smtp import MailNotifier
from leeward.jobs.wakeups import make_wakeup
from leeward.usecases import ports


def wire() -> None:
    """Register the adapters this installation uses."""
    ports.register(
        wakeup=make_wakeup(settings.LEEWARD_HOME, settings.LEEWARD_REDIS_URL),
        notifier=_notifier(),
        signer=Ed25519Signer(settings.LEEWARD_HOME / "keys"),
        anchors=AnchorFile(settings.LEEWARD_ANCHOR_FILE),
    )


def _notifier() -> ports.Notifier:
    """E-mail by SMTP where a server is named; everything else becomes a file in the outbox."""
    outbox = OutboxNotifier(settings.LEEWARD_HOME / "outbox")
    if not settings.EMAIL_HOST:
        return outbox
    return MailNotifier(
        sender=settings.DEFAULT_FROM_EMAIL, address=settings.LEEWARD_PUBLIC_URL, others=outbox
    )
