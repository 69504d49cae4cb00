"""Totals, missing answers, branching, and answers nobody can use."""

from decimal import Decimal

import pytest

from leeward.core.instruments import (
    DECLINED,
    AskedIf,
    CutOff,
    Item,
    Method,
    Option,
    Reading,
    Step,
    next_item,
    score,
    score_total,
)
from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Grade
from tests.unit.instruments.scales import at_least, four_questions, gated, item, scale


def given(*values):
    return {f"q{n}": value for n, value in enumerate(values, start=1)}


def test_adds_the_points_and_names_the_band():
    result = score(four_questions(), given(1, 2, 3, 0))
    assert (result.total, result.band.label, result.missing) == (6, "middle", ())
    assert result.flags == ("positive",)
    assert result.version == "1"


def test_one_missing_answer_is_filled_in_by_proportion_and_flagged():
    result = score(four_questions(), given(2, 2, None, 1))
    # 5 points in 3 answers, times 4, is 6.67.
    assert (result.total, result.prorated, result.missing) == (7, True, ("q3",))
    assert "prorated" in result.flags


def test_a_proportion_that_ends_in_a_half_is_rounded_up():
    six = scale([item(f"q{n}") for n in range(1, 7)], prorating=four_questions().scoring.prorating)
    result = score(six, given(1, 0, 2, 0, None, None))
    # 3 points in 4 answers, times 6, is 4.5; rounding to even would say 4.
    assert result.total == 5


def test_three_missing_answers_give_no_total():
    result = score(four_questions(), given(None, None, None, 3))
    assert result.total is None
    assert result.band is None
    assert "incomplete" in result.flags


def test_a_question_that_is_never_filled_in_leaves_no_total():
    result = score(four_questions(), given(3, 3, 3, None))
    assert (result.total, result.prorated) == (None, False)


def test_without_a_rule_for_missing_answers_one_is_too_many():
    assert score(four_questions(prorating=None), given(1, 1, 1, None)).total is None


def test_a_filled_in_total_carries_the_grade_of_that_rule():
    whole, filled = (score(four_questions(), given(1, 1, last, 1)) for last in (1, None))
    assert (whole.grade, filled.grade) == (Grade.READ, Grade.KNOWN)
    assert "unverified" in filled.flags
    assert "unverified" not in whole.flags


def test_declined_is_not_the_same_as_missing_in_the_record():
    result = score(four_questions(), given(1, 1, DECLINED, 1))
    assert result.missing == ("q3",)
    assert "declined:q3" in result.flags


@pytest.mark.parametrize("wrong", [4, -1, True, 1.0, "1", Decimal("1.5"), Decimal("NaN")])
def test_one_answer_out_of_range_refuses_the_administration(wrong):
    refused = score(four_questions(), given(1, wrong, 1, 1))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("instrument.out_of_range", "q2")


def test_an_unknown_question_is_refused():
    refused = score(four_questions(), {"q9": 1})
    assert refused.code == "instrument.unknown_item"


def test_a_question_that_is_rightly_skipped_scores_nothing_and_is_not_missing():
    result = score(gated(), given(0, None))
    assert (result.total, result.missing) == (0, ())


def test_a_skipped_question_that_scores_is_a_contradiction():
    assert score(gated(), given(0, 2)).code == "instrument.contradiction"
    assert score(gated(), given(0, 0)).total == 0


def test_an_open_question_that_is_not_answered_is_missing():
    assert score(gated(), given(2, None)).missing == ("q2",)


def test_as_long_as_the_branch_is_open_its_questions_are_missing():
    assert score(gated(), {}).missing == ("q1", "q2")
    assert score(gated(), given(None, 0)).missing == ("q1",)


def test_an_unanswered_gate_is_flagged_and_what_was_answered_counts():
    gate = Item("gate", False, (Option(1, None), Option(0, None)))
    behind = item("q1", asked_if=AskedIf(("gate",), (1,)))
    instrument = scale([gate, behind])
    result = score(instrument, {"q1": 2})
    assert (result.total, result.flags) == (2, ("gate_unanswered:gate",))
    assert score(instrument, {}).missing == ("q1",)
    assert score(instrument, {"gate": 0}).total == 0
    assert score(instrument, {"gate": 0}).flags == ()


