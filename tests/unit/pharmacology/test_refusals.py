"""What the sets decline, and why."""

import numpy as np
import pytest

from leeward.core.pharmacology import (
    Bolus,
    Film,
    Infusion,
    NasalDevice,
    Patient,
    Regimen,
    population,
    simulate,
    track,
)
from leeward.core.quantities import Refusal
from tests.oracle.published_sets import IDS, published

DOSE = Regimen((Infusion(0.0, 40.0, 0.5),))
ADULT = Patient(70.0, 40.0)


def _refused(answer, code):
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert answer.because


@pytest.mark.hazard("H41")
@pytest.mark.parametrize("name", IDS)
def test_refuses_a_person_under_eighteen(name):
    _refused(simulate(published(name), Patient(70.0, 17.9), DOSE, [0.0]), "patient.under_18")
    _refused(track(published(name), Patient(70.0, 12.0), [(0.0, 0.5)]), "patient.under_18")


@pytest.mark.parametrize(
    ("name", "weight"), [("simons2022", 120.0), ("simons2022", 40.0), ("perezruixo2021", 205.0)]
)
def test_refuses_a_weight_far_outside_the_data(name, weight):
    _refused(simulate(published(name), Patient(weight, 30.0), DOSE, [0.0]), "patient.out_of_range")


def test_says_so_when_a_weight_is_just_outside_the_data():
    run = simulate(published("simons2022"), Patient(100.0, 30.0), DOSE, [0.0])
    assert "patient.beyond_studied_range" in {f.code for f in run.findings}


def test_says_when_nothing_was_published_to_check_against():
    run = simulate(published("domino"), ADULT, DOSE, [0.0])
    assert "model.range_not_published" in {f.code for f in run.findings}


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("domino", NasalDevice(0.0, 28.0)),
        ("otto2021", Film(0.0, 50.0)),
        ("perezruixo2021", Film(0.0, 50.0)),
        ("simons2022", NasalDevice(0.0, 28.0)),
    ],
)
def test_refuses_a_route_without_a_published_input(name, event):
    answer = simulate(published(name), ADULT, Regimen((event,)), [0.0])
    _refused(answer, "model.route_not_supported")


def test_refuses_esketamine_in_a_racemic_set():
    answer = simulate(published("domino"), ADULT, Regimen(DOSE.events, "esketamine"), [0.0])
    _refused(answer, "model.drug_not_supported")


def test_racemate_drives_an_s_set_with_its_s_half():
    whole = simulate(published("otto2021"), ADULT, DOSE, [40.0])
    half = simulate(published("otto2021"), ADULT, Regimen(DOSE.events, "racemic_ketamine"), [40.0])
    assert half.curve()[0] == pytest.approx(0.5 * whole.curve()[0])
    assert "drug.s_half_of_racemate" in {f.code for f in half.findings}


@pytest.mark.parametrize(
    "event",
    [
        Bolus(0.0, -1.0),
        Bolus(float("nan"), 1.0),
        Infusion(0.0, 0.0, 1.0),
        Infusion(0.0, 10.0, -0.1),
        Infusion(0.0, float("inf"), 0.1),
    ],
)
def test_refuses_impossible_doses(event):
    assert isinstance(simulate(published("domino"), ADULT, Regimen((event,)), [0.0]), Refusal)


@pytest.mark.parametrize("weight", [0.0, -70.0, float("nan"), float("inf")])
def test_refuses_an_impossible_weight(weight):
    _refused(simulate(published("domino"), Patient(weight, 40.0), DOSE, [0.0]), "patient.weight")


def test_refuses_a_deviation_of_an_unknown_parameter():
    answer = simulate(published("domino"), ADULT, DOSE, [0.0], eta={"clx": 0.1})
    _refused(answer, "eta.unknown_parameter")


def test_refuses_a_population_without_published_variability():
    answer = population(published("domino"), ADULT, DOSE, np.arange(5.0), n=10, seed=1)
    _refused(answer, "population.no_variability")


def test_refuses_residual_error_nobody_published():
    answer = population(
        published("domino"), ADULT, DOSE, np.arange(5.0), n=10, seed=1,
        iiv=published("otto2021"), residual=True,
    )  # fmt: skip
    _refused(answer, "population.no_residual")


def test_warns_of_the_weight_exponent_only_where_it_matters():
    codes = [
        {f.code for f in simulate(published("kamp2020"), Patient(w, 40.0), DOSE, [0.0]).findings}
        for w in (70.0, 95.0)
    ]
    assert "kamp2020.clearance_exponent" not in codes[0]
    assert "kamp2020.clearance_exponent" in codes[1]
