"""A treatment session against every command, sensible or not, in any order.

The machine keeps no copy of the gates: whatever reaches the log is judged afterwards by a plain
reading of the log itself.
"""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.core.treatment import decide, evolve, fold
from leeward.core.treatment import events as e
from leeward.core.treatment.events import Envelope, Recorded, ScoredItem
from leeward.core.treatment.payload import recorded_from_payload, recorded_to_payload
from leeward.core.treatment.state import PRESENT, Stage
from tests.unit.treatment.walk import (
    BASELINE,
    BEA,
    BEN,
    ENGINE,
    FIGURES,
    ITEMS,
    MONITORING,
    OPEN,
    PLAN,
    START,
    T0,
)

HIGH = c.RaiseAlarm("", "spo2_low", "spo2", "high", Decimal(88), Decimal(85), "%")
STEPS = (
    c.IdentifyPatient(("name", "birth_date")),
    c.AnswerCheck("consent", "yes"),
    c.AnswerCheck("fasting", "yes"),
    BASELINE,
    c.RecordTimeOutFirst(**FIGURES),
    c.RecordTimeOutSecond(**FIGURES),
    START,
    c.StopInfusion("completed"),
    c.StopInfusion("stopped", pump_volume_ml=Decimal("12")),
    c.ScoreRecovery("recovery_score", "1", tuple(ScoredItem(i, 2) for i in ITEMS)),
    c.ConfirmCriterion("gait_steady"),
    c.RecordEscort("Dora", "555-0100", "sister"),
    c.GiveInstructions("en", "1", teach_back=True),
    c.Discharge("home"),
    c.Depart(),
    c.SignNote("d", "author", "k", "s"),
    c.WriteAddendum("well in the evening"),
)
WAYWARD = (
    c.AnswerCheck("fasting", "no"),
    replace(BASELINE, sbp_mmhg=Decimal("171")),
    c.RecordTimeOutFirst(**{**FIGURES, "dose_mg": Decimal("351.5")}),
    c.RecordTimeOutSecond(**{**FIGURES, "volume_ml": Decimal("3.52")}),
    c.ScoreRecovery("recovery_score", "1", tuple(ScoredItem(i, 1) for i in ITEMS)),
    c.GiveInstructions("en", "1", teach_back=False),
    c.ChangeRate(Decimal("40"), "dizzy"),
    c.ChangeRate(Decimal("527"), "typed one too many"),
    c.PauseInfusion("call"),
    c.ResumeInfusion(Decimal("50")),
    c.StartEffect("nausea", "mild"),
    c.ChangeEffect("nausea", "severe"),
    c.EndEffect("nausea"),
    c.Observe("moaas", 3),
    c.RecordVitals(hr_per_min=Decimal("88")),
    c.BindDevice("b1", "monitor", "replay", "Monitor 3"),
    c.UnbindDevice("b1"),
)
ITEM_IDS = st.sampled_from(
    [
        "identity", "consent", "fasting", "baseline.sbp_mmhg", "baseline.sbp_mmhg.limit",
        "baseline.dbp_mmhg", "baseline.spo2_pct", "time_out.first", "time_out.second",
        "time_out.agreement", "min_observation", "score.recovery_score", "gait_steady", "escort",
        "instructions", "effect.nausea", "alarm.a1", "infusion",
    ]
)  # fmt: skip
people = st.sampled_from([BEA, BEN])
lateness = st.sampled_from([0, 0, 0, 2, 15, 70])


