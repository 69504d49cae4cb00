"""The discharge page: it names what is missing, says to whom, and holds the door until then."""

import math
import re
from datetime import timedelta

import pytest

from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c
from leeward.records.scheduling.models import Appointment
from leeward.usecases.treat_session import load_state
from leeward.web import door
from tests.integration.after_session import STOPPED_MIN, browser, in_recovery

SHORTEST_MIN = 60


@pytest.fixture
def walk(cast, monkeypatch):
    made = in_recovery(cast)
    made.minutes = STOPPED_MIN + SHORTEST_MIN + 1
    monkeypatch.setattr(door, "now", lambda: made.at(made.minutes))
    return made


class Page:
    """The discharge page in one person's browser."""

    def __init__(self, walk, actor):
        self.walk, self.client = walk, browser(actor)
        self.url = f"/sessions/{walk.session.id}/discharge/"

    def text(self):
        return self.client.get(self.url).text

    def act(self, action, **form):
        return self.client.post(f"{self.url}do/{action}/", form)

    def score(self, points="2", **changes):
        rule = self.walk.state.monitoring.scores[0]
        form = {f"points-{item}": points for item in rule.items} | changes
        return self.act("score", instrument=rule.instrument, **form)

    def ready(self):
        """All that the gate asks for but the escort."""
        assert self.score().status_code == 302
        for criterion in self.walk.state.monitoring.criteria:
            assert self.act("confirm", item=criterion.item).status_code == 302
        told = self.act("instructions", language="es", teach_back="on")
        assert told.status_code == 302

    @property
    def state(self):
        return load_state(self.walk.session.id)


@pytest.mark.hazard("H24")
def test_names_what_is_missing_and_the_button_is_disabled(walk, cast):
    page = Page(walk, cast.bea).text()
    assert "11 things are missing" in page
    assert "No escort has arrived and been named." in page
    assert re.search(r'id="send-home"[^>]*disabled', page)


@pytest.mark.hazard("H24")
def test_counts_the_shortest_observation_down(walk, cast):
    walk.minutes = STOPPED_MIN + 20
    page = Page(walk, cast.bea)
    until = page.state.infusion_ended_at + timedelta(minutes=SHORTEST_MIN)
    left = math.ceil((until - walk.at(walk.minutes)) / timedelta(minutes=1))
    assert f"<b>{left} min</b> of the shortest observation left" in page.text()


def test_every_item_of_the_score_has_its_published_points_and_the_threshold_is_shown(walk, cast):
    page = Page(walk, cast.bea).text()
    for item in walk.state.monitoring.scores[0].items:
        assert page.count(f'name="points-{item}"') == 3
    assert "ready from 9 of 10" in page
    assert "unverified" in page


@pytest.mark.hazard("H24")
def test_an_item_without_points_is_refused_beside_the_item(walk, cast):
    page = Page(walk, cast.bea)
    answer = page.score(**{"points-aldrete-spo2": ""})
    assert answer.status_code == 422
    assert "Choose the points for “Oxygen saturation”." in answer.text
    assert re.search(r'name="points-aldrete-activity" value="2"[^>]*checked', answer.text)
    assert page.state.scores == ()
    assert page.score(**{"points-aldrete-spo2": "9"}).status_code == 422


def test_a_confirmed_criterion_says_who_and_when(walk, cast):
    page = Page(walk, cast.bea)
    page.act("confirm", item="gait_steady")
    assert page.state.confirmations["gait_steady"].said.by.name == "Bea"
    assert re.search(r"Walks steadily without help</b>.*?Bea, 11:51", page.text(), re.S)


@pytest.mark.hazard("H24")
def test_a_criterion_confirmed_too_long_ago_is_asked_for_again(walk, cast):
    page = Page(walk, cast.bea)
    page.act("confirm", item="gait_steady")
    walk.minutes += 16
    assert "too long ago, look again" in page.text()


