"""What holds the start of an infusion."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from leeward.core.treatment import Stage, missing_for_start
from leeward.core.treatment import commands as c

from .walk import (
    ADAMS,
    BASELINE,
    BEA,
    BEN,
    CORA,
    FIGURES,
    MONITORING,
    OPEN,
    PLAN,
    START,
    T0,
    Walk,
    checked,
    infusing,
    minutes,
    opened,
    ready,
)


def items(walk, at):
    return [m.item for m in missing_for_start(walk.state, T0 + minutes(at))]


def test_names_everything_that_is_missing():
    assert items(opened(), 1) == [
        "identity",
        "consent",
        "fasting",
        "baseline.sbp_mmhg",
        "baseline.dbp_mmhg",
        "baseline.spo2_pct",
        "time_out.first",
    ]
    refusal = opened().refused(START, at=1)
    assert refusal.code == "start.missing"
    assert "0 of 2 identifiers" in refusal.because
    assert "Is the consent in force?" in refusal.because


def test_starts_when_nothing_is_missing():
    walk = ready()
    assert walk.state.stage is Stage.READY
    walk.do(START, at=10)
    assert walk.state.stage is Stage.INFUSING
    assert walk.state.lot == "LOT7"


def test_stage_follows_the_preparation():
    walk = opened()
    assert walk.state.stage is Stage.OPENED
    walk.do(c.IdentifyPatient(("name", "birth_date")), at=1)
    assert walk.state.stage is Stage.CHECKING


@pytest.mark.hazard("H8")
def test_refuses_one_identifier_given_twice():
    refusal = opened().refused(c.IdentifyPatient(("name", "name ")), at=1)
    assert refusal.code == "identity.too_few"


@pytest.mark.hazard("H8")
def test_identity_can_not_be_overridden():
    refusal = opened().refused(c.OverrideCheck("identity", "she is known here"), at=1)
    assert refusal.code == "check.not_overridable"


def test_a_failing_answer_holds_the_start_until_overridden_by_name_and_reason():
    walk = checked()
    walk.do(c.AnswerCheck("fasting", "no", "toast at eight"), at=4)
    assert "fasting" in items(walk, 5)
    assert walk.refused(c.OverrideCheck("fasting", "  "), at=5).code == "reason.empty"
    walk.do(c.OverrideCheck("fasting", "agreed with the anaesthetist"), actor=ADAMS, at=5)
    assert "fasting" not in items(walk, 6)
    assert walk.state.start_overrides["fasting"].said.by == ADAMS


def test_a_new_answer_voids_an_older_override():
    walk = checked()
    walk.do(c.AnswerCheck("fasting", "no"), at=4)
    walk.do(c.OverrideCheck("fasting", "two hours ago"), at=5)
    walk.do(c.AnswerCheck("fasting", "no", "a full meal, ten minutes ago"), at=6)
    assert "fasting" in items(walk, 7)


def test_some_items_can_not_be_overridden():
    refusal = opened().refused(c.OverrideCheck("consent", "will sign later"), at=1)
    assert refusal.code == "check.not_overridable"


def test_there_is_nothing_to_override_where_nothing_is_missing():
    assert checked().refused(c.OverrideCheck("fasting", "why not"), at=5).code == (
        "check.not_missing"
    )


def test_baseline_outside_the_clinic_limit_holds_the_start():
    walk = checked()
    walk.do(replace(BASELINE, sbp_mmhg=Decimal("164")), at=6)
    (missing,) = [m for m in missing_for_start(walk.state, T0 + minutes(7)) if "limit" in m.item]
    assert missing.because == "The systolic pressure is 164 mmHg, above the clinic's 150 mmHg."
    walk.do(c.OverrideCheck(missing.item, "white coat, cardiologist agrees"), at=8)
    walk.do(replace(BASELINE, sbp_mmhg=Decimal("171")), at=9)
    assert "baseline.sbp_mmhg.limit" in items(walk, 9)


def test_an_old_baseline_holds_the_start():
    walk = ready()
    assert items(walk, 32.9) == []
    assert items(walk, 33) == ["baseline.sbp_mmhg", "baseline.dbp_mmhg", "baseline.spo2_pct"]


@pytest.mark.hazard("H9")
def test_the_second_person_is_another_person():
    walk = checked()
    walk.do(c.RecordTimeOutFirst(**FIGURES), at=4)
    assert walk.refused(c.RecordTimeOutSecond(**FIGURES), at=5).code == "time_out.same_person"


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("drug", "esketamine"),
        ("concentration_mg_per_ml", Decimal("10")),
        ("dose_mg", Decimal("3.515")),
        ("volume_ml", Decimal("351.5")),
        ("rate_ml_per_h", Decimal("5.27")),
        ("duration_min", Decimal("4")),
    ],
)
@pytest.mark.hazard("H9", "H10", "H12")
def test_two_persons_who_differ_in_any_figure_hold_the_start(figure, value):
    walk = checked()
    walk.do(c.RecordTimeOutFirst(**FIGURES), at=4)
    walk.do(c.RecordTimeOutSecond(**{**FIGURES, figure: value}), actor=BEN, at=5)
    assert items(walk, 6) == ["time_out.agreement"]
    override = c.OverrideCheck("time_out.agreement", "he miscounted")
    assert walk.refused(override, at=6).code == "check.not_overridable"
    walk.do(c.RecordTimeOutSecond(**FIGURES), actor=BEN, at=7)
    assert items(walk, 8) == []


@pytest.mark.hazard("H9", "H12")
def test_a_first_reading_unlike_the_order_holds_the_start_without_giving_the_answer_away():
    walk = checked()
    swapped = {**FIGURES, "dose_mg": Decimal("52.7"), "rate_ml_per_h": Decimal("35.15")}
    walk.do(c.RecordTimeOutFirst(**swapped), at=4)
    missing = missing_for_start(walk.state, T0 + minutes(5))[0]
    assert missing.item == "time_out.order"
    assert "dose, rate" in missing.because
    assert not any(ch.isdigit() for ch in missing.because)


def test_a_nurse_alone_goes_on_by_name_and_reason_and_a_new_first_reading_voids_it():
    walk = checked()
    walk.do(c.RecordTimeOutFirst(**FIGURES), at=4)
    walk.do(c.OverrideCheck("time_out.second", "no second person in the house"), at=5)
    assert items(walk, 6) == []
    walk.do(c.RecordTimeOutFirst(**FIGURES), at=7)
    assert items(walk, 8) == ["time_out.second"]


def test_the_second_can_not_come_first():
    assert checked().refused(c.RecordTimeOutSecond(**FIGURES), actor=BEN).code == (
        "time_out.no_first"
    )


@pytest.mark.hazard("H12")
def test_the_pump_is_started_as_ordered():
    walk = ready()
    other = replace(START, rate_ml_per_h=Decimal("35.2"))
    assert walk.refused(other, at=10).code == "start.other_rate_ml_per_h"
    strong = replace(START, concentration_mg_per_ml=Decimal("10"))
    assert walk.refused(strong, at=10).code == "start.other_concentration_mg_per_ml"


def test_an_expired_or_unnamed_vial_is_refused():
    walk = ready()
    expired = replace(START, expiry=date(2026, 3, 1))
    assert walk.refused(expired, at=10).code == "vial.expired"
    assert walk.refused(replace(START, lot=" "), at=10).code == "lot.empty"


@pytest.mark.hazard("H14")
def test_a_second_start_is_refused():
    assert infusing().refused(START, at=11).code == "infusion.already_started"


def test_what_was_checked_stands_after_the_start():
    walk = infusing()
    for command in (
        c.IdentifyPatient(("name", "birth_date")),
        c.AnswerCheck("fasting", "no"),
        c.RecordTimeOutFirst(**FIGURES),
        c.OverrideCheck("fasting", "late"),
    ):
        assert walk.refused(command, at=12).code == "infusion.already_started"


def test_only_staff_acts_by_name():
    assert ready().refused(START, actor=CORA, at=10).code == "actor.not_staff"


def test_nothing_happens_before_the_opening_or_twice():
    assert Walk().refused(BASELINE).code == "session.not_opened"
    assert opened().refused(OPEN).code == "session.already_open"


def test_a_plan_whose_figures_do_not_agree_opens_nothing():
    wrong = replace(OPEN, plan=replace(PLAN, rate_ml_per_h=Decimal("527")))
    assert Walk().refused(wrong).code == "arithmetic.rate_ml_per_h"


def test_times_in_the_future_or_before_the_opening_are_refused():
    walk = ready()
    assert walk.ask(BASELINE, at=60, now=20).code == "time.future"
    assert walk.ask(BASELINE, at=-1).code == "time.before_opening"
    assert walk.state.opened.by == BEA


@pytest.mark.hazard("H11")
@pytest.mark.parametrize(("oldest_d", "held"), [(None, False), (1, False), (0, True)])
def test_a_dose_reckoned_by_an_old_weight_holds_the_start(oldest_d, held):
    later = T0 + minutes(24 * 60)
    rules = replace(MONITORING, weight_max_age_d=None if oldest_d is None else Decimal(oldest_d))
    plan = replace(PLAN, weight_measured_on=T0.date())
    state = Walk().do(replace(OPEN, plan=plan, monitoring=rules), at=0)
    missing = {m.item: m for m in missing_for_start(state, later)}
    assert ("weight" in missing) is held
    if held:
        assert "70.3 kg, 1 d old" in missing["weight"].because
