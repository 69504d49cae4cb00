"""What holds for every scale and every set of answers."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leeward.core.instruments import Method, Score, is_asked, score
from leeward.core.quantities import Refusal
from tests.content.instruments.library import shipped

SUMMED = sorted(
    name
    for name, each in shipped().items()
    if each.items and each.scoring.method not in (Method.TRIAGE, Method.PROFILE)
    and not any(item.reading for item in each.items)
)  # fmt: skip
ALL = sorted(name for name, each in shipped().items() if each.items)


@st.composite
def answered(draw, names, missing=False):
    """A scale and answers it accepts; a question that is not asked is left empty."""
    instrument = shipped()[draw(st.sampled_from(names))]
    answers = {}
    for item in instrument.items:
        if is_asked(item, answers) is False or (missing and draw(st.booleans())):
            continue
        if item.reading is None:
            answers[item.link_id] = draw(st.sampled_from([o.value for o in item.options]))
        else:
            reading = item.reading
            answers[item.link_id] = draw(
                st.decimals(reading.minimum, reading.maximum, places=reading.decimals)
            )
    return instrument, answers


@given(answered(ALL))
def test_every_complete_form_is_scored_within_the_range(case):
    instrument, answers = case
    result = score(instrument, answers)
    assert isinstance(result, Score)
    assert result.missing == ()
    rule = instrument.scoring
    if result.total is not None:
        assert rule.minimum <= result.total <= rule.maximum
        assert (result.band is None) == (rule.bands is None)
    assert score(instrument, dict(reversed(answers.items()))) == result


@given(answered(SUMMED), st.data())
def test_more_points_on_one_question_never_lower_the_total(case, data):
    instrument, answers = case
    item = instrument.item(data.draw(st.sampled_from(sorted(answers))))
    assume(item.scored)
    now = item.points(answers[item.link_id])
    more = [option.value for option in item.options if (option.score or 0) > now]
    assume(more)
    higher = score(instrument, answers | {item.link_id: data.draw(st.sampled_from(more))})
    # Closing or opening other questions may leave the form incomplete, never lower it.
    assume(not isinstance(higher, Refusal) and higher.total is not None)
    assert higher.total >= score(instrument, answers).total


@given(answered(["phq-9", "gad-7"], missing=True))
def test_filling_in_stays_between_the_lowest_and_the_highest_completion(case):
    instrument, answers = case
    result = score(instrument, answers)
    gaps = result.missing
    low, high = (score(instrument, answers | dict.fromkeys(gaps, end)).total for end in (0, 3))
    allowed = len(gaps) <= 2 and not set(gaps) & set(instrument.scoring.prorating.never)
    assert (result.total is not None) == allowed
    assert result.prorated == (allowed and bool(gaps))
    if result.total is not None:
        assert low <= result.total <= high
        scored = [item.link_id for item in instrument.scored_items]
        given_points = sum(answers.get(link, 0) for link in scored)
        exact = Fraction(given_points * len(scored), len(scored) - len(gaps))
        assert abs(result.total - exact) <= Fraction(1, 2)


@given(answered(ALL, missing=True))
def test_answers_in_part_are_never_refused_and_never_invent_a_total(case):
    instrument, answers = case
    result = score(instrument, answers)
    assert isinstance(result, Score)
    if result.missing and not result.prorated:
        assert result.total is None
        assert "incomplete" in result.flags


@pytest.mark.parametrize("name", SUMMED)
def test_the_ends_of_the_range_are_reached(name):
    instrument = shipped()[name]
    if instrument.scoring.method is Method.DOMAIN_MAXIMUM or any(
        item.asked_if for item in instrument.items
    ):
        return
    for pick, end in ((min, instrument.scoring.minimum), (max, instrument.scoring.maximum)):
        answers = {
            item.link_id: pick(item.options, key=lambda option: option.score or 0).value
            for item in instrument.items
        }
        assert score(instrument, answers).total == end
