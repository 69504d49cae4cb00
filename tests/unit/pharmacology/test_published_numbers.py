"""Derived quantities follow from the constants in the files; editing a constant breaks these."""

import math

import pytest

from leeward.core.pharmacology import NasalDevice, Patient, Regimen, simulate
from leeward.core.pharmacology.modes import modes_of_core
from leeward.core.pharmacology.parameters import individual_parameters
from leeward.core.quantities.ucum import conversion_factor, parse_unit
from tests.oracle.published_sets import IDS, published

SEVENTY = Patient(weight_kg=70.0, age_y=40.0)
HALF_MG_PER_KG = {
    "simons2022": 289,
    "kamp2020": 253,
    "domino": 240,
    "clements250": 177,
    "otto2021": 158,
    "perezruixo2021": 125,
}


def _derived(model):
    p = individual_parameters(model, SEVENTY)
    if model.structure == "nasal_oral_liver":
        return _of_liver(p)
    if model.structure == "film_chain":
        return {"cl_l_per_min_at_70_kg": p["clk1"], "vss_l": p["vk1"] + p["vk2"] + p["vk3"]}
    volumes = [p[v] for v in ("v1", "v2", "v3") if v in p]
    result = {
        "cl_ml_per_min_per_kg": p["cl"] * 1000.0 / 70.0,
        "cl_l_per_h_at_70_kg": p["cl"] * 60.0,
        "vss_l_per_kg": sum(volumes) / 70.0,
        "vss_l": sum(volumes),
    }
    if model.structure == "mammillary":
        for k, rate in enumerate(modes_of_core(p).rates_per_min, start=1):
            result[f"rate_{k}"] = rate
    return result


def _of_liver(p):
    used = p["vh"] * (p["kel"] + p["kmet"])
    extraction = used / (p["qh"] + used)
    swallowed = p["fgut"] * (1.0 - extraction)
    later = p["frn"] * p["frn_later"]
    first, second = (f + (1.0 - f) * swallowed for f in (p["frn"], later))
    return {
        "extraction": extraction,
        "cl_l_per_h": p["qh"] * 60.0 * extraction,
        "f_oral": swallowed,
        "f_nasal_28_mg": first,
        "f_nasal_56_mg": (first + second) / 2.0,
        "f_nasal_84_mg": (first + 2.0 * second) / 3.0,
    }


@pytest.mark.parametrize("name", IDS)
def test_derived_quantities_follow_from_the_constants(name):
    model = published(name)
    recomputed = _derived(model)
    assert model.derived
    for what, printed in model.derived.items():
        digits = len(f"{printed:g}".replace(".", "").strip("0"))
        assert recomputed[what] == pytest.approx(printed, rel=0.6 * 10.0 ** (1 - digits)), what


@pytest.mark.parametrize("name", IDS)
def test_level_after_half_mg_per_kg_over_forty_minutes(name):
    from leeward.core.pharmacology import Infusion

    run = simulate(published(name), SEVENTY, Regimen((Infusion(0.0, 40.0, 0.875),)), [40.0])
    assert round(run.curve()[0]) == HALF_MG_PER_KG[name]


@pytest.mark.parametrize(
    ("devices", "cmax", "auc", "nk_cmax"),
    [(1, 43.8, 147.3, 59.1), (2, 72.5, 254.7, 119.7), (3, 101.0, 362.2, 180.0)],
)
def test_nasal_devices_reproduce_the_published_table(devices, cmax, auc, nk_cmax):
    doses = Regimen(tuple(NasalDevice(5.0 * k, 28.0) for k in range(devices)))
    run = simulate(published("perezruixo2021"), SEVENTY, doses, [0.0, 1440.0])
    parent = run.summary("esketamine")
    assert parent.cmax_ng_per_ml == pytest.approx(cmax, rel=0.005)
    assert parent.auc_0_t / 60.0 == pytest.approx(auc, rel=0.005)
    assert run.peak("esnorketamine").value_ng_per_ml == pytest.approx(nk_cmax, rel=0.005)


def test_area_to_infinity_is_dose_over_clearance():
    for name in ("domino", "kamp2020", "clements250", "otto2021"):
        from leeward.core.pharmacology import Infusion

        run = simulate(published(name), SEVENTY, Regimen((Infusion(0.0, 40.0, 0.5),)), [0.0])
        exact = 20.0 * 1000.0 / run.parameters["cl"]
        assert run.summary().auc_0_inf == pytest.approx(exact, rel=1e-11)


def test_effect_rate_of_kamp_follows_weight():
    run = simulate(published("kamp2020"), SEVENTY, Regimen((NasalDevice(0.0, 1.0),)), [0.0])
    assert run.code == "model.route_not_supported"
    from leeward.core.pharmacology.parameters import effect_rate

    assert effect_rate(published("kamp2020"), SEVENTY) == pytest.approx(
        0.1876 * math.log(70.0) + 0.5932
    )
    assert effect_rate(published("domino"), SEVENTY) == 0.238


def test_disagreeing_copy_is_offered_beside_the_default():
    model = published("kamp2020")
    other = model.alternative()
    heavy = Patient(100.0)
    p, q = individual_parameters(model, heavy), individual_parameters(other, heavy)
    assert q["cl"] / p["cl"] == pytest.approx((100.0 / 70.0) ** 0.25)
    assert q["v1"] == p["v1"]
    assert published("domino").alternative() is None


@pytest.mark.parametrize("name", IDS)
def test_engine_units_turn_back_into_the_printed_ones(name):
    """What the engine runs on, converted back, is the number in the file."""
    for parameter in published(name).parameters.values():
        value, unit = parameter.printed.split()
        per_kg = unit.endswith("/kg")
        unit = unit.removesuffix("/kg")
        like = next(
            u for u in ("L", "L/min", "/min", "min", "1")
            if parse_unit(u).dimension == parse_unit(unit).dimension
        )  # fmt: skip
        back = parameter.value * float(conversion_factor(like, unit)) / (70.0 if per_kg else 1.0)
        assert back == pytest.approx(float(value), rel=1e-14)


def test_nothing_uncertain_is_encoded():
    """The cells the reference marks as uncertain are absent."""
    assert "esketamine" not in {r.analyte for r in published("simons2022").residual}
    assert all("kmet" not in b.names for b in published("perezruixo2021").omega)
    assert published("kamp2020").omega == published("domino").omega == ()
    assert [b for b in published("simons2022").omega if b.occasion and "mtt_kn" in b.names] == []
    assert all(published(name).unknown for name in IDS)
