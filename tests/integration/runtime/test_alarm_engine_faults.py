"""What no sample shows, and what a pump says against the staff, from the log to the alarm."""

from datetime import timedelta
from decimal import Decimal

import pytest

from leeward.core.treatment import commands as c
from leeward.jobs.alarm_engine import AlarmEngine
from leeward.jobs.house_faults import LEAST_FREE_BYTES, HouseFaults
from leeward.records.accounts.actor import system_actor
from leeward.usecases import run_alarms
from leeward.usecases.open_session import answer_check
from leeward.usecases.record_samples import Observation, SecondOfSamples, record_samples
from tests.cast import cid
from tests.integration.runtime.test_alarm_engine import PERIOD, Ward
from tests.integration.runtime.treating import bound, ok, opened, started, vitals


@pytest.fixture
def ward(cast):
    session = opened(cast)
    started(cast, session)
    return Ward(cast, session, bound(cast, session, period_s=PERIOD), cast.now)


def conditions(ward):
    return {condition for condition, _ in ward.present()}


def pump(ward, for_s, **values):
    units = {"pump_rate_ml_h": "mL/h", "pump_vol_ml": "mL"}
    for _ in range(for_s):
        ward.wall += timedelta(seconds=1)
        ward.mono_s += 1
        ward.seq += 1
        batch = [SecondOfSamples(ward.seq, ward.wall, tuple(
            Observation(channel, value, units[channel]) for channel, value in values.items()
        ))]  # fmt: skip
        ok(record_samples(
            actor=system_actor("Device gateway"), now=ward.wall, binding_id=ward.binding.id,
            boot_id=cid("boot"), batch=batch,
        ))  # fmt: skip
        ward.engine.look()


@pytest.mark.hazard("H1")
def test_a_dead_link_is_told_before_the_silence_of_its_channels(ward):
    ward.pass_time(5, spo2="98")
    ward.pass_time(4)
    assert conditions(ward) == {"adapter_dead"}
    ward.pass_time(2, spo2="98")
    assert conditions(ward) == set()


@pytest.mark.hazard("H1")
def test_a_link_that_has_nothing_to_report_lives_by_its_heartbeat(ward):
    from leeward.usecases.watch_devices import Pulse, beat_adapters

    ward.pass_time(3, spo2="98")
    for _ in range(8):
        beat_adapters(
            actor=system_actor("Device gateway"), now=ward.wall,
            pulses=[Pulse(
                name=f"binding:{ward.binding.id}", kind="replay",
                location_id=ward.session.location_id, state="running", heard_at=ward.wall,
                restarts=0, refused=0,
            )],
        )  # fmt: skip
        ward.pass_time(1)
    assert "adapter_dead" not in conditions(ward)


@pytest.mark.hazard("H32")
def test_a_step_of_the_clock_is_told(ward):
    ward.pass_time(2, spo2="98")
    ward.wall += timedelta(minutes=10)
    ward.pass_time(2, spo2="98")
    assert ("clock_step", "low") in ward.present()


def test_a_disk_that_is_nearly_full_is_told(ward):
    room = [LEAST_FREE_BYTES + 1]
    ward.engine = AlarmEngine(
        now=lambda: ward.wall,
        monotonic=lambda: ward.mono_s,
        house=HouseFaults(room=lambda: room[0]),
    )
    ward.engine.start()
    ward.pass_time(12, spo2="98")
    assert conditions(ward) == set()
    room[0] = LEAST_FREE_BYTES - 1
    ward.pass_time(12, spo2="98")
    assert conditions(ward) == {"disk_nearly_full"}


@pytest.mark.hazard("H2")
def test_an_engine_that_looked_late_says_so_as_an_alarm(ward):
    ward.pass_time(3, spo2="98")
    ward.pass_time(4, spo2="98", looking=False)
    ward.engine.look()
    ward.pass_time(1, spo2="98")
    assert ("engine_late", "medium") in ward.present()
    ward.pass_time(15, spo2="98")
    assert conditions(ward) == set()


@pytest.mark.hazard("H29")
def test_not_recording_is_told_past_the_database_and_afterwards_in_it(ward, monkeypatch):
    from leeward.usecases import ports

    said = []
    monkeypatch.setattr(ports.wakeup(), "notify", said.append, raising=False)

    def broken(**_):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(run_alarms, "write_alarms", broken)
        ward.pass_time(9, spo2="85")
    assert "fault:not_recording" in said
    ward.pass_time(1, spo2="85")
    raised = [(a.condition, a.priority) for a in ward.logged("AlarmRaised")]
    assert ("not_recording", "high") in raised
    assert ("spo2_low", "high") in raised


