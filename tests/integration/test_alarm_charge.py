"""Alarms are off until a place's director accepts them by name; everything says so."""

from datetime import timedelta

import pytest
from django.test import Client

from leeward.core.alarms import AlarmPlan
from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.jobs.alarm_engine import AlarmEngine
from leeward.records.accounts.actor import NotFound, NotPermitted
from leeward.records.messaging.models import Message
from leeward.records.organizations.alarm_charges import find_alarm_charge, is_record_only
from leeward.records.treatments import store
from leeward.usecases.charge_alarms import CHARGE, charge_alarms
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.treat_session import carry_out, load_state
from tests.cast import PASSWORD, accept_alarms, cid
from tests.integration.runtime.treating import bound, ok, opened, started


def confirmed(cast, login="eve", name="again"):
    return confirm_identity(
        actor=cast.eve, now=cast.now, command_id=cid(name), login=login, password=PASSWORD,
        purpose=CHARGE,
    )  # fmt: skip


def charge(cast, *, actor=None, name="again", accepted=True, **said):
    words = {"statement": "I accept.", "backup_name": "Adams", "backup_contact": "+1 555 0101"}
    return charge_alarms(
        actor=actor or cast.eve, now=cast.now, command_id=cid(name),
        location_id=cast.location.id, accepted=accepted, confirmed=confirmed(cast, name=name),
        **(words | said),
    )  # fmt: skip


def test_a_place_records_only_until_somebody_accepts(cast):
    assert is_record_only(cast.other_location.id)
    assert not is_record_only(cast.location.id)


def test_only_the_director_of_the_place_accepts(cast):
    with pytest.raises(NotPermitted):
        charge(cast, actor=cast.adams)
    with pytest.raises(NotFound):
        charge(cast, actor=cast.faye)


def test_alarms_are_not_accepted_without_a_backup_or_a_statement(cast):
    assert charge(cast, backup_contact=" ").code == "alarms.no_backup"
    assert charge(cast, statement="").code == "alarms.no_statement"


def test_another_persons_confirmation_accepts_nothing(cast):
    lent = confirmed(cast, login="adams", name="lent")
    result = charge_alarms(
        actor=cast.eve, now=cast.now, command_id=cid("lent"), location_id=cast.location.id,
        accepted=True, statement="x", backup_name="A", backup_contact="b@c.d", confirmed=lent,
    )  # fmt: skip
    assert isinstance(result, Refusal)
    assert result.code == "alarms.other_person"


def test_the_newest_act_is_in_force_and_a_repeated_one_is_the_same(cast):
    first = charge(cast, accepted=False, statement="Engine under repair.")
    assert charge(cast, accepted=False, statement="Engine under repair.").id == first.id
    in_force = find_alarm_charge(cast.location.id)
    assert (in_force.by_name, in_force.statement) == ("Eve", "Engine under repair.")


def test_a_session_opened_under_record_only_raises_nothing_and_says_so(cast):
    accept_alarms(cast.eve, cast.location, cast.now, accepted=False)
    session = opened(cast)
    state = started(cast, session)
    assert state.monitoring.alarms == AlarmPlan(record_only=True)
    assert "alarm_sound" not in {check.item for check in state.monitoring.checks}
    bound(cast, session, period_s={"spo2": "1"})
    wall = cast.now
    engine = AlarmEngine(now=lambda: wall, monotonic=lambda: seconds(wall))
    engine.start()
    for _ in range(4):
        wall += timedelta(minutes=10)
        engine.look()
    assert [r for r in store.load(session.id) if "Alarm" in type(r.event).__name__] == []


def test_a_session_keeps_the_rules_it_was_opened_with(cast):
    session = opened(cast)
    accept_alarms(cast.eve, cast.location, cast.now, accepted=False)
    assert not load_state(session.id).monitoring.alarms.record_only


@pytest.mark.hazard("H3", "H25")
def test_the_named_backup_is_called_once_when_nobody_answers(cast):
    session = opened(cast)
    started(cast, session)
    ok(carry_out(
        actor=cast.bea, now=cast.now, command_id=cid("pain"), session_id=session.id,
        command=c.StartEffect("chest_pain", "severe"),
    ))  # fmt: skip
    wall = cast.now
    engine = AlarmEngine(now=lambda: wall, monotonic=lambda: seconds(wall))
    engine.start()
    for _ in range(90):
        wall += timedelta(seconds=1)
        engine.look()
    steps = [r.event for r in store.load(session.id) if type(r.event).__name__ == "AlarmEscalated"]
    assert [step.to for step in steps] == ["all_screens", "named_backup: Adams"]
    (message,) = Message.objects.filter(purpose="alarm.backup")
    assert (message.to, message.patient) == ("adams@example.org", None)
    assert "Castle" not in message.subject + message.body


def seconds(at):
    return at.timestamp()


def signed_in(cast, actor):
    from leeward.records.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(id=actor.id))
    return client


def test_the_log_and_the_report_say_what_happened(cast):
    session = opened(cast)
    started(cast, session)
    ok(carry_out(
        actor=cast.bea, now=cast.now, command_id=cid("pain"), session_id=session.id,
        command=c.StartEffect("chest_pain", "mild"),
    ))  # fmt: skip
    engine = AlarmEngine(now=lambda: cast.now, monotonic=lambda: 5.0)
    engine.start()
    engine.look()
    (alarm_id,) = load_state(session.id).alarms
    ok(carry_out(
        actor=cast.bea, now=cast.now + timedelta(seconds=12), command_id=cid("seen"),
        session_id=session.id, command=c.AcknowledgeAlarm(alarm_id),
    ))  # fmt: skip
    month = f"?month={cast.now:%Y-%m}"
    page = signed_in(cast, cast.bea).get(f"/alarms/{cast.location.id}/{month}")
    text = page.content.decode()
    assert "Chest pain" in text
    assert "after 12 s" in text
    assert "Alarms are on" in text
    paper = signed_in(cast, cast.bea).get(f"/alarms/{cast.location.id}/report/{month}")
    assert "Alarms accepted by Eve" in paper.content.decode()
    empty = signed_in(cast, cast.bea).get(f"/alarms/{cast.location.id}/?month=2025-01")
    assert "No alarm was raised here in this month." in empty.content.decode()


def test_a_month_that_is_none_is_not_found(cast):
    client = signed_in(cast, cast.bea)
    for month in ("2026-13", "x", "0001-01"):
        assert client.get(f"/alarms/{cast.location.id}/?month={month}").status_code == 404


def test_the_director_switches_on_the_page(cast):
    client = signed_in(cast, cast.eve)
    form = {
        "alarms": "off", "statement": "Repair.", "login": "eve", "password": "wrong password",
        "command_id": str(cid("page")),
    }  # fmt: skip
    refused = client.post(f"/alarms/{cast.location.id}/charge/", form)
    assert refused.status_code == 422
    assert "Repair." in refused.content.decode()
    form["password"] = PASSWORD
    assert client.post(f"/alarms/{cast.location.id}/charge/", form).status_code == 302
    assert is_record_only(cast.location.id)
    assert "Record only." in client.get(f"/alarms/{cast.location.id}/").content.decode()
