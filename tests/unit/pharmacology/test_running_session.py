"""Level now, forecast, what if, and time until below, from the pump log."""

import numpy as np
import pytest

from leeward.core.pharmacology import (
    Infusion,
    Patient,
    Regimen,
    level_now,
    pump_log,
    simulate,
    track,
)
from leeward.core.quantities import Refusal
from tests.oracle.published_sets import published

CORA = Patient(70.0, 40.0)
LOG = [(0.0, 0.875), (20.0, 0.5), (25.0, 0.0), (30.0, 0.5)]


@pytest.fixture
def session():
    return track(published("domino"), CORA, LOG)


def test_level_now_equals_the_simulation_of_what_was_delivered(session):
    doses = Regimen(
        (Infusion(0.0, 20.0, 0.875), Infusion(20.0, 5.0, 0.5), Infusion(30.0, 3.0, 0.5))
    )
    now = session.level_now(33.0)
    run = simulate(published("domino"), CORA, doses, [33.0])
    assert now.levels_ng_per_ml["ketamine"] == pytest.approx(run.curve()[0], rel=1e-12)
    assert now.levels_ng_per_ml["effect"] == pytest.approx(run.curve("effect")[0], rel=1e-12)
    assert now.given_mg == pytest.approx(17.5 + 2.5 + 1.5)
    assert level_now(published("domino"), CORA, LOG, 33.0) == now


def test_a_racemic_syringe_drives_an_s_set_with_its_s_half():
    own = track(published("otto2021"), CORA, LOG)
    racemic = track(published("otto2021"), CORA, LOG, drug="racemic_ketamine")
    whole, half = (s.level_now(33.0).levels_ng_per_ml["esketamine"] for s in (own, racemic))
    assert half == pytest.approx(0.5 * whole)
    ahead = racemic.forecast(np.array([60.0]), 33.0, stop_min=40.0)
    assert "drug.s_half_of_racemate" in {f.code for f in ahead.findings}


def test_nothing_delivered_means_a_level_of_zero():
    empty = track(published("domino"), CORA, [])
    assert empty.level_now(5.0).levels_ng_per_ml == {"ketamine": 0.0, "effect": 0.0}


def test_forecast_joins_the_past_without_a_step(session):
    times = np.array([32.9999999, 33.0, 33.0000001, 60.0])
    for rate in (None, 0.0, 1.2):
        curve = session.forecast(times, 33.0, rate_mg_per_min=rate, stop_min=45.0).curve()
        assert np.abs(np.diff(curve[:3])).max() < 1e-4


def test_what_if_orders_by_rate(session):
    at = np.array([45.0])
    low, mid, high = (
        session.forecast(at, 33.0, rate_mg_per_min=r, stop_min=45.0).curve()[0]
        for r in (0.0, 0.5, 0.8)
    )
    assert low < mid < high
    assert session.forecast(at, 33.0, stop_min=45.0).curve()[0] == pytest.approx(mid, rel=1e-12)


def test_time_below_is_where_the_forecast_crosses(session):
    answer = session.time_below(50.0, 33.0, stop_min=40.0, iiv=published("otto2021"))
    curve = session.forecast(np.array([answer.typical_min]), 33.0, stop_min=40.0).curve()
    assert curve[0] == pytest.approx(50.0, rel=1e-9)
    assert 40.0 <= answer.early_min < answer.typical_min < answer.late_min
    assert answer.borrowed_from == "otto2021"


@pytest.mark.hazard("H24")
def test_time_below_never_says_that_a_person_may_leave(session):
    answer = session.time_below(50.0, 33.0, stop_min=40.0)
    assert "never means that a person may leave" in answer.caution
    assert not hasattr(answer, "safe_to_leave")
    assert answer.early_min is None


def test_time_below_of_a_level_not_reached_is_no_time(session):
    assert session.time_below(1e6, 33.0).typical_min is None
    assert isinstance(session.time_below(0.0, 33.0), Refusal)


def test_replaying_the_log_gives_the_same_session(session):
    again = track(published("domino"), CORA, [])
    for t, rate in LOG:
        again = again.logged(t, rate)
    assert again.level_now(40.0) == session.level_now(40.0)


@pytest.mark.parametrize(
    "segments", [[(5.0, 1.0), (5.0, 2.0)], [(5.0, 1.0), (1.0, 2.0)], [(0.0, -1.0)],
                 [(float("nan"), 1.0)]],
)  # fmt: skip
def test_refuses_a_log_that_cannot_be(segments):
    assert isinstance(pump_log(segments), Refusal)
    assert isinstance(track(published("domino"), CORA, segments), Refusal)
