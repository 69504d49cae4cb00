from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from leeward.core.treatment import commands as c
from leeward.jobs.alarm_engine import AlarmEngine
from leeward.records.accounts.actor import system_actor
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments import store
from leeward.usecases import run_alarms
from leeward.usecases.record_samples import Observation, SecondOfSamples, record_samples
from leeward.usecases.treat_session import carry_out, load_state
from tests.cast import cid
from tests.integration.runtime.treating import bound, ok, opened, started, vitals

PERIOD = {"spo2": "1", "hr": "1"}


@dataclass
class Ward:
    """A running engine beside one session, in a time that only the test moves."""

    cast: object
    session: object
    binding: object
    wall: datetime
    mono_s: float = 1000.0
    seq: int = 0

    def __post_init__(self):
        self.engine = self.new_engine()

    def new_engine(self):
        engine = AlarmEngine(now=lambda: self.wall, monotonic=lambda: self.mono_s)
        engine.start()
        return engine

    def pass_time(self, seconds, *, spo2=None, hr="70", looking=True):
        """Seconds pass; the device sends (unless `spo2` is None) and the engine looks."""
        for _ in range(seconds):
            self.wall += timedelta(seconds=1)
            self.mono_s += 1
            if spo2 is not None:
                self.send(spo2=spo2, hr=hr)
            if looking:
                self.engine.look()

    def send(self, **values):
        self.seq += 1
        units = {"spo2": "%", "hr": "/min", "pr": "/min", "nibp_sys": "mm[Hg]"}
        batch = [SecondOfSamples(self.seq, self.wall, tuple(
            Observation(channel, value, units[channel]) for channel, value in values.items()
        ))]  # fmt: skip
        ok(record_samples(
            actor=system_actor("Device gateway"), now=self.wall, binding_id=self.binding.id,
            boot_id=cid("boot"), batch=batch,
        ))  # fmt: skip

    def do(self, name, command):
        return ok(carry_out(
            actor=self.cast.bea, now=self.wall, command_id=cid(name), session_id=self.session.id,
            command=command,
        ))  # fmt: skip

    def logged(self, *kinds):
        return [r.event for r in store.load(self.session.id) if type(r.event).__name__ in kinds]

    def present(self):
        state = load_state(self.session.id)
        return {(a.condition, a.priority) for a in state.alarms.values() if a.present}


@pytest.fixture
def ward(cast):
    session = opened(cast)
    started(cast, session)
    return Ward(cast, session, bound(cast, session, period_s=PERIOD), cast.now)


def test_a_watched_session_says_by_whom(ward):
    ward.engine.look()
    (event,) = ward.logged("MonitoringStarted", "MonitoringGap")[-1:]
    assert event.engine_id == str(ward.engine.boot_id)


def test_a_quiet_patient_raises_nothing(ward):
    ward.pass_time(60, spo2="98")
    assert ward.logged("AlarmRaised") == []


@pytest.mark.hazard("H1")
def test_a_falling_saturation_is_raised_and_ended_in_the_log(ward):
    ward.pass_time(5, spo2="98")
    ward.pass_time(9, spo2="85")
    assert ("spo2_low", "high") in ward.present()
    ward.pass_time(30, spo2="97")
    assert ward.present() == set()
    raised = ward.logged("AlarmRaised")[0]
    assert (raised.channel, raised.value, raised.unit) == ("spo2", Decimal(85), "%")


@pytest.mark.hazard("H1")
def test_a_silent_device_is_alarmed_without_anything_arriving(ward):
    ward.pass_time(5, spo2="98")
    ward.pass_time(14)
    assert any(condition.endswith("stale") for condition, _ in ward.present())


@pytest.mark.hazard("H21")
def test_a_device_that_sends_zeros_is_alarmed_as_no_value(ward):
    ward.pass_time(3, spo2="98")
    ward.pass_time(30, spo2="0")
    assert {condition for condition, _ in ward.present()} == {"spo2_no_value"}


@pytest.mark.hazard("H1")
def test_a_typed_saturation_does_not_hide_a_silent_device(ward):
    ward.pass_time(5, spo2="98")
    ward.pass_time(8)
    ward.do("typed", vitals())
    ward.pass_time(8)
    assert any(condition == "spo2_stale" for condition, _ in ward.present())


@pytest.mark.hazard("H19")
def test_a_pressure_not_taken_in_time_is_overdue_until_it_is(ward):
    ward.pass_time(13 * 60, looking=False)
    ward.engine.look()
    assert any(condition == "bp_overdue" for condition, _ in ward.present())
    ward.do("typed", vitals())
    ward.engine.look()
    assert not any(condition == "bp_overdue" for condition, _ in ward.present())


@pytest.mark.hazard("H17")
def test_a_forgotten_pause_is_told(ward):
    ward.engine.look()
    ward.do("pause", c.PauseInfusion("nausea"))
    ward.engine.look()
    ward.pass_time(15 * 60 + 5, looking=False)
    ward.engine.look()
    assert any("pause" in condition for condition, _ in ward.present())


def test_an_answered_alarm_is_not_escalated(ward):
    ward.pass_time(9, spo2="85")
    (alarm_id,) = (a.alarm_id for a in ward.logged("AlarmRaised") if a.priority == "high")
    ward.do("answer", c.AcknowledgeAlarm(alarm_id))
    ward.pass_time(90, spo2="85")
    assert ward.logged("AlarmEscalated") == []


