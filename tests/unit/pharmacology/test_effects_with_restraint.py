"""An index with its assumptions, and envelopes without a middle."""

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from leeward.content.kinds import absorption, exposure_mark
from leeward.content.strict_yaml import parse
from leeward.core.pharmacology import Extravascular, Infusion, Patient, Regimen, compare, simulate
from leeward.core.pharmacology.effects import IndexDefinition, index_curve
from leeward.core.pharmacology.envelope import Envelope, envelope
from leeward.core.quantities import Refusal
from tests.oracle.published_sets import FOLDER, IDS, published

ADULT = Patient(70.0, 40.0)
TIMES = np.linspace(0.0, 360.0, 121)


def _all(kind):
    text = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted((FOLDER.parent / kind.FOLDER).glob("*"))
    )
    built = [kind.build(kind.Doc.model_validate(raw)) for raw in parse(text).data]
    return {value.id: value for value in built}


MARKS, ROUTES = _all(exposure_mark), _all(absorption)


def test_index_follows_the_s_half_through_its_own_effect_site():
    run = simulate(published("domino"), ADULT, Regimen((Infusion(0.0, 40.0, 0.875),)), TIMES)
    curve = index_curve(run, MARKS["dissociation_index"])
    fine = np.linspace(0.0, 360.0, 36001)
    level = 0.5 * run.at(fine)
    ce, step = 0.0, fine[1] - fine[0]
    for before, after in pairwise(level):
        ce += step * 0.0835 * (0.5 * (before + after) - ce)
    assert curve.effect_site_ng_per_ml[-1] == pytest.approx(ce, rel=2e-3)
    expected = curve.effect_site_ng_per_ml / (121.0 + curve.effect_site_ng_per_ml)
    np.testing.assert_allclose(curve.index, expected)
    assert (curve.low <= curve.index).all()
    assert (curve.index <= curve.high).all()


def test_index_states_its_assumptions_and_predicts_no_scale():
    run = simulate(published("domino"), ADULT, Regimen((Infusion(0.0, 40.0, 0.875),)), TIMES)
    said = " ".join(f.because for f in index_curve(run, MARKS["dissociation_index"]).findings)
    assert "1 is assumed" in said
    assert "no score" in said
    names = {f.name for f in fields(IndexDefinition)}
    assert not names & {"cadss", "map_mmhg", "target"}


def test_every_reference_line_has_a_source_and_both_languages():
    lines = [mark for mark in MARKS.values() if not isinstance(mark, IndexDefinition)]
    assert lines
    for line in lines:
        assert line.source.source and line.source.at
        assert set(line.label) == {"en", "es"}


@pytest.mark.parametrize(
    "name", ["racemic_im", "racemic_sc", "racemic_sublingual", "racemic_oral"]
)
def test_envelope_has_edges_and_no_middle(name):
    route = ROUTES[name]
    doses = Regimen((Extravascular(0.0, 35.0, route.route),))
    span = envelope(published("clements250"), ADULT, route, doses, TIMES)
    assert (span.low_ng_per_ml <= span.high_ng_per_ml + 1e-12).all()
    assert not span.live_advice
    assert not {f.name for f in fields(Envelope)} & {"median", "median_ng_per_ml", "cmax"}
    assert "envelope.no_median" in {f.code for f in span.findings}


def test_envelope_holds_the_curve_of_every_rate_inside_the_range():
    route = ROUTES["racemic_im"]
    doses = Regimen((Extravascular(0.0, 35.0, "im"),))
    span = envelope(published("clements250"), ADULT, route, doses, TIMES)
    p = simulate(published("clements250"), ADULT, Regimen((Infusion(0.0, 1.0, 1.0),)), [0.0])
    gains, rates = p._modes().coefficients, p._modes().rates_per_min
    for ka in (0.05, 0.083, 0.2):
        curve = sum(
            0.93 * 35.0 * ka * g * (np.exp(-r * TIMES) - np.exp(-ka * TIMES)) / (ka - r)
            for g, r in zip(gains, rates, strict=True)
        )
        assert (curve <= span.high_ng_per_ml * (1 + 1e-3) + 1e-9).all()
        assert (curve >= span.low_ng_per_ml * (1 - 1e-3) - 1e-9).all()


def test_envelope_is_for_its_own_route_and_drug():
    oral = Regimen((Extravascular(0.0, 35.0, "oral"),))
    for model in ("otto2021", "perezruixo2021"):
        answer = envelope(published(model), ADULT, ROUTES["racemic_oral"], oral, TIMES)
        assert answer.code == "envelope.model"
    answer = envelope(published("clements250"), ADULT, ROUTES["racemic_im"], oral, TIMES)
    assert answer.code == "envelope.route"
    young = envelope(
        published("clements250"), Patient(50.0, 16.0), ROUTES["racemic_oral"], oral, TIMES
    )
    assert isinstance(young, Refusal)


def test_spread_over_sets_keeps_sites_apart():
    doses = Regimen((Infusion(0.0, 40.0, 0.875),), "racemic_ketamine")
    side = compare([published(name) for name in IDS], ADULT, doses, TIMES)
    assert side.sites == ("arterial", "venous")
    low, high = side.spread("arterial")
    assert (low <= high).all()
    whole = side.spread()
    assert whole[1].max() >= high.max()
    only = compare([published("domino")], Patient(70.0, 12.0), doses, TIMES)
    assert only.refusals["domino"].code == "patient.under_18"
    assert only.spread() is None
