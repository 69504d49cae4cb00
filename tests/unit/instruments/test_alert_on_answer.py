"""What one answer sets in motion, before the form is finished."""

from leeward.core.instruments import (
    DECLINED,
    Alert,
    Workflow,
    alerts_in,
    alerts_on_answer,
    score,
)
from tests.unit.instruments.scales import at_least, four_questions, item, scale


def test_fires_on_the_answer_alone():
    (alert,) = alerts_on_answer(four_questions(), "q4", 1)
    assert (alert.code, alert.workflow) == ("q4_positive", Workflow.SUICIDE_RISK)


def test_is_silent_on_zero_on_other_questions_and_on_nothing():
    instrument = four_questions()
    for link_id, value in (("q4", 0), ("q3", 3), ("q4", None), ("q4", DECLINED)):
        assert alerts_on_answer(instrument, link_id, value) == ()


def test_declining_fires_where_the_scale_says_so():
    refusal = Alert("r", ("q1",), at_least(1), Workflow.SUICIDE_RISK, "act", declined=True)
    assert alerts_on_answer(scale([item("q1")], alerts=[refusal]), "q1", DECLINED) == (refusal,)


def test_what_is_not_new_does_not_fire_again():
    new = Alert("n", ("q1",), at_least(2), Workflow.DECISION, "act", only_if_new=True)
    instrument = scale([item("q1")], alerts=[new])
    assert alerts_on_answer(instrument, "q1", 2, previous=1) == (new,)
    assert alerts_on_answer(instrument, "q1", 2) == (new,)
    assert alerts_on_answer(instrument, "q1", 3, previous=2) == ()


def test_a_fired_alert_is_in_the_score_even_without_a_total():
    instrument = four_questions(prorating=None)
    answers = {"q4": 2}
    assert [alert.code for alert in alerts_in(instrument, answers)] == ["q4_positive"]
    result = score(instrument, answers)
    assert result.total is None
    assert "alert:q4_positive" in result.flags
