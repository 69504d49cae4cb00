"""Acts at the chair through use cases and the page: late entries, witnesses, calls, doubts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from leeward.core.quantities import Refusal
from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c
from leeward.records.accounts.models import User
from leeward.records.audit.models import AuditEntry
from leeward.records.charts.models import Task
from leeward.records.overview.board import get_board
from leeward.records.overview.session import get_session_page
from leeward.usecases.call_for_help import call_for_help
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.set_emergency_protocol import set_emergency_protocol
from leeward.usecases.treat_session import TIME_OUT, carry_out, confirm_time_out, load_state
from leeward.usecases.witnessed_acts import TAKE_OVER, WITNESS, hand_over, waste_before_witness
from leeward.web import door
from leeward.web.call_tokens import VALID_FOR, call_token, session_of
from tests.cast import PASSWORD, chart_weight, cid
from tests.integration.after_session import Walk, browser, go_home, in_recovery
from tests.integration.runtime.treating import ok, opened

pytestmark = pytest.mark.django_db


def confirmed(walk, login, purpose, minutes=60):
    return ok(confirm_identity(
        actor=walk.cast.bea, now=walk.at(minutes), command_id=uuid4(), login=login,
        password=PASSWORD, purpose=purpose,
    ))  # fmt: skip


def waste(walk, login, volume="0.10"):
    return waste_before_witness(
        actor=walk.cast.bea, now=walk.at(60), command_id=uuid4(), session_id=walk.session.id,
        waste=lambda witness: c.WasteDrug("1", Decimal(volume), witness, "rest"),
        witness=confirmed(walk, login, WITNESS),
    )  # fmt: skip


@pytest.fixture
def walk(cast, monkeypatch):
    made = Walk(cast)
    monkeypatch.setattr(door, "now", lambda: made.at(30))
    return made


def stopped_early(walk):
    walk.do(c.StopInfusion("patient asked"), 20)
    return load_state(walk.session.id).account_at("1", walk.at(60)).left_ml


@pytest.mark.hazard("H40")
def test_waste_takes_a_second_human_and_not_a_second_login(walk, cast):
    left = stopped_early(walk)
    assert waste(walk, "bea").code == "witness.same_person"
    ben = User.objects.get(login="ben")
    bea = User.objects.get(login="bea")
    bea.person = ben.person = uuid4()
    bea.save(), ben.save()
    assert waste(walk, "ben").code == "witness.same_person"
    ben.person = uuid4()
    ben.save()
    after = ok(waste(walk, "ben", f"{left:f}"))
    assert after.whole_account_at(walk.at(70)).left_ml == 0
    assert after.wastes[0].witness_name == ben.name


@pytest.mark.hazard("H9")
def test_two_logins_of_one_human_are_one_person_at_the_time_out(cast):
    session = opened(cast)
    ben = User.objects.get(login="ben")
    ben.name = f"  {cast.bea.name.upper()} "
    ben.save()
    figures = {"drug": "racemic_ketamine", "dose_mg": Decimal(35)}

    def ask(actor, name, command):
        return carry_out(actor=actor, now=cast.now, command_id=cid(name), session_id=session.id,
                         command=command)  # fmt: skip

    ok(ask(cast.bea, "first", c.RecordTimeOutFirst(**figures)))
    witness = ok(confirm_identity(actor=cast.bea, now=cast.now, command_id=cid("w"), login="ben",
                                  password=PASSWORD, purpose=TIME_OUT))  # fmt: skip
    second = confirm_time_out(
        actor=cast.bea, now=cast.now, command_id=cid("second"), session_id=session.id,
        command=c.RecordTimeOutSecond(**figures), witness=witness,
    )  # fmt: skip
    assert second.code == "time_out.same_person"
    witness.refresh_from_db()
    assert witness.used_at is None


def test_no_witnessed_act_passes_without_its_witness(walk):
    stopped_early(walk)
    alone = carry_out(
        actor=walk.cast.bea, now=walk.at(60), command_id=uuid4(), session_id=walk.session.id,
        command=c.HandOver(load_state(walk.session.id).opened.by),
    )  # fmt: skip
    assert alone.code == "witness.missing"


def test_the_care_is_taken_over_by_whoever_confirms(walk):
    state = ok(hand_over(
        actor=walk.cast.bea, now=walk.at(60), command_id=uuid4(), session_id=walk.session.id,
        words="BP due at ten past", receiver=confirmed(walk, "ben", TAKE_OVER),
    ))  # fmt: skip
    assert state.in_charge.name == User.objects.get(login="ben").name


@pytest.mark.hazard("H9")
def test_a_weight_charted_after_the_order_holds_the_start_by_itself(cast):
    session = opened(cast)
    later = cast.now + timedelta(minutes=1)
    chart_weight(replace(cast, now=later), "58")
    state = ok(carry_out(
        actor=cast.bea, now=later, command_id=cid("id"), session_id=session.id,
        command=c.IdentifyPatient(("name", "birth_date")),
    ))  # fmt: skip
    assert state.charted_weight.weight_kg == Decimal(58)
    page = get_session_page(cast.bea, session.id, now=later)
    assert any("58" in missing.because for missing in page.missing_start)
    again = ok(carry_out(
        actor=cast.bea, now=later, command_id=cid("obs"), session_id=session.id,
        command=c.Observe("moaas", 5),
    ))  # fmt: skip
    assert sum(type(r.event).__name__ == "WeightCharted" for r in again.log) == 1


@pytest.mark.hazard("H26")
def test_an_entry_of_an_earlier_minute_is_charted_late_with_both_times(walk):
    client = browser(walk.cast.bea)
    local = walk.at(20).astimezone(ZoneInfo(walk.session.location.timezone))
    url = f"/sessions/{walk.session.id}/do/vitals/"
    posted = client.post(url, {"hr_per_min": "77", "when": f"{local:%H:%M}"})
    assert posted.status_code == 302
    entry = load_state(walk.session.id).log[-1].envelope
    assert entry.recorded_at == walk.at(30)
    assert entry.occurred_at == walk.at(20).replace(second=0, microsecond=0)
    page = client.get(f"/sessions/{walk.session.id}/").content.decode()
    assert "late entry, written" in page
    before = client.post(url, {"hr_per_min": "77", "when": "00:01"})
    assert before.status_code == 422


def test_an_act_without_an_answer_can_be_asked_about(walk):
    client, command_id = browser(walk.cast.bea), uuid4()
    where = f"/sessions/{walk.session.id}/commands/{command_id}/"
    assert client.get(where).json() == {"taken": False, "entries": []}
    client.post(f"/sessions/{walk.session.id}/do/observe/",
                {"scale": "moaas", "value": "4", "command_id": str(command_id)})  # fmt: skip
    fate = client.get(where).json()
    assert fate["taken"] is True
    assert fate["entries"][0]["words"] == "MOAAS 4"
    assert browser(walk.cast.faye).get(where).status_code == 404


@pytest.mark.hazard("H25")
def test_a_call_from_the_phone_is_on_the_board_and_at_the_chair_at_once(walk, cast):
    token = call_token(walk.session.id, walk.at(29))
    phone = Client()
    page = phone.get(f"/call/{token}/")
    assert page.status_code == 200
    assert "Castle" not in page.content.decode()
    assert phone.post(f"/call/{token}/", {"words": "I feel sick"}).status_code == 302
    assert phone.post(f"/call/{token}/", {"words": "again"}).status_code == 302
    (call,) = load_state(walk.session.id).open_calls
    assert (call.words, call.said.by.kind) == ("I feel sick", "patient")
    tile = next(t for t in get_board(cast.bea, cast.location.id, now=walk.at(30)).tiles
                if t.session_id == walk.session.id)  # fmt: skip
    assert tile.alarms[0].condition == "Patient calls: I feel sick"
    ok(carry_out(actor=cast.bea, now=walk.at(31), command_id=uuid4(), session_id=walk.session.id,
                 command=c.AnswerCall(call.call_id, "gave a bowl")))  # fmt: skip
    assert "answered" in phone.get(f"/call/{token}/").content.decode()


def test_a_call_link_ends_with_the_visit_and_cannot_be_made_up(walk, cast):
    token = call_token(walk.session.id, walk.at(0))
    assert session_of(token, walk.at(0) + VALID_FOR + timedelta(seconds=1)) is None
    assert session_of(token[:-2] + "xx", walk.at(1)) is None
    assert session_of("", walk.at(1)) is None


def test_nobody_calls_from_a_chair_they_have_left(cast):
    walk = go_home(in_recovery(cast))
    refused = call_for_help(now=walk.at(200), command_id=uuid4(), session_id=walk.session.id,
                            words="")  # fmt: skip
    assert refused.code == "call.over"


@pytest.mark.hazard("H24")
def test_a_red_flag_calls_a_clinician_by_task(walk):
    walk.do(c.StartEffect("nausea", "severe"), 12)
    assert not Task.objects.filter(kind="red_flag").exists()
    walk.do(c.StartEffect("fainting", "mild"), 13)
    task = Task.objects.get(kind="red_flag")
    assert (task.priority, task.role) == ("urgent", "prescriber")
    assert "Fainting" in task.because


def test_the_emergency_page_shows_the_clinic_s_own_words_or_says_that_there_are_none(walk, cast):
    client = browser(walk.cast.bea)
    posted = client.post(f"/sessions/{walk.session.id}/do/emergency/",
                         {"words": "not breathing", "command_id": str(uuid4())})  # fmt: skip
    assert posted.url.endswith("/emergency/")
    assert "has not written its protocol" in client.get(posted.url).content.decode()
    written = set_emergency_protocol(
        actor=cast.eve, now=walk.at(31), command_id=uuid4(), location_id=cast.location.id,
        text="Call 77. Open the airway.",
    )  # fmt: skip
    assert not isinstance(written, Refusal)
    assert AuditEntry.objects.filter(action="emergency_protocol.written").count() == 1
    page = client.get(posted.url).content.decode()
    assert "Open the airway" in page
    assert "not breathing" in page
    assert load_state(walk.session.id).stage is Stage.INFUSING


@pytest.mark.parametrize("sheet", ["sheet", "emergency", "call"])
def test_every_sheet_of_a_session_can_be_printed(walk, sheet):
    page = browser(walk.cast.bea).get(f"/sessions/{walk.session.id}/{sheet}/")
    assert page.status_code == 200
    assert browser(walk.cast.faye).get(f"/sessions/{walk.session.id}/{sheet}/").status_code == 404


def test_a_blank_flowsheet_names_the_place_and_nobody(walk, cast):
    page = browser(cast.dev).get(f"/flowsheet/{cast.location.id}/").content.decode()
    assert cast.location.name in page
    assert "Castle" not in page
