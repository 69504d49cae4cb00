"""The alarm engine against everything that can happen to it, in any order.

`make test` runs a few thousand steps of the engine; `make alarms` runs at least 100,000 and prints
how many there were.
"""

import atexit
import os
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leeward.core.alarms import (
    Derived,
    Ended,
    EndExpected,
    Escalated,
    Fault,
    FaultStated,
    Overdue,
    Phase,
    Priority,
    Raised,
    Readings,
    Reckoning,
    Sample,
    SoundConfirmed,
    Stated,
    Tick,
    begin,
    step,
    symptom_channel,
    symptom_thresholds,
)
from tests.property.alarms.naive import present_since
from tests.unit.alarms.monitor import PLAN, SBP, SPO2_ACT, SPO2_WARN, UNSET, Monitor, seconds
from tests.unit.alarms.test_technical import at_least

WANTED = int(os.environ.get("LEEWARD_ALARM_STEPS", "0"))
EXAMPLES = 60 if not WANTED else 100 + WANTED // 120
LIVE = [Phase.PREPARING, Phase.INFUSING, Phase.PAUSED, Phase.RECOVERY]
HIGH = Priority.HIGH
LATEST_S = 10
DEEP = replace(SPO2_ACT, limit=Decimal(82), delay_s=seconds(0))
PAIN = symptom_channel("chest_pain")
WATCHED = (DEEP, SPO2_ACT, SPO2_WARN, SBP)
EVERYTHING = replace(
    PLAN,
    thresholds=(
        *WATCHED,
        UNSET,
        *symptom_thresholds("chest_pain", 3),
        at_least("pump_fast", "over", 100, HIGH),
        at_least("hr_jump", "hr.jump", 60, clear_delay=5),
        at_least("rates_disagree", "hr.pr", 20, delay=30),
    ),
    derived=(
        Derived("over", Reckoning.EXCESS_PCT, ("pump",), "rate"),
        Derived("hr.jump", Reckoning.JUMP, ("hr",), within_s=seconds(2)),
        Derived("hr.pr", Reckoning.DIFFERENCE, ("hr", "pr"), within_s=seconds(30)),
    ),
    faults=(
        Fault("not_recording", "not_recording", HIGH),
        Fault("adapter_dead", "adapter", Priority.MEDIUM, seconds(3)),
    ),
    overdue=(
        *PLAN.overdue,
        Overdue("past_end", "planned_end", HIGH, seconds(60), seconds(0), (Phase.INFUSING,),
                only_if_set=True),
    ),
    acknowledge_lasts_s=seconds(300),
)  # fmt: skip
STEPS = {"taken": 0}


