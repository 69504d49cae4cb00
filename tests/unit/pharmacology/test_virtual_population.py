"""Populations: published variability, honest bands, the same people for any division of work."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.stats import norm

from leeward.core.pharmacology import (
    Bolus,
    Film,
    Infusion,
    Patient,
    Regimen,
    lognormal,
    population,
    simulate,
    variability_of,
)
from leeward.core.quantities import OutOfDomain
from tests.oracle.published_sets import published

ADULT = Patient(70.0, 40.0)
DOSE = Regimen((Bolus(0.0, 3.0), Infusion(2.0, 40.0, 0.8), Infusion(60.0, 20.0, 0.3)))
TIMES = np.array([0.0, 1.0, 2.0, 10.0, 20.0, 30.0, 42.0, 55.0, 70.0, 80.0, 120.0])


def _population(name="otto2021", **changes):
    options = {"n": 300, "seed": 7, "iiv": None, "matrix": True, **changes}
    doses = options.pop("doses", DOSE)
    return population(published(name), ADULT, doses, options.pop("t", TIMES), **options)


@pytest.mark.parametrize(
    ("name", "doses", "iiv"),
    [("domino", DOSE, "otto2021"), ("clements250", DOSE, "otto2021"), ("otto2021", DOSE, None),
     ("simons2022", Regimen((Film(0.0, 50.0), Infusion(30.0, 20.0, 0.5))), None)],
)  # fmt: skip
def test_each_person_equals_the_single_simulation(name, doses, iiv):
    donor = published(iiv) if iiv else None
    many = _population(name, doses=doses, iiv=donor, n=12)
    eta = variability_of(published(name), donor).draw(7, 0, 12)
    for i in (0, 5, 11):
        own = {parameter: float(values[i]) for parameter, values in eta.items()}
        one = simulate(published(name), ADULT, doses, TIMES, eta=own)
        np.testing.assert_allclose(many.matrix[i], one.curve(), rtol=1e-9, atol=1e-9)
        assert many.cmax_ng_per_ml[i] == pytest.approx(one.peak().value_ng_per_ml, rel=1e-9)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_same_seed_gives_the_same_people_for_any_division_of_work(threads):
    alone = _population(n=9000, t=TIMES[:4], thresholds=(30.0,))
    with ThreadPoolExecutor(threads) as pool:
        shared = _population(n=9000, t=TIMES[:4], thresholds=(30.0,), map_blocks=pool.map)
    assert (alone.matrix == shared.matrix).all()
    assert (alone.cmax_ng_per_ml == shared.cmax_ng_per_ml).all()
    assert (alone.share_above[30.0] == shared.share_above[30.0]).all()


def test_a_smaller_population_is_the_beginning_of_a_larger_one():
    small, large = _population(n=50), _population(n=60)
    other = _population(n=50, seed=8)
    assert not np.allclose(small.matrix, other.matrix)
    assert small.matrix.shape == (50, TIMES.size)
    assert large.n == 60


def test_drawn_deviations_have_the_published_covariance():
    eta = variability_of(published("otto2021")).draw(3, 0, 4096)
    drawn = np.cov(np.array([eta["v1"], eta["cl"]]))
    np.testing.assert_allclose(drawn, [[0.084177, 0.02261], [0.02261, 0.026048]], rtol=0.12)


def test_area_to_infinity_has_its_closed_form_quantiles():
    """AUC is dose over clearance, so its logarithm is normal with the variance of clearance."""
    made = _population("domino", iiv=lognormal({"cl": 0.3}), n=8000, matrix=False, t=[0.0])
    typical = simulate(published("domino"), ADULT, DOSE, [0.0]).summary().auc_0_inf
    spread = np.sqrt(np.log1p(0.09))
    for q in (0.1, 0.5, 0.9):
        exact = typical * np.exp(spread * norm.ppf(q))
        assert np.quantile(made.auc_0_inf, q) == pytest.approx(exact, rel=0.02)


def test_borrowed_variability_is_labelled():
    band = _population("domino", iiv=published("otto2021"))
    assert band.borrowed_from == "otto2021"
    assert "borrowed from otto2021" in band.label
    assert _population().borrowed_from is None


def test_residual_error_is_a_different_band_and_says_so():
    people, samples = _population(), _population(residual=True)
    assert "people" in people.label
    assert "observations" in samples.label
    width = [np.ptp([b.quantiles[q][5] for q in (0.05, 0.95)]) for b in (people, samples)]
    assert width[1] > width[0]


def test_curves_go_into_the_callers_buffer():
    out = np.full((20, TIMES.size), -1.0)
    made = _population(n=20, out=out)
    assert made.matrix is out
    assert (out >= 0).all()
    with pytest.raises(OutOfDomain):
        _population(n=20, out=np.empty((20, 3)))


def test_no_matrix_is_kept_unless_asked_for():
    assert _population(matrix=False).matrix is None


def test_progress_reaches_everybody():
    seen = []
    _population(n=9000, t=[1.0], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (9000, 9000)
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)


def test_weights_may_vary_too():
    heavy = _population(weight_kg=lambda u: 60.0 + 0.0 * u)
    light = simulate(published("otto2021"), Patient(60.0, 40.0), DOSE, TIMES)
    assert np.median(heavy.matrix[:, 5]) == pytest.approx(light.curve()[5], rel=0.1)


def test_effect_site_of_many_people():
    band = _population("domino", iiv=published("otto2021"), analyte="effect", n=5)
    eta = variability_of(published("domino"), published("otto2021")).draw(7, 0, 5)
    own = {name: float(values[2]) for name, values in eta.items()}
    one = simulate(published("domino"), ADULT, DOSE, TIMES, eta=own)
    np.testing.assert_allclose(band.matrix[2], one.curve("effect"), rtol=1e-9, atol=1e-9)
    assert band.auc_0_inf.size == 0  # not worked out, so no number stands there
    assert band.cmax_ng_per_ml[2] == pytest.approx(one.peak("effect").value_ng_per_ml, rel=1e-9)
