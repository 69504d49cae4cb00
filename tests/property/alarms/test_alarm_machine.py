"""The alarm engine against everything that can happen to it, in any order."""

from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from leeward.core.alarms import (
    Ended,
    Escalated,
    Phase,
    Priority,
    Raised,
    Tick,
)
from tests.unit.alarms.monitor import PLAN, Monitor

LIVE = [Phase.PREPARING, Phase.INFUSING, Phase.PAUSED, Phase.RECOVERY]


class AlarmMachine(RuleBasedStateMachine):
    """Keeps its own account of alarms from the events alone."""

    @initialize()
    def begin(self):
        self.monitor = Monitor(PLAN)
        self.monitor.declare()
        self.at_s = 0
        self.present, self.answered, self.high = set(), set(), {}
        self.paused_until = {}

    def account(self, events):
        for event in events:
            if isinstance(event, Raised):
                assert event.alarm_id not in self.present | self.answered
                self.present.add(event.alarm_id)
                if event.priority is Priority.HIGH:
                    self.high[event.alarm_id] = [self.at_s, 0, event.condition]
                    # A new HIGH is heard, whatever was paused before.
                    (signal,) = [s for s in self.monitor.shown if s.alarm_id == event.alarm_id]
                    assert signal.audible
            elif isinstance(event, Ended):
                self.present.remove(event.alarm_id)
                if self.high.get(event.alarm_id, [0, 0, ""])[2] not in ("spo2_low", "sbp_high"):
                    self.high.pop(event.alarm_id, None)
            elif isinstance(event, Escalated):
                assert event.alarm_id not in self.answered
                self.high[event.alarm_id][1] = event.step

    def feed(self, do):
        self.account(do())

    @rule(for_s=st.integers(1, 40))
    def time_passes(self, for_s):
        for _ in range(for_s):
            self.at_s += 1
            self.feed(lambda: self.monitor.feed(Tick(), self.at_s))

    @rule(value=st.sampled_from([None, 0, 80, 87, 91, 95, 98]), late_s=st.integers(0, 10))
    def saturation_arrives(self, value, late_s):
        taken_s = max(0, self.at_s - late_s)
        self.feed(lambda: self.monitor.sample(value, self.at_s, taken_s=taken_s))

    @rule(value=st.sampled_from([120, 179, 180, 220]))
    def pressure_is_taken(self, value):
        self.feed(lambda: self.monitor.sample(value, self.at_s, channel="nibp_sys"))
        self.feed(lambda: self.monitor.done("bp", self.at_s))

    @rule(phase=st.sampled_from(LIVE))
    def session_moves(self, phase):
        self.feed(lambda: self.monitor.enter(phase, self.at_s))

    @rule(pick=st.integers(0, 5))
    def somebody_acknowledges(self, pick):
        shown = self.monitor.shown
        if shown:
            alarm_id = shown[pick % len(shown)].alarm_id
            self.answered.add(alarm_id)
            self.high.pop(alarm_id, None)
            self.feed(lambda: self.monitor.acknowledge(alarm_id, self.at_s))

    @rule(pick=st.integers(0, 5), for_s=st.integers(-1, 200))
    def somebody_pauses_a_sound(self, pick, for_s):
        shown = self.monitor.shown
        if shown:
            alarm_id = shown[pick % len(shown)].alarm_id
            if 0 < for_s <= 120:
                self.paused_until[alarm_id] = self.at_s + for_s
            self.feed(lambda: self.monitor.pause_audio(alarm_id, for_s, self.at_s))

    @invariant()
    def state_and_events_tell_the_same(self):
        alarms = self.monitor.state.alarms.values()
        assert {a.alarm_id for a in alarms if a.present} == self.present

    @invariant()
    def nothing_is_silent_without_an_answer_or_a_pause(self):
        for signal in self.monitor.shown:
            if signal.visual != "active":
                continue
            paused = self.at_s < self.paused_until.get(signal.alarm_id, 0)
            assert signal.audible is not paused
            if paused:
                assert 0 < signal.audio_resumes_in_ms <= 120_000

    @invariant()
    def every_high_is_answered_or_goes_further(self):
        for raised_s, step_taken, _ in self.high.values():
            waited_s = self.at_s - raised_s
            due = max((s.step for s in PLAN.escalation if waited_s >= s.after_s + 1), default=0)
            assert step_taken >= due

    @invariant()
    def the_worst_is_first(self):
        ranks = [s.priority.rank for s in self.monitor.shown]
        assert ranks == sorted(ranks)

    @invariant()
    def no_limit_is_invented(self):
        conditions = {a.condition for a in self.monitor.state.alarms.values()}
        assert "rr_low" not in conditions
        assert all(
            a.limit is None or a.limit > Decimal(0) for a in self.monitor.state.alarms.values()
        )


AlarmMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestAlarmMachine = pytest.mark.hazard("H3", "H5")(AlarmMachine.TestCase)
