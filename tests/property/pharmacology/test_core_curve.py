"""The table of powers on an even grid against the direct sum, whatever the doses."""

import warnings

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.core.pharmacology import Bolus, Infusion, Patient, Regimen, simulate
from leeward.core.pharmacology.core_curve import CoreCurve, changes_of_input
from tests.oracle.published_sets import published

times = st.floats(-50.0, 900.0)
boluses = st.builds(Bolus, times, st.floats(0.0, 100.0))
infusions = st.builds(Infusion, times, st.floats(1e-3, 400.0), st.floats(0.0, 5.0))
doses = st.lists(boluses | infusions, min_size=1, max_size=7)


def _curve(name, events):
    run = simulate(published(name), Patient(70.0, 40.0), Regimen(tuple(events)), [0.0])
    return CoreCurve.of(run._modes(), run.regimen)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["domino", "clements250"]), doses,
    st.floats(-20.0, 300.0), st.floats(0.01, 30.0), st.integers(2, 300),
)  # fmt: skip
def test_even_grid_equals_the_sum_at_each_time(name, events, start, step, count):
    grid = start + step * np.arange(count)
    curve = _curve(name, events)
    expected = curve._ascending(grid)
    np.testing.assert_allclose(curve.concentration(grid), expected, rtol=1e-10, atol=1e-13)


@settings(max_examples=100, deadline=None)
@given(st.lists(infusions, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_rates_do_not_depend_on_the_order_of_the_doses(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)
    assert changes_of_input(Regimen(tuple(events))) == changes_of_input(Regimen(tuple(shuffled)))


def test_a_dose_long_after_the_window_adds_nothing_and_warns_of_nothing():
    grid = np.arange(0.0, 61.0)
    early = [Infusion(0.0, 40.0, 0.875)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        late = _curve("domino", [*early, Bolus(90_000.0, 10.0)]).concentration(grid)
    np.testing.assert_array_equal(late, _curve("domino", early).concentration(grid))


def test_doses_wholly_after_the_window_give_zero():
    grid = np.arange(0.0, 61.0)
    assert not _curve("domino", [Infusion(90.0, 40.0, 0.875)]).concentration(grid).any()


def test_one_modes_table_serves_short_and_long_grids_alike():
    """The kept table is cut to length; beyond its limit a new one is made."""
    curve = _curve("domino", [Bolus(0.0, 10.0), Infusion(0.0, 9000.0, 0.5)])
    for count in (2, 1000, 4096, 4098, 9000):
        grid = np.arange(float(count))
        np.testing.assert_allclose(curve.concentration(grid), curve._ascending(grid), rtol=1e-11)
