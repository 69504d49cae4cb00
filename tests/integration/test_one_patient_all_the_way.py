"""The spine of the product, by use cases alone: from candidacy to the patient's departure."""

from datetime import timedelta
from decimal import Decimal

import pytest

from leeward import content
from leeward.core.quantities import Refusal
from leeward.core.treatment import Stage, missing_for_discharge, missing_for_start
from leeward.core.treatment import commands as c
from leeward.core.treatment.events import ScoredItem
from leeward.records.consents.texts import digest_of
from leeward.records.organizations.models import ClinicLimits
from leeward.records.treatments import store
from leeward.usecases.book_appointment import book_appointment
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.decide_candidacy import assess_for, decide_candidacy, needing_reason
from leeward.usecases.give_consent import give_consent
from leeward.usecases.open_session import answer_check, end_visit, open_session
from leeward.usecases.order_treatment import order_treatment
from leeward.usecases.plan_wishes import Wish
from leeward.usecases.treat_session import TIME_OUT, carry_out, confirm_time_out, load_state
from leeward.usecases.verify_records import verify_records
from tests.cast import DRUG, PASSWORD, ROUTE, chart_weight, cid

PROTOCOL = "depression.racemic_ketamine.iv.phillips2019"
VIAL = "racemic_ketamine.10_mg_per_ml"


def accept(cast):
    found = assess_for(cast.cora_patient, drug=DRUG, route=ROUTE, indication="", now=cast.now)
    reasons = {f.rule: "asked in person and settled" for f in needing_reason(found.assessment)}
    return decide_candidacy(
        actor=cast.adams, now=cast.now, command_id=cid("accept"),
        patient_id=cast.cora_patient.id, drug=DRUG, route=ROUTE, indication="",
        seen_facts_digest=found.facts_digest, decision="accept",
        rationale="Two adequate trials failed; benefit outweighs risk.", reasons=reasons,
    )  # fmt: skip


def consent(cast):
    text = next(iter(content.load().consents.values()))
    return give_consent(
        actor=cast.bea, now=cast.now, command_id=cid("consent"),
        patient_id=cast.cora_patient.id, text_digest=digest_of(text.body("en")),
        consent_id=text.id, language="en", drug=DRUG, route=ROUTE, signed_name="Cora Castle",
        understood=True,
    )  # fmt: skip


def order(cast):
    wish = Wish(
        protocol_id=PROTOCOL, indication="depression", dose_mg_per_kg=Decimal("0.5"),
        duration_min=Decimal(40), presentation_id=VIAL, concentration_mg_per_ml=Decimal(10),
        weight_kg=Decimal(70), weight_measured_on=cast.now.date(),
    )  # fmt: skip
    return order_treatment(
        actor=cast.adams, now=cast.now, command_id=cid("order"), patient_id=cast.cora_patient.id,
        wish=wish, session_count=6, goals="Work again.",
        reasons={"plan.other_indication": "indication named differently in the test"},
    )  # fmt: skip


def booked(cast):
    return book_appointment(
        actor=cast.dev, now=cast.now, command_id=cid("book"), patient_id=cast.cora_patient.id,
        chair_id=cast.chair.id, starts=cast.now, ends=cast.now + timedelta(hours=3),
    )  # fmt: skip


@pytest.fixture
def session(cast):
    chart_weight(cast)
    for step in (accept, consent, order):
        result = step(cast)
        assert not isinstance(result, Refusal), result
    visit = booked(cast)
    assert not isinstance(visit, Refusal), visit
    opened = open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open"), appointment_id=visit.id
    )
    assert not isinstance(opened, Refusal), opened
    return opened


class Doing:
    """Carries out commands by one person after another, a minute apart."""

    def __init__(self, cast, session):
        self.cast, self.session, self.now, self.count = cast, session, cast.now, 0

    def __call__(self, command, actor=None, *, minutes=1):
        self.count += 1
        self.now += timedelta(minutes=minutes)
        return carry_out(
            actor=actor or self.cast.bea, now=self.now, command_id=cid(f"do{self.count}"),
            session_id=self.session.id, command=command,
        )  # fmt: skip


