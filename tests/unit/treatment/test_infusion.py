"""Start, rate changes, pause, resume, stop, and the volume that follows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c
from leeward.core.treatment.pump import given_ml_exact

from .walk import ADAMS, OPEN, START, T0, Walk, infusing, minutes, ready, recovering


def test_volume_follows_exactly_from_the_rates():
    walk = infusing()
    walk.do(c.ChangeRate(Decimal("30"), "dizzy"), at=20)
    walk.do(c.PauseInfusion("call"), at=26)
    walk.do(c.ResumeInfusion(Decimal("45.1")), at=33)
    walk.do(c.StopInfusion("too dizzy"), at=37)
    exact = (Fraction("52.7") * 10 + 30 * 6 + Fraction("45.1") * 4) / 60
    assert given_ml_exact(walk.state.pump_log, T0 + minutes(60)) == exact
    assert walk.state.given_ml == Decimal("14.79")
    assert walk.state.given_mg == Decimal("14.79")
    assert [(s.from_at - T0, s.to_at - T0) for s in walk.state.pump_log] == [
        (minutes(10), minutes(20)),
        (minutes(20), minutes(26)),
        (minutes(33), minutes(37)),
    ]


def test_the_level_so_far_is_known_while_it_runs():
    walk = infusing()
    assert walk.state.given_ml_at(T0 + minutes(16)) == Decimal("5.27")
    assert walk.state.given_mg_at(T0 + minutes(16)) == Decimal("5.27")
    assert walk.state.rate_ml_per_h == Decimal("52.7")
    # 35.15 mL at 52.7 mL/h take 40 min 1.138... s
    assert walk.state.expected_end_at - T0 > minutes(50)


def test_completed_means_that_the_planned_volume_has_run():
    walk = infusing()
    assert walk.refused(c.StopInfusion("completed"), at=40).code == "infusion.not_complete"
    walk.do(c.StopInfusion("completed"), at=53)
    assert walk.state.given_ml == Decimal("35.15")
    assert walk.state.stage is Stage.RECOVERY
    assert walk.state.infusion_ended_at - T0 < minutes(50.1)
    assert walk.state.stopped.at == T0 + minutes(53)


def test_completed_is_accepted_at_the_planned_minute_in_spite_of_the_pump_s_rounding():
    walk = infusing()
    walk.do(c.StopInfusion("completed"), at=50)
    assert walk.state.given_ml == Decimal("35.15")


def test_more_than_was_prepared_is_never_recorded_silently():
    walk = infusing()
    assert walk.refused(c.StopInfusion("forgot"), at=70).code == "infusion.beyond_volume"
    twice = c.StopInfusion("forgot", pump_volume_ml=Decimal("70.3"))
    assert walk.refused(twice, at=70).code == "infusion.beyond_syringe"
    # The pump shows one decimal; the syringe held 35.15 mL and no more.
    walk.do(c.StopInfusion("forgot", pump_volume_ml=Decimal("35.2")), at=70)
    assert walk.state.given_ml == Decimal("35.15")
    assert walk.log[-1].event.pump_volume_ml == Decimal("35.2")


@pytest.mark.hazard("H9")
def test_more_than_the_order_is_charted_only_with_how_it_came_about():
    walk = ready()
    walk.do(c.DrawDrug(Decimal("50"), Decimal("1"), "LOT7", date(2027, 1, 1)))
    walk.do(replace(START, lot="", expiry=None), at=10)
    over = c.StopInfusion("pump ran on", pump_volume_ml=Decimal("41.3"))
    refusal = walk.refused(over, at=58)
    assert (refusal.code, refusal.field) == ("infusion.beyond_order", "deviation")
    walk.do(replace(over, deviation="The volume limit was not set."), at=58)
    assert walk.state.given_mg == Decimal("41.3")
    assert walk.state.deviation == "The volume limit was not set."
    assert walk.state.whole_account_at(T0 + minutes(60)).left_ml == Decimal("8.7")


@pytest.mark.hazard("H9", "H12")
@pytest.mark.parametrize("rate", ["52.8", "60", "69.9"])
def test_a_rate_above_the_order_needs_a_prescriber_by_name(rate):
    walk = infusing()
    change = c.ChangeRate(Decimal(rate), "faster")
    assert walk.refused(change, at=20).code == "rate.above_order"
    allow = c.ExtendOrder("slow onset, patient well", rate_ml_per_h=Decimal(rate))
    walk.do(allow, actor=ADAMS, at=20)
    walk.do(change, at=21)
    assert walk.state.rate_ml_per_h == Decimal(rate)
    assert walk.refused(c.ChangeRate(Decimal("70.0"), "x"), at=22).code == "rate.above_order"


def test_a_resumed_infusion_obeys_the_order_too():
    walk = infusing()
    walk.do(c.PauseInfusion("call"), at=20)
    resume = c.ResumeInfusion(Decimal("60"))
    assert walk.refused(resume, at=21).code == "rate.above_order"


def test_the_pump_s_own_volume_counts_if_it_was_read():
    walk = infusing()
    walk.do(c.StopInfusion("occlusion", pump_volume_ml=Decimal("8.1")), at=30)
    assert walk.state.given_ml == Decimal("8.1")
    assert walk.state.given_mg == Decimal("8.1")
    delivered = given_ml_exact(walk.state.pump_log, T0 + minutes(60))
    assert abs(delivered - Fraction("8.1")) < Fraction(1, 1_000_000)


@pytest.mark.parametrize("volume", ["-1", "8.123", "NaN", "351.5"])
def test_an_unbelievable_pump_volume_is_refused(volume):
    command = c.StopInfusion("occlusion", pump_volume_ml=Decimal(volume))
    assert infusing().refused(command, at=30).field == "pump_volume_ml"


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        ("0", "number.not_positive"),
        ("-5", "number.not_positive"),
        ("52.71", "rate.finer_than_pump"),
        ("52.7", "rate.unchanged"),
        ("70.1", "rate.above_hard_limit"),
        ("527", "rate.above_hard_limit"),
        ("5.3", "slip.a_tenth"),
    ],
)
@pytest.mark.hazard("H9", "H12")
def test_impossible_rates_are_refused(rate, code):
    assert infusing().refused(c.ChangeRate(Decimal(rate), "slower"), at=20).code == code


@pytest.mark.hazard("H9")
def test_a_rate_ten_times_the_ordered_one_is_a_slip_even_without_a_clinic_limit():
    walk = Walk()
    walk.do(replace(OPEN, monitoring=replace(OPEN.monitoring, max_rate_mg_per_h=None)))
    for recorded in ready().log[1:]:
        walk.write((recorded.event,), actor=recorded.envelope.actor, at=4)
    walk.do(START, at=10)
    assert walk.refused(c.ChangeRate(Decimal("527"), "faster"), at=20).code == "slip.ten_times"


def test_every_change_says_why():
    walk = infusing()
    for command in (c.ChangeRate(Decimal("40"), ""), c.PauseInfusion(" "), c.StopInfusion("")):
        assert walk.refused(command, at=20).code == "reason.empty"


def test_impossible_orders_are_refused_with_the_reason():
    before, running, after = ready(), infusing(), recovering()
    pump = (
        c.ChangeRate(Decimal("40"), "x"),
        c.PauseInfusion("x"),
        c.ResumeInfusion(Decimal("40")),
        c.StopInfusion("x"),
    )
    assert {before.refused(command).code for command in pump} == {"infusion.not_started"}
    assert {after.refused(command).code for command in pump} == {"infusion.ended"}
    assert running.refused(c.ResumeInfusion(Decimal("40")), at=11).code == "infusion.running"
    running.do(c.PauseInfusion("x"), at=12)
    assert running.refused(c.PauseInfusion("x"), at=13).code == "infusion.paused"
    assert running.refused(c.ChangeRate(Decimal("40"), "x"), at=13).code == "infusion.paused"
    assert after.refused(START, at=60).code == "infusion.ended"


def test_pump_entries_keep_their_order():
    walk = infusing()
    walk.do(c.ChangeRate(Decimal("40"), "x"), at=30)
    assert walk.refused(c.PauseInfusion("x"), at=29).code == "infusion.out_of_order"
    walk.do(c.ChangeRate(Decimal("41"), "late entry"), at=30)


@pytest.mark.hazard("H17")
def test_a_pause_is_known_by_its_begin():
    walk = infusing()
    walk.do(c.PauseInfusion("x"), at=20)
    assert walk.state.paused_since == T0 + minutes(20)
    assert walk.state.rate_ml_per_h is None
    walk.do(c.StopInfusion("did not want to go on"), at=40)
    assert walk.state.paused_since is None
    assert walk.state.given_ml == Decimal("8.78")
    assert walk.state.infusion_ended_at == T0 + minutes(20)