@pytest.mark.hazard("H24", "H26")
def test_the_button_says_to_whom_and_the_session_stays_open_until_departure(walk, cast):
    page = Page(walk, cast.bea)
    page.ready()
    assert page.act("discharge").status_code == 422
    page.act("escort", name="Peter Castle", phone="555 0101", relation="brother")
    text = page.text()
    assert "Nothing is missing" in text
    assert "Discharge to Peter Castle, brother" in text
    assert not re.search(r'id="send-home"[^>]*disabled', text)
    assert page.act("discharge").status_code == 302
    assert (page.state.stage, page.state.discharged_to) == (
        Stage.DISCHARGED, "Peter Castle, brother"
    )  # fmt: skip
    assert "Castle, Cora has left" in page.text()
    assert page.act("depart").status_code == 302
    assert page.state.stage is Stage.DEPARTED
    assert Appointment.objects.get().status == Appointment.DONE


def test_an_escort_without_a_telephone_is_refused_and_what_was_typed_is_kept(walk, cast):
    answer = Page(walk, cast.bea).act("escort", name="Peter Castle", phone="", relation="brother")
    assert (answer.status_code, 'value="Peter Castle"' in answer.text) == (422, True)


@pytest.mark.hazard("H24")
def test_a_prescriber_overrides_one_item_by_name_and_reason_a_nurse_does_not(walk, cast):
    nurse, prescriber = Page(walk, cast.bea), Page(walk, cast.adams)
    nurse.ready()
    form = {"item": "escort", "reason": "Her sister waits in the car outside."}
    assert nurse.act("override", **form).status_code == 403
    assert prescriber.act("override", item="escort", reason=" ").status_code == 422
    assert prescriber.act("override", **form).status_code == 302
    text = prescriber.text()
    assert "Overridden: Her sister waits in the car outside." in text
    assert prescriber.act("discharge", to="").status_code == 422
    assert prescriber.act("discharge", to="Her sister, Clara").status_code == 302


def test_the_instructions_print_in_the_patients_language(walk, cast):
    client = browser(cast.bea)
    url = f"/sessions/{walk.session.id}/instructions/"
    english = client.get(url).text
    spanish = client.get(f"{url}?language=es").text
    assert "Going home after your ketamine session" in english
    assert "De vuelta a casa después de su sesión de ketamina" in spanish
    assert '<html lang="es"' in spanish
    assert "911" in spanish


def test_nothing_is_recorded_before_the_infusion_is_stopped(cast, monkeypatch):
    from leeward.usecases.treat_session import carry_out
    from tests.cast import cid
    from tests.integration.runtime.treating import opened, started

    session = opened(cast)
    started(cast, session)
    monkeypatch.setattr(door, "now", lambda: cast.now)
    client = browser(cast.bea)
    page = client.get(f"/sessions/{session.id}/discharge/").text
    assert "Recovery begins when the infusion is stopped." in page
    refused = client.post(f"/sessions/{session.id}/discharge/do/confirm/", {"item": "gait_steady"})
    assert refused.status_code == 422
    early = carry_out(actor=cast.bea, now=cast.now, command_id=cid("early"),
                      session_id=session.id, command=c.Discharge("home"))  # fmt: skip
    assert early.code == "discharge.infusion_running"


def test_another_organization_finds_no_discharge(walk, cast):
    assert Page(walk, cast.faye).client.get(Page(walk, cast.faye).url).status_code == 404
    assert Page(walk, cast.faye).act("confirm", item="gait_steady").status_code == 404
    assert Page(walk, cast.bea).act("fly").status_code == 404
    assert Page(walk, cast.dev).act("confirm", item="gait_steady").status_code == 403


def test_a_patient_who_got_no_drug_goes_home_without_the_gate_and_has_a_note(cast, monkeypatch):
    from tests.integration.runtime.treating import opened

    session, client = opened(cast), browser(cast.adams)
    monkeypatch.setattr(door, "now", lambda: cast.now)
    url = f"/sessions/{session.id}/discharge/"
    assert "No drug was given: nothing is required." in client.get(url).text
    sent = client.post(f"{url}do/discharge/", {"to": "home with her sister"})
    assert sent.status_code == 302
    assert client.post(f"{url}do/depart/").status_code == 302
    note = client.get(f"/sessions/{session.id}/note/").text
    assert "The infusion was not started." in note
    assert "No vital sign was recorded." in note
