"""The ten-fold detector."""

from decimal import Decimal

import pytest

from leeward.core.protocols import refuse_tenfold, tenfold
from leeward.core.quantities import OutOfDomain


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("3.9", None),
        ("4", "ten_times"),
        ("5", "ten_times"),
        ("6", "ten_times"),
        ("500", "ten_times"),
        ("0.5", None),
        ("0.061", None),
        ("0.06", "a_tenth"),
        ("0.05", "a_tenth"),
        ("0.0005", "a_tenth"),
    ],
)
@pytest.mark.hazard("H9")
def test_about_ten_times_or_a_tenth_of_the_typical_figure(entry, found):
    assert tenfold(Decimal(entry), Decimal("0.5")) == found


def test_the_refusal_says_what_to_look_for():
    refusal = refuse_tenfold(
        Decimal("5"),
        Decimal("0.5"),
        unit="mg/kg",
        what="The dose",
        against="the protocol's 0.5 mg/kg",
        field="dose_mg_per_kg",
    )
    assert refusal.because == (
        "The dose, 5 mg/kg, is about ten times the protocol's 0.5 mg/kg or further away. "
        "Look for a slipped decimal point and enter it again."
    )


def test_only_positive_figures_are_compared():
    with pytest.raises(OutOfDomain):
        tenfold(Decimal(0), Decimal(1))
