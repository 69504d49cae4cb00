"""The inbox of consultation requests, and the public pages of the places they go to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from leeward.records.accounts.actor import PRESCRIBER, STAFF_ROLES, Actor, NotFound
from leeward.records.accounts.models import StaffRole
from leeward.records.messaging.addresses import same_phone
from leeward.records.messaging.models import ContactConsent
from leeward.records.organizations.models import Location, OpeningHours
from leeward.records.organizations.selectors import Place, place_of
from leeward.records.people.models import ConsultationRequest, Patient

OPEN = (ConsultationRequest.WAITING, ConsultationRequest.TRIED)
# A person is answered within this time of the clinic being open next; the page promises no less.
GOAL = timedelta(days=1)
MOST = 200
LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class MayWrite:
    """Whether one channel may be used, and since when by which words."""

    channel: str
    given: bool
    at: datetime | None
    how: str
    wording_id: str
    wording: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    id: UUID
    name: str
    email: str
    phone: str
    language: str
    words: str
    place: str
    received_at: datetime
    waiting: timedelta
    late: bool
    alarm: str
    status: str
    owner: str
    tries: tuple[dict[str, str], ...]
    outcome: str
    may_write: tuple[MayWrite, ...]

    @property
    def waited(self) -> str:
        """How long, in the two largest units: 2 days 15 h, 19 h, 38 min."""
        minutes = int(self.waiting.total_seconds() // 60)
        days, hours = divmod(minutes // 60, 24)
        if days:
            return f"{days} day{'s' * (days > 1)} {hours} h"
        return f"{hours} h" if hours else f"{minutes} min"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who may be the same person, and what is alike."""

    id: UUID
    name: str
    what: tuple[str, ...]
    patient: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    lines: tuple[RequestLine, ...]
    counts: dict[str, int]
    shown: str
    chosen: RequestLine | None
    alike: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """One weekday (0 is Monday) of a place."""

    weekday: int
    opens: time | None
    closes: time | None


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """What the public may know of a location."""

    place: Place
    slug: str
    organization_slug: str
    hours: tuple[Hours, ...]
    clinicians: tuple[str, ...]
    open_now: bool
    next_open: tuple[date, time] | None
    email: str


def get_inbox(
    viewer: Actor, now: datetime, *, shown: str = "waiting", chosen: UUID | None = None
) -> Inbox:
    """Requests the viewer may see: alarms first, then the longest wait."""
    rows = _visible(viewer)
    counts = {
        status: rows.filter(status=status).count()
        for status in (*OPEN, ConsultationRequest.BOOKED, ConsultationRequest.CLOSED)
    }
    held = list(rows.filter(status=shown).select_related("location", "owner")[:MOST])
    lines = sorted((_line(row, now) for row in held), key=lambda x: (not x.alarm, -x.waiting))
    one = rows.filter(id=chosen).select_related("location", "owner").first() if chosen else None
    if chosen and one is None:
        raise NotFound("request")
    return Inbox(
        lines=tuple(lines), counts=counts, shown=shown,
        chosen=_line(one, now) if one else None, alike=tuple(_alike(viewer, one)) if one else (),
    )  # fmt: skip


def list_public_places() -> list[PublicPlace]:
    """Every place, by name, without what depends on the clock."""
    rows = Location.objects.select_related("organization").order_by("name")
    return [_public(row, None) for row in rows]


def get_public_place(organization_slug: str, slug: str, now: datetime) -> PublicPlace:
    """One place with whether it is open, or `NotFound`."""
    rows = Location.objects.select_related("organization")
    row = rows.filter(organization__slug=organization_slug, slug=slug).first()
    if row is None:
        raise NotFound("location")
    return _public(row, now)


def _visible(viewer: Actor):  # type: ignore[no-untyped-def]
    if not viewer.is_staff or not viewer.has(*STAFF_ROLES):
        raise NotFound("requests")
    rows = ConsultationRequest.objects.filter(organization_id=viewer.wall)
    if viewer.location_ids is not None:
        rows = rows.filter(Q(location_id__in=viewer.location_ids) | Q(location=None))
    return rows.order_by("received_at")


