"""Pages say what things are called, never the ids that the record keeps."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from leeward.core.treatment import commands as c
from leeward.records.accounts.models import User
from leeward.records.orders.models import MedicationRequest
from leeward.records.overview.session_series import discs
from leeward.usecases.treat_session import load_state
from leeward.web import crisis, door
from leeward.web.templatetags.leeward import by_condition
from tests.integration.after_session import STOPPED_MIN, browser, in_recovery

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(cast, monkeypatch):
    made = in_recovery(cast)
    monkeypatch.setattr(door, "now", lambda: made.at(STOPPED_MIN + 25))
    return made


@pytest.mark.hazard("H24")
def test_a_gate_held_by_an_alarm_names_it_as_the_alarm_bar_does(walk, cast):
    walk.do(c.RaiseAlarm("a2", "sbp_low", "nibp_sys", "high", Decimal(80), Decimal(66),
                         "mm[Hg]"), STOPPED_MIN + 22)  # fmt: skip
    walk.do(c.RaiseAlarm("a3", "spo2_stale", "spo2", "high", None, None, ""), STOPPED_MIN + 23)
    page = browser(cast.bea).get(f"/sessions/{walk.session.id}/discharge/").text
    assert "not acknowledged: Systolic pressure low: 66 mmHg (limit 80)." in page
    assert "not acknowledged: No oxygen reading." in page
    assert "No Modified Aldrete score in version" in page
    for id_ in ("sbp_low", "spo2_stale", "aldrete-modified score"):
        assert id_ not in page


def test_an_overridden_alarm_is_named_after_it_has_left_the_gate(walk, cast):
    walk.do(c.RaiseAlarm("a2", "sbp_low", "nibp_sys", "high", Decimal(80), Decimal(66),
                         "mm[Hg]"), STOPPED_MIN + 22)  # fmt: skip
    walk.do(c.OverrideDischarge("alarm.a2", "Measured again by hand: 118."), STOPPED_MIN + 23,
            actor=cast.adams)  # fmt: skip
    page = browser(cast.bea).get(f"/sessions/{walk.session.id}/discharge/").text
    assert "Alarm: Systolic pressure low: 66 mmHg (limit 80)" in page


def test_the_timeline_rounds_what_the_order_keeps_exactly(walk, cast):
    order = MedicationRequest.objects.get(patient=cast.cora_patient)
    order.plan = {**order.plan, "dose_mg": "36.8976280"}
    order.save(update_fields=["plan"])
    page = browser(cast.adams).get(f"/patients/{cast.cora_patient.id}/").text
    assert "36.9 mg over 40 min" in page
    assert "36.8976280" not in page
    order.refresh_from_db()
    assert order.plan["dose_mg"] == "36.8976280"


def test_discs_of_the_record_are_what_people_did_not_what_the_engine_raised(walk):
    walk.do(c.RaiseAlarm("a2", "hr_low", "hr", "high", Decimal(40), Decimal(38), "/min"),
            STOPPED_MIN + 22)  # fmt: skip
    words = [words for _, _, words in discs(load_state(walk.session.id))]
    assert any("nfusion started" in line for line in words)
    assert any("Dissociation" in line for line in words)
    assert not any("larm" in line for line in words)


def test_alarms_of_one_condition_are_one_row_with_the_worst_first():
    since = timedelta(0)
    lines = [SimpleNamespace(condition=words, since=since) for words in (
        "Systolic pressure low: 66 mmHg (limit 80)", "No oxygen reading",
        "Systolic pressure low: 84 mmHg (limit 90)",
    )]  # fmt: skip
    assert by_condition(lines) == [[lines[0], lines[2]], [lines[1]]]


@pytest.mark.parametrize("who", [None, "cora"])
def test_numbers_to_call_on_every_patient_page_come_from_content(cast, monkeypatch, who):
    from dataclasses import replace

    from leeward.web import context

    other = replace(crisis.crisis_lines(), crisis="116123", text="", emergency="112")
    monkeypatch.setattr(context, "crisis_lines", lambda: other)
    client = Client()
    if who:
        client.force_login(User.objects.get(login=who))
    page = client.get("/portal/" if who else "/").text
    assert 'href="tel:116123"' in page
    assert 'href="tel:112"' in page
    assert "988" not in page
    assert "911" not in page
    assert "sms:" not in page
