"""A trainee runs a scenario in the real screens of a demo home, and is told what it came to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from leeward.core.treatment import commands as c
from leeward.demo.clinic import make_demo
from leeward.demo.debrief import debrief
from leeward.demo.people import PASSPHRASE
from leeward.demo.training import begin_training
from leeward.demo.visit import Visit
from leeward.exchange.devices.simulated.scenario import shipped
from leeward.figures.debrief import draw_debrief
from leeward.records.accounts.selectors import list_staff_actors
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.models import DeviceBinding, TreatmentSession
from leeward.usecases.run_alarms import engine_actor, write_alarms
from leeward.usecases.treat_session import carry_out
from leeward.web import door
from tests.cast import cid
from tests.integration.runtime.treating import ok

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 15, 2, tzinfo=UTC)


@pytest.fixture
def demo(tmp_path, settings, monkeypatch):
    settings.LEEWARD_DEMO, settings.LEEWARD_HOME = True, tmp_path
    monkeypatch.setattr(door, "now", lambda: NOW)
    return make_demo(
        now=NOW, timezone="UTC", folder=tmp_path / "records", address="", tell=lambda _: None
    )


@pytest.fixture
def bea(demo):
    client = Client()
    assert client.login(username="bea", password=PASSPHRASE)
    return client


def run_of(demo, name, *, speed="1"):
    clinic = demo.clinic
    session_id = ok(begin_training(
        viewer=clinic.staff["bea"], now=NOW, place=clinic.place, scenario=shipped()[name],
        speed=speed, folder=demo_folder(demo),
    ))  # fmt: skip
    return TreatmentSession.objects.get(id=session_id)


def demo_folder(demo):
    from django.conf import settings

    return settings.LEEWARD_HOME / "records"


def begun(demo, session):
    """The trainee's session, prepared and started at 15:20 by the demo's own acts."""
    visit = Visit(demo.clinic, session.id, NOW + timedelta(minutes=18), NOW, ("122", "76"))
    visit.prepare()
    return visit


def test_a_scenario_is_started_from_the_page_and_marked_on_every_screen(demo, bea):
    page = bea.get("/training/").content.decode()
    assert (
        "Saturation falls" in page
    )  # and the patient's name does not give it away and "No training run yet." in page
    answer = bea.post("/training/begin/", {"scenario": "desaturation", "speed": "2"})
    session = TreatmentSession.objects.get(id=answer.url.rstrip("/").rpartition("/")[2])
    binding = DeviceBinding.objects.get(session=session)
    assert (binding.kind, binding.settings["scenario"]) == ("simulator", "desaturation")
    for url in (f"/sessions/{session.id}/", f"/board/{demo.clinic.place.id}/", "/training/",
                f"/patients/{session.patient_id}/"):  # fmt: skip
        assert "TRAINING" in bea.get(url).content.decode(), url


def test_runs_stand_beside_each_other_until_no_chair_is_free(demo, bea):
    for _ in range(2):
        assert bea.post("/training/begin/", {"scenario": "calm", "speed": "1"}).status_code == 302
    full = bea.post("/training/begin/", {"scenario": "calm", "speed": "1"})
    assert full.status_code == 422 and "No chair is free" in full.content.decode()


@pytest.mark.parametrize("said", [{}, {"scenario": "earthquake"},
                                  {"scenario": "calm", "speed": "100"}])  # fmt: skip
def test_what_is_not_offered_is_refused(demo, bea, said):
    assert bea.post("/training/begin/", said).status_code == 422


def test_a_clinic_that_is_no_demo_has_no_training(demo, bea, settings):
    settings.LEEWARD_DEMO = False
    assert bea.get("/training/").status_code == 404
    assert bea.post("/training/begin/", {"scenario": "calm"}).status_code == 404


def test_the_debrief_says_when_it_was_alarmed_seen_acknowledged_and_treated(demo, bea):
    session = run_of(demo, "desaturation")
    visit = begun(demo, session)
    started = opened_state(TreatmentSession.objects.get(id=session.id)).started.at
    happens = started + timedelta(minutes=6)
    from leeward.core import alarms as a

    raised = a.Raised("x-1", "spo2_low", "spo2", a.Priority.HIGH, None, None, "%")
    ok(write_alarms(actor=engine_actor(), now=happens + timedelta(seconds=41),
                    command_id=cid("alarm"), session_id=session.id, events=[raised]))  # fmt: skip

    def bea_does(name, after_s, command):
        ok(carry_out(actor=demo.clinic.staff["bea"], now=happens + timedelta(seconds=after_s),
                     command_id=cid(name), session_id=session.id, command=command))  # fmt: skip

    bea_does("ack", 55, c.AcknowledgeAlarm("x-1"))
    bea_does("pause", 75, c.PauseInfusion("desaturation"))
    state = opened_state(TreatmentSession.objects.get(id=session.id))
    told = debrief(state, shipped()["desaturation"], speed=1, now=happens + timedelta(minutes=5))
    (row,) = told.rows
    assert [m.after_s for m in (row.alarm, row.seen, row.acknowledged, row.treated)] == [
        41, 55, 55, 75,
    ]  # fmt: skip
    assert row.treated.by == "Bea Lindqvist"
    assert row.to_at == happens + timedelta(seconds=75 + 60)
    assert "acknowledged at 6.92 min" in draw_debrief(told.lanes, told.end_min)
    assert visit.session_id == session.id


def test_a_debrief_before_anything_happened_says_so(demo, bea):
    session = run_of(demo, "panic")
    page = bea.get(f"/sessions/{session.id}/debrief/").content.decode()
    assert "The infusion has not started yet" in page
    begun(demo, session)
    state = opened_state(TreatmentSession.objects.get(id=session.id))
    told = debrief(state, shipped()["panic"], speed=1, now=state.started.at + timedelta(minutes=1))
    assert (told.rows, told.to_come) == ((), 1)


def test_what_nobody_answered_is_said_as_never(demo):
    session = run_of(demo, "panic")
    begun(demo, session)
    state = opened_state(TreatmentSession.objects.get(id=session.id))
    later = state.started.at + timedelta(minutes=30)
    (row,) = debrief(state, shipped()["panic"], speed=1, now=later).rows
    assert (row.alarm, row.seen, row.acknowledged, row.treated) == (None, None, None, None)


def test_another_session_has_no_debrief_and_another_house_sees_none(demo, bea):
    assert bea.get(f"/sessions/{demo.running.session_id}/debrief/").status_code == 404
    session = run_of(demo, "calm")
    faye = Client()
    assert faye.login(username="faye", password=PASSPHRASE)
    assert faye.get(f"/sessions/{session.id}/debrief/").status_code == 404
    assert set(list_staff_actors(demo.clinic.staff["bea"].wall)) >= {"bea", "adams", "dev"}
