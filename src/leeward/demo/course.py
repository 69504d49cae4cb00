"""A course of treatment up to its order: candidacy decided, consent given, dose ordered."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from leeward import content
from leeward.records.consents.texts import digest_of
from leeward.records.overview.candidacy import get_candidacy_page
from leeward.usecases.book_appointment import book_appointment
from leeward.usecases.decide_candidacy import decide_candidacy
from leeward.usecases.give_consent import give_consent
from leeward.usecases.order_treatment import order_treatment
from leeward.usecases.plan_wishes import Wish

from .acts import DRUG, ROUTE, Clinic, act, must
from .people import Person

INDICATION = "treatment_resistant_depression"
PROTOCOL = "depression.racemic_ketamine.iv.phillips2019"
VIAL = "racemic_ketamine.10_mg_per_ml"
SESSIONS = 6
VISIT = timedelta(hours=2, minutes=15)
GRID = timedelta(minutes=5)


def begin_course(clinic: Clinic, person: Person, patient_id: UUID, at: datetime) -> UUID:
    """Decide, consent and order at `at`; the id of the order."""
    _accept(clinic, person, patient_id, at)
    _consent(clinic, person, patient_id, at + timedelta(minutes=20))
    wish = Wish(
        protocol_id=PROTOCOL, indication=INDICATION, dose_mg_per_kg=Decimal("0.5"),
        duration_min=Decimal(40), presentation_id=VIAL, concentration_mg_per_ml=Decimal(10),
        weight_kg=Decimal(person.weight_kg), weight_measured_on=clinic.now.date() - timedelta(12),
        adjuncts=("psychotherapy", "music", "usual_treatment"),
    )  # fmt: skip
    order = must(
        order_treatment(
            actor=clinic.staff["adams"], now=at + timedelta(minutes=30),
            command_id=act(f"order:{person.key}"), patient_id=patient_id, wish=wish,
            session_count=SESSIONS, goals="Sleep through the night, and back to work.", reasons={},
        )
    )  # fmt: skip
    return order.id


def book(
    clinic: Clinic,
    patient_id: UUID,
    order_id: UUID,
    number: int,
    starts: datetime,
    *,
    chair: int,
    booked_at: datetime,
) -> UUID:
    """Book one visit of a course; the id of the appointment."""
    starts = on_grid(starts)
    visit = must(
        book_appointment(
            actor=clinic.staff["dev"], now=booked_at, command_id=act(f"book:{order_id}:{number}"),
            patient_id=patient_id, chair_id=clinic.chairs[chair].id, starts=starts,
            ends=starts + VISIT, order_id=order_id, session_number=number,
        )
    )  # fmt: skip
    return visit.id


def on_grid(moment: datetime) -> datetime:
    """The last time on the five minutes."""
    return moment - timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )


def _accept(clinic: Clinic, person: Person, patient_id: UUID, at: datetime) -> None:
    page = get_candidacy_page(
        clinic.staff["adams"], patient_id, drug=DRUG, route=ROUTE, indication=INDICATION, now=at
    )
    reasons = {
        f.rule: "Asked in person on the day; nothing of the kind." for f in page.need_reason
    }
    must(
        decide_candidacy(
            actor=clinic.staff["adams"], now=at, command_id=act(f"decide:{person.key}"),
            patient_id=patient_id, drug=DRUG, route=ROUTE, indication=INDICATION,
            seen_facts_digest=page.facts_digest, decision="accept",
            rationale="Two antidepressants of adequate dose and duration did not help.",
            reasons=reasons,
        )
    )  # fmt: skip


def _consent(clinic: Clinic, person: Person, patient_id: UUID, at: datetime) -> None:
    text = next(c for c in content.load().consents.values() if (c.drug, c.route) == (DRUG, ROUTE))
    must(
        give_consent(
            actor=clinic.staff["bea"], now=at, command_id=act(f"consent:{person.key}"),
            patient_id=patient_id, text_digest=digest_of(text.body("en")), consent_id=text.id,
            language="en", drug=DRUG, route=ROUTE, signed_name=f"{person.given} {person.family}",
            understood=True,
        )
    )  # fmt: skip