def test_next_question_follows_the_branch():
    instrument = gated()
    assert next_item(instrument, {}).link_id == "q1"
    assert next_item(instrument, given(1)).link_id == "q2"
    assert next_item(instrument, given(0)) is None


def test_a_turned_question_scores_the_other_way_round():
    turned = Item("q1", True, tuple(Option(value, 4 - value) for value in range(5)))
    assert score(scale([turned]), given(4)).total == 0


def test_an_answer_without_points_is_kept_out_of_the_total():
    aside = Item("aside", False, (Option(0, None), Option(1, None)))
    result = score(scale([item("q1"), aside]), {"q1": 2, "aside": 1})
    assert (result.total, result.missing) == (2, ())


def test_a_choice_that_does_not_apply_scores_and_is_visible():
    bleeding = Item("q1", True, (Option(0, 0), Option(2, 2), Option(9, 2, None, True)))
    result = score(scale([bleeding]), given(9))
    assert (result.total, result.flags) == (2, ("not_applicable:q1",))


def test_a_mean_is_not_rounded():
    mean = scale([item(f"q{n}", 10) for n in (1, 2, 3)], method=Method.MEAN, maximum=10)
    assert score(mean, given(7, 6, 7)).total == pytest.approx(20 / 3, rel=1e-15)


def test_the_highest_of_a_domain_counts_and_not_its_sum():
    domains = (("q1", "q2"), ("q3",))
    questions = [item(f"q{n}") for n in (1, 2, 3)]
    rule = {"method": Method.DOMAIN_MAXIMUM, "domains": domains, "maximum": 6}
    assert score(scale(questions, **rule), given(1, 3, 2)).total == 5


def test_a_reading_scores_by_its_step_and_keeps_to_its_decimals():
    steps = (
        Step(None, Decimal("35.0"), 3),
        Step(Decimal("35.1"), Decimal("38.0"), 0),
        Step(Decimal("38.1"), None, 1),
    )
    reading = Reading("Cel", 1, Decimal(20), Decimal(45), steps)
    instrument = scale([Item("q1", True, reading=reading)])
    totals = [score(instrument, given(Decimal(t))).total for t in ("35.0", "35.1", "38", "38.1")]
    assert totals == [3, 0, 0, 1]
    assert score(instrument, given(Decimal("35.05"))).code == "instrument.out_of_range"


def test_a_cut_off_by_sex_says_when_the_sex_decides():
    lines = (
        CutOff("positive", "look", at_least(8), "male"),
        CutOff("positive", "look", at_least(6), "female"),
    )
    instrument = four_questions(cut_offs=lines)
    seven = given(3, 3, 1, 0)
    assert score(instrument, seven, sex="female").flags == ("positive",)
    assert score(instrument, seven, sex="male").flags == ()
    for unsure in (None, "other", "unknown"):
        assert score(instrument, seven, sex=unsure).flags == ("positive_depends_on_sex",)
    assert score(instrument, given(3, 3, 3, 0)).flags == ("positive",)


def test_a_total_from_elsewhere_gets_its_band_and_says_where_it_comes_from():
    result = score_total(four_questions(), 8)
    assert (result.total, result.band.label) == (8, "high")
    assert "total_entered" in result.flags


@pytest.mark.parametrize("wrong", [13, -1, Decimal("7.5"), Decimal("Infinity")])
def test_a_total_that_cannot_be_is_refused(wrong):
    assert score_total(four_questions(), wrong).code == "instrument.out_of_range"


def test_a_total_that_may_have_decimals_must_still_be_a_number():
    mean = scale([item("q1", 10)], whole_totals=False)
    assert score_total(mean, Decimal("6.5")).total == 6.5
    assert score_total(mean, Decimal("NaN")).code == "instrument.out_of_range"


def test_a_profile_has_no_total_to_enter():
    profile = scale([item("q1")], method=Method.PROFILE, minimum=None, maximum=None)
    assert score(profile, given(2)).total is None
    assert score_total(profile, 2).code == "instrument.no_total"