def test_an_alarm_nobody_answers_goes_further(ward):
    ward.pass_time(90, spo2="85")
    steps = [(e.step, e.to) for e in ward.logged("AlarmEscalated")]
    assert [step for step, _ in steps] == [1, 2]


@pytest.mark.hazard("H2")
def test_a_new_engine_states_how_long_nobody_watched(ward):
    ward.pass_time(10, spo2="98")
    last_look = ward.wall
    ward.pass_time(40, spo2="98", looking=False)
    ward.engine = ward.new_engine()
    ward.engine.look()
    (gap,) = ward.logged("MonitoringGap")[-1:]
    assert (gap.from_at, gap.to_at) == (last_look, ward.wall)
    assert "not running" in gap.because
    assert load_state(ward.session.id).monitoring_engine == str(ward.engine.boot_id)


@pytest.mark.hazard("H2")
def test_a_session_opened_while_no_engine_ran_has_its_gap(cast):
    session = opened(cast)
    wall = cast.now + timedelta(minutes=3)
    engine = AlarmEngine(now=lambda: wall, monotonic=lambda: 5.0)
    engine.start()
    engine.look()
    gap = next(
        r.event for r in store.load(session.id) if type(r.event).__name__ == "MonitoringGap"
    )
    assert (gap.from_at, gap.to_at) == (cast.now, wall)


def test_a_session_opened_under_a_running_engine_has_no_gap(cast):
    wall = [cast.now - timedelta(minutes=1)]
    engine = AlarmEngine(now=lambda: wall[0], monotonic=lambda: 5.0)
    engine.start()
    engine.look()
    session = opened(cast)
    wall[0] = cast.now + timedelta(seconds=1)
    engine.look()
    names = [type(r.event).__name__ for r in store.load(session.id)]
    assert "MonitoringStarted" in names
    assert "MonitoringGap" not in names


@pytest.mark.hazard("H2")
def test_a_present_alarm_is_neither_lost_nor_raised_twice_by_a_restart(ward):
    ward.pass_time(9, spo2="85")
    ward.engine = ward.new_engine()
    ward.pass_time(9, spo2="85")
    assert len(ward.logged("AlarmRaised")) == 1
    assert ward.logged("AlarmEnded") == []
    ward.pass_time(30, spo2="98")
    assert len(ward.logged("AlarmEnded")) == 1


@pytest.mark.hazard("H1", "H2")
def test_a_device_that_fell_silent_while_no_engine_ran_is_alarmed_at_once(ward):
    ward.pass_time(5, spo2="98")
    ward.pass_time(60, looking=False)
    ward.engine = ward.new_engine()
    ward.engine.look()
    assert any(condition == "spo2_stale" for condition, _ in ward.present())


@pytest.mark.hazard("H2")
def test_an_engine_that_was_held_up_says_so(ward):
    ward.pass_time(3, spo2="98")
    ward.pass_time(20, spo2="98", looking=False)
    ward.engine.look()
    (gap,) = ward.logged("MonitoringGap")[-1:]
    assert (gap.to_at - gap.from_at) == timedelta(seconds=20)
    assert live.engine_pulse("alarms").period_ms == 20_000


@pytest.mark.hazard("H32")
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_step_of_the_wall_clock_raises_nothing_and_hides_nothing(ward, hours):
    ward.pass_time(20, spo2="98")
    ward.wall += timedelta(hours=hours)
    ward.pass_time(20, spo2="98")
    assert {a.condition for a in ward.logged("AlarmRaised")} == {"clock_step"}
    ward.pass_time(9, spo2="85")
    assert ("spo2_low", "high") in ward.present()
    ward.pass_time(60, spo2="98")
    assert ward.present() == set()


@pytest.mark.hazard("H29")
def test_alarms_that_can_not_be_written_are_kept_and_the_engine_does_not_look_well(
    ward, monkeypatch
):
    ward.pass_time(5, spo2="98")
    beat = live.engine_pulse("alarms").ticked_at

    def broken(**_):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(run_alarms, "write_alarms", broken)
        ward.pass_time(9, spo2="85")
        assert ward.present() == set()
        assert live.engine_pulse("alarms").ticked_at < beat + timedelta(seconds=9)
    ward.pass_time(1, spo2="85")
    assert ("spo2_low", "high") in ward.present()
    assert live.engine_pulse("alarms").ticked_at == ward.wall


def test_one_broken_session_does_not_blind_the_others(ward, monkeypatch):
    from leeward.jobs import watched_session

    real = watched_session.WatchedSession.look
    calls = []

    def look(self, *arguments, **named):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("broken")
        return real(self, *arguments, **named)

    monkeypatch.setattr(watched_session.WatchedSession, "look", look)
    ward.pass_time(12, spo2="85")
    assert ("spo2_low", "high") in ward.present()


def test_only_a_machine_writes_alarms(ward):
    from leeward.records.accounts.actor import NotPermitted

    with pytest.raises(NotPermitted):
        run_alarms.write_alarms(
            actor=ward.cast.bea, now=ward.wall, command_id=cid("x"),
            session_id=ward.session.id, events=(),
        )  # fmt: skip


@pytest.mark.hazard("H1", "H2")
def test_the_silence_of_a_device_that_never_spoke_outlasts_a_restart(ward):
    ward.pass_time(40)
    before = ward.present()
    assert ("spo2_stale", "high") in before
    ward.engine = ward.new_engine()
    ward.pass_time(2)
    assert ("spo2_stale", "high") in ward.present()
    raised = [(a.condition, a.priority) for a in ward.logged("AlarmRaised")]
    assert raised.count(("spo2_stale", "high")) == 1
