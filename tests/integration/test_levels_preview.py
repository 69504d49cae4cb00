"""Levels of regimens side by side: the numbers of the engine, its bands, its refusals."""

from decimal import Decimal

import numpy as np
import pytest

from leeward import content
from leeward.core.pharmacology import Infusion, Patient, Regimen, compare, population, simulate
from leeward.core.pharmacology.effects import index_curve
from leeward.core.quantities import Refusal
from leeward.usecases.preview_levels import Dose, LevelsWish, preview_plan

MODELS = content.load().pk_models
CORA = Patient(weight_kg=70.0, age_y=42.0)
FORTY = Dose("draft", Decimal(35), Decimal(40))
HOUR = Dose("alternative 1", Decimal(35), Decimal(60))
IN_FORCE = Dose("in force", Decimal(28), Decimal(40))


def regimen(dose: Dose) -> Regimen:
    minutes = float(dose.duration_min)
    return Regimen((Infusion(0.0, minutes, float(dose.dose_mg) / minutes),), "racemic_ketamine")


def look(draft=FORTY, *, weight_kg="70", age_y=42, **asked):
    return preview_plan(draft, weight_kg=Decimal(weight_kg), age_y=age_y, **asked)


def test_rows_are_the_engines_exact_landmarks():
    found = look(in_force=IN_FORCE, others=[HOUR])
    for mark in found.landmarks:
        dose = {"A": IN_FORCE, "B": FORTY, "C": HOUR}[mark.letter]
        run = simulate(MODELS[mark.model], CORA, regimen(dose), [0.0])
        summary = run.summary()
        after = float(run.at(np.array([float(dose.duration_min) + 60.0]))[0])
        assert mark.cmax_ng_per_ml == pytest.approx(summary.cmax_ng_per_ml, rel=1e-12)
        assert mark.tmax_min == pytest.approx(summary.tmax_min)
        assert mark.auc_ng_h_per_ml == pytest.approx(summary.auc_0_inf / 60, rel=1e-12)
        assert mark.hour_after_ng_per_ml == pytest.approx(after, rel=1e-12)
    assert [(m.letter, m.model) for m in found.landmarks] == [
        ("A", "kamp2020"), ("B", "kamp2020"), ("C", "kamp2020"),
        ("B", "clements250"), ("B", "domino"),
    ]  # fmt: skip


def test_the_published_peaks_of_half_a_milligram_per_kilogram_are_shown():
    peaks = {m.model: round(m.cmax_ng_per_ml) for m in look().landmarks}
    assert peaks == {"kamp2020": 253, "domino": 240, "clements250": 177}


def test_the_highest_index_is_at_least_that_of_any_minute():
    definition = content.load().exposure_marks["dissociation_index"]
    run = simulate(MODELS["kamp2020"], CORA, regimen(FORTY), np.linspace(0, 120, 1201))
    on_grid = float(index_curve(run, definition).index.max())
    (mark,) = (m for m in look().landmarks if m.model == "kamp2020")
    assert on_grid <= mark.index_max < on_grid + 1e-4


def test_band_between_people_is_the_engines_and_says_what_it_borrowed():
    band = next(b for b in look().chart.bands if b.kind == "people")
    people = population(
        MODELS["kamp2020"], CORA, regimen(FORTY), band.t_min, n=400, seed=1,
        iiv=MODELS["otto2021"], quantiles=(0.05, 0.95), landmarks=False, compiled=False,
    )  # fmt: skip
    low, high = people.quantiles.values()
    assert band.low == pytest.approx(tuple(low))
    assert band.high == pytest.approx(tuple(high))
    assert band.label == "9 of 10 people, variability borrowed from otto2021"


def test_spread_over_sets_is_another_band_that_names_both_sites():
    found = look()
    band = next(b for b in found.chart.bands if b.kind == "sets")
    sets = [MODELS[name] for name in ("kamp2020", "clements250", "domino")]
    low, high = compare(sets, CORA, regimen(FORTY), band.t_min).spread()
    assert band.low == pytest.approx(tuple(low))
    assert band.high == pytest.approx(tuple(high))
    assert band.label == "3 published sets, arterial and venous"
    assert any("never averaged" in words for words in found.cautions)


def test_sets_side_by_side_carry_their_site():
    found = look(wish=LevelsWish(by="sets"))
    assert [c.label for c in found.chart.curves] == [
        "kamp2020, arterial", "clements250, venous", "domino, arterial",
    ]  # fmt: skip
    assert [b.kind for b in found.chart.bands] == ["people"]


