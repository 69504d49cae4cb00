"""Variability between sessions: a person's own deviations stay, the session's are drawn anew."""

import numpy as np
import pytest
from scipy.linalg import expm

from leeward.core.pharmacology import Film, Infusion, Patient, Regimen, lognormal, population
from leeward.core.pharmacology.parameters import individual_parameters
from leeward.core.pharmacology.structures import Flow, build_system
from leeward.core.pharmacology.variability import Variability, variability_of
from tests.oracle.published_sets import published

ADULT = Patient(70.0, 24.0)
DAY = 1440.0
TWICE = Regimen((Film(0.0, 50.0), Infusion(300.0, 20.0, 0.5), Film(2 * DAY, 50.0)))
TIMES = np.array([10.0, 60.0, 310.0, 2000.0, 2 * DAY, 2 * DAY + 10.0, 2 * DAY + 90.0])


def _run(analyte="esketamine", doses=TWICE, **options):
    chosen = {"n": 6, "seed": 3, "matrix": True, **options}
    return population(published("simons2022"), ADULT, doses, TIMES, analyte=analyte, **chosen)


def _stepped(person, analyte):
    """Carry one person from change to change with SciPy's exponential, slowly."""
    model = published("simons2022")
    draws = variability_of(model).draw_sessions(3, 0, 6, 2)
    systems = []
    for doses, eta in zip(TWICE.sessions(), draws, strict=True):
        own = {name: float(values[person]) for name, values in eta.items()}
        values = individual_parameters(model, ADULT, own)
        systems.append(build_system(model, values, doses, None))
    flows = [entry for system in systems for entry in system.inputs if isinstance(entry, Flow)]
    changes = {0.0, 2 * DAY, *TIMES}
    changes |= {float(t) for flow in flows for t in (flow.t_min, flow.end_min)}
    edges, levels = sorted(t for t in changes if t <= TIMES[-1]), {}
    n = systems[0].rates.shape[-1]
    state = np.zeros(n)
    for k, t in enumerate(edges):
        system = systems[int(t >= 2 * DAY)]
        index, factor = system.outputs[analyte]
        levels[t] = state[index] * factor
        if t < edges[-1]:
            larger = np.zeros((n + 1, n + 1))
            larger[:n, :n] = system.rates
            for flow in flows:
                if flow.t_min <= t < flow.end_min:
                    larger[flow.state, n] += flow.rate_mg_per_min
            state = (expm(larger * (edges[k + 1] - t)) @ [*state, 1.0])[:n]
    return np.array([levels[t] for t in TIMES])


@pytest.mark.parametrize("analyte", ["esketamine", "esnorketamine", "eshydroxynorketamine"])
def test_each_person_equals_a_walk_through_both_sessions(analyte):
    made = _run(analyte).matrix
    for person in (0, 3, 5):
        np.testing.assert_allclose(made[person], _stepped(person, analyte), rtol=1e-8, atol=1e-9)


def test_sessions_differ_within_a_person_but_the_first_is_unchanged():
    alone = _run(doses=Regimen(TWICE.events[:2])).matrix
    both = _run().matrix
    np.testing.assert_allclose(both[:, :3], alone[:, :3], rtol=1e-12)
    ten_minutes_in = (both[:, 5] - alone[:, 5]) / both[:, 0]  # 1 if nothing were drawn anew
    assert np.abs(ten_minutes_in - 1.0).max() > 0.05


def test_what_belongs_to_the_person_is_the_same_in_every_session():
    first, second, third = variability_of(published("simons2022")).draw_sessions(9, 0, 50, 3)
    for name in ("vk1", "clk1", "vh1", "mtt_kn"):
        assert (first[name] == second[name]).all()
    for name in ("f1", "d1", "ka2", "vh2", "clh1"):
        assert (first[name] != second[name]).any()
        assert (second[name] != third[name]).any()
    draw = variability_of(published("simons2022")).draw(9, 0, 50)
    assert all((draw[name] == first[name]).all() for name in first)


def test_the_highest_level_is_found_in_whichever_session_holds_it():
    """The later dose is larger, so its session holds the top; compare with a fine grid."""
    doses = Regimen((Film(0.0, 25.0), Film(2 * DAY, 100.0)))
    made = _run(doses=doses, n=8)
    grid = np.arange(2 * DAY, 2 * DAY + 60.0, 0.01)
    fine = population(published("simons2022"), ADULT, doses, grid, n=8, seed=3, matrix=True,
                      landmarks=False)  # fmt: skip
    top = fine.matrix.max(axis=1)
    assert (made.cmax_ng_per_ml >= top * (1 - 1e-12)).all()
    np.testing.assert_allclose(made.cmax_ng_per_ml, top, rtol=1e-5)


def test_the_result_says_how_sessions_were_treated():
    codes = {finding.code for finding in _run().findings}
    assert "population.drawn_by_session" in codes
    alone = _run(doses=Regimen(TWICE.events[:2]))
    assert "population.drawn_by_session" not in {finding.code for finding in alone.findings}


def test_a_core_says_that_it_draws_once():
    block = lognormal({"cl": 0.3}).blocks[0]
    occasion = type(block)(block.names, block.matrix, block.grade, block.source, occasion=True)
    twice = Regimen((Infusion(0.0, 40.0, 0.8), Infusion(2 * DAY, 40.0, 0.8)))
    made = population(published("domino"), ADULT, twice, TIMES, n=3, seed=1,
                      iiv=Variability((occasion,)))  # fmt: skip
    assert "population.one_occasion" in {finding.code for finding in made.findings}


def test_a_film_and_the_infusion_six_hours_later_are_one_session():
    visit = Regimen((Film(0.0, 50.0), Infusion(360.0, 20.0, 1.0), Film(DAY, 50.0)))
    assert [len(part.events) for part in visit.sessions()] == [2, 1]