def _line(row: ConsultationRequest, now: datetime) -> RequestLine:
    until = row.first_answer_at or row.closed_at or now
    waiting = until - row.received_at
    return RequestLine(
        id=row.id, name=row.name or "No name given", email=row.email, phone=row.phone,
        language=row.language, words=row.words,
        place=row.location.name if row.location else "any", received_at=row.received_at,
        waiting=waiting, late=row.status in OPEN and waiting > GOAL, alarm=row.alarm,
        status=row.status, owner=row.owner.name if row.owner else "",
        tries=tuple(row.tries), outcome=row.outcome, may_write=tuple(_may_write(row)),
    )  # fmt: skip


def _may_write(row: ConsultationRequest) -> Iterable[MayWrite]:
    for channel, address in (("email", row.email), ("sms", row.phone)):
        if not address:
            continue
        newest = (
            ContactConsent.objects.filter(
                organization_id=row.organization_id, channel=channel, address=address
            )
            .order_by("-at", "-id")
            .first()
        )
        if newest is None:
            yield MayWrite(channel, False, None, "", "", "")
        else:
            yield MayWrite(channel, newest.given, newest.at, newest.how, newest.wording_id,
                           newest.wording)  # fmt: skip


def _alike(viewer: Actor, row: ConsultationRequest) -> Iterable[Likeness]:
    """Requests and patients that share an address or a name; a person decides what they are."""
    near = _near(row, name="name__iexact", words=row.name)
    for other in _visible(viewer).filter(near).exclude(id=row.id).order_by("-received_at")[:MOST]:
        if what := _what_is_alike(row, other.name, other.email, other.phone):
            yield Likeness(other.id, other.name or "No name given", what, False, other.received_at)
    near = _near(row, name="family__iexact", words=row.name.rpartition(" ")[2])
    people = Patient.objects.filter(near, organization_id=row.organization_id)
    for patient in people[:MOST]:
        name = f"{patient.given} {patient.family}"
        if what := _what_is_alike(row, name, patient.email, patient.phone):
            yield Likeness(patient.id, patient.display_name, what, True, None)


def _near(row: ConsultationRequest, *, name: str, words: str) -> Q:
    """Rows that could be alike, for the database to find; `_what_is_alike` says which are."""
    near = Q(pk=None)
    if row.email:
        near |= Q(email__iexact=row.email)
    if row.phone:
        near |= Q(phone__endswith=row.phone[-LAST_DIGITS:])
    if words:
        near |= Q(**{name: words})
    return near


def _what_is_alike(row: ConsultationRequest, name: str, email: str, phone: str) -> tuple[str, ...]:
    same = (
        ("e-mail", bool(row.email) and row.email == email.lower()),
        ("phone", bool(row.phone) and bool(phone) and same_phone(row.phone, phone)),
        ("name", len(row.name.split()) > 1 and row.name.casefold() == name.casefold()),
    )
    return tuple(what for what, is_so in same if is_so)


def _public(row: Location, now: datetime | None) -> PublicPlace:
    hours = {h.weekday: h for h in OpeningHours.objects.filter(location=row)}
    week = tuple(
        Hours(day, hours[day].opens if day in hours else None,
              hours[day].closes if day in hours else None)
        for day in range(7)
    )  # fmt: skip
    local = now.astimezone(ZoneInfo(row.timezone)) if now else None
    return PublicPlace(
        place=place_of(row), slug=row.slug, organization_slug=row.organization.slug, hours=week,
        clinicians=tuple(_clinicians(row)), open_now=bool(local and _is_open(week, local)),
        next_open=_next_open(week, local) if local else None, email=row.email,
    )  # fmt: skip


def _clinicians(row: Location) -> Iterable[str]:
    roles = StaffRole.objects.filter(
        Q(location=row) | Q(location=None), role=PRESCRIBER,
        user__organization_id=row.organization_id, user__is_active=True,
    )  # fmt: skip
    return sorted(set(roles.values_list("user__name", flat=True)))


def _is_open(week: tuple[Hours, ...], local: datetime) -> bool:
    today = week[local.weekday()]
    return bool(today.opens and today.closes and today.opens <= local.time() < today.closes)


def _next_open(week: tuple[Hours, ...], local: datetime) -> tuple[date, time] | None:
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        opens = week[day.weekday()].opens
        if opens and (ahead or local.time() < opens):
            return day, opens
    return None
