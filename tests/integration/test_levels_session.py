"""Levels at the chair, from the recorded pump events: now, to come, what if, below."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from leeward import content
from leeward.core.pharmacology import Patient, population, track
from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.records.accounts.models import User
from leeward.usecases.preview_levels import WhatIfAsked, session_levels
from leeward.usecases.treat_session import load_state
from tests.integration.test_one_patient_all_the_way import Doing, prepare, session  # noqa: F401

pytestmark = pytest.mark.django_db
MODELS = content.load().pk_models
CORA = Patient(weight_kg=70.0, age_y=42.0)
TEMPLATES = Path(__file__).parents[2] / "src/leeward/web/templates"


@pytest.fixture
def do(cast, session):  # noqa: F811
    """An infusion of 10 mg/mL started at the ordered rate."""
    doing = Doing(cast, session)
    ready = prepare(doing)
    doing.rate = ready.plan.rate_ml_per_h
    started = doing(
        c.StartInfusion(doing.rate, Decimal(10), "LOT-1", cast.now.date() + timedelta(days=90))
    )
    assert not isinstance(started, Refusal), started
    doing.zero = doing.now
    return doing


def look(do, minutes, **asked):
    state = load_state(do.session.id)
    return session_levels(state, age_y=42, now=do.zero + timedelta(minutes=minutes), **asked)


def mg_per_min(rate_ml_per_h):
    return float(rate_ml_per_h) * 10 / 60


def test_nothing_before_the_infusion_began(cast, session):  # noqa: F811
    assert session_levels(load_state(session.id), age_y=42, now=cast.now) is None


def test_level_now_is_the_engines_from_the_pump_log(do):
    found = look(do, 20)
    engine = track(MODELS["kamp2020"], CORA, [(0.0, mg_per_min(do.rate))])
    now = engine.level_now(20.0).levels_ng_per_ml["ketamine"]
    assert found.now.level_ng_per_ml == pytest.approx(now, rel=1e-9)
    stop = float(Decimal("3.5") / do.rate * 60)
    ahead = engine.forecast(np.array([stop, stop + 60]), 20.0, stop_min=stop).curve()
    assert found.at_stop.level_ng_per_ml == pytest.approx(ahead[0], rel=1e-6)
    assert found.hour_after_stop.level_ng_per_ml == pytest.approx(ahead[1], rel=1e-6)
    assert (found.model, found.site) == ("kamp2020", "arterial")


def test_level_now_has_a_band_between_people_and_a_spread_over_sets(do):
    found = look(do, 20)
    stop = float(Decimal("3.5") / do.rate * 60)
    plan = track(MODELS["kamp2020"], CORA, [(0.0, mg_per_min(do.rate))]).plan(20.0, None, stop)
    people = population(
        MODELS["kamp2020"], CORA, plan, [20.0], n=400, seed=1, iiv=MODELS["otto2021"],
        quantiles=(0.05, 0.95), landmarks=False, compiled=False,
    )  # fmt: skip
    low, high = people.quantiles.values()
    assert found.now.low_ng_per_ml == pytest.approx(float(low[0]), rel=1e-6)
    assert found.now.high_ng_per_ml == pytest.approx(float(high[0]), rel=1e-6)
    sets = [
        track(MODELS[name], CORA, [(0.0, mg_per_min(do.rate))])
        .level_now(20.0)
        .levels_ng_per_ml["ketamine"]
        for name in ("kamp2020", "clements250", "domino")
    ]
    assert found.now.sets_low_ng_per_ml == pytest.approx(min(sets), rel=1e-6)
    assert found.now.sets_high_ng_per_ml == pytest.approx(max(sets), rel=1e-6)
    assert "borrowed from otto2021" in found.people
    assert found.sets == "3 published sets, arterial and venous"


def test_rate_is_zero_while_paused(do):
    do(c.PauseInfusion("nausea"), minutes=10)
    found = look(do, 25)
    engine = track(MODELS["kamp2020"], CORA, [(0.0, mg_per_min(do.rate)), (10.0, 0.0)])
    now = engine.level_now(25.0).levels_ng_per_ml["ketamine"]
    assert found.now.level_ng_per_ml == pytest.approx(now, rel=1e-9)
    assert found.paused
    assert found.at_stop is None
    assert max(found.chart.curves[1].level) == pytest.approx(now), "it only falls from here"


def test_what_if_a_rate_keeps_the_planned_volume(do):
    found = look(do, 20, asked=WhatIfAsked(rate_ml_per_h=Decimal(3)))
    as_it_runs, other = found.what_if.courses
    given_ml = load_state(do.session.id).given_ml_at(do.zero + timedelta(minutes=20))
    stop = 20 + float((Decimal("3.5") - given_ml) / 3 * 60)
    assert abs(other.ends_at - (do.zero + timedelta(minutes=stop))) < timedelta(milliseconds=1)
    engine = track(MODELS["kamp2020"], CORA, [(0.0, mg_per_min(do.rate))])
    run = engine.forecast(np.array([stop]), 20.0, rate_mg_per_min=mg_per_min(3), stop_min=stop)
    assert other.at_stop.level_ng_per_ml == pytest.approx(float(run.curve()[0]), rel=1e-6)
    assert as_it_runs.at_stop.level_ng_per_ml == found.at_stop.level_ng_per_ml
    assert [curve.style for curve in found.chart.curves] == ["model", "forecast", "what_if"]


def test_what_if_nothing_ran_from_now_on(do):
    found = look(do, 20, asked=WhatIfAsked(rate_ml_per_h=Decimal(0)))
    other = found.what_if.courses[1]
    assert (other.ends_at, other.at_stop) == (None, None)
    what_if = found.chart.curves[2]
    assert what_if.level[0] == max(what_if.level)


def test_time_until_below_is_the_engines_with_its_band(do):
    found = look(do, 20, asked=WhatIfAsked(below_ng_per_ml=Decimal(50)))
    falls = {fall.model: fall for fall in found.what_if.courses[0].falls}
    stop = float(Decimal("3.5") / do.rate * 60)
    engine = track(MODELS["kamp2020"], CORA, [(0.0, mg_per_min(do.rate))])
    answer = engine.time_below(50.0, 20.0, stop_min=stop, iiv=MODELS["otto2021"])
    told = [(fall - do.zero).total_seconds() / 60 for fall in
            (falls["kamp2020"].at, falls["kamp2020"].early, falls["kamp2020"].late)]  # fmt: skip
    wanted = [answer.typical_min, answer.early_min, answer.late_min]
    assert told == pytest.approx(wanted, abs=1e-3)
    assert falls["domino"].early is None, "no band is invented for the others"
    assert found.what_if.not_leave == answer.caution


def test_a_level_never_reached_is_told_as_below_already(do):
    found = look(do, 20, asked=WhatIfAsked(below_ng_per_ml=Decimal(5000)))
    assert all(fall.already for fall in found.what_if.courses[0].falls)


def test_no_level_is_asked_by_default(do):
    assert look(do, 20).what_if.courses == ()


def test_no_rate_is_answered_once_it_is_over(do):
    do(c.StopInfusion("completed"), minutes=40)
    found = look(do, 60, asked=WhatIfAsked(rate_ml_per_h=Decimal(3)))
    assert found.what_if.refused.code == "what_if.not_running"
    assert found.what_if.courses == ()
    assert len(found.chart.curves) == 2


def test_refuses_whom_the_set_refuses(do):
    state = load_state(do.session.id)
    assert session_levels(state, age_y=17, now=do.now).code == "patient.under_18"


def test_a_session_of_last_year_is_not_drawn_until_today(do):
    do(c.StopInfusion("completed"), minutes=40)
    found = look(do, 60 * 24 * 365)
    assert found.chart.horizon_min < 300
    assert found.chart.now_min is None
    assert found.now.level_ng_per_ml == pytest.approx(0.0, abs=1e-6)


def client_of(login):
    client = Client()
    client.force_login(User.objects.get(login=login))
    return client


def test_the_page_answers_without_scripts(do, monkeypatch):
    monkeypatch.setattr("leeward.web.door.now", lambda: do.zero + timedelta(minutes=20))
    url = reverse("session-levels", args=[do.session.id])
    page = client_of("bea").get(url, {"what_rate": "3", "what_below": "50"}).content.decode()
    assert "What if 3 mL/h" in page
    assert "never means that a person may leave" in page
    assert page.count("<svg") >= 2
    part = client_of("bea").get(url, {"what_below": "50"}, headers={"hx-request": "true"})
    assert part.content.decode().startswith('<div id="what-if">')


def test_what_was_typed_wrong_is_said_beside_it(do):
    url = reverse("session-levels", args=[do.session.id])
    page = client_of("bea").get(url, {"what_rate": "3,5"}).content.decode()
    assert 'id="what-fault"' in page
    assert 'value="3,5"' in page


def test_the_page_shown_again_keeps_the_question(do):
    url = reverse("session", args=[do.session.id])
    page = client_of("bea").get(url, {"what_below": "50"}, headers={"hx-request": "true"})
    assert 'value="50"' in page.content.decode()


ORDERS = re.compile(
    r"\b(increase|decrease|reduce|raise|lower|titrate|set the|stop the|give|must|should|"
    r"recommended rate|safe to leave)\b",
    re.IGNORECASE,
)


@pytest.mark.hazard("H41")
def test_an_answer_says_who_decides_and_orders_nothing(do, monkeypatch):
    before = load_state(do.session.id).seq
    monkeypatch.setattr("leeward.web.door.now", lambda: do.zero + timedelta(minutes=20))
    url = reverse("session-levels", args=[do.session.id])
    part = client_of("bea").get(
        url, {"what_rate": "3", "what_below": "50"}, headers={"hx-request": "true"}
    )  # fmt: skip
    words = " ".join(re.sub(r"<[^>]+>", " ", part.content.decode()).split())
    assert "Leeward does not change the pump, and the person who treats decides." in words
    assert "An answer is an estimate." in words
    assert ORDERS.findall(words) == []
    assert load_state(do.session.id).seq == before, "asking changes nothing in the session"
