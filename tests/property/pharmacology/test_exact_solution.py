"""What must hold for any doses: linearity, superposition, balance of mass, time, decay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.core.pharmacology import (
    Bolus,
    Film,
    Infusion,
    NasalDevice,
    Patient,
    Regimen,
    simulate,
)
from leeward.core.pharmacology.exponential import transition, transitions
from leeward.core.pharmacology.metrics import time_above
from leeward.core.pharmacology.modes import modes_of_core, modes_of_cores, secular_roots
from leeward.core.pharmacology.structures import Flow, Jump
from tests.oracle.published_sets import IDS, published

ADULT = Patient(70.0, 40.0)
TIMES = np.array([0.0, 1.0, 3.0, 10.0, 27.0, 41.0, 90.0, 200.0, 700.0])
FEW = settings(max_examples=25, deadline=None, derandomize=True)

time = st.floats(0.0, 120.0)
dose = st.floats(0.1, 80.0)
bolus = st.builds(Bolus, time, dose)
infusion = st.builds(Infusion, time, st.floats(0.5, 90.0), st.floats(0.01, 3.0))
doses = st.lists(st.one_of(bolus, infusion), min_size=1, max_size=4).map(
    lambda events: Regimen(tuple(events))
)
name_of_any = st.sampled_from(IDS)


def _curves(name, regimen, t=TIMES):
    run = simulate(published(name), ADULT, regimen, t)
    return np.array([run.curve(analyte) for analyte in run.analytes])


@FEW
@given(name_of_any, doses, st.floats(0.01, 20.0))
def test_concentrations_are_proportional_to_dose(name, regimen, factor):
    scaled = []
    for event in regimen.events:
        if isinstance(event, Bolus):
            scaled.append(Bolus(event.t_min, event.dose_mg * factor))
        else:
            scaled.append(
                Infusion(event.t_min, event.duration_min, event.rate_mg_per_min * factor)
            )
    once, more = _curves(name, regimen), _curves(name, Regimen(tuple(scaled)))
    np.testing.assert_allclose(more, factor * once, rtol=1e-11, atol=1e-15)


@FEW
@given(name_of_any, doses, doses)
def test_doses_superpose(name, first, second):
    both = _curves(name, first + second)
    np.testing.assert_allclose(
        both, _curves(name, first) + _curves(name, second), rtol=1e-10, atol=1e-13
    )


@FEW
@given(name_of_any, doses, st.floats(0.0, 5000.0))
def test_clock_has_no_origin(name, regimen, shift):
    moved = _curves(name, regimen.shifted(shift), TIMES + 125.0 + shift)
    np.testing.assert_allclose(moved, _curves(name, regimen, TIMES + 125.0), rtol=1e-8)


@FEW
@given(name_of_any, st.floats(1.0, 60.0), st.floats(0.05, 0.95))
def test_an_infusion_may_be_split(name, minutes, where):
    cut = minutes * where
    whole = Regimen((Infusion(0.0, minutes, 0.7),))
    parts = Regimen((Infusion(0.0, cut, 0.7), Infusion(cut, minutes - cut, 0.7)))
    np.testing.assert_allclose(_curves(name, parts), _curves(name, whole), rtol=1e-10, atol=1e-13)


@FEW
@given(name_of_any, dose)
def test_a_short_infusion_tends_to_a_bolus(name, mg):
    short = Regimen((Infusion(0.0, 1e-7, mg * 1e7),))
    t = TIMES[1:]
    np.testing.assert_allclose(
        _curves(name, short, t), _curves(name, Regimen((Bolus(0.0, mg),)), t), rtol=1e-6
    )


@FEW
@given(st.sampled_from(("domino", "kamp2020", "clements250")), doses)
def test_mass_in_is_mass_held_plus_mass_cleared(name, regimen):
    run = simulate(published(name), ADULT, regimen, TIMES)
    p, given_mg = run.parameters, np.zeros(TIMES.size)
    for event in regimen.events:
        if isinstance(event, Bolus):
            given_mg += np.where(event.t_min <= TIMES, event.dose_mg, 0.0)
        else:
            on = np.clip(TIMES - event.t_min, 0.0, event.duration_min)
            given_mg += on * event.rate_mg_per_min
    states = run.solution.states(TIMES)
    n = run.solution.size - (1 if run.model.effect else 0)
    cleared = states[run.solution.area_index("ketamine")] * p["cl"] / p["v1"]
    np.testing.assert_allclose(states[:n].sum(axis=0) + cleared, given_mg, rtol=1e-12, atol=1e-12)


@FEW
@given(doses)
def test_modal_and_matrix_routes_agree(regimen):
    for name in ("domino", "kamp2020", "clements250"):
        run = simulate(published(name), ADULT, regimen, TIMES)
        matrix = run.solution.concentration("ketamine", TIMES)
        np.testing.assert_allclose(run.curve(), matrix, rtol=1e-10, atol=1e-14)


@FEW
@given(st.sampled_from(("domino", "kamp2020", "clements250", "otto2021")), doses)
def test_after_the_last_dose_the_parent_only_falls(name, regimen):
    end = max(e.t_min + getattr(e, "duration_min", 0.0) for e in regimen.events)
    curve = simulate(published(name), ADULT, regimen, end + np.linspace(0.0, 3000.0, 200)).curve()
    assert (np.diff(curve) < 0).all()
    assert (curve > 0).all()


@FEW
@given(name_of_any, doses, st.floats(0.5, 300.0))
def test_landmarks_bound_the_curve(name, regimen, level):
    t = np.linspace(0.0, 1000.0, 701)
    run = simulate(published(name), ADULT, regimen, t)
    for analyte in run.analytes:
        curve, top = run.curve(analyte), run.peak(analyte)
        assert curve.max() <= top.value_ng_per_ml * (1 + 1e-9)
        assert run.at(np.array([top.t_min]), analyte)[0] == pytest.approx(
            top.value_ng_per_ml, rel=1e-7
        )
        for crossing in run.crossings_min(level, analyte):
            near = run.at(np.array([crossing - 1e-6, crossing + 1e-6]), analyte)
            assert near.min() - 1e-3 <= level <= near.max() + 1e-3
        above = time_above(run.solution, analyte, level, until_min=1000.0)
        assert above == pytest.approx((curve > level).sum() * (t[1] - t[0]), abs=12.0)


@FEW
@given(name_of_any, doses)
def test_area_is_the_integral_of_the_curve(name, regimen):
    t = np.unique(np.concatenate([np.linspace(0.0, 300.0, 6001),
                                  [e.t_min for e in regimen.events]]))  # fmt: skip
    run = simulate(published(name), ADULT, regimen, t)
    whole = np.trapezoid(run.curve(), t)
    assert run.summary().auc_0_t == pytest.approx(whole, rel=2e-2)
    assert run.summary().auc_0_inf >= run.summary().auc_0_t


@FEW
@given(st.lists(st.floats(1e-4, 3.0), min_size=5, max_size=5), st.floats(0.0, 400.0),
       st.floats(0.0, 400.0))  # fmt: skip
def test_transitions_compose(rates, a, b):
    k10, k12, k21, k13, k31 = rates
    k = np.array([[-(k10 + k12 + k13), k21, k31], [k12, -k21, 0.0], [k13, 0.0, -k31]])
    np.testing.assert_allclose(
        transition(k, a) @ transition(k, b), transition(k, a + b), rtol=1e-9
    )
    np.testing.assert_allclose(transitions(k, np.array([a]))[0], transition(k, a), rtol=1e-11)


@FEW
@given(st.floats(1e-3, 1.0), st.floats(0.1, 600.0))
def test_a_chain_of_equal_rates_keeps_its_gamma_shape(rate, t):
    """Five equal rates make the matrix defective; the closed form is a gamma density."""
    k = np.diag([-rate] * 5) + np.diag([rate] * 4, -1)
    x = rate * t
    exact = np.exp(-x) * x ** np.arange(5) / np.array([1.0, 1.0, 2.0, 6.0, 24.0])
    np.testing.assert_allclose(transition(k, t)[:, 0], exact, rtol=1e-10)


@FEW
@given(st.floats(1e-5, 3.0), st.floats(1e-6, 3.0), st.floats(1e-6, 3.0), st.floats(1e-3, 3.0),
       st.floats(1e-3, 3.0))  # fmt: skip
def test_rates_interlace_and_multiply_to_the_determinant(k10, o1, o2, b1, b2):
    if abs(b1 - b2) < 1e-6 * b1:
        b2 = 2.0 * b1
    backs = sorted((b1, b2), reverse=True)
    roots = secular_roots(k10, [o1, o2], backs)
    assert roots[0] > backs[0] > roots[1] > backs[1] > roots[2] > 0
    assert np.prod(roots) == pytest.approx(k10 * b1 * b2, rel=1e-9)
    values = {"cl": k10, "v1": 1.0, "q2": o1, "v2": o1 / backs[0], "q3": o2, "v3": o2 / backs[1]}
    many, gains = modes_of_cores(values, 2)
    one = modes_of_core(values)
    np.testing.assert_allclose(many[:, 1], one.rates_per_min, rtol=1e-12)
    assert gains.sum(axis=0)[0] == pytest.approx(1000.0, rel=1e-9)


def test_links_that_vanish_leave_one_compartment():
    modes = modes_of_core({"cl": 1.0, "v1": 10.0, "q2": 1e-12, "v2": 1.0, "q3": 0.0, "v3": 1.0})
    np.testing.assert_allclose(modes.coefficients.sum(), 100.0)
    dominant = modes.rates_per_min[np.argmax(modes.coefficients)]
    assert dominant == pytest.approx(0.1, rel=1e-9)


def test_doses_enter_whole_by_every_route():
    """Nothing is lost at the door: inputs add up to the absorbed dose."""
    events = (NasalDevice(0.0, 28.0), NasalDevice(5.0, 28.0))
    run = simulate(published("perezruixo2021"), ADULT, Regimen(events), [0.0])
    frn, fgut = 0.54, 0.64
    expected = sum(28.0 * (f + (1.0 - f) * fgut) for f in (frn, frn * 0.62))
    assert _entered(run) == pytest.approx(expected, rel=1e-12)
    run = simulate(published("simons2022"), ADULT, Regimen((Film(0.0, 50.0),)), [0.0])
    assert _entered(run) == pytest.approx(50.0 * (0.263 + 1.16), rel=1e-12)


def _entered(run):
    total = 0.0
    for entry in run.solution.system.inputs:
        if isinstance(entry, Jump):
            total += entry.amount_mg
        elif isinstance(entry, Flow):
            total += entry.rate_mg_per_min * (entry.end_min - entry.t_min)
    return total
