"""Slips of the hand on plans that were right."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leeward import content
from leeward.core.protocols import Constraint, Side, check_plan
from leeward.core.quantities.doses import mg_for, mg_in, ml_for, ml_per_h_for
from leeward.core.quantities.formatting import read_amount, read_number, show
from tests.unit.protocols.plans import LIMITS, NO_LIMITS, PROTOCOL, circumstances, plan

ENTRIES = ("weight_kg", "dose_mg_per_kg", "duration_min", "concentration_mg_per_ml")
FIGURES = (*ENTRIES, "dose_mg", "volume_ml", "rate_ml_per_h")


def steps(low: str, high: str, step: str):
    one = Decimal(step)
    count = st.integers(int(Decimal(low) / one), int(Decimal(high) / one))
    return count.map(lambda n: n * one)


@st.composite
def right_plans(draw):
    """Plans within a fifth of the typical dose and duration that pass every check."""
    weight = draw(steps("40", "120", "0.1"))
    made = plan(
        weight_kg=str(weight),
        dose_mg_per_kg=str(draw(steps("0.4", "0.6", "0.01"))),
        duration_min=str(draw(steps("32", "48", "1"))),
        concentration_mg_per_ml=draw(st.sampled_from(["1", "2"])),
    )
    around = circumstances(last_weight_kg=weight)
    assume(not check_plan(made, PROTOCOL, LIMITS, around).hard)
    return made, around


@pytest.mark.hazard("H9")
@settings(max_examples=400)
@given(right_plans(), st.sampled_from(FIGURES), st.sampled_from(["10", "0.1"]))
def test_a_decimal_point_moved_in_one_figure_is_stopped(right, field, factor):
    made, around = right
    slipped = replace(made, **{field: getattr(made, field) * Decimal(factor)})
    assert check_plan(slipped, PROTOCOL, LIMITS, around).hard


@pytest.mark.hazard("H9")
@settings(max_examples=400)
@given(right_plans(), st.sampled_from(ENTRIES), st.sampled_from(["10", "0.1"]))
def test_a_decimal_point_moved_in_an_entry_is_stopped_even_if_all_follows_from_it(
    right, field, factor
):
    made, around = right
    entries = {name: str(getattr(made, name)) for name in ENTRIES}
    entries[field] = str(getattr(made, field) * Decimal(factor))
    assert check_plan(plan(**entries), PROTOCOL, LIMITS, around).hard


@st.composite
def valid_plans(draw):
    """Any plan that passes: by every shipped infusion protocol, in its whole published range,
    diluted or not, with or without an earlier weight."""
    protocol = draw(st.sampled_from(sorted(content.load().protocols.values(), key=str)))
    typical = protocol.dose_mg_per_kg.value
    low = protocol.dose_low_mg_per_kg.value if protocol.dose_low_mg_per_kg else typical
    high = protocol.dose_high_mg_per_kg.value if protocol.dose_high_mg_per_kg else typical
    weight = draw(steps("40", "160", "0.1"))
    diluted = draw(st.booleans())
    made = plan(
        weight_kg=str(weight),
        dose_mg_per_kg=str(draw(steps(str(low), str(high), "0.05")) if low < high else typical),
        duration_min=str(protocol.duration_min.value),
        concentration_mg_per_ml=draw(st.sampled_from(["1", "2"])) if diluted else "10",
        diluent="saline" if diluted else None,
        protocol_id=protocol.id,
        indication=protocol.indications[0],
    )
    around = circumstances(
        final_concentrations_mg_per_ml=(), last_weight_kg=draw(st.sampled_from([weight, None]))
    )
    assume(not check_plan(made, protocol, NO_LIMITS, around).hard)
    return made, protocol, around


@pytest.mark.hazard("H9")
@settings(max_examples=400)
@given(
    valid_plans(),
    st.sampled_from(("dose_mg_per_kg", "duration_min", "concentration_mg_per_ml")),
    st.sampled_from(["10", "0.1"]),
)
def test_no_entry_with_its_point_moved_is_ordered_without_being_asked_about(valid, field, factor):
    """Without any clinic limit: what is not refused outright names the moved figure and wants a
    reason for it, and never the reason that the right plan was given."""
    right, protocol, around = valid
    asked = {r.because for r in check_plan(right, protocol, NO_LIMITS, around).soft}
    entries = {name: str(getattr(right, name)) for name in ENTRIES}
    entries[field] = str(getattr(right, field) * Decimal(factor))
    slipped = plan(
        **entries,
        diluent=right.diluent,
        protocol_id=protocol.id,
        indication=right.indication,
    )
    found = check_plan(slipped, protocol, NO_LIMITS, around)
    assert found.hard or {r.because for r in found.soft} - asked


@pytest.mark.hazard("H9")
@given(valid_plans(), st.sampled_from(["10", "0.1"]))
def test_a_weight_with_its_point_moved_is_stopped_where_one_is_on_record(valid, factor):
    right, protocol, around = valid
    assume(around.last_weight_kg is not None)
    entries = {name: str(getattr(right, name)) for name in ENTRIES}
    entries["weight_kg"] = str(right.weight_kg * Decimal(factor))
    slipped = plan(**entries, diluent=right.diluent, protocol_id=protocol.id)
    assert check_plan(slipped, protocol, NO_LIMITS, around).hard


doses_mg = steps("0.1", "300", "0.001")
strengths = steps("0.5", "100", "0.1")


@pytest.mark.hazard("H11")
@given(doses_mg, strengths)
def test_mg_to_ml_to_mg_comes_back_within_one_rounding_step(dose_mg, strength):
    volume = ml_for(dose_mg=dose_mg, concentration_mg_per_ml=strength)
    assert volume.value % volume.step == 0
    back_mg = mg_in(volume_ml=volume.value, concentration_mg_per_ml=strength)
    assert abs(back_mg - dose_mg) <= volume.step / 2 * strength
    assert Fraction(back_mg) - Fraction(dose_mg) == volume.error * Fraction(strength)


@pytest.mark.hazard("H11")
@given(steps("1", "200", "0.01"), steps("10", "120", "1"))
def test_the_pump_s_rate_gives_the_volume_within_one_rounding_step(volume_ml, duration_min):
    rate = ml_per_h_for(volume_ml=volume_ml, duration_min=duration_min)
    given_ml = Fraction(rate.value) * Fraction(duration_min) / 60
    allowed = Fraction(rate.step) / 2 * Fraction(duration_min) / 60
    assert abs(given_ml - Fraction(volume_ml)) <= allowed


@given(steps("30", "200", "0.1"), steps("0.1", "1", "0.01"))
def test_doses_are_linear_in_the_weight(weight, dose):
    once = mg_for(weight_kg=weight, dose_mg_per_kg=dose)
    assert mg_for(weight_kg=weight * 2, dose_mg_per_kg=dose) == 2 * once


amounts = st.decimals(
    min_value=0, max_value=99_999, places=4, allow_nan=False, allow_infinity=False
)


@pytest.mark.hazard("H9")
@given(amounts, st.sampled_from(["mg", "mL/h", "mg/kg", "kg"]))
def test_what_is_shown_below_a_thousand_is_read_back_as_the_same_amount(amount, unit):
    text = show(amount, unit)
    number = text.split(" ")[0]
    assert "." not in number or (number[-1] != "0" and number[0] != ".")
    if amount < 1000:
        assert read_amount(text, unit=unit, field="x") == amount


@given(st.text(max_size=12))
def test_reading_never_fails_and_never_guesses(text):
    read = read_number(text, field="x")
    if isinstance(read, Decimal):
        assert read.is_finite()
        assert show(read).replace(",", "") == text.strip()


rules = st.lists(steps("1", "100", "0.5"), min_size=1, max_size=8)


@given(rules, st.sampled_from(Side), steps("1", "100", "0.5"))
def test_no_order_of_rules_and_overrides_ever_widens_a_limit(values, side, figure):
    constraint = Constraint.begin(side, values[0], "mg", "first")
    for number, value in enumerate(values[1:]):
        before = constraint
        if number % 2:
            constraint = constraint.narrowed(value, "mg", "rule")
        else:
            overridden = constraint.override(value, "mg", "override")
            constraint = overridden if isinstance(overridden, Constraint) else constraint
        assert before.allows(constraint.value)
        assert not constraint.allows(figure) or before.allows(figure)