class SessionMachine(RuleBasedStateMachine):
    @initialize()
    def open(self):
        self.log, self.state, self.minute = [], None, 0
        self.ask(OPEN, BEA, 0)

    def ask(self, command, actor, late_min):
        if isinstance(command, c.Discharge) and self.state.started is None and self.minute < 90:
            return  # an untreated patient may leave; that alone would end most sessions here
        now = T0 + timedelta(minutes=self.minute)
        at = max(T0, now - timedelta(minutes=late_min))
        events = decide(self.state, command, actor=actor, now=now, occurred_at=at)
        if isinstance(events, Refusal):
            assert events.because.strip().endswith((".", "?"))
            return
        for happened in events:
            seq = len(self.log) + 1
            envelope = Envelope(seq, f"e{seq}", f"c{seq}", at, now, actor)
            recorded = Recorded(envelope, happened)
            self.log.append(recorded)
            if isinstance(happened, e.Discharged):
                self.judge_discharge(at)
            if isinstance(happened, e.InfusionStarted):
                self.judge_start()
            self.state = evolve(self.state, recorded)

    @rule(for_min=st.sampled_from([1, 3, 10, 20, 45]))
    def time_passes(self, for_min):
        self.minute += for_min

    @rule(command=st.sampled_from(STEPS), actor=people)
    def somebody_does_the_right_thing(self, command, actor):
        self.ask(command, actor, 0)

    @rule()
    def they_get_ready_and_start(self):
        for command in STEPS[: STEPS.index(START) + 1]:
            self.ask(command, BEN if isinstance(command, c.RecordTimeOutSecond) else BEA, 0)

    @precondition(lambda self: self.state.started)
    @rule(recovery_min=st.sampled_from([5, 59, 60, 61, 90]))
    def they_stop_recover_and_go(self, recovery_min):
        self.minute += 41
        self.ask(c.StopInfusion("completed"), BEA, 0)
        self.minute += recovery_min
        for command in STEPS[STEPS.index(START) + 3 :]:
            self.ask(command, BEA, 0)

    @rule(command=st.sampled_from(STEPS + WAYWARD), actor=people, late_min=lateness)
    def somebody_does_anything(self, command, actor, late_min):
        self.ask(command, actor, late_min)

    @rule(item=ITEM_IDS, actor=people, at_discharge=st.booleans())
    def somebody_overrides(self, item, actor, at_discharge):
        override = c.OverrideDischarge if at_discharge else c.OverrideCheck
        self.ask(override(item, "because I say so"), actor, 0)

    @precondition(lambda self: self.log)
    @rule(back=st.integers(0, 8), actor=people)
    def somebody_takes_back(self, back, actor):
        self.ask(c.WithdrawEntry(max(1, len(self.log) - back), "mistyped"), actor, 0)

    @rule(alarm_id=st.sampled_from(["a1", "a2"]), act=st.integers(0, 3))
    def the_engine_alarms(self, alarm_id, act):
        commands = (
            replace(HIGH, alarm_id=alarm_id),
            c.EndAlarm(alarm_id),
            c.EscalateAlarm(alarm_id, 1, "all_screens"),
            c.AcknowledgeAlarm(alarm_id),
        )
        self.ask(commands[act], BEA if act == 3 else ENGINE, 0)

    @precondition(lambda self: self.log)
    @rule(seq=st.integers(0, 60))
    def an_event_is_delivered_again(self, seq):
        again = self.log[seq % len(self.log)]
        assert evolve(self.state, again) is self.state

    def teardown(self):
        if self.state is not None:
            treated = "treated" if self.state.started else "untreated"
            event(f"{treated}, ended as {self.state.stage}")

    # what must hold

    @invariant()
    def folding_afresh_gives_the_same(self):
        assert fold(self.log) == self.state

    @invariant()
    def the_log_survives_the_disk(self):
        if self.log:
            row = json.loads(json.dumps(recorded_to_payload(self.log[-1])))
            assert recorded_from_payload(row) == self.log[-1]

    @invariant()
    def drug_runs_at_most_once_and_only_forward(self):
        kinds = [type(r.event) for r in self.log]
        assert kinds.count(e.InfusionStarted) <= 1
        assert kinds.count(e.InfusionStopped) <= 1
        assert kinds.count(e.Discharged) <= 1
        segments = self.state.pump_log
        for one, other in pairwise(segments):
            assert one.to_at is not None and one.to_at <= other.from_at
        assert all(s.to_at is None or s.to_at >= s.from_at for s in segments)
        assert all(s.rate_ml_per_h * 1 <= MONITORING.max_rate_mg_per_h for s in segments)

    @invariant()
    def volume_given_is_what_the_rates_or_the_pump_say(self):
        if self.state.given_ml is None:
            return
        by_rates = sum(
            Fraction(s.rate_ml_per_h) * ((s.to_at - s.from_at) // timedelta(microseconds=1))
            for s in self.state.pump_log
        ) / Fraction(3_600_000_000)
        assert by_rates <= Fraction(self.state.given_ml) + Fraction(1, 200)
        assert self.state.given_mg == self.state.given_ml * PLAN.concentration_mg_per_ml
        assert self.state.given_ml <= PLAN.volume_ml

    @invariant()
    def the_record_is_open_until_departure(self):
        left = any(isinstance(r.event, e.Departed) for r in self.log)
        assert (self.state.stage in PRESENT) is not left
        signed = any(isinstance(r.event, e.NoteSigned) for r in self.log)
        assert signed is (self.state.stage is Stage.SIGNED)
        if left:
            assert self.state.open_bindings == ()

    # a plain reading of the log

    def standing(self, kind):
        gone = {r.event.of_seq for r in self.log if isinstance(r.event, e.EntryWithdrawn)}
        return [r for r in self.log if isinstance(r.event, kind) and r.envelope.seq not in gone]

    def overridden(self, kind, item):
        return any(r.event.item == item for r in self.standing(kind))

    def judge_start(self):
        assert self.standing(e.PatientIdentified)
        answers = {r.event.item: r.event.answer for r in self.standing(e.CheckAnswered)}
        assert answers.get("consent") == "yes"
        assert answers.get("fasting") == "yes" or self.overridden(e.CheckOverridden, "fasting")
        first = self.standing(e.TimeOutFirstRecorded)[-1]
        assert first.event.dose_mg == PLAN.dose_mg
        seconds = self.standing(e.TimeOutSecondRecorded)
        latest = seconds[-1] if seconds else None
        if latest is not None and latest.envelope.seq > first.envelope.seq:
            assert latest.event.agrees
            assert latest.envelope.actor.id != first.envelope.actor.id
        else:
            assert self.overridden(e.CheckOverridden, "time_out.second")

    def judge_discharge(self, at):
        starts = self.standing(e.InfusionStarted)
        if not starts:
            return
        assert self.standing(e.InfusionStopped)

        def met(item, fulfilled):
            assert fulfilled or self.overridden(e.DischargeOverridden, item), item

        ended = max(s.to_at for s in self.state.pump_log)
        met("min_observation", at - ended >= timedelta(minutes=60))
        scores = self.standing(e.RecoveryScored)
        by_time = sorted(scores, key=lambda r: (r.envelope.occurred_at, r.envelope.seq))
        met("score.recovery_score", by_time and self.fresh(by_time[-1], at)
            and by_time[-1].event.total >= 3)  # fmt: skip
        confirmed = self.standing(e.CriterionConfirmed)
        met("gait_steady", confirmed and self.fresh(confirmed[-1], at))
        met("escort", bool(self.standing(e.EscortArrived)))
        taught = self.standing(e.InstructionsGiven)
        met("instructions", taught and taught[-1].event.teach_back)
        going_on = len(self.standing(e.EffectStarted)) - len(self.standing(e.EffectEnded))
        met("effect.nausea", going_on == 0)
        answered = {r.event.alarm_id for r in self.standing(e.AlarmAcknowledged)}
        for raised in self.standing(e.AlarmRaised):
            alarm_id = raised.event.alarm_id
            met(f"alarm.{alarm_id}", alarm_id in answered)

    def fresh(self, recorded, at):
        age = at - recorded.envelope.occurred_at
        return timedelta(0) <= age < timedelta(minutes=15)


SessionMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
TestSessionMachine = pytest.mark.hazard("H14", "H24", "H26")(SessionMachine.TestCase)
