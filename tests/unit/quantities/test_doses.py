"""Dose arithmetic."""

from decimal import Decimal
from fractions import Fraction

import pytest

from leeward.core.quantities import OutOfDomain
from leeward.core.quantities.doses import (
    derive_infusion,
    mg_for,
    mg_in,
    ml_for,
    ml_per_h_for,
    to_step,
)


def infusion(weight="70.33", dose="0.5", strength="2", minutes="40"):
    return derive_infusion(
        weight_kg=Decimal(weight),
        dose_mg_per_kg=Decimal(dose),
        concentration_mg_per_ml=Decimal(strength),
        duration_min=Decimal(minutes),
    )


def test_works_an_infusion_out_from_the_four_chosen_figures():
    figures = infusion()
    assert figures.dose_mg == Decimal("35.165")
    assert figures.volume_ml.value == Decimal("17.58")
    assert figures.volume_ml.exact == Fraction("17.5825")
    assert figures.volume_ml.error_pct == Decimal("-0.01")
    assert figures.dose_as_set_mg == Decimal("35.16")
    assert figures.dose_error_mg == Decimal("-0.005")
    assert figures.rate_ml_per_h.value == Decimal("26.4")
    assert figures.rate_mg_per_h == Decimal("52.8")
    assert figures.duration_as_set_min == Fraction("17.58") * 60 / Fraction("26.4")


def test_thirds_do_not_lose_a_digit():
    volume = ml_for(dose_mg=Decimal("10"), concentration_mg_per_ml=Decimal("3"))
    assert volume.exact == Fraction(10, 3)
    assert volume.value == Decimal("3.33")
    assert volume.error == Fraction("3.33") - Fraction(10, 3)
    rate = ml_per_h_for(volume_ml=Decimal("10"), duration_min=Decimal("45"))
    assert (rate.value, rate.exact) == (Decimal("13.3"), Fraction(40, 3))


def test_a_tie_goes_to_the_even_step():
    assert to_step(Fraction("0.125"), Decimal("0.01")) == Decimal("0.12")
    assert to_step(Fraction("0.135"), Decimal("0.01")) == Decimal("0.14")


def test_products_are_exact_beyond_the_usual_precision():
    weight, dose = Decimal("123456789.123456789"), Decimal("0.123456789123456789")
    exact = Fraction(weight) * Fraction(dose)
    assert Fraction(mg_for(weight_kg=weight, dose_mg_per_kg=dose)) == exact


@pytest.mark.parametrize("bad", ["0", "-1", "NaN", "Infinity"])
def test_a_figure_that_is_no_amount_is_a_defect(bad):
    with pytest.raises(OutOfDomain):
        infusion(weight=bad)
    with pytest.raises(OutOfDomain):
        infusion(strength=bad)
    with pytest.raises(OutOfDomain):
        infusion(minutes=bad)


def test_a_dose_that_can_not_be_drawn_or_pumped_is_a_defect():
    with pytest.raises(OutOfDomain):
        infusion(weight="1", dose="0.001", strength="10")
    with pytest.raises(OutOfDomain):
        infusion(weight="1", dose="0.02", strength="1", minutes="600")
    with pytest.raises(OutOfDomain):
        mg_in(volume_ml=Decimal("-0.01"), concentration_mg_per_ml=Decimal("1"))
    assert mg_in(volume_ml=Decimal("0"), concentration_mg_per_ml=Decimal("1")) == 0