@pytest.mark.hazard("H16")
def test_a_pump_at_three_times_the_stated_rate_is_a_high_alarm(ward):
    pump(ward, 3, pump_rate_ml_h="5.25")
    assert conditions(ward) == set()
    pump(ward, 2, pump_rate_ml_h="15.75")
    assert ("pump_fast", "high") in ward.present()


@pytest.mark.hazard("H15")
def test_a_pump_that_stands_while_the_log_says_that_it_runs_is_told(ward):
    pump(ward, 3, pump_rate_ml_h="5.25")
    pump(ward, 17, pump_rate_ml_h="0")
    assert ("pump_stopped", "medium") in ward.present()
    ward.do("pause", c.PauseInfusion("alarm of the pump"))
    pump(ward, 1, pump_rate_ml_h="0")
    assert "pump_stopped" not in conditions(ward)


@pytest.mark.hazard("H15")
def test_a_pump_that_runs_while_the_log_says_paused_is_told(ward):
    ward.do("pause", c.PauseInfusion("nausea"))
    pump(ward, 12, pump_rate_ml_h="5.25")
    assert ("pump_unstated", "high") in ward.present()


@pytest.mark.hazard("H16")
def test_an_infusion_that_is_not_stopped_at_its_planned_end_is_told(ward):
    ward.pass_time(40 * 60 + 30, looking=False)
    ward.engine.look()
    assert "past_planned_end" not in conditions(ward)
    ward.pass_time(60, looking=False)
    ward.engine.look()
    assert ("past_planned_end", "medium") in ward.present()
    ward.engine = ward.new_engine()
    ward.pass_time(5 * 60, looking=False)
    ward.engine.look()
    assert ("past_planned_end", "high") in ward.present()


def test_a_pressure_far_over_the_baseline_is_told(ward):
    ward.engine.look()
    ward.do("typed", vitals(sbp_mmhg=Decimal(155)))
    ward.engine.look()
    assert "sbp_rise" not in conditions(ward)
    ward.do("typed again", vitals(sbp_mmhg=Decimal(164)))
    ward.engine.look()
    assert ("sbp_rise", "low") in ward.present()


@pytest.mark.hazard("H3")
def test_a_red_flag_that_grows_worse_after_an_answer_is_a_new_alarm(ward):
    ward.engine.look()
    ward.do("pain", c.StartEffect("chest_pain", "mild"))
    ward.engine.look()
    (first,) = [a for a in ward.logged("AlarmRaised") if a.channel.startswith("effect.")]
    ward.do("seen", c.AcknowledgeAlarm(first.alarm_id))
    ward.pass_time(2, spo2="98")
    ward.do("worse", c.ChangeEffect("chest_pain", "severe"))
    ward.pass_time(1, spo2="98")
    raised = [a for a in ward.logged("AlarmRaised") if a.channel.startswith("effect.")]
    assert [a.value for a in raised] == [Decimal(1), Decimal(3)]


@pytest.mark.hazard("H3")
def test_where_the_sound_was_not_heard_a_high_alarm_reaches_every_screen_at_once(cast):
    session = opened(cast)
    ward = Ward(cast, session, bound(cast, session, period_s=PERIOD), cast.now)
    ok(answer_check(
        actor=cast.bea, now=cast.now, command_id=cid("deaf"), session_id=session.id,
        item="alarm_sound", answer="no",
    ))  # fmt: skip
    ward.pass_time(8, spo2="85")
    assert [(e.step, e.to) for e in ward.logged("AlarmEscalated")] == [(1, "all_screens")]
    ok(answer_check(
        actor=cast.bea, now=cast.now, command_id=cid("heard"), session_id=session.id,
        item="alarm_sound", answer="yes",
    ))  # fmt: skip


@pytest.mark.hazard("H3")
def test_the_start_is_held_until_the_alarm_sound_was_heard(cast):
    from leeward.core.treatment.gates import missing_for_start
    from leeward.usecases.treat_session import load_state

    session = opened(cast)
    missing = {m.item: m for m in missing_for_start(load_state(session.id), cast.now)}
    assert "Not answered" in missing["alarm_sound"].because
    ok(answer_check(
        actor=cast.bea, now=cast.now, command_id=cid("deaf"), session_id=session.id,
        item="alarm_sound", answer="no",
    ))  # fmt: skip
    missing = {m.item: m for m in missing_for_start(load_state(session.id), cast.now)}
    assert "Answered" in missing["alarm_sound"].because
