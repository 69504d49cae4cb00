"""The invented clinic: made through use cases alone, with times told back from `now`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward import content
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import Actor, system_actor
from leeward.records.accounts.selectors import get_actor
from leeward.records.organizations.selectors import list_chairs, list_places
from leeward.records.people.selectors import list_patients
from leeward.usecases import set_limits, set_up_clinic

from .acts import DRUG, ROUTE, Clinic, act, confirmed, must
from .answers import answer_phq9, ask
from .course import SESSIONS, begin_course, book, on_grid
from .imported import import_all, shipped_records, write_record
from .limits import INVENTED as INVENTED_LIMITS
from .limits import STATEMENT
from .monitor import bind_recording
from .people import (
    IN_COURSE,
    INVENTED,
    PASSPHRASE,
    PORTAL_LOGIN,
    RECOVERING,
    RUNNING,
    STAFF,
    STRANGER,
    Person,
    StaffPerson,
)
from .pharmacy import stock_up
from .visit import Visit

# Days ago of the sessions of the course that is under way.
SESSION_DAYS = (9, 7, 4, 2)
ESCORT = c.RecordEscort("Ana Delgado", "+1 555 0143", "sister")


@dataclass(frozen=True, slots=True)
class Login:
    """One line of the table that the demo prints."""

    who: str
    login: str
    does: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: the logins, and the sessions of today."""

    logins: tuple[Login, ...]
    clinic: Clinic
    running: Visit
    recovering: Visit


def make_demo(
    *, now: datetime, timezone: str, folder: Path, address: str, tell: Callable[[str], None]
) -> Demo:
    """Fill an empty, migrated home with the demo clinic.

    `folder` takes the records that are imported, so that they can be looked at and imported again.
    """
    founded = now - timedelta(days=30)
    tell("the clinic, its staff and its limits")
    clinic = _clinic(founded, now, timezone, address)
    _neighbour(founded, timezone)
    tell("patients from FHIR records")
    patients = _patients(clinic, folder)
    tell("a course with its answers")
    _course_under_way(clinic, patients[IN_COURSE.key], timezone)
    tell("the sessions of today")
    recovering = _session_today(clinic, RECOVERING, patients[RECOVERING.key], 76, chair=1)
    running = _session_today(clinic, RUNNING, patients[RUNNING.key], 11, chair=0)
    return Demo(_logins(), clinic, running, recovering)


def start_monitor(demo: Demo, *, now: datetime) -> None:
    """Put the recording on the running session, told until `now`: the moment before serving."""
    visit = demo.running
    bind_recording(replace(demo.clinic, now=now), visit.session_id, visit.at(-1))


def _clinic(founded: datetime, now: datetime, timezone: str, address: str) -> Clinic:
    founder = system_actor("leeward demo")
    organization = set_up_clinic.create_organization(
        actor=founder, now=founded, command_id=act("harbor"), is_demo=True,
        name="Harbor Street Clinic (demo)", slug="harbor-street", timezone=timezone,
    )  # fmt: skip
    location = set_up_clinic.create_location(
        actor=founder, now=founded, command_id=act("harbor-place"), organization=organization,
        details=set_up_clinic.LocationDetails(
            name="Harbor Street", slug="harbor-street", timezone=timezone, phone="+1 555 0100",
            email="desk@harbor.example.org", address="12 Harbor Street",
            chairs=("1", "2", "3", "4", "5"), opens=time(8), closes=time(18),
        ),
    )  # fmt: skip
    staff = {
        person.login: _staff(founder, founded, organization, person, location) for person in STAFF
    }
    place = next(p for p in list_places(organization.id) if p.id == location.id)
    clinic = Clinic(place, tuple(list_chairs(location.id)), staff, now, address)
    _approve_limits(clinic, founded)
    stock_up(clinic, founded)
    return clinic


def _neighbour(founded: datetime, timezone: str) -> None:
    """Another organization, whose prescriber must see nothing of the first."""
    founder = system_actor("leeward demo")
    organization = set_up_clinic.create_organization(
        actor=founder, now=founded, command_id=act("tidewater"), is_demo=True,
        name="Tidewater Pain Center (demo)", slug="tidewater", timezone=timezone,
    )  # fmt: skip
    location = set_up_clinic.create_location(
        actor=founder, now=founded, command_id=act("tidewater-place"), organization=organization,
        details=set_up_clinic.LocationDetails(
            name="Tidewater", slug="tidewater", timezone=timezone, phone="+1 555 0190",
            chairs=("1", "2"), opens=time(9), closes=time(17),
        ),
    )  # fmt: skip
    _staff(founder, founded, organization, STRANGER, location)


def _staff(founder, founded, organization, person: StaffPerson, location) -> Actor:  # type: ignore[no-untyped-def]
    user = must(
        set_up_clinic.create_staff(
            actor=founder, now=founded, command_id=act(f"staff:{person.login}"),
            organization=organization, login=person.login, name=person.name, password=PASSPHRASE,
            roles=[(person.role, location)],
        )
    )  # fmt: skip
    actor = get_actor(user.id)
    assert actor is not None
    return actor


