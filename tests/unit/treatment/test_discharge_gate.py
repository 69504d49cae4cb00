"""From recovery to discharge, departure, note and addendum."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.treatment import Stage, missing_for_discharge
from leeward.core.treatment import commands as c
from leeward.core.treatment.events import Departed, DeviceUnbound, ScoredItem

from .walk import (
    ADAMS,
    BEN,
    ENGINE,
    T0,
    checked,
    departed,
    discharged,
    infusing,
    minutes,
    recovered,
    recovering,
    score,
)

GO = c.Discharge("home with escort")


def items(walk, at):
    return [m.item for m in missing_for_discharge(walk.state, T0 + minutes(at))]


@pytest.mark.hazard("H24")
def test_names_everything_that_is_missing():
    walk = recovering()
    assert items(walk, 60) == [
        "min_observation",
        "score.recovery_score",
        "gait_steady",
        "escort",
        "instructions",
    ]
    refusal = walk.refused(GO, at=60)
    assert refusal.code == "discharge.missing"
    assert "Walks steadily without help" in refusal.because
    assert "51 min are left" in refusal.because


@pytest.mark.hazard("H24")
def test_discharges_when_nothing_is_missing():
    walk = recovered()
    assert items(walk, 111) == []
    walk.do(GO, at=111)
    assert walk.state.stage is Stage.DISCHARGED
    assert walk.refused(GO, at=112).code == "session.discharged"


@pytest.mark.hazard("H24")
def test_the_minimum_counts_from_the_end_of_the_drug_not_from_the_button():
    walk = recovering()
    assert walk.state.infusion_ended_at < walk.state.stopped.at
    assert "min_observation" in items(walk, 110)
    assert "min_observation" not in items(walk, 110.1)


@pytest.mark.hazard("H24")
def test_scores_and_confirmations_must_be_fresh():
    walk = recovered()
    assert items(walk, 122.9) == []
    assert items(walk, 123) == ["score.recovery_score"]
    assert items(walk, 124) == ["score.recovery_score", "gait_steady"]
    walk.do(score(), at=125)
    assert items(walk, 125) == ["gait_steady"]


@pytest.mark.hazard("H24")
def test_a_discharge_dated_before_what_it_rests_on_is_refused():
    walk = recovered()
    walk.do(score(), at=113)
    walk.do(c.ConfirmCriterion("gait_steady"), at=113)
    assert items(walk, 112) == ["score.recovery_score", "gait_steady"]
    assert walk.refused(GO, at=112).code == "discharge.missing"
    assert items(walk, 113) == []


@pytest.mark.hazard("H24")
def test_a_low_score_holds_the_discharge():
    walk = recovered()
    walk.do(score(points=1), at=111)
    assert items(walk, 111) == ["score.recovery_score"]
    just_enough = (ScoredItem("activity", 2), ScoredItem("breathing", 1))
    walk.do(replace(score(), items=just_enough), at=112)
    assert items(walk, 112) == []


@pytest.mark.hazard("H24")
def test_a_score_needs_each_item_once_within_its_points():
    walk = recovering()
    two = (ScoredItem("activity", 2), ScoredItem("breathing", 2))
    assert walk.refused(replace(score(), items=two[:1]), at=100).field == "breathing"
    assert walk.refused(replace(score(), items=two + two), at=100).code == "score.items"
    high = (ScoredItem("activity", 20), ScoredItem("breathing", 2))
    assert walk.refused(replace(score(), items=high), at=100).code == "score.out_of_range"
    assert walk.refused(replace(score(), version="2"), at=100).code == "score.unknown"
    assert walk.refused(replace(score(), instrument="mood"), at=100).code == "score.unknown"


def test_one_item_can_be_overridden_by_name_and_reason():
    walk = recovered()
    walk.do(c.StartEffect("nausea", "mild"), at=111)
    assert items(walk, 111) == ["effect.nausea"]
    assert walk.refused(c.OverrideDischarge("effect.nausea", ""), at=111).code == "reason.empty"
    walk.do(c.OverrideDischarge("effect.nausea", "mild, seen by Adams"), actor=ADAMS, at=111)
    assert items(walk, 111) == []
    walk.do(c.ChangeEffect("nausea", "severe"), at=112)
    assert items(walk, 112) == ["effect.nausea"]
    not_missing = c.OverrideDischarge("escort", "alone today")
    assert walk.refused(not_missing, at=112).code == "discharge.not_missing"


@pytest.mark.hazard("H24")
def test_instructions_must_be_said_back():
    walk = recovered()
    walk.do(c.GiveInstructions("es", "1", teach_back=False), at=111)
    assert items(walk, 111) == ["instructions"]


@pytest.mark.hazard("H24")
def test_an_unanswered_high_alarm_holds_the_discharge_even_after_it_ended():
    walk = recovered()
    alarm = c.RaiseAlarm("a1", "spo2_low", "spo2", "high", Decimal("88"), Decimal("85"), "%")
    walk.do(alarm, actor=ENGINE, at=111)
    walk.do(c.EndAlarm("a1"), actor=ENGINE, at=111)
    assert items(walk, 111) == ["alarm.a1"]
    walk.do(c.AcknowledgeAlarm("a1"), at=111)
    assert items(walk, 111) == []


def test_recovery_belongs_after_the_infusion():
    walk = infusing()
    for command in (score(), c.ConfirmCriterion("gait_steady")):
        assert walk.refused(command, at=20).code == "recovery.not_begun"
    assert walk.refused(GO, at=20).code == "discharge.infusion_running"
    after = recovering()
    assert after.refused(score(), at=20).code == "recovery.too_early"
    assert after.refused(c.ConfirmCriterion("mood"), at=60).code == "criterion.unknown"


def test_a_patient_who_got_no_drug_may_leave():
    walk = checked()
    walk.do(c.Discharge("home, pressure too high today"), at=10)
    assert walk.state.stage is Stage.DISCHARGED
    assert walk.refused(c.IdentifyPatient(("a", "b")), at=11).code == "session.ended"
    walk.do(c.Depart(), at=12)


@pytest.mark.hazard("H26")
def test_departure_needs_the_discharge_and_unbinds_the_devices():
    walk = recovered()
    assert walk.refused(c.Depart(), at=111).code == "departure.not_discharged"
    walk.do(c.BindDevice("b1", "monitor-3", "replay", "Monitor 3"), at=111)
    walk.do(GO, at=112)
    assert walk.refused(c.Depart(), at=111.5).code == "departure.out_of_order"
    assert walk.ask(c.Depart(), at=113) == (DeviceUnbound("b1"), Departed())
    walk.do(c.Depart(), at=113)
    assert walk.state.open_bindings == ()
    assert walk.refused(c.Depart(), at=114).code == "session.departed"


def test_the_note_is_signed_after_departure_and_added_to_afterwards():
    sign = c.SignNote("digest", "author", "key", "signature")
    assert discharged().refused(sign, at=113).code == "note.session_open"
    walk = departed()
    assert walk.refused(c.WriteAddendum("late lab"), at=116).code == "addendum.not_signed"
    assert walk.refused(replace(sign, digest=""), at=116).code == "digest.empty"
    walk.do(sign, at=116)
    assert walk.refused(sign, at=117).code == "note.already_signed"
    changed = replace(sign, digest="other")
    assert walk.refused(changed, actor=BEN, at=117).code == "note.changed"
    walk.do(replace(sign, meaning="reviewed"), actor=BEN, at=117)
    walk.do(c.WriteAddendum("called in the evening: well"), at=118)
    assert [s.meaning for s in walk.state.signatures] == ["author", "reviewed"]
    assert walk.state.addenda[0].text.startswith("called")
    assert walk.refused(c.WriteAddendum("  "), at=119).code == "text.empty"
