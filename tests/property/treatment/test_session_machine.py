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
    ADAMS,
    BASELINE,
    BEA,
    BEN,
    DEVICES,
    ENGINE,
    EXPIRY,
    FIGURES,
    INJECTION,
    ITEMS,
    MONITORING,
    OPEN,
    PLAN,
    START,
    T0,
    figures_of,
)

HIGH = c.RaiseAlarm("", "spo2_low", "spo2", "high", Decimal(88), Decimal(85), "%")
ML = Decimal
STARTS = {
    "iv": START,
    "im": c.GiveInjection(ML("0.70"), "left deltoid", lot="L1", expiry=EXPIRY),
    "intranasal": c.GiveDevice(lot="L1", expiry=EXPIRY),
}
# What happens to the drug: sensible and not, for every route.
DRUG = (
    c.DrawDrug(ML("50"), ML("1"), "LOT7", EXPIRY, stock_ml=ML("5")),
    c.DrawDrug(ML("20"), ML("1"), "LOT8", EXPIRY),
    c.DrawDrug(ML("1"), ML("50"), "LOT9", EXPIRY),
    replace(START, lot="", expiry=None),
    c.ChangeSyringe("2"),
    c.ChangeSyringe("2", left_ml=ML("3.5")),
    c.ChangeSyringe("1", left_ml=ML("0")),
    c.ExtendOrder("agreed", bolus_ml=ML("4")),
    c.ExtendOrder("agreed", rate_ml_per_h=ML("60"), volume_ml=ML("45")),
    c.GiveBolus(ML("2"), "slow onset"),
    c.GiveBolus(ML("2"), "slow onset", by="hand", syringe_id="2"),
    c.FlushLine("saline", ML("5")),
    c.WasteDrug("1", ML("0.35"), BEN, "rest"),
    c.WasteDrug("2", ML("7"), BEN, "rest"),
    c.StopInfusion("stopped", pump_volume_ml=ML("21.4")),
    c.StopInfusion("ran on", pump_volume_ml=ML("44"), deviation="limit not set"),
    c.GiveInjection(ML("0.30"), "left deltoid", lot="L1", expiry=EXPIRY),
    c.GiveInjection(ML("0.40"), "right deltoid"),
    c.TakeDevices(3, "L1", EXPIRY),
    c.GiveDevice(),
    c.WasteDevices("1", 1, BEN, "did not spray"),
    c.EndDosing("patient asked"),
    c.NoteWeight(ML("64"), PLAN.weight_measured_on),
)
PUMP = (
    c.ChangeRate(ML("40"), "dizzy"),
    c.ChangeRate(ML("55"), "allowed"),
    c.PauseInfusion("call"),
    c.ResumeInfusion(ML("50")),
    DRUG[0],
    DRUG[1],
    c.ChangeSyringe("2"),
    c.ChangeSyringe("2", left_ml=ML("3.5")),
    c.ChangeSyringe("3"),
    c.WasteDrug("1", ML("0.35"), BEN, "rest"),
)
CARE = (
    c.GiveRescue("ondansetron", ML("4"), "mg", "IV", "nausea"),
    c.SetOxygen(ML("2"), "cannula"),
    c.SetOxygen(ML("6"), "mask"),
    c.StopOxygen(),
    c.GiveComfort("music", "piano"),
    c.CallForHelp("k1", "phone", "sick"),
    c.AnswerCall("k1", "bowl"),
    c.DeclareEmergency("m1", "no breath"),
    c.EndEmergency("m1", "recovered"),
    c.HandOver(BEN),
    c.HandOver(BEA, "stable"),
)
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
        "instructions", "effect.nausea", "alarm.a1", "infusion", "oxygen", "call.k1", "emergency",
        "weight",
    ]
)  # fmt: skip
people = st.sampled_from([BEA, BEN])
lateness = st.sampled_from([0, 0, 0, 2, 15, 70])


