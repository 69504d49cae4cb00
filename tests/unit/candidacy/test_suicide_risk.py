import pytest

from leeward.core.candidacy.suicide_risk import (
    Level,
    Screen,
    needs_screen,
    questions_to_ask,
    triage,
)
from leeward.core.quantities import OutOfDomain

NO = {"q1": False, "q2": False, "behaviour_ever": False}


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (NO, Level.NONE),
        ({**NO, "q1": True}, Level.LOW),
        ({**NO, "q2": True, "q3": False, "q4": False, "q5": False}, Level.LOW),
        ({**NO, "q2": True, "q3": True, "q4": False, "q5": False}, Level.MODERATE),
        ({**NO, "behaviour_ever": True, "behaviour_recent": False}, Level.MODERATE),
        ({**NO, "behaviour_ever": True, "behaviour_recent": True}, Level.HIGH),
        ({"q4": True}, Level.HIGH),
        ({"q5": True}, Level.HIGH),
        ({"behaviour_recent": True}, Level.HIGH),
        ({"q1": False, "q2": False}, Level.UNKNOWN),
        ({**NO, "q2": True, "q3": True}, Level.UNKNOWN),
        ({**NO, "behaviour_ever": True}, Level.UNKNOWN),
        ({}, Level.UNKNOWN),
    ],
)
def test_level_follows_single_answers_and_never_a_sum(answers, level):
    assert triage(Screen(**answers)).level is level


def test_high_risk_holds_the_session_even_before_the_screen_is_complete():
    result = triage(Screen(q4=True))
    assert result.hold_session
    assert result.missing
    assert any("alone" in action for action in result.actions)


def test_open_screen_says_what_the_answers_already_force():
    result = triage(Screen(q1=False, q2=True, q3=True, behaviour_ever=False))
    assert (result.level, result.at_least) == (Level.UNKNOWN, Level.MODERATE)
    assert result.missing == ("q4", "q5")


@pytest.mark.parametrize(
    ("answers", "open_questions"),
    [
        ({}, ("q1", "q2", "behaviour_ever")),
        ({"q1": True, "q2": False}, ("behaviour_ever",)),
        ({"q1": False, "q2": True}, ("q3", "q4", "q5", "behaviour_ever")),
        ({**NO, "behaviour_ever": True}, ("behaviour_recent",)),
        (NO, ()),
    ],
)
def test_skip_rule_asks_only_what_follows(answers, open_questions):
    assert questions_to_ask(Screen(**answers)) == open_questions


@pytest.mark.parametrize(("score", "expected"), [(None, None), (0, False), (1, True), (3, True)])
def test_item_nine_calls_for_the_screen_from_one_on(score, expected):
    assert needs_screen(score) is expected


def test_item_nine_out_of_range_is_refused():
    with pytest.raises(OutOfDomain):
        needs_screen(4)