def prepare(do):
    state = do(c.IdentifyPatient(("name", "birth_date")))
    for check in state.monitoring.checks:
        result = answer_check(
            actor=do.cast.bea, now=do.now, command_id=cid(f"check-{check.item}"),
            session_id=do.session.id, item=check.item, answer=check.passes_with[0],
        )  # fmt: skip
        assert not isinstance(result, Refusal), result
    do(c.RecordVitals(
        spo2_pct=Decimal(98), hr_per_min=Decimal(70), sbp_mmhg=Decimal(124),
        dbp_mmhg=Decimal(78), rr_per_min=Decimal(14), temp_cel=Decimal("36.6"),
    ))  # fmt: skip
    figures = (DRUG, Decimal(10), Decimal(35), Decimal("3.5"), state.plan.rate_ml_per_h,
               Decimal(40))  # fmt: skip
    do(c.RecordTimeOutFirst(*figures))
    witness = confirm_identity(
        actor=do.cast.bea, now=do.now, command_id=cid("witness"), login="ben", password=PASSWORD,
        purpose=TIME_OUT,
    )  # fmt: skip
    return confirm_time_out(
        actor=do.cast.bea, now=do.now, command_id=cid("second"), session_id=do.session.id,
        command=c.RecordTimeOutSecond(*figures), witness=witness,
    )  # fmt: skip


@pytest.mark.hazard("H8", "H9", "H27")
def test_a_patient_is_treated_from_decision_to_departure(cast, session):
    do = Doing(cast, session)
    assert {m.item for m in missing_for_start(load_state(session.id), do.now)} >= {
        "identity", "consent", "time_out.first"
    }  # fmt: skip
    ready = prepare(do)
    assert not isinstance(ready, Refusal), ready
    assert ready.time_out_second.said.by.name == "Ben"
    rate = ready.plan.rate_ml_per_h
    expiry = cast.now.date() + timedelta(days=90)
    running = do(c.StartInfusion(rate, Decimal(10), "LOT-1", expiry))
    assert running.stage is Stage.INFUSING
    do(c.StartEffect("dissociation", "mild"), minutes=10)
    do(c.PauseInfusion("nausea"), minutes=5)
    do(c.ResumeInfusion(rate), minutes=2)
    stopped = do(c.StopInfusion("completed"), minutes=30)
    assert (stopped.given_ml, stopped.given_mg) == (Decimal("3.50"), Decimal("35.00"))
    do(c.EndEffect("dissociation"), minutes=20)
    early = do(c.Discharge("Peter, brother"), minutes=1)
    assert early.code == "discharge.missing"
    go_home(do, stopped)
    gone = end_visit(actor=cast.bea, now=do.now, command_id=cid("depart"), session_id=session.id)
    assert gone.stage is Stage.DEPARTED
    checked, faults = verify_records()
    assert faults == []
    assert checked >= 2


def go_home(do, stopped):
    rule = stopped.monitoring.scores[0]
    score = c.ScoreRecovery(
        rule.instrument, rule.version, tuple(ScoredItem(item, 2) for item in rule.items)
    )
    do(score, minutes=40)
    for criterion in stopped.monitoring.criteria:
        do(c.ConfirmCriterion(criterion.item), minutes=0)
    do(c.RecordEscort("Peter Castle", "555 0101", "brother"), minutes=0)
    do(c.GiveInstructions("en", "1", True), minutes=0)
    state = load_state(do.session.id)
    assert [m.item for m in missing_for_discharge(state, do.now)] == []
    home = do(c.Discharge("Peter Castle, brother"), minutes=0)
    assert home.stage is Stage.DISCHARGED, home


@pytest.mark.hazard("H14")
def test_the_same_command_sent_twice_is_written_once(cast, session):
    def identify(now):
        return carry_out(
            actor=cast.bea, now=now, command_id=cid("twice"), session_id=session.id,
            command=c.IdentifyPatient(("name", "birth_date")),
        )  # fmt: skip

    first = identify(cast.now)
    assert not isinstance(first, Refusal), first
    assert identify(cast.now + timedelta(minutes=5)) == first
    assert len(store.load(session.id)) == 2


def test_a_session_will_not_open_on_limits_nobody_approved(cast):
    chart_weight(cast)
    for step in (accept, consent, order):
        step(cast)
    visit = booked(cast)
    ClinicLimits.objects.update(status="draft", approved_by_name="", approved_at=None)
    refused = open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open"), appointment_id=visit.id
    )
    assert refused.code == "limits.not_approved"


def test_another_organization_cannot_reach_the_session(cast, session):
    from leeward.records.accounts.actor import NotFound

    with pytest.raises(NotFound):
        carry_out(actor=cast.faye, now=cast.now, command_id=cid("spy"), session_id=session.id,
                  command=c.IdentifyPatient(("name", "birth_date")))  # fmt: skip
