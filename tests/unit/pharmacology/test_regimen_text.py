"""Regimens as typed and as filed."""

import pytest

from leeward.core.pharmacology import (
    Bolus,
    Extravascular,
    Film,
    Infusion,
    NasalDevice,
    parse_regimen_data,
    parse_regimen_text,
)
from leeward.core.quantities import Refusal


def test_reads_a_bolus_and_an_infusion():
    regimen = parse_regimen_text("0.1 mg/kg bolus; 0.5 mg/kg over 40 min at 2", 70.0)
    assert regimen.events == (Bolus(0.0, 7.0), Infusion(2.0, 40.0, 35.0 / 40.0))


def test_reads_nasal_devices_at_their_own_times():
    regimen = parse_regimen_text("28 mg nasal at 0,5, 10", 70.0)
    assert regimen.events == tuple(NasalDevice(t, 28.0) for t in (0.0, 5.0, 10.0))


def test_reads_every_other_route():
    text = "50 mg film; 84 mg oral at 60; 0.5 mg/kg im; 25 mg sublingual; 10 mg sc at 3 min"
    regimen = parse_regimen_text(text, 80.0)
    assert set(regimen.events) == {
        Film(0.0, 50.0),
        Extravascular(60.0, 84.0, "oral"),
        Extravascular(0.0, 40.0, "im"),
        Extravascular(0.0, 25.0, "sublingual"),
        Extravascular(3.0, 10.0, "sc"),
    }


@pytest.mark.parametrize(
    "text", ["", ";", "0.5 over 40 min", "0.5 g bolus", "1 mg over 0 min", "1 mg bolus at -3", "x"]
)
def test_refuses_what_it_cannot_read(text):
    assert isinstance(parse_regimen_text(text, 70.0), Refusal)


def test_reads_a_regimen_file():
    regimen = parse_regimen_data(
        {
            "drug": "racemic_ketamine",
            "events": [
                {"type": "infusion", "t_min": 2, "duration_min": 40, "rate_mg_per_min": 0.875,
                 "route": "iv"},
                {"type": "bolus", "t_min": 0, "dose_mg": 10, "route": "iv"},
                {"type": "nasal_device", "t_min": 0, "dose_mg": 28},
                {"type": "film", "t_min": 0, "dose_mg": 50},
                {"type": "oral", "t_min": 0, "dose_mg": 84},
            ],
        }
    )  # fmt: skip
    assert regimen.drug == "racemic_ketamine"
    assert regimen.events[-1] == Infusion(2.0, 40.0, 0.875)
    assert regimen.dose_mg == pytest.approx(10 + 28 + 50 + 84 + 35)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"events": "x"},
        {"drug": "other", "events": []},
        {"events": []},
        {"events": [{"type": "bolus", "t_min": 0}]},
        {"events": [{"type": "bolus", "t_min": 0, "dose_mg": "10"}]},
        {"events": [{"type": "bolus", "t_min": 0, "dose_mg": True}]},
        {"events": [{"type": "bolus", "t_min": 0, "dose_mg": 1, "route": "im"}]},
        {"events": [{"type": "bolus", "t_min": 0, "dose_mg": 1, "speed": 3}]},
        {"events": [{"type": "infusion", "t_min": 0, "duration_min": 0, "rate_mg_per_min": 1}]},
        {"events": [{"type": "infusion", "t_min": 0, "duration_min": 5, "rate_mg_per_min": 1,
                     "dose_mg": 5}]},
        {"events": [17]},
    ],
)  # fmt: skip
def test_refuses_a_file_that_says_too_little_or_too_much(data):
    assert isinstance(parse_regimen_data(data), Refusal)
