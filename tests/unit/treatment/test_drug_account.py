"""Where the drug is: drawn, given by pump and by hand, changed, wasted, left."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c

from .walk import (
    ADAMS,
    BEA,
    BEN,
    CORA,
    DEVICES,
    EXPIRY,
    INJECTION,
    START,
    T0,
    infusing,
    minutes,
    opened,
    ready,
    recovering,
)

ML = Decimal
DRAW = c.DrawDrug(ML("50"), ML("1"), "LOT7", EXPIRY, stock_ml=ML("5"))


def drawn_and_running(volume="50"):
    walk = ready()
    walk.do(replace(DRAW, volume_ml=ML(volume), stock_ml=ML(volume) / 10), at=8)
    walk.do(replace(START, lot="", expiry=None), at=10)
    return walk


def whole(walk, at):
    account = walk.state.whole_account_at(T0 + minutes(at))
    assert account.drawn_ml == account.given_ml + account.wasted_ml + account.left_ml
    assert account.left_ml >= 0
    return account


@pytest.mark.hazard("H40")
def test_given_wasted_and_left_make_what_was_drawn():
    walk = drawn_and_running()
    assert whole(walk, 20).given_ml == ML("8.78")
    walk.do(c.StopInfusion("completed"), at=50)
    assert whole(walk, 60).left_ml == ML("14.85")
    walk.do(c.WasteDrug("1", ML("14.85"), BEN, "rest"), at=61)
    after = whole(walk, 62)
    assert (after.left_ml, after.mg(after.wasted_ml)) == (ML("0"), ML("14.85"))


def test_a_start_without_a_charted_draw_says_what_hangs_on_the_pump():
    walk = infusing()
    (syringe,) = walk.state.syringes.values()
    assert (syringe.drawn_ml, syringe.lot, syringe.stock_ml) == (ML("35.15"), "LOT7", None)
    assert whole(walk, 60).left_ml == 0


def test_the_pump_gives_no_more_than_the_syringe_held():
    walk = infusing()
    assert walk.state.given_ml_at(T0 + minutes(300)) == ML("35.15")


def test_the_vial_and_the_syringe_must_hold_the_same_drug():
    walk = ready()
    wrong = replace(DRAW, stock_ml=ML("3.5"))
    assert walk.refused(wrong).code == "draw.dilution"
    other = replace(DRAW, concentration_mg_per_ml=ML("2"))
    assert walk.refused(other).code == "draw.other_concentration"
    expired = replace(DRAW, expiry=date(2026, 3, 1))
    assert walk.refused(expired).code == "vial.expired"
    assert walk.refused(replace(DRAW, volume_ml=ML("5.001"))).code == "volume.unreadable"


@pytest.mark.hazard("H10")
def test_the_label_read_at_the_start_is_the_one_that_was_drawn():
    walk = ready()
    walk.do(DRAW)
    assert walk.refused(replace(START, lot="OTHER"), at=10).code == "syringe.other_lot"


@pytest.mark.hazard("H9")
def test_a_bolus_needs_a_prescriber_and_counts():
    walk = drawn_and_running()
    bolus = c.GiveBolus(ML("5"), "slow onset")
    assert walk.refused(bolus, at=12).code == "bolus.not_ordered"
    walk.do(c.ExtendOrder("agreed with the patient", bolus_ml=ML("5")), actor=ADAMS, at=12)
    walk.do(bolus, at=12)
    assert walk.refused(bolus, at=13).code == "bolus.not_ordered"
    assert whole(walk, 22).given_ml == ML("10.54") + 5
    # The whole order is 35.15 mL, so the pump ends 5 mL sooner.
    assert walk.state.expected_end_at - T0 < minutes(45)
    walk.do(c.StopInfusion("completed"), at=46)
    assert walk.state.given_ml == ML("35.15")
    assert whole(walk, 50).left_ml == ML("14.85")


def test_a_bolus_charted_late_adds_to_what_was_given():
    walk = drawn_and_running()
    walk.do(c.ExtendOrder("x", bolus_ml=ML("2"), volume_ml=ML("38")), actor=ADAMS, at=12)
    walk.do(c.StopInfusion("patient asked"), at=30)
    before = walk.state.given_ml
    walk.do(c.GiveBolus(ML("2"), "forgot to chart"), at=20)
    assert walk.state.given_ml == before + 2
    assert walk.refused(c.GiveBolus(ML("1"), "x"), at=31).code == "bolus.not_running"
    assert whole(walk, 60)


def test_a_bolus_the_stop_rested_on_stays():
    walk = drawn_and_running()
    walk.do(c.ExtendOrder("x", bolus_ml=ML("2")), actor=ADAMS, at=12)
    walk.do(c.GiveBolus(ML("2"), "x"), at=13)
    seq = walk.state.seq
    walk.do(c.StopInfusion("patient asked"), at=30)
    taken_back = c.WithdrawEntry(seq, "mistyped")
    assert walk.refused(taken_back, at=31).code == "entry.stop_rests_on_it"


@pytest.mark.hazard("H9", "H12")
def test_a_prescriber_is_held_by_the_clinic_s_limits_and_by_slips():
    walk = infusing()
    too_fast = c.ExtendOrder("faster", rate_ml_per_h=ML("70.1"))
    assert walk.refused(too_fast, actor=ADAMS, at=12).code == "order.above_hard_limit"
    slip = c.ExtendOrder("more", volume_ml=ML("351.5"))
    assert walk.refused(slip, actor=ADAMS, at=12).code == "slip.ten_times"
    assert walk.refused(c.ExtendOrder("x"), actor=ADAMS, at=12).code == "order.nothing"


def test_a_second_syringe_goes_on_where_the_first_was_empty():
    walk = drawn_and_running("20")
    walk.do(replace(DRAW, volume_ml=ML("20"), stock_ml=ML("2"), lot="LOT8"), at=25)
    assert walk.refused(c.ChangeSyringe("1"), at=30).code == "syringe.unknown"
    walk.do(c.ChangeSyringe("2", left_ml=ML("0.5")), at=32)
    assert whole(walk, 32).given_ml == ML("19.5")
    assert walk.state.rate_ml_per_h == ML("52.7")
    assert walk.refused(c.WasteDrug("2", ML("1"), BEN, "x"), at=33).code == "waste.in_use"
    walk.do(c.WasteDrug("1", ML("0.5"), BEN, "rest in the syringe"), at=33)
    walk.do(c.StopInfusion("completed"), at=51)
    assert walk.state.given_ml == ML("35.15")
    assert whole(walk, 60).left_ml == ML("4.35")
    assert [s.syringe_id for s in walk.state.pump_log] == ["1", "2"]


def test_a_syringe_changed_in_a_pause_is_resumed_from():
    walk = drawn_and_running()
    walk.do(c.PauseInfusion("occlusion"), at=20)
    walk.do(DRAW, at=21)
    walk.do(c.ChangeSyringe("2"), at=22)
    assert walk.state.rate_ml_per_h is None
    walk.do(c.ResumeInfusion(ML("52.7")), at=23)
    walk.do(c.StopInfusion("patient asked", pump_volume_ml=ML("12.1")), at=30)
    assert walk.state.given_ml == ML("12.1")
    assert walk.state.account_at("1", T0 + minutes(60)).given_ml == ML("8.78")


def test_the_whole_pump_volume_cannot_be_less_than_before():
    walk = drawn_and_running()
    walk.do(DRAW, at=21)
    walk.do(c.ChangeSyringe("2"), at=22)
    less = c.StopInfusion("x", pump_volume_ml=ML("4"))
    assert walk.refused(less, at=30).code == "volume.less_than_before"


@pytest.mark.hazard("H40")
def test_waste_needs_a_second_person_and_no_more_than_is_left():
    walk = drawn_and_running()
    walk.do(c.StopInfusion("completed"), at=50)
    for witness in (BEA, CORA):
        waste = c.WasteDrug("1", ML("1"), witness, "rest")
        assert walk.refused(waste, at=51).code == "witness.same_person"
    too_much = c.WasteDrug("1", ML("14.86"), BEN, "rest")
    assert walk.refused(too_much, at=51).code == "syringe.not_enough"
    walk.do(c.WasteDrug("1", ML("10"), BEN, "rest"), at=51)
    again = c.WasteDrug("1", ML("4.86"), BEN, "rest")
    assert walk.refused(again, at=52).code == "syringe.not_enough"


def test_nothing_is_drawn_when_the_dose_has_ended():
    assert recovering().refused(DRAW).code == "draw.too_late"


def test_a_stop_before_anything_ran_still_lets_the_patient_recover():
    walk = infusing()
    walk.do(c.StopInfusion("line came out", pump_volume_ml=ML("0")), at=11)
    assert walk.state.given_mg == 0
    assert walk.state.infusion_ended_at == T0 + minutes(11)


def test_an_injection_ends_the_dose_and_starts_the_recovery():
    walk = ready(INJECTION)
    assert walk.refused(START).code == "infusion.other_route"
    wrong = c.GiveInjection(ML("7.0"), "left deltoid", lot="L1", expiry=EXPIRY)
    assert walk.refused(wrong, at=9).code == "injection.beyond_order"
    unnamed = c.GiveInjection(ML("0.70"), "left deltoid")
    assert walk.refused(unnamed, at=9).code == "lot.empty"
    walk.do(replace(wrong, volume_ml=ML("0.70")), at=10)
    assert walk.state.stage is Stage.RECOVERY
    assert walk.state.given_mg == ML("35")
    assert walk.state.infusion_ended_at == T0 + minutes(10)
    assert whole(walk, 20).left_ml == 0
    again = c.GiveInjection(ML("0.10"), "right deltoid")
    assert walk.refused(again, at=11).code == "dose.ended"


def test_an_injection_in_two_sites_is_one_dose():
    walk = ready(INJECTION)
    walk.do(c.DrawDrug(ML("1"), ML("50"), "L1", EXPIRY), at=8)
    walk.do(c.GiveInjection(ML("0.40"), "left deltoid"), at=10)
    assert walk.state.stage is Stage.DOSING
    assert walk.refused(c.Discharge("home"), at=11).code == "discharge.infusion_running"
    walk.do(c.EndDosing("patient asked"), at=12)
    assert (walk.state.given_mg, walk.state.stop_reason) == (ML("20"), "patient asked")
    assert whole(walk, 20).left_ml == ML("0.60")


@pytest.mark.hazard("H9")
def test_an_injection_waits_for_the_same_gate_as_an_infusion():
    walk = opened(INJECTION)
    refusal = walk.refused(c.GiveInjection(ML("0.70"), "left deltoid", lot="L", expiry=EXPIRY))
    assert refusal.code == "start.missing"


def test_devices_are_given_one_by_one_with_the_labelled_wait():
    walk = ready(DEVICES)
    walk.do(c.GiveDevice(lot="L1", expiry=EXPIRY), at=10)
    assert walk.state.given_mg_at(T0 + minutes(11)) == ML("28")
    assert walk.refused(c.GiveDevice(), at=14).code == "device.too_soon"
    walk.do(c.GiveDevice(), at=15)
    assert walk.state.stage is Stage.RECOVERY
    assert walk.state.given_mg == ML("56")
    assert walk.state.infusion_ended_at == T0 + minutes(15)
    assert walk.refused(c.GiveDevice(), at=21).code == "dose.ended"


def test_devices_that_failed_are_wasted_before_a_witness():
    walk = ready(DEVICES)
    walk.do(c.TakeDevices(3, "L1", EXPIRY), at=8)
    walk.do(c.GiveDevice(), at=10)
    alone = c.WasteDevices("1", 1, BEA, "did not spray")
    assert walk.refused(alone, at=11).code == "witness.same_person"
    walk.do(c.WasteDevices("1", 1, BEN, "did not spray"), at=11)
    (taken,) = walk.state.devices.values()
    assert (taken.taken, taken.given, taken.wasted, taken.left) == (3, 1, 1, 1)
    too_many = c.WasteDevices("1", 2, BEN, "x")
    assert walk.refused(too_many, at=12).code == "device.not_enough"


@pytest.mark.hazard("H9")
def test_a_newer_weight_holds_the_start_until_somebody_answers_for_it():
    walk = ready()
    walk.do(c.NoteWeight(ML("64.1"), date(2026, 3, 2)), at=6)
    refusal = walk.refused(START, at=10)
    assert "64.1" in refusal.because
    walk.do(c.OverrideCheck("weight", "scale of the ward is not calibrated"), actor=ADAMS, at=9)
    walk.do(c.NoteWeight(ML("60"), date(2026, 3, 2)), at=9)
    assert walk.refused(START, at=10).field == "weight"


def test_a_weight_within_what_the_clinic_lets_pass_holds_nothing():
    walk = ready()
    walk.do(c.NoteWeight(walk.state.plan.weight_kg, date(2026, 3, 2)), at=6)
    walk.do(START, at=10)
