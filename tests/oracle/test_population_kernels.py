"""The compiled loops against slow twins, compiled and with compiling switched off."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from leeward.core.pharmacology import (
    Bolus,
    Infusion,
    Patient,
    Regimen,
    lognormal,
    population,
    simulate,
    variability_of,
)

from .published_sets import published

ADULT = Patient(70.0, 40.0)
DOSES = Regimen(
    (Bolus(5.0, 20.0), Infusion(5.0, 40.0, 0.2), Infusion(1500.0, 40.0, 0.875), Bolus(1540.0, 4.0))
)
WILD = lognormal({"cl": 0.6, "v1": 0.6, "q2": 0.5, "v2": 0.5})
GRIDS = {
    "even": np.arange(0.0, 1700.0, 10.0),
    "irregular": np.sort(np.random.Generator(np.random.Philox(key=5)).uniform(0.0, 1700.0, 60)),
    "unordered": np.array([1540.0, 5.0, 5.0, 0.0, 45.0, 1600.0]),
}


def superposed(modes, t):
    """Sum every dose's response at every time: slow, and nothing carried from step to step."""
    total = 0.0
    for rate, gain in zip(modes.rates_per_min, modes.coefficients, strict=True):
        for event in DOSES.events:
            if isinstance(event, Bolus) and t >= event.t_min:
                total += event.dose_mg * gain * np.exp(-rate * (t - event.t_min))
            elif isinstance(event, Infusion) and t > event.t_min:
                on = min(t - event.t_min, event.duration_min)
                left = t - event.t_min - on
                made = -np.expm1(-rate * on) * gain / rate * event.rate_mg_per_min
                total += made * np.exp(-rate * left)
    return total


def agree(name: str, grid: str, n: int) -> None:
    """Compare compiled or interpreted loops with the twin, person by person."""
    t = GRIDS[grid]
    model = published(name)
    iiv = WILD
    run = population(model, ADULT, DOSES, t, n=n, seed=11, iiv=iiv, matrix=True, compiled=True,
                     thresholds=(100.0,))  # fmt: skip
    eta = variability_of(model, iiv).draw(11, 0, n)
    for i in range(0, n, max(1, n // 5)):
        own = {key: float(values[i]) for key, values in eta.items()}
        one = simulate(model, ADULT, DOSES, t, eta=own)
        expected = np.array([superposed(one._modes(), x) for x in t])
        np.testing.assert_allclose(run.matrix[i], expected, rtol=1e-10, atol=1e-12)
        assert abs(run.cmax_ng_per_ml[i] / one.peak().value_ng_per_ml - 1.0) < 1e-9
        assert abs(run.auc_0_inf[i] / one.summary().auc_0_inf - 1.0) < 1e-9
    share = (run.matrix > 100.0).mean(axis=0)
    np.testing.assert_array_equal(run.share_above[100.0], share)


def agree_everywhere(n: int) -> None:
    """All grids, three and two compartments."""
    for grid in GRIDS:
        agree("domino", grid, n)
    agree("clements250", "irregular", n)


def test_compiled_loops_agree_with_the_twin():
    agree_everywhere(200)


def test_interpreted_loops_agree_with_the_twin():
    root = Path(__file__).parents[2]
    code = "from tests.oracle.test_population_kernels import agree_everywhere as a; a(4)"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": f"{root}:{root / 'src'}"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_plain_and_compiled_routes_give_the_same_people():
    t = GRIDS["even"]
    plain, fast = (
        population(published("domino"), ADULT, DOSES, t, n=300, seed=2, iiv=WILD, matrix=True,
                   compiled=choice)
        for choice in (False, True)
    )  # fmt: skip
    np.testing.assert_allclose(fast.matrix, plain.matrix, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(fast.cmax_ng_per_ml, plain.cmax_ng_per_ml, rtol=1e-11)


def test_streamed_quantiles_stay_within_their_stated_error():
    t = np.array([5.0, 45.0, 200.0, 1540.0, 1600.0])
    n = 900_000
    few = population(published("domino"), ADULT, DOSES, t, n=n, seed=4, iiv=WILD, matrix=True,
                     landmarks=False)  # fmt: skip
    assert few.quantile_error > 0.0
    for q, values in few.quantiles.items():
        exact = np.quantile(few.matrix, q, axis=0)
        assert np.abs(values / exact - 1.0).max() <= few.quantile_error


def test_counting_does_not_depend_on_how_work_is_divided():
    t = np.array([5.0, 45.0, 200.0, 1540.0, 1600.0])
    options = {"n": 900_000, "seed": 4, "iiv": WILD, "landmarks": False, "thresholds": (100.0,)}
    alone = population(published("domino"), ADULT, DOSES, t, **options)
    assert alone.quantile_error > 0.0
    for threads in (2, 3):
        with ThreadPoolExecutor(threads) as pool:
            shared = population(
                published("domino"), ADULT, DOSES, t, map_blocks=pool.map, **options
            )
        for q in alone.quantiles:
            assert (alone.quantiles[q] == shared.quantiles[q]).all()
        assert (alone.share_above[100.0] == shared.share_above[100.0]).all()


@pytest.mark.parametrize("threads", [2, 3])
def test_kept_curves_do_not_depend_on_how_work_is_divided(threads):
    options = {"n": 20_000, "seed": 4, "iiv": WILD, "matrix": True, "compiled": True}
    t = GRIDS["unordered"]
    alone = population(published("domino"), ADULT, DOSES, t, **options)
    with ThreadPoolExecutor(threads) as pool:
        shared = population(published("domino"), ADULT, DOSES, t, map_blocks=pool.map, **options)
    assert alone.matrix.tobytes() == shared.matrix.tobytes()
    assert alone.cmax_ng_per_ml.tobytes() == shared.cmax_ng_per_ml.tobytes()
    assert alone.auc_0_inf.tobytes() == shared.auc_0_inf.tobytes()
