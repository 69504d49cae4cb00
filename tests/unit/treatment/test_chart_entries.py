"""Vital signs, observations, effects, and entries taken back."""

from decimal import Decimal

import pytest

from leeward.core.treatment import Stage, missing_for_start
from leeward.core.treatment import commands as c

from .walk import (
    BASELINE,
    BEN,
    T0,
    checked,
    departed,
    discharged,
    infusing,
    minutes,
    recovered,
    recovering,
)


def test_the_context_of_vital_signs_follows_from_their_time():
    walk = recovering()
    for at in (3.5, 20, 60):
        walk.do(c.RecordVitals(hr_per_min=Decimal("80")), at=at)
    assert [v.context for v in walk.state.vitals] == [
        "baseline",
        "baseline",
        "session",
        "recovery",
    ]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "vitals.empty"),
        ({"hr_per_min": Decimal("0")}, "number.not_positive"),
        ({"spo2_pct": Decimal("0")}, "number.not_positive"),
        ({"spo2_pct": Decimal("NaN")}, "number.not_positive"),
        ({"spo2_pct": Decimal("989")}, "vitals.impossible"),
        ({"sbp_mmhg": Decimal("79"), "dbp_mmhg": Decimal("128")}, "vitals.swapped"),
    ],
)
@pytest.mark.hazard("H21")
def test_what_is_no_value_is_never_charted_as_one(values, code):
    assert infusing().refused(c.RecordVitals(**values), at=12).code == code


def test_the_latest_value_is_the_latest_taken_not_the_latest_typed():
    walk = infusing()
    walk.do(c.RecordVitals(sbp_mmhg=Decimal("140")), at=20)
    walk.do(c.RecordVitals(sbp_mmhg=Decimal("135")), at=15)
    value, entry = walk.state.latest_vital("sbp_mmhg")
    assert (value, entry.said.at) == (Decimal("140"), T0 + minutes(20))
    assert entry.said.recorded_at == T0 + minutes(20)
    assert walk.state.latest_vital("temp_cel") is None


def test_observations_stay_on_their_scale():
    walk = infusing()
    walk.do(c.Observe("moaas", 4), at=20)
    assert walk.state.latest_observation("moaas").value == 4
    assert walk.refused(c.Observe("moaas", 6)).code == "scale.out_of_range"
    assert walk.refused(c.Observe("dissociation", -1)).code == "scale.out_of_range"
    assert walk.refused(c.Observe("mood", 1)).code == "scale.unknown"


def test_an_effect_has_a_course():
    walk = infusing()
    walk.do(c.StartEffect("nausea", "mild"), at=20)
    assert walk.refused(c.StartEffect("nausea", "mild")).code == "effect.already_open"
    assert walk.refused(c.ChangeEffect("nausea", "mild")).code == "effect.unchanged"
    assert walk.refused(c.ChangeEffect("nausea", "awful")).code == "effect.grade"
    walk.do(c.ChangeEffect("nausea", "severe"), at=22)
    assert walk.refused(c.EndEffect("nausea"), at=21).code == "effect.out_of_order"
    walk.do(c.EndEffect("nausea"), at=30)
    (course,) = walk.state.effects
    assert [grade for _, grade in course.grades] == ["mild", "severe"]
    assert course.ended.at == T0 + minutes(30)
    assert walk.refused(c.EndEffect("nausea")).code == "effect.not_open"
    assert walk.refused(c.ChangeEffect("nausea", "mild")).code == "effect.not_open"


def test_a_withdrawn_entry_stays_in_the_log_and_counts_no_more():
    walk = infusing()
    walk.do(c.RecordVitals(sbp_mmhg=Decimal("210")), at=20)
    seq = walk.state.seq
    walk.do(c.WithdrawEntry(seq, "other patient's cuff"), actor=BEN, at=21)
    assert walk.state.latest_vital("sbp_mmhg")[0] == Decimal("128")
    assert walk.state.log[seq - 1].event.sbp_mmhg == Decimal("210")
    assert walk.state.withdrawn[seq].said.by == BEN
    again = walk.refused(c.WithdrawEntry(seq, "again"))
    assert (again.code, "Ben" in again.because) == ("entry.already_withdrawn", True)


def test_undo_of_an_effect_tap_leaves_nothing_of_it():
    walk = infusing()
    before = walk.state.effects
    walk.do(c.StartEffect("nausea", "mild"), at=20)
    walk.do(c.WithdrawEntry(walk.state.seq, "wrong button"), at=20)
    assert walk.state.effects == before


def test_an_effect_is_taken_back_from_its_end():
    walk = infusing()
    walk.do(c.StartEffect("nausea", "mild"), at=20)
    started = walk.state.seq
    walk.do(c.ChangeEffect("nausea", "severe"), at=22)
    assert walk.refused(c.WithdrawEntry(started, "x")).code == "entry.not_the_last"
    walk.do(c.WithdrawEntry(walk.state.seq, "x"), at=23)
    assert walk.state.open_effects[0].grade == "mild"
    walk.do(c.EndEffect("nausea"), at=24)
    ended = walk.state.seq
    walk.do(c.StartEffect("nausea", "mild"), at=25)
    assert walk.refused(c.WithdrawEntry(ended, "x")).code == "entry.not_the_last"


def test_what_the_start_rested_on_is_not_taken_back_after_it():
    walk = checked()
    baseline = walk.state.seq
    walk.do(c.WithdrawEntry(baseline, "cuff too small"), at=4)
    assert walk.state.stage is Stage.CHECKING
    assert any(
        m.item == "baseline.sbp_mmhg" for m in missing_for_start(walk.state, T0 + minutes(5))
    )
    running = infusing()
    assert running.refused(c.WithdrawEntry(5, "x"), at=11).code == "entry.start_rests_on_it"


@pytest.mark.hazard("H24")
def test_what_the_discharge_rested_on_is_not_taken_back_after_it():
    walk = discharged()
    for seq in range(1, walk.state.seq + 1):
        refusal = walk.refused(c.WithdrawEntry(seq, "x"), at=113)
        assert refusal.code in (
            "entry.start_rests_on_it",
            "entry.discharge_rests_on_it",
            "entry.not_withdrawable",
        )


def test_pump_entries_and_unknown_entries_are_not_taken_back():
    walk = infusing()
    assert walk.refused(c.WithdrawEntry(walk.state.seq, "x")).code == "entry.not_withdrawable"
    assert walk.refused(c.WithdrawEntry(99, "x")).code == "entry.unknown"
    assert walk.refused(c.WithdrawEntry(2, "")).code == "reason.empty"


@pytest.mark.hazard("H26")
def test_the_record_is_open_until_departure_and_late_entries_until_signing():
    walk = discharged()
    walk.do(c.StartEffect("vomiting", "moderate"), at=113)
    walk.do(BASELINE, at=113)
    walk.do(c.EndEffect("vomiting"), at=114)
    walk.do(c.Depart(), at=115)
    assert walk.refused(BASELINE, at=116).code == "session.departed"
    walk.now_min = 120
    walk.do(BASELINE, at=114)
    walk.do(c.SignNote("d", "author", "k", "s"), at=121)
    assert walk.refused(BASELINE, at=114).code == "note.signed"
    assert departed().state.stage is Stage.DEPARTED
    assert recovered().state.stage is Stage.RECOVERY
