"""Learning one person: the prior without data, the truth with data, and a flag when they fight."""

import numpy as np
import pytest

from leeward.core.pharmacology import Infusion, Patient, Regimen, simulate
from leeward.core.pharmacology.individualise import Observation, individualise
from leeward.core.quantities import Refusal
from tests.oracle.published_sets import published

ADULT = Patient(70.0, 25.0)
DOSE = Regimen((Infusion(0.0, 40.0, 0.5),))
TIMES = np.array([10.0, 40.0, 60.0, 120.0, 240.0, 360.0])
OTTO = published("otto2021")


def _samples(eta, noise=0.05, seed=1, swap=None, site="venous"):
    normal = np.random.Generator(np.random.Philox(key=seed)).standard_normal(TIMES.size)
    values = simulate(OTTO, ADULT, DOSE, TIMES, eta=eta).curve() * np.exp(noise * normal)
    if swap:
        values[list(swap)] = values[list(reversed(swap))]
    return [Observation(float(t), float(v), site) for t, v in zip(TIMES, values, strict=True)]


def test_no_sample_gives_the_prior():
    fit = individualise(OTTO, ADULT, DOSE, [])
    assert fit.method == "prior"
    assert set(fit.eta.values()) == {0.0}
    assert set(fit.shrinkage.values()) == {1.0}
    assert fit.sd["cl"] == pytest.approx(np.sqrt(0.026048))
    assert not fit.data_fight_prior


def test_samples_pull_towards_the_truth_and_narrow_the_band():
    fit = individualise(OTTO, ADULT, DOSE, _samples({"cl": 0.15, "v1": -0.2}, noise=0.0))
    assert 0.05 < fit.eta["cl"] < 0.16
    assert -0.25 < fit.eta["v1"] < -0.05
    assert fit.sd["cl"] < np.sqrt(0.026048)
    assert fit.shrinkage["cl"] < 0.6
    assert fit.shrinkage["vnk"] > 0.99
    assert not fit.data_fight_prior


def test_fit_is_the_lowest_point_of_the_objective():
    samples = _samples({"cl": 0.2})
    fit = individualise(OTTO, ADULT, DOSE, samples)
    for name in ("cl", "v1"):
        for step in (-0.02, 0.02):
            moved = {**fit.eta, name: fit.eta[name] + step}
            assert _objective(moved, samples) > fit.objective


def _objective(eta, samples):
    """The same objective, written out from its definition."""
    names = ("v1", "cl", "vnk", "clnk")
    omega = np.zeros((4, 4))
    omega[:2, :2] = [[0.084177, 0.02261], [0.02261, 0.026048]]
    omega[2:, 2:] = [[0.040426, 0.04456], [0.04456, 0.10319]]
    x = np.array([eta[name] for name in names])
    f = simulate(OTTO, ADULT, DOSE, TIMES, eta=dict(zip(names, x, strict=True))).curve()
    y = np.array([o.value_ng_per_ml for o in samples])
    v = (0.23609 * f) ** 2
    return float(((y - f) ** 2 / v + np.log(v)).sum() + x @ np.linalg.inv(omega) @ x)


def test_objective_is_the_published_one():
    samples = _samples({"cl": 0.2})
    fit = individualise(OTTO, ADULT, DOSE, samples)
    assert fit.objective == pytest.approx(_objective(fit.eta, samples), rel=1e-9)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_person_three_sd_from_the_prior_raises_the_flag(sign):
    fit = individualise(OTTO, ADULT, DOSE, _samples({"cl": sign * 3.0 * np.sqrt(0.026048)}))
    assert fit.data_fight_prior


def test_a_swapped_sample_raises_the_flag():
    assert individualise(OTTO, ADULT, DOSE, _samples({}, swap=(1, 3))).data_fight_prior


def test_heavier_tails_follow_a_swapped_sample_less():
    samples = _samples({}, swap=(1, 3))
    plain = individualise(OTTO, ADULT, DOSE, samples)
    robust = individualise(OTTO, ADULT, DOSE, samples, robust=True)
    assert abs(robust.eta["cl"]) < abs(plain.eta["cl"])


def test_a_value_below_the_limit_counts_by_its_probability():
    samples = _samples({}, noise=0.0)
    below = Observation(360.0, None, "venous", None, 4.0)
    fit = individualise(OTTO, ADULT, DOSE, [*samples[:-1], below])
    without = individualise(OTTO, ADULT, DOSE, samples[:-1])
    assert fit.eta["cl"] > without.eta["cl"]
    assert np.isnan(fit.weighted_residuals[-1])


def test_norketamine_informs_its_own_parameters():
    nk = simulate(OTTO, ADULT, DOSE, TIMES, eta={"clnk": 0.3}).curve("esnorketamine")
    samples = [
        Observation(float(t), float(v), "venous", "esnorketamine")
        for t, v in zip(TIMES, nk, strict=True)
    ]
    fit = individualise(OTTO, ADULT, DOSE, samples)
    assert fit.eta["clnk"] > 0.1
    assert fit.shrinkage["clnk"] < 0.8


def test_a_borrowed_prior_says_so():
    samples = [Observation(40.0, 150.0, "arterial")]
    fit = individualise(published("domino"), ADULT, DOSE, samples, iiv=OTTO)
    assert fit.borrowed_from == "otto2021"
    assert set(fit.names) == {"v1", "cl"}


def test_a_sample_of_the_other_site_needs_a_set_to_judge_it_by():
    samples = [Observation(40.0, 100.0, "venous")]
    refused = individualise(published("domino"), ADULT, DOSE, samples, iiv=OTTO)
    assert refused.code == "individualise.site_mismatch"
    wide = individualise(published("domino"), ADULT, DOSE, samples, iiv=OTTO,
                         other_site=published("clements250"))  # fmt: skip
    near = individualise(published("domino"), ADULT, DOSE,
                         [Observation(40.0, 100.0, "arterial")], iiv=OTTO)  # fmt: skip
    assert "individualise.site_mismatch" in {f.code for f in wide.findings}
    assert wide.sd["cl"] > near.sd["cl"]


@pytest.mark.parametrize(
    "sample",
    [
        Observation(40.0, -1.0, "venous"),
        Observation(40.0, None, "venous"),
        Observation(float("nan"), 10.0, "venous"),
        Observation(40.0, 10.0, "elsewhere"),
        Observation(40.0, 10.0, "venous", "ketamine"),
    ],
)
def test_refuses_an_unusable_sample(sample):
    assert isinstance(individualise(OTTO, ADULT, DOSE, [sample]), Refusal)


def test_refuses_without_a_published_prior():
    answer = individualise(published("domino"), ADULT, DOSE, [])
    assert answer.code == "population.no_variability"
