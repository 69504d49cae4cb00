"""Simulation-based calibration: stated uncertainty is the uncertainty there is."""

import numpy as np

from leeward.core.pharmacology import Infusion, Patient, Regimen, simulate, variability_of
from leeward.core.pharmacology.individualise import Observation, individualise

from .published_sets import published

PEOPLE = 40
TIMES = np.array([20.0, 40.0, 55.0, 90.0, 180.0, 300.0])


def test_truth_lies_where_the_posterior_says():
    """People and samples drawn from the set: scaled errors of the fit are standard normal."""
    model, adult = published("otto2021"), Patient(70.0, 25.0)
    doses = Regimen((Infusion(0.0, 40.0, 0.5),))
    truth = variability_of(model).draw(17, 0, PEOPLE)
    noise = np.random.Generator(np.random.Philox(key=18)).standard_normal((PEOPLE, TIMES.size))
    scaled, flags = [], 0
    for i in range(PEOPLE):
        own = {name: float(values[i]) for name, values in truth.items()}
        exact = simulate(model, adult, doses, TIMES, eta=own).curve()
        seen = np.maximum(exact * (1.0 + 0.23609 * noise[i]), 0.1)
        fit = individualise(
            model, adult, doses,
            [Observation(float(t), float(y), "venous") for t, y in zip(TIMES, seen, strict=True)],
        )  # fmt: skip
        scaled += [(own[name] - fit.eta[name]) / fit.sd[name] for name in ("v1", "cl")]
        flags += fit.data_fight_prior
    scaled = np.array(scaled)
    assert abs(scaled.mean()) < 0.35
    assert 0.75 < scaled.std() < 1.3
    assert 0.6 < (np.abs(scaled) < 1.0).mean() < 0.85
    assert flags <= PEOPLE // 4