DOSES = (e.InfusionStarted, e.InjectionGiven, e.DeviceGiven)
ENDS = (e.InfusionStopped, e.DosingEnded)


class SessionMachine(RuleBasedStateMachine):
    @initialize(plan=st.sampled_from([PLAN, PLAN, INJECTION, DEVICES]))
    def open(self, plan):
        self.log, self.state, self.minute, self.plan = [], None, 0, plan
        self.ask(replace(OPEN, plan=plan), BEA, 0)

    def of_route(self, command):
        """The same step as this session's route has it."""
        figures = figures_of(self.plan)
        if command == c.RecordTimeOutFirst(**FIGURES):
            return c.RecordTimeOutFirst(**figures)
        if command == c.RecordTimeOutSecond(**FIGURES):
            return c.RecordTimeOutSecond(**figures)
        return STARTS[self.plan.route] if command is START else command

    def ask(self, command, actor, late_min):
        command = self.of_route(command)
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
            if isinstance(happened, DOSES) and self.state.started is None:
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

    @rule(command=st.sampled_from(DRUG), actor=st.sampled_from([BEA, ADAMS]), late_min=lateness)
    def somebody_handles_the_drug(self, command, actor, late_min):
        self.ask(command, actor, late_min)

    @precondition(lambda self: self.state.stage in (Stage.INFUSING, Stage.PAUSED))
    @rule(command=st.sampled_from(PUMP), late_min=st.sampled_from([0, 0, 1]))
    def somebody_stands_at_the_pump(self, command, late_min):
        self.ask(command, BEA, late_min)

    @precondition(lambda self: self.state.started and self.plan is PLAN)
    @rule(
        volume=st.sampled_from(["0.01", "1.5", "4", "9.99"]), by=st.sampled_from(["pump", "hand"])
    )
    def a_bolus_is_ordered_and_given(self, volume, by):
        self.ask(c.ExtendOrder("agreed", bolus_ml=ML(volume)), ADAMS, 0)
        self.ask(c.GiveBolus(ML(volume), "slow onset", by=by), BEA, 0)

    @rule(command=st.sampled_from(CARE), actor=people, late_min=lateness)
    def somebody_cares(self, command, actor, late_min):
        self.ask(command, actor, late_min)

    @precondition(lambda self: self.state.started)
    @rule(recovery_min=st.sampled_from([5, 59, 60, 61, 90]))
    def they_stop_recover_and_go(self, recovery_min):
        self.minute += 41
        self.ask(c.StopInfusion("completed"), BEA, 0)
        self.ask(c.EndDosing("enough"), BEA, 0)
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
        if self.plan is PLAN and not self.standing(e.OrderExtended):
            assert all(s.rate_ml_per_h <= PLAN.rate_ml_per_h for s in segments)

    @invariant()
    def volume_given_is_what_the_rates_or_the_pump_say(self):
        given_ml = self.state.given_ml
        if given_ml is None or self.plan is not PLAN:
            return
        by_rates = sum(
            Fraction(s.rate_ml_per_h) * ((s.to_at - s.from_at) // timedelta(microseconds=1))
            for s in self.state.pump_log
        ) / Fraction(3_600_000_000)
        pushed = sum(r.event.volume_ml for r in self.standing(e.BolusGiven))
        # Each syringe is rounded to its own step.
        slack = Fraction(len(self.state.syringes), 200)
        assert by_rates <= Fraction(given_ml) - Fraction(pushed) + slack
        assert self.state.given_mg == given_ml * PLAN.concentration_mg_per_ml
        extended = (r.event.volume_ml for r in self.standing(e.OrderExtended))
        allowed = max([PLAN.volume_ml, *(v for v in extended if v is not None)])
        late = sum(
            r.event.volume_ml
            for r in self.standing(e.BolusGiven)
            if r.envelope.seq > self.state.stopped.seq
        )
        if not self.state.deviation:
            assert given_ml - late <= allowed + ML("0.1")

    @invariant()
    def given_wasted_and_left_make_what_was_drawn(self):
        now = T0 + timedelta(minutes=self.minute)
        drawn = sum(r.event.volume_ml for r in self.standing(e.DrugDrawn))
        wasted = sum(r.event.volume_ml for r in self.standing(e.DrugWasted))
        account = self.state.whole_account_at(now)
        if account is not None:
            assert (account.drawn_ml, account.wasted_ml) == (drawn, wasted)
            assert account.given_ml + account.wasted_ml + account.left_ml == drawn
            assert account.given_ml == self.state.given_ml_at(now)
            for syringe_id in self.state.syringes:
                one = self.state.account_at(syringe_id, now)
                assert one.left_ml >= 0
                assert one.given_ml >= 0
                for volume_ml in (one.drawn_ml, one.given_ml, one.wasted_ml):
                    assert volume_ml % ML("0.01") == 0
        for taken in self.state.devices.values():
            assert taken.left >= 0
            assert taken.given + taken.wasted + taken.left == taken.taken

    @invariant()
    def no_dose_goes_beyond_its_order(self):
        if self.plan is PLAN:
            return
        given = self.state.given_mg_at(T0 + timedelta(minutes=self.minute))
        assert given <= self.plan.dose_mg
        uses = [r.envelope.occurred_at for r in self.standing(e.DeviceGiven)]
        assert all(b - a >= timedelta(minutes=5) for a, b in pairwise(uses))

    @invariant()
    def what_is_left_is_never_given_later(self):
        """The volume given only grows with time."""
        if not self.state.syringes:
            return
        moments = [T0 + timedelta(minutes=m) for m in range(0, self.minute + 1, 7)]
        given = [self.state.given_ml_at(at) for at in moments]
        assert given == sorted(given)

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
        assert first.event.dose_mg == self.plan.dose_mg
        seconds = self.standing(e.TimeOutSecondRecorded)
        latest = seconds[-1] if seconds else None
        if latest is not None and latest.envelope.seq > first.envelope.seq:
            assert latest.event.agrees
            assert latest.envelope.actor.id != first.envelope.actor.id
        else:
            assert self.overridden(e.CheckOverridden, "time_out.second")

    def judge_discharge(self, at):
        if not self.standing(DOSES):
            return
        assert self.standing(ENDS)

        def met(item, fulfilled):
            assert fulfilled or self.overridden(e.DischargeOverridden, item), item

        kinds = (e.BolusGiven, *DOSES[1:])
        given = [r.envelope.occurred_at for r in self.standing(kinds)]
        ended = max([*(s.to_at for s in self.state.pump_log), *given])
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
        oxygen = self.standing((e.OxygenSet, e.OxygenStopped))
        latest = max(oxygen, key=lambda r: (r.envelope.occurred_at, r.envelope.seq), default=None)
        met("oxygen", latest is None or isinstance(latest.event, e.OxygenStopped))
        calls = {r.event.call_id for r in self.standing(e.PatientCalled)}
        met("call.k1", calls == {r.event.call_id for r in self.standing(e.CallAnswered)})
        declared = len(self.standing(e.EmergencyDeclared))
        met("emergency", declared == len(self.standing(e.EmergencyEnded)))
        answered = {r.event.alarm_id for r in self.standing(e.AlarmAcknowledged)}
        for raised in self.standing(e.AlarmRaised):
            alarm_id = raised.event.alarm_id
            met(f"alarm.{alarm_id}", alarm_id in answered)

    def fresh(self, recorded, at):
        age = at - recorded.envelope.occurred_at
        return timedelta(0) <= age < timedelta(minutes=15)


SessionMachine.TestCase.settings = settings(
    max_examples=120, stateful_step_count=60, deadline=None
)
TestSessionMachine = pytest.mark.hazard("H14", "H24", "H26", "H40")(SessionMachine.TestCase)