class AlarmMachine(RuleBasedStateMachine):
    """Keeps its own account: of alarms from the events, of conditions from the samples."""

    @initialize(is_heard=st.booleans())
    def begin(self, is_heard):
        self.monitor = Monitor(EVERYTHING, is_heard=is_heard)
        self.script, self.is_heard, self.began_heard = [], is_heard, is_heard
        self.at_s = 0
        self.present, self.answered, self.high = set(), set(), {}
        self.raised, self.paused_until = {}, {}
        self.samples = {"spo2": [], "nibp_sys": []}
        self.stands = {}
        self.monitor.declare()

    def feed(self, incoming):
        STEPS["taken"] += 1
        self.script.append((incoming, self.at_s))
        self.account(self.monitor.feed(incoming, self.at_s))

    def account(self, events):
        for event in events:
            if isinstance(event, Raised):
                assert event.alarm_id not in self.raised
                self.present.add(event.alarm_id)
                self.raised[event.alarm_id] = event
                if event.priority is HIGH:
                    self.high[event.alarm_id] = [self.at_s, 0]
                    # A new HIGH is heard, whatever was paused or answered before.
                    heard = [s for s in self.monitor.shown if s.alarm_id == event.alarm_id]
                    ended = any(
                        isinstance(e, Ended) and e.alarm_id == event.alarm_id for e in events
                    )
                    assert ended or heard[0].audible
            elif isinstance(event, Ended):
                self.present.remove(event.alarm_id)
                # Only what latches still waits for an answer.
                if event.alarm_id not in self.monitor.state.alarms:
                    self.high.pop(event.alarm_id, None)
            elif isinstance(event, Escalated):
                assert event.alarm_id not in self.answered
                if event.alarm_id in self.high:
                    self.high[event.alarm_id][1] = event.step

    @rule(for_s=st.integers(1, 40))
    def time_passes(self, for_s):
        for _ in range(for_s):
            self.at_s += 1
            self.feed(Tick())

    @rule(
        value=st.sampled_from([None, 0, 80, 81, 87, 91, 95, 98]),
        late_s=st.integers(0, LATEST_S),
        twice=st.booleans(),
    )
    def saturation_arrives(self, value, late_s, twice):
        self.arrives("spo2", value, late_s, twice)

    @rule(value=st.sampled_from([120, 179, 180, 220]), late_s=st.integers(0, LATEST_S))
    def pressure_arrives(self, value, late_s):
        self.arrives("nibp_sys", value, late_s, twice=False)

    def arrives(self, channel, value, late_s, twice):
        taken_s = max(0, self.at_s - late_s)
        reading = None if value is None else Decimal(value)
        if value:
            self.samples[channel].append((taken_s * 1000, reading))
        for _ in range(2 if twice else 1):
            self.feed(Sample(channel, reading, taken_s * 1000))

    @rule(
        hr=st.sampled_from([60, 75, 150]), pr=st.sampled_from([60, 75]), late_s=st.integers(0, 5)
    )
    def rates_arrive(self, hr, pr, late_s):
        taken_ms = max(0, self.at_s - late_s) * 1000
        self.feed(Readings({"hr": Decimal(hr), "pr": Decimal(pr)}, taken_ms))

    @rule(rate=st.sampled_from([0, 50, 100, 150]), stated=st.sampled_from([None, 50, 60]))
    def pump_reports_and_nurse_states(self, rate, stated):
        self.feed(Readings({"pump": Decimal(rate)}))
        self.feed(Stated("rate", None if stated is None else Decimal(stated)))

    @rule(degree=st.integers(0, 3))
    def pain_changes(self, degree):
        self.feed(Sample(PAIN, Decimal(degree), heard=False))

    @rule(fault=st.sampled_from(["not_recording", "adapter"]), stands=st.booleans())
    def a_fault_comes_or_goes(self, fault, stands):
        self.stands[fault] = self.stands.get(fault, self.at_s) if stands else None
        if not stands:
            del self.stands[fault]
        self.feed(FaultStated(fault, stands))

    @rule(in_s=st.one_of(st.none(), st.integers(-50, 200)))
    def the_planned_end_moves(self, in_s):
        self.feed(EndExpected("planned_end", None if in_s is None else (self.at_s + in_s) * 1000))

    @rule(is_heard=st.booleans())
    def the_sound_is_checked(self, is_heard):
        self.is_heard = is_heard
        self.feed(SoundConfirmed(is_heard))

    @rule(phase=st.sampled_from(LIVE))
    def session_moves(self, phase):
        self.monitor_does(lambda m: m.enter(phase, self.at_s), ("enter", phase))

    @precondition(lambda self: self.monitor.shown)
    @rule(pick=st.integers(0, 5))
    def somebody_acknowledges(self, pick):
        shown = self.monitor.shown
        alarm_id = shown[pick % len(shown)].alarm_id
        self.answered.add(alarm_id)
        self.high.pop(alarm_id, None)
        self.monitor_does(lambda m: m.acknowledge(alarm_id, self.at_s), ("ack", alarm_id))

    @precondition(lambda self: self.monitor.shown)
    @rule(pick=st.integers(0, 5), for_s=st.integers(-1, 200))
    def somebody_pauses_a_sound(self, pick, for_s):
        shown = self.monitor.shown
        alarm_id = shown[pick % len(shown)].alarm_id
        if 0 < for_s <= 120:
            self.paused_until[alarm_id] = self.at_s + for_s
        self.monitor_does(
            lambda m: m.pause_audio(alarm_id, for_s, self.at_s), ("pause", alarm_id, for_s)
        )

    def monitor_does(self, act, said):
        STEPS["taken"] += 1
        self.script.append((said, self.at_s))
        self.account(act(self.monitor))

    @invariant()
    def no_condition_lasts_beyond_its_delay_and_a_second_without_an_alarm(self):
        for threshold in WATCHED:
            samples = self.samples[threshold.channel]
            since_ms = present_since(threshold, samples, self.at_s * 1000)
            alarmed = any(
                a.present
                and (a.condition, a.priority) == (threshold.condition, threshold.priority)
                for a in self.monitor.state.alarms.values()
            )
            if since_ms is not None and self.at_s * 1000 - since_ms > 1000:
                assert alarmed, (threshold, since_ms)

    @invariant()
    def no_stated_fault_stands_beyond_its_time_without_an_alarm(self):
        conditions = {a.condition for a in self.monitor.state.alarms.values() if a.present}
        for fault in EVERYTHING.faults:
            since_s = self.stands.get(fault.fault)
            if since_s is not None and self.at_s - since_s > fault.after_s + 1:
                assert fault.condition in conditions

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
        for raised_s, step_taken in self.high.values():
            waited_s = self.at_s - raised_s
            due = max((s.step for s in PLAN.escalation if waited_s >= s.after_s + 1), default=0)
            assert step_taken >= max(due, 0 if self.is_heard else 1)

    @invariant()
    def the_worst_unanswered_is_first(self):
        ranks = [(s.acknowledged_by is not None, s.priority.rank) for s in self.monitor.shown]
        assert ranks == sorted(ranks)

    @invariant()
    def no_limit_is_invented(self):
        assert "rr_low" not in {a.condition for a in self.monitor.state.alarms.values()}

    def teardown(self):
        """The same script again, and again with every sample doubled, tells the same."""
        if hasattr(self, "monitor"):
            for doubled in (False, True):
                again = self.replay(doubled=doubled)
                assert again.told == self.monitor.told
                assert doubled or again.state == self.monitor.state

    def replay(self, *, doubled):
        again = Monitor(EVERYTHING, is_heard=self.began_heard)
        again.declare()
        for said, at_s in self.script:
            if isinstance(said, tuple):
                kind, *what = said
                act = {"enter": again.enter, "ack": again.acknowledge, "pause": again.pause_audio}
                act[kind](*what, at_s)
                continue
            again.feed(said, at_s)
            if doubled and isinstance(said, Sample | Readings) and arrives_with_its_time(said):
                again.feed(said, at_s)
        return again


def arrives_with_its_time(said):
    return said.taken_ms is not None


@atexit.register
def report():
    if WANTED:
        print(f"\nalarm state machine: {STEPS['taken']} steps of the engine")


AlarmMachine.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=60, deadline=None
)


@pytest.mark.hazard("H1", "H3", "H5", "H16")
def test_everything_in_any_order():
    before = STEPS["taken"]
    AlarmMachine.TestCase().runTest()
    assert STEPS["taken"] - before >= max(WANTED, 2_000)


def test_a_state_begun_twice_is_the_same():
    def run():
        state = begin(EVERYTHING, prefix="a", at_ms=0, phase=Phase.INFUSING)
        return step(state, Sample("spo2", Decimal(80)), EVERYTHING, 1000)

    assert run() == run()