def _approve_limits(clinic: Clinic, at: datetime) -> None:
    known = content.load().limits
    eve = clinic.staff["eve"]
    draft = must(
        set_limits.draft_limits(
            actor=eve, now=at, command_id=act("limits"), location_id=clinic.place.id, drug=DRUG,
            route=ROUTE, values={k: v for k, v in INVENTED_LIMITS.items() if k in known},
            rationales=dict.fromkeys(INVENTED_LIMITS, "invented for the demo"),
        )
    )  # fmt: skip
    must(
        set_limits.approve_limits(
            actor=eve, now=at, command_id=act("approve"), limits_id=draft.id,
            seen_digest=draft.digest, statement=STATEMENT,
            confirmed=confirmed(eve, "eve", set_limits.APPROVAL, at, "approve:eve"),
        )
    )  # fmt: skip


def _patients(clinic: Clinic, folder: Path) -> dict[str, UUID]:
    """Import everybody; the ids of the invented ones by key."""
    at = clinic.now - timedelta(days=11)
    dev, place = clinic.staff["dev"], clinic.place.id
    invented = [write_record(person, folder, clinic.now.date()) for person in INVENTED]
    import_all(invented, actor=dev, now=at, command_id=act("import:invented"), location_id=place)
    import_all(
        shipped_records(), actor=dev, now=clinic.now - timedelta(hours=1),
        command_id=act("import:synthetic"), location_id=place,
    )  # fmt: skip
    return {
        person.key: list_patients(dev, search=person.family, now=clinic.now)[0].id
        for person in INVENTED
    }


def _course_under_way(clinic: Clinic, patient_id: UUID, timezone: str) -> None:
    """Four sessions behind, the fifth later today, with a login and questions to answer."""
    patient = _portal(clinic, patient_id)
    day = timedelta(days=1)
    morning = datetime.combine(clinic.now.astimezone(ZoneInfo(timezone)), time(10, 20),
                               ZoneInfo(timezone)).astimezone(clinic.now.tzinfo)  # fmt: skip
    decided = morning - 10 * day
    order_id = begin_course(clinic, IN_COURSE, patient_id, decided)
    before_each = [morning - days * day - timedelta(hours=2) for days in SESSION_DAYS]
    yesterday = morning - day + timedelta(hours=9)
    for number, days in enumerate(SESSION_DAYS, start=1):
        start = morning - days * day
        visit = book(clinic, patient_id, order_id, number, start - timedelta(minutes=20),
                     chair=2, booked_at=decided + timedelta(hours=1))  # fmt: skip
        told = Visit.open(clinic, visit, start, clinic.now, IN_COURSE.pressure_mmhg)
        told.tell()
        told.finish(ESCORT)
    answer_phq9(clinic, patient, patient_id, (*before_each, yesterday))
    ask(clinic, patient_id, clinic.now - timedelta(minutes=50), "phq9-open")
    later = _later_today(clinic.now, timezone)
    book(clinic, patient_id, order_id, 5, later, chair=2, booked_at=clinic.now)


def _portal(clinic: Clinic, patient_id: UUID) -> Actor:
    user = must(
        set_up_clinic.open_portal(
            actor=clinic.staff["bea"], now=clinic.now - timedelta(days=11),
            command_id=act("portal"), patient_id=patient_id, login=PORTAL_LOGIN,
            password=PASSPHRASE,
        )
    )  # fmt: skip
    actor = get_actor(user.id)
    assert actor is not None
    return actor


def _later_today(now: datetime, timezone: str) -> datetime:
    """In two hours or so, but still today where the clinic is."""
    evening = datetime.combine(now.astimezone(ZoneInfo(timezone)), time(23, 30),
                               ZoneInfo(timezone)).astimezone(now.tzinfo)  # fmt: skip
    wanted = min(now + timedelta(minutes=110), evening)
    return on_grid(max(wanted, now + timedelta(minutes=10)))


def _session_today(
    clinic: Clinic, person: Person, patient_id: UUID, minutes_ago: int, *, chair: int
) -> Visit:
    """A first session whose infusion started so many minutes ago."""
    start = clinic.now - timedelta(minutes=minutes_ago)
    order_id = begin_course(clinic, person, patient_id, clinic.now - timedelta(days=3))
    visit_id = book(clinic, patient_id, order_id, 1, start - timedelta(minutes=20), chair=chair,
                    booked_at=clinic.now - timedelta(days=2))  # fmt: skip
    visit = Visit.open(clinic, visit_id, start, clinic.now, person.pressure_mmhg)
    visit.tell()
    return visit


def _logins() -> tuple[Login, ...]:
    lines = [Login(person.name, person.login, person.does) for person in STAFF]
    name = f"{IN_COURSE.given} {IN_COURSE.family}"
    lines.append(Login(name, PORTAL_LOGIN, f"patient, after session 4 of {SESSIONS}"))
    lines.append(Login(STRANGER.name, STRANGER.login, STRANGER.does))
    return tuple(lines)