def test_no_more_than_four_are_drawn():
    others = [Dose(f"alternative {k}", Decimal(30 + k), Decimal(40)) for k in range(5)]
    assert len(look(in_force=IN_FORCE, others=others).chart.curves) == 4


def test_effect_site_is_drawn_without_a_band_between_people():
    found = look(wish=LevelsWish(curve="effect", line="domino"))
    run = simulate(MODELS["domino"], CORA, regimen(FORTY), found.chart.curves[0].t_min)
    highest = run.peak("effect").value_ng_per_ml
    assert max(found.chart.curves[0].level) == pytest.approx(highest, rel=1e-9)
    assert found.landmarks[0].effect_max_ng_per_ml == pytest.approx(highest)
    assert found.chart.curves[0].level == pytest.approx(tuple(run.curve("effect")))
    assert [b.kind for b in found.chart.bands] == ["sets"]
    assert "No variability between people was published for the rate" in found.cautions[0]


def test_a_set_without_effect_site_refuses_that_curve():
    refused = look(wish=LevelsWish(curve="effect", line="clements250"))
    assert isinstance(refused, Refusal)
    assert refused.code == "levels.no_effect_site"


def test_index_band_is_the_published_interval():
    found = look(wish=LevelsWish(curve="index"))
    definition = content.load().exposure_marks["dissociation_index"]
    band = next(b for b in found.chart.bands if b.kind == "interval")
    run = simulate(MODELS["kamp2020"], CORA, regimen(FORTY), band.t_min)
    index = index_curve(run, definition)
    assert band.low == pytest.approx(tuple(index.low))
    assert band.high == pytest.approx(tuple(index.high))
    (row,) = (m for m in found.landmarks if m.model == "kamp2020")
    assert max(found.chart.curves[0].level) == pytest.approx(row.index_max, rel=1e-9)
    assert found.chart.references == ()
    assert any("steepness is not published" in words for words in found.index_says)


def test_reference_levels_carry_label_source_and_are_of_the_same_substance():
    found = look()
    drawn = {m.label: m for m in found.marks if m.drawn}
    band = drawn["Dissociation reported (0.5 mg/kg over 40 min)"]
    assert band.range == "100 to 250"
    assert band.citation.startswith("Zanos")
    assert "Half-maximal drug high, S-ketamine (film)" not in drawn
    assert "General anaesthesia" not in drawn, "far above the scale"
    assert len(found.marks) == 6


def test_a_set_of_s_ketamine_stands_among_its_own():
    found = look(wish=LevelsWish(line="otto2021"))
    assert {m.analyte for m in found.landmarks} == {"S-ketamine only"}
    assert {m.model for m in found.landmarks} == {"otto2021", "perezruixo2021", "simons2022"}
    people = next(b for b in found.chart.bands if b.kind == "people")
    assert people.label == "9 of 10 people", "its own variability, nothing borrowed"


@pytest.mark.parametrize("line", list(MODELS))
def test_nobody_under_18_gets_a_level(line):
    refused = look(age_y=17, wish=LevelsWish(line=line))
    assert isinstance(refused, Refusal)
    assert refused.code == "patient.under_18"


def test_far_out_of_range_refuses_with_the_range():
    refused = look(weight_kg="130", wish=LevelsWish(line="otto2021"))
    assert refused.code == "patient.out_of_range"
    assert "50 to 100 kg" in refused.because
    options = {o.id: o.refused for o in look(weight_kg="130").options}
    assert options["kamp2020"] is None
    assert "more than 20 %" in options["simons2022"].because


def test_where_copies_of_a_set_disagree_both_are_shown():
    assert {m.model for m in look(weight_kg="100").landmarks} == {
        "kamp2020", "kamp2020's other copy", "clements250", "domino"
    }  # fmt: skip


def test_nothing_is_ranked_or_recommended():
    found = look(in_force=IN_FORCE, others=[HOUR])
    words = " ".join([*found.cautions, *found.index_says, *(c.label for c in found.chart.curves)])
    assert "recommend" not in words
    assert [c.letter for c in found.chart.curves] == ["A", "B", "C"], "in the order entered"


def test_a_dose_of_nothing_is_refused():
    assert look(Dose("draft", Decimal(0), Decimal(40))).code == "levels.not_positive"
    assert look(others=[Dose("x", Decimal(5), Decimal(0))]).code == "levels.not_positive"


def test_an_unknown_set_is_refused():
    assert look(wish=LevelsWish(line="nobody1999")).code == "levels.unknown_set"
