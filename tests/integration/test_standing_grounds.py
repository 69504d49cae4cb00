"""A session keeps the plan it was opened with; what was decided since holds the start."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from leeward.core.quantities import Refusal
from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c
from leeward.core.treatment.gates import missing_for_start
from leeward.records.accounts.actor import NotPermitted
from leeward.records.charts.models import CandidacyDecision
from leeward.records.consents.models import Consent
from leeward.records.orders.models import MedicationRequest
from leeward.records.scheduling.models import Appointment
from leeward.usecases.decide_candidacy import assess_for, decide_candidacy
from leeward.usecases.give_consent import withdraw_consent
from leeward.usecases.open_session import open_session
from leeward.usecases.order_treatment import order_treatment
from leeward.usecases.plan_wishes import Wish
from leeward.usecases.standing_grounds import refuse_start
from leeward.usecases.treat_session import carry_out, load_state
from tests.cast import DRUG, ROUTE, cid
from tests.integration.runtime.treating import ok, opened, started

pytestmark = pytest.mark.django_db


def decline(cast):
    found = assess_for(cast.cora_patient, drug=DRUG, route=ROUTE, indication="", now=cast.now)
    ok(decide_candidacy(
        actor=cast.adams, now=cast.now + timedelta(minutes=1), command_id=cid("decline"),
        patient_id=cast.cora_patient.id, drug=DRUG, route=ROUTE, indication="",
        seen_facts_digest=found.facts_digest, decision="decline",
        rationale="An aneurysm was found.", reasons={},
    ))  # fmt: skip


def order_less(cast):
    plan = Wish(
        protocol_id="depression.racemic_ketamine.iv.phillips2019", indication="depression",
        dose_mg_per_kg=Decimal("0.5"), duration_min=Decimal(40),
        presentation_id="racemic_ketamine.10_mg_per_ml", concentration_mg_per_ml=Decimal(10),
        weight_kg=Decimal(70), weight_measured_on=cast.now.date(),
    )  # fmt: skip
    less = replace(plan, weight_kg=Decimal(66))
    ok(order_treatment(
        actor=cast.adams, now=cast.now, command_id=cid("less"), patient_id=cast.cora_patient.id,
        wish=less, session_count=6, goals="", because="She has lost weight.",
        reasons={"plan.other_indication": "named differently", "weight.changed": "diet"},
    ))  # fmt: skip


def take_back_consent(cast):
    consent = Consent.objects.get(patient=cast.cora_patient)
    withdraw_consent(
        actor=cast.bea, now=cast.now, command_id=cid("withdrawn"), consent_id=consent.id,
        because="She has changed her mind.",
    )  # fmt: skip


def new_facts(cast):
    CandidacyDecision.objects.update(review_since=cast.now, review_because="records came")


@pytest.mark.hazard("H27")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (decline, "order.candidacy"),
        (new_facts, "order.candidacy_review"),
        (order_less, "start.order_changed"),
    ],
)
def test_holds_a_start_whose_grounds_have_changed(cast, change, code):
    session = opened(cast)
    change(cast)
    with pytest.raises(AssertionError, match=code):
        started(cast, session)
    assert load_state(session.id).stage is not Stage.INFUSING


@pytest.mark.hazard("H27")
def test_a_consent_withdrawn_after_its_check_was_ticked_holds_the_start(cast):
    session = opened(cast)
    assert refuse_start(session) is None
    take_back_consent(cast)
    assert refuse_start(session).code == "start.no_consent"


def test_a_start_sent_twice_is_answered_twice_whatever_has_changed_since(cast):
    session = opened(cast)
    state = started(cast, session)
    MedicationRequest.objects.update(status=MedicationRequest.SUPERSEDED)
    again = carry_out(
        actor=cast.bea, now=cast.now, command_id=cid("start"), session_id=session.id,
        command=c.StartInfusion(state.plan.rate_ml_per_h, Decimal(10), "LOT-1", cast.now.date()),
    )  # fmt: skip
    assert not isinstance(again, Refusal)


@pytest.mark.hazard("H27")
@pytest.mark.parametrize(
    ("change", "code"), [(decline, "order.candidacy"), (new_facts, "order.candidacy_review")]
)
def test_does_not_open_a_visit_that_is_no_longer_accepted(cast, change, code):
    session = opened(cast)
    visit = session.appointment_id
    Appointment.objects.filter(id=visit).update(status=Appointment.BOOKED)
    change(cast)
    type(session).objects.filter(id=session.id).update(stage=Stage.DEPARTED.value)
    refused = open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open-again"), appointment_id=visit
    )
    assert isinstance(refused, Refusal)
    assert refused.code == code


@pytest.mark.hazard("H27")
def test_only_a_prescriber_goes_on_without_a_start_check(cast):
    session = opened(cast)
    held = next(m for m in missing_for_start(load_state(session.id), cast.now) if m.overridable)
    command = c.OverrideCheck(held.item, "Asked at the door; nothing new.")
    with pytest.raises(NotPermitted):
        carry_out(
            actor=cast.bea, now=cast.now, command_id=cid("nurse-overrides"),
            session_id=session.id, command=command,
        )  # fmt: skip
    state = ok(carry_out(
        actor=cast.adams, now=cast.now, command_id=cid("prescriber-overrides"),
        session_id=session.id, command=command,
    ))  # fmt: skip
    assert held.item not in {m.item for m in missing_for_start(state, cast.now)}
