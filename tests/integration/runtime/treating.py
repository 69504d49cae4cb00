"""A session to watch: opened, prepared and started for any cast, by the use cases alone."""

from datetime import timedelta
from decimal import Decimal

from leeward import content
from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.records.consents.texts import digest_of
from leeward.usecases.bind_device import bind_device
from leeward.usecases.book_appointment import book_appointment
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.decide_candidacy import assess_for, decide_candidacy, needing_reason
from leeward.usecases.give_consent import give_consent
from leeward.usecases.open_session import answer_check, open_session
from leeward.usecases.order_treatment import order_treatment
from leeward.usecases.plan_wishes import Wish
from leeward.usecases.treat_session import TIME_OUT, carry_out, confirm_time_out
from tests.cast import DRUG, PASSWORD, ROUTE, chart_weight, cid

RECORDING = "s25047-2704-05-04-10-44n.hea"
EVERY_2_S = {"hr": "2", "pr": "2", "rr": "2", "spo2": "2"}


def ok(result):
    assert not isinstance(result, Refusal), result
    return result


def opened(cast, *, chair=None, at=None):
    """A session just opened for Cora."""
    at = at or cast.now
    chart_weight(cast)
    found = assess_for(cast.cora_patient, drug=DRUG, route=ROUTE, indication="", now=at)
    ok(decide_candidacy(
        actor=cast.adams, now=at, command_id=cid("accept"), patient_id=cast.cora_patient.id,
        drug=DRUG, route=ROUTE, indication="", seen_facts_digest=found.facts_digest,
        decision="accept", rationale="Benefit outweighs risk.",
        reasons={f.rule: "settled in person" for f in needing_reason(found.assessment)},
    ))  # fmt: skip
    text = next(iter(content.load().consents.values()))
    ok(give_consent(
        actor=cast.bea, now=at, command_id=cid("consent"), patient_id=cast.cora_patient.id,
        text_digest=digest_of(text.body("en")), consent_id=text.id, language="en", drug=DRUG,
        route=ROUTE, signed_name="Cora Castle", understood=True,
    ))  # fmt: skip
    wish = Wish(
        protocol_id="depression.racemic_ketamine.iv.phillips2019", indication="depression",
        dose_mg_per_kg=Decimal("0.5"), duration_min=Decimal(40),
        presentation_id="racemic_ketamine.10_mg_per_ml", concentration_mg_per_ml=Decimal(10),
        weight_kg=Decimal(70), weight_measured_on=at.date(),
    )  # fmt: skip
    ok(order_treatment(
        actor=cast.adams, now=at, command_id=cid("order"), patient_id=cast.cora_patient.id,
        wish=wish, session_count=6, goals="",
        reasons={"plan.other_indication": "named differently in the test"},
    ))  # fmt: skip
    begins = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
    visit = ok(book_appointment(
        actor=cast.dev, now=at, command_id=cid("book"), patient_id=cast.cora_patient.id,
        chair_id=(chair or cast.chair).id, starts=begins, ends=begins + timedelta(hours=3),
    ))  # fmt: skip
    return ok(open_session(
        actor=cast.bea, now=at, command_id=cid("open"), appointment_id=visit.id
    ))  # fmt: skip


def started(cast, session, *, at=None):
    """Everything up to and including the start of the infusion; returns the state."""
    at = at or cast.now

    def do(name, command):
        return ok(carry_out(
            actor=cast.bea, now=at, command_id=cid(name), session_id=session.id, command=command
        ))  # fmt: skip

    state = do("identify", c.IdentifyPatient(("name", "birth_date")))
    for check in state.monitoring.checks:
        ok(answer_check(
            actor=cast.bea, now=at, command_id=cid(f"check-{check.item}"), session_id=session.id,
            item=check.item, answer=check.passes_with[0],
        ))  # fmt: skip
    do("baseline", vitals())
    figures = (DRUG, Decimal(10), Decimal(35), Decimal("3.5"), state.plan.rate_ml_per_h,
               Decimal(40))  # fmt: skip
    do("first", c.RecordTimeOutFirst(*figures))
    witness = confirm_identity(
        actor=cast.bea, now=at, command_id=cid("witness"), login="ben", password=PASSWORD,
        purpose=TIME_OUT,
    )  # fmt: skip
    ok(confirm_time_out(
        actor=cast.bea, now=at, command_id=cid("second"), session_id=session.id,
        command=c.RecordTimeOutSecond(*figures), witness=witness,
    ))  # fmt: skip
    expiry = at.date() + timedelta(days=90)
    return do("start", c.StartInfusion(state.plan.rate_ml_per_h, Decimal(10), "LOT-1", expiry))


def vitals(**changes):
    typed = {
        "spo2_pct": Decimal(98), "hr_per_min": Decimal(70), "sbp_mmhg": Decimal(124),
        "dbp_mmhg": Decimal(78), "rr_per_min": Decimal(14), "temp_cel": Decimal("36.6"),
    }  # fmt: skip
    return c.RecordVitals(**(typed | changes))


def bound(cast, session, *, at=None, label="Monitor 1", name="bind", **settings):
    """The demo's recorded monitor, bound to the session by Bea."""
    chosen = {"file": RECORDING, "speed": "30", "period_s": EVERY_2_S} | settings
    return ok(bind_device(
        actor=cast.bea, now=at or cast.now, command_id=cid(name), session_id=session.id,
        kind="replay", label=label, settings=chosen,
    ))  # fmt: skip
