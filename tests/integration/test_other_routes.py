"""Sessions by injection and by nasal device, from the opening to the note."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.session_record import read_record
from leeward.usecases.session_rules import monitoring_plan
from leeward.usecases.treat_session import TIME_OUT, carry_out, confirm_time_out, load_state, write
from leeward.web import door
from tests.cast import DRUG, PASSWORD, ROUTE
from tests.integration.after_session import browser
from tests.integration.runtime.treating import ok, opened, vitals
from tests.unit.treatment.walk import DEVICES, EXPIRY, INJECTION, figures_of

pytestmark = pytest.mark.django_db
PLANS = {"im": INJECTION, "intranasal": DEVICES}


def session_of(cast, plan):
    """A session under this plan; the order, decision and consent are those of the infusion."""
    first = opened(cast)
    first.stage = "signed"
    first.save()
    limits = find_limits_in_force(cast.location.id, DRUG, ROUTE)
    rules = ok(monitoring_plan(limits, drug=plan.drug, route=plan.route, on=cast.now.date()))
    session = TreatmentSession.objects.create(
        organization=cast.organization, location=cast.location, chair=cast.chair,
        patient=cast.cora_patient, order=first.order, opened_at=cast.now,
    )  # fmt: skip
    ok(write(
        session, c.OpenSession(str(cast.cora_patient.id), str(cast.chair.id), str(first.order_id),
                               plan, rules, "c" * 64, "l" * 64),
        actor=cast.bea, now=cast.now, command_id=uuid4(),
    ))  # fmt: skip
    return session


@pytest.mark.parametrize("route", PLANS)
def test_a_session_of_another_route_runs_from_page_to_note(cast, monkeypatch, route):
    plan, now = PLANS[route], cast.now
    if route == "im":
        plan = replace(plan, weight_measured_on=now.date())
    session = session_of(cast, plan)
    monkeypatch.setattr(door, "now", lambda: now)
    client, url = browser(cast.bea), f"/sessions/{session.id}/"

    def do(command):
        return ok(carry_out(actor=cast.bea, now=now, command_id=uuid4(), session_id=session.id,
                            command=command))  # fmt: skip

    assert "Infusion is running" not in client.get(url).content.decode()
    state = do(c.IdentifyPatient(("name", "birth_date")))
    do(vitals())
    for check in state.monitoring.checks:
        do(c.AnswerCheck(check.item, check.passes_with[0]))
    figures = {
        name: f"{Decimal(v).normalize():f}"
        for name, v in figures_of(plan).items()
        if name != "drug"
    }
    posted = client.post(f"{url}do/time-out-first/", {"drug": plan.drug, **figures})
    assert posted.status_code == 302
    witness = ok(confirm_identity(actor=cast.bea, now=now, command_id=uuid4(), login="ben",
                                  password=PASSWORD, purpose=TIME_OUT))  # fmt: skip
    ok(confirm_time_out(
        actor=cast.bea, now=now, command_id=uuid4(), session_id=session.id,
        command=c.RecordTimeOutSecond(**figures_of(plan)), witness=witness,
    ))  # fmt: skip
    if not load_state(session.id).time_out_second.figures.agrees:
        pytest.fail("the two figures of this route differ")
    label = {"lot": "L1", "expiry": EXPIRY.isoformat()}
    if route == "im":
        given = client.post(
            f"{url}do/inject/", {"volume_ml": "0.7", "site": "left deltoid", **label}
        )
        assert given.status_code == 302, given.context["refusal"]
    else:
        assert client.post(f"{url}do/device/", label).status_code == 302
        assert "Device <b>2</b> of 2" in client.get(url).content.decode()
        now += timedelta(minutes=5)
        assert client.post(f"{url}do/device/", {}).status_code == 302
    state = load_state(session.id)
    assert (state.stage, state.given_mg) == (Stage.RECOVERY, plan.dose_mg)
    assert client.get(url).status_code == 200
    home = client.get(f"{url}discharge/").content.decode()
    assert ("120 min since" in home) is (route == "intranasal")
    record = read_record(actor=cast.adams, session_id=session.id)
    assert Decimal(record.content["infusion"]["given_mg"]) == plan.dose_mg
    assert client.get(f"{url}note/").status_code == 200
    assert client.get(f"{url}sheet/").status_code == 200
