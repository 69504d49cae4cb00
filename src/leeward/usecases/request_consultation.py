"""Somebody of the public asks to talk with a clinic; what they agreed to is kept beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_noop as _

from leeward import content
from leeward.content.kinds.contact_wording import ContactWording
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, NotFound, system_actor
from leeward.records.audit import store as audit
from leeward.records.charts.models import Task
from leeward.records.library.selectors import library_search
from leeward.records.messaging.addresses import plain_email, plain_phone
from leeward.records.messaging.models import ContactConsent
from leeward.records.organizations.models import Location
from leeward.records.people.models import ConsultationRequest
from leeward.usecases import ports

# Not puzzles but counts: more than a family or an office sends, less than a machine.
FROM_ONE_PLACE, IN_ALL = 6, 200
WINDOW = timedelta(hours=1)
LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wrote on the form; `agreed` names the wordings of the boxes they ticked."""

    name: str
    email: str
    phone: str
    language: str
    words: str
    agreed: tuple[str, ...]
    page: str


def request_consultation(
    *, actor: Actor, now: datetime, command_id: UUID, organization_id: UUID,
    location_id: UUID | None, asked: Asked,
) -> ConsultationRequest | Refusal:  # fmt: skip
    """Take a request of the public.

    A box ticked for a channel without an address is kept as no consent: nothing can be sent.

    *Refuses when* there is no way to reach them, an address can't be read, or far too many came.
    *Emits* audit `consultation.requested`; an urgent task when words of crisis were heard.
    """
    place = _place(organization_id, location_id)
    email, phone = plain_email(asked.email), plain_phone(asked.phone)
    if (fault := _fault_in(asked, email, phone)) is not None:
        return fault
    public = system_actor("public site", organization_id)
    with transaction.atomic():
        request_id = uuid5(command_id, "consultation")
        if known := ConsultationRequest.objects.filter(id=request_id).first():
            return known
        if _too_many(actor, organization_id, now):
            return Refusal(
                "request.too_many",
                _("Many requests came from here just now. Please call us, or try in an hour."),
            )
        row = ConsultationRequest.objects.create(
            id=request_id, organization_id=organization_id, location=place,
            name=asked.name.strip()[:120], email=email or "", phone=phone or "",
            language=asked.language, words=asked.words.strip(), received_at=now,
            alarm=_alarm(asked.words),
        )  # fmt: skip
        _keep_consents(row, asked, now)
        audit.record(
            public, "consultation.requested", at=now, subject=("consultation", row.id),
            source=actor.origin, alarm=row.alarm,
        )  # fmt: skip
        if row.alarm:
            _tell_somebody(row, public, now)
    transaction.on_commit(lambda: ports.wakeup().notify(f"requests:{organization_id}"))
    return row


def _place(organization_id: UUID, location_id: UUID | None) -> Location | None:
    rows = Location.objects.filter(organization_id=organization_id)
    if location_id is None:
        if not rows.exists():
            raise NotFound("organization")
        return None
    place = rows.filter(id=location_id).first()
    if place is None:
        raise NotFound("location")
    return place


def _fault_in(asked: Asked, email: str | None, phone: str | None) -> Refusal | None:
    if asked.email.strip() and email is None:
        return Refusal(
            "request.email", _("Write the rest of your e-mail address, like name@example.com"),
            field="email",
        )  # fmt: skip
    if asked.phone.strip() and phone is None:
        because = _("Write your phone number with its area code")
        return Refusal("request.phone", because, field="phone")
    if not email and not phone:
        return Refusal(
            "request.no_way", _("Give an e-mail address or a phone number"), field="email"
        )
    if len(asked.words) > LONGEST_WORDS:
        return Refusal(
            "request.long", _("A few words are enough. Make this shorter"), field="words"
        )
    return None


def _too_many(actor: Actor, organization_id: UUID, now: datetime) -> bool:
    public = system_actor("public site", organization_id)
    since = now - WINDOW

    def count(detail: Mapping[str, str]) -> int:
        return audit.count_recent(
            public, "consultation.requested", since=since, detail=dict(detail)
        )

    return count({"source": actor.origin}) >= FROM_ONE_PLACE or count({}) >= IN_ALL


def _alarm(words: str) -> str:
    """What the words call for, in whatever language they are."""
    heard = library_search().hear(words) if words.strip() else None
    if heard is None or not (heard.crisis or heard.emergency):
        return ""
    return "crisis" if heard.crisis else "emergency"


def _keep_consents(row: ConsultationRequest, asked: Asked, now: datetime) -> None:
    clinic = row.location.name if row.location else row.organization.name
    for wording in newest_wordings():
        address = {"sms": row.phone, "email": row.email}[wording.channel]
        if wording.id in asked.agreed and address:
            ContactConsent.objects.create(
                organization_id=row.organization_id, channel=wording.channel, address=address,
                given=True, how=ContactConsent.FORM, wording_id=wording.id,
                wording=wording.said(clinic, asked.language), language=asked.language,
                page=asked.page[:200], at=now, request_id=row.id,
            )  # fmt: skip


def newest_wordings() -> list[ContactWording]:
    """The wording in use for each channel."""
    newest: dict[str, ContactWording] = {}
    for wording in content.load().contact_wordings.values():
        held = newest.get(wording.channel)
        if held is None or wording.version > held.version:
            newest[wording.channel] = wording
    return [newest[channel] for channel in ("sms", "email") if channel in newest]


def _tell_somebody(row: ConsultationRequest, public: Actor, now: datetime) -> None:
    """Words of crisis reach a clinician as a task; there is no patient yet to hang it on."""
    who = row.name or "Somebody"
    Task.objects.create(
        id=uuid5(row.id, "task"), organization_id=row.organization_id,
        # A task without a place would be seen by nobody who works at one.
        location=row.location or row.organization.locations.order_by("name").first(),
        patient=None, kind="consultation.alarm", priority="urgent", role="prescriber",
        because=f"{who} asked for a consultation and wrote words of crisis. Read it and call now.",
        created_at=now, subject_type="consultation", subject_id=str(row.id),
    )  # fmt: skip
    audit.record(public, "task.raised", at=now, subject=("consultation", row.id),
                 kind="consultation.alarm")  # fmt: skip
