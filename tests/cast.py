"""The cast: the same people in every test, so that each reads as a story about who may do what.

Adams prescribes, Bea nurses, Ben is the second nurse, Dev keeps the desk, Eve directs, Cora is the
patient. Faye prescribes at another organization and must see nothing of theirs. The clinic's
limits are invented for the tests and approved by Eve.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID, uuid5

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, system_actor
from leeward.records.accounts.selectors import get_actor
from leeward.records.organizations.models import Chair, Location, Organization
from leeward.records.people.models import Patient
from leeward.usecases import charge_alarms, set_limits, set_up_clinic
from leeward.usecases.confirm_identity import confirm_identity
from tests.limits import INVENTED

NAMESPACE = UUID("6f6a1d2c-0000-4000-8000-000000000000")
PASSWORD = "a long enough phrase"
DRUG, ROUTE = "racemic_ketamine", "iv"


def cid(name: str) -> UUID:
    """The command id of a named act."""
    return uuid5(NAMESPACE, name)


@dataclass(frozen=True)
class Cast:
    organization: Organization
    location: Location
    chair: Chair
    other_chair: Chair
    adams: Actor
    bea: Actor
    ben: Actor
    dev: Actor
    eve: Actor
    cora_patient: Patient
    cora: Actor
    faye: Actor
    other_organization: Organization
    other_location: Location
    now: datetime


def make_cast(now: datetime, *, limits: bool = True) -> Cast:
    founder = system_actor("set-up")
    clinic, place = _clinic(founder, now, "Harbor", chairs=("1", "2", "3"))
    other, elsewhere = _clinic(founder, now, "Elsewhere", chairs=("1",))
    staff = {
        name: _staff(founder, now, clinic, name, roles=[(role, place)])
        for name, role in (
            ("adams", "prescriber"), ("bea", "nurse"), ("ben", "nurse"), ("dev", "front_desk"),
            ("eve", "director"),
        )
    }  # fmt: skip
    faye = _staff(founder, now, other, "faye", roles=[("prescriber", elsewhere), ("nurse", None)])
    patient = Patient.objects.create(
        id=cid("cora"), organization=clinic, location=place, family="Castle", given="Cora",
        birth_date=date(1984, 3, 14), sex="female", email="cora@example.org", created_at=now,
    )  # fmt: skip
    user = set_up_clinic.open_portal(
        actor=staff["bea"], now=now, command_id=cid("portal"), patient_id=patient.id,
        login="cora", password=PASSWORD,
    )  # fmt: skip
    assert not isinstance(user, Refusal), user
    patient.refresh_from_db()
    if limits:
        approve_limits(staff["eve"], place, now)
    accept_alarms(staff["eve"], place, now)
    chairs = list(Chair.objects.filter(location=place))
    return Cast(
        clinic, place, chairs[0], chairs[1], staff["adams"], staff["bea"], staff["ben"],
        staff["dev"], staff["eve"], patient, get_actor(user.id), faye, other, elsewhere, now,
    )  # fmt: skip


def approve_limits(
    eve: Actor,
    place: Location,
    now: datetime,
    *,
    name: str = "first",
    changed=None,
    drug: str = DRUG,
    route: str = ROUTE,
) -> None:
    """Eve approves the invented limits of `tests/limits.py`, with changes if there are any."""
    known, invented = content.load().limits, INVENTED | (changed or {})
    draft = set_limits.draft_limits(
        actor=eve, now=now, command_id=cid(f"limits:{name}:{place.id}"), location_id=place.id,
        drug=drug, route=route,
        values={
            k: v for k, v in invented.items() if k in known and known[k].concerns(drug, route)
        },
        rationales={},
    )  # fmt: skip
    assert not isinstance(draft, Refusal), draft
    confirmed = confirm_identity(
        actor=eve, now=now, command_id=cid(f"confirm:{name}:{place.id}"), login="eve",
        password=PASSWORD, purpose=set_limits.APPROVAL,
    )  # fmt: skip
    assert not isinstance(confirmed, Refusal), confirmed
    approved = set_limits.approve_limits(
        actor=eve, now=now, command_id=cid(f"approve:{name}:{place.id}"), limits_id=draft.id,
        seen_digest=draft.digest, statement="For tests.", confirmed=confirmed,
    )  # fmt: skip
    assert not isinstance(approved, Refusal), approved


def accept_alarms(eve: Actor, place: Location, now: datetime, *, accepted: bool = True) -> None:
    """Eve accepts responsibility for the alarms of a place, with Adams as the named backup."""
    confirmed = confirm_identity(
        actor=eve, now=now, command_id=cid(f"charge:{accepted}:{place.id}"), login="eve",
        password=PASSWORD, purpose=charge_alarms.CHARGE,
    )  # fmt: skip
    assert not isinstance(confirmed, Refusal), confirmed
    charged = charge_alarms.charge_alarms(
        actor=eve, now=now, command_id=cid(f"charged:{accepted}:{place.id}"),
        location_id=place.id, accepted=accepted, statement="For tests.", backup_name="Adams",
        backup_contact="adams@example.org", confirmed=confirmed,
    )  # fmt: skip
    assert not isinstance(charged, Refusal), charged


def _clinic(founder, now, name, *, chairs):
    organization = set_up_clinic.create_organization(
        actor=founder, now=now, command_id=cid(name), name=f"{name} Clinic", slug=name.lower(),
        timezone="America/New_York",
    )  # fmt: skip
    location = set_up_clinic.create_location(
        actor=founder, now=now, command_id=cid(f"{name}-place"), organization=organization,
        details=set_up_clinic.LocationDetails(
            name=f"{name} Street", slug=name.lower(), timezone="America/New_York",
            phone="+1 555 0100", chairs=chairs, opens=time(8), closes=time(18),
        ),
    )  # fmt: skip
    return organization, location


def _staff(founder, now, organization, name, *, roles):
    user = set_up_clinic.create_staff(
        actor=founder, now=now, command_id=cid(name), organization=organization, login=name,
        name=name.capitalize(), password=PASSWORD, roles=roles,
    )  # fmt: skip
    assert not isinstance(user, Refusal), user
    return get_actor(user.id)


def chart_weight(cast: Cast, weight_kg: str = "70") -> None:
    """Put a weight on Cora's chart, measured on the day."""
    cast.cora_patient.observations.create(
        codings=[{"system": "http://loinc.org", "code": "29463-7", "display": "Body weight"}],
        text="Body weight", status="final", category="vital-signs", value=Decimal(weight_kg),
        unit="kg", effective=cast.now.date().isoformat(), sort_at=cast.now, entered_at=cast.now,
    )  # fmt: skip
