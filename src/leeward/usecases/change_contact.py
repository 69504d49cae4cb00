"""Stopping and starting messages: a word by SMS, a link in an e-mail, or staff on the phone.

Honoured at once: what is queued and not yet sent is held back, and every later message asks.
"""

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.records.accounts.actor import system_actor
from leeward.records.audit import store as audit
from leeward.records.messaging.addresses import plain_phone, same_phone
from leeward.records.messaging.models import ContactConsent, Message

# The words that carriers in the United States and their Spanish speakers use; case and
# punctuation do not count.
STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
                  "alto", "parar", "cancelar", "baja"})  # fmt: skip
START = frozenset({"start", "unstop", "yes", "empezar", "iniciar"})
LAST_DIGITS = 4
HELP = frozenset({"help", "info", "ayuda"})


def word_of(body: str) -> str:
    """`"stop"`, `"start"`, `"help"` or nothing, of a text message."""
    word = re.sub(r"[^a-záéíóúñ]", "", body.lower())
    for name, words in (("stop", STOP), ("start", START), ("help", HELP)):
        if word in words:
            return name
    return ""


def take_text_message(
    *, now: datetime, command_id: UUID, sender: str, body: str
) -> tuple[str, list[UUID]]:
    """Act on a text message that came in: the word heard, and the organizations it concerns.

    A STOP of a number counts for every organization that ever had it. *Emits* audit
    `contact.stopped` or `contact.started`.
    """
    word, number = word_of(body), plain_phone(sender) or ""
    with transaction.atomic():
        theirs = _organizations("sms", number)
        if word in ("stop", "start"):
            for organization_id, address in theirs:
                _set(organization_id, "sms", address, word == "start",
                     {"stop": ContactConsent.STOP_WORD,
                      "start": ContactConsent.START_WORD}[word], now)  # fmt: skip
    return word, [organization_id for organization_id, _ in theirs]


def stop_messages(
    *, now: datetime, command_id: UUID, organization_id: UUID, channel: str, address: str
) -> None:
    """Stop one channel to one address, by its signed link. *Emits* audit `contact.stopped`."""
    with transaction.atomic():
        _set(organization_id, channel, address, False, ContactConsent.LINK, now)


def may_send(organization_id: UUID, channel: str, address: str) -> bool:
    """Whether the newest word about this address is not a no."""
    newest = (
        ContactConsent.objects.filter(
            organization_id=organization_id, channel=channel, address=address
        )
        .order_by("-at", "-id")
        .first()
    )
    return newest is None or newest.given


def _organizations(channel: str, address: str) -> list[tuple[UUID, str]]:
    """Who had this address, as they wrote it."""
    # Its last digits stand side by side however it is written.
    tail = address[-LAST_DIGITS:]
    consents = ContactConsent.objects.filter(channel=channel, address__endswith=tail)
    sent = Message.objects.filter(channel=channel, to__endswith=tail)
    rows = {*consents.values_list("organization_id", "address"),
            *sent.values_list("organization_id", "to")}  # fmt: skip
    return sorted((o, a) for o, a in rows if same_phone(plain_phone(a) or "", address))


def _set(
    organization_id: UUID, channel: str, address: str, given: bool, how: str, now: datetime
) -> None:
    ContactConsent.objects.create(
        organization_id=organization_id, channel=channel, address=address, given=given, how=how,
        at=now,
    )  # fmt: skip
    if not given:
        Message.objects.filter(
            organization_id=organization_id, channel=channel, to=address, status=Message.QUEUED
        ).update(status=Message.HELD, error="They asked for no more messages.")
    audit.record(
        system_actor("messages", organization_id),
        "contact.started" if given else "contact.stopped", at=now,
        subject=("contact", channel), how=how,
    )  # fmt: skip
