"""The engine against an independent stiff solver: relative error at most 1e-9 above 1e-6 ng/mL."""

import numpy as np
import pytest

from leeward.core.pharmacology import (
    Bolus,
    Film,
    Infusion,
    NasalDevice,
    Patient,
    Regimen,
    simulate,
)
from leeward.core.pharmacology.regimen import Extravascular

from . import naive
from .published_sets import published

PATIENT = Patient(weight_kg=70.0, age_y=40.0)
IV = Regimen((Bolus(0.0, 7.0), Infusion(2.0, 40.0, 0.875), Infusion(90.0, 15.0, 0.4)))
IV_INPUTS = [("bolus", 0.0, 0, 7.0), ("flow", 2.0, 42.0, 0, 0.875), ("flow", 90.0, 105.0, 0, 0.4)]
TIMES = np.array(
    [0.0, 0.5, 1.0, 2.0, 7.3, 20.0, 42.0, 43.0, 60.0, 90.0, 101.0, 105.0, 240.0, 600.0]
)


def _agrees(got, expected):
    got, expected = np.asarray(got), np.asarray(expected)
    seen = expected > 1e-6
    assert seen.any()
    worst = np.abs(got[seen] / expected[seen] - 1.0).max()
    assert worst <= 1e-9, f"relative error {worst:.2e}"


@pytest.mark.parametrize("name", ["domino", "kamp2020", "clements250"])
def test_cores_agree_with_the_solver(name):
    run = simulate(published(name), PATIENT, IV, TIMES)
    p = run.parameters
    flows, outputs = naive.mammillary(
        p["cl"], p["v1"], p["q2"], p["v2"], p.get("q3", 0.0), p.get("v3", 1.0)
    )
    states = naive.integrate(flows, 3, IV_INPUTS, TIMES)
    _agrees(run.curve(), outputs(states)[:, 0])
    _agrees(run.solution.concentration("ketamine", TIMES), outputs(states)[:, 0])


def test_effect_site_agrees_with_the_solver():
    run = simulate(published("domino"), PATIENT, IV, TIMES)
    p = run.parameters
    core, _ = naive.mammillary(p["cl"], p["v1"], p["q2"], p["v2"], p["q3"], p["v3"])

    def flows(t, a):
        return np.append(core(t, a[:3]), 0.238 * (a[0] / p["v1"] * 1000.0 - a[3]))

    _agrees(run.curve("effect"), naive.integrate(flows, 4, IV_INPUTS, TIMES)[:, 3])


def test_parent_and_norketamine_agree_with_the_solver():
    run = simulate(published("otto2021"), PATIENT, IV, TIMES)
    flows, outputs = naive.parent_metabolite(run.parameters)
    expected = outputs(naive.integrate(flows, 5, IV_INPUTS, TIMES))
    _agrees(run.curve("esketamine"), expected[:, 0])
    _agrees(run.curve("esnorketamine"), expected[:, 1])


def test_nasal_devices_and_oral_solution_agree_with_the_solver():
    doses = Regimen(
        (NasalDevice(0.0, 28.0), NasalDevice(5.0, 28.0), Extravascular(30.0, 84.0, "oral"))
    )
    run = simulate(published("perezruixo2021"), PATIENT, doses, TIMES)
    p = run.parameters
    inputs = []
    for t, factor in ((0.0, 1.0), (5.0, 0.62)):
        direct = 0.54 * factor
        inputs.append(("bolus", t, 0, direct * 28.0))
        rate = (1.0 - direct) * 0.64 * 28.0 / (0.53 * 60.0)
        inputs.append(("flow", t, t + 0.53 * 60.0, 1, rate))
    inputs.append(("flow", 30.0, 30.0 + 0.32 * 60.0, 2, 0.64 * 84.0 / (0.32 * 60.0)))
    flows, outputs = naive.nasal_oral_liver(p)
    expected = outputs(naive.integrate(flows, 9, inputs, TIMES))
    _agrees(run.curve("esketamine"), expected[:, 0])
    _agrees(run.curve("esnorketamine"), expected[:, 1])


def test_film_then_infusion_agrees_with_the_solver():
    doses = Regimen((Film(0.0, 50.0), Infusion(360.0, 20.0, 1.0)))
    times = np.array([1.0, 10.0, 13.1, 30.0, 76.0, 240.0, 359.0, 365.0, 380.0, 500.0, 900.0])
    run = simulate(published("simons2022"), PATIENT, doses, times)
    inputs = [
        ("flow", 0.0, 13.1, 0, 0.263 * 50.0 / 13.1),
        ("flow", 0.0, 29.9, 4, 1.16 * 50.0 / 29.9),
        ("flow", 360.0, 380.0, 1, 1.0),
    ]
    flows, outputs = naive.film_chain(run.parameters)
    expected = outputs(naive.integrate(flows, 14, inputs, times))
    for column, name in enumerate(run.analytes):
        _agrees(run.curve(name), expected[:, column])


def test_nearly_equal_absorption_rate_agrees_with_the_solver():
    """A delay as fast as the gut's emptying, to one part in 1e8, makes two poles meet."""
    eta = {"mtt_gut": float(np.log(1.0 / 0.049 / 10.7 * (1.0 + 1e-8)))}
    times = np.array([5.0, 30.0, 60.0, 180.0])
    run = simulate(published("simons2022"), PATIENT, Regimen((Film(0.0, 100.0),)), times, eta=eta)
    inputs = [
        ("flow", 0.0, 13.1, 0, 0.263 * 100.0 / 13.1),
        ("flow", 0.0, 29.9, 4, 1.16 * 100.0 / 29.9),
    ]
    flows, outputs = naive.film_chain(run.parameters)
    expected = outputs(naive.integrate(flows, 14, inputs, times))
    _agrees(run.curve("esnorketamine"), expected[:, 1])


def test_a_week_of_decay_keeps_its_relative_accuracy():
    """Mode by mode and by matrix, seven days after a dose."""
    run = simulate(published("kamp2020"), PATIENT, Regimen((Bolus(0.0, 70.0),)), [10080.0])
    modal, matrix = run.curve()[0], run.solution.concentration("ketamine", np.array([10080.0]))[0]
    assert 0.0 < modal < 1e-12
    assert abs(matrix / modal - 1.0) < 1e-9
