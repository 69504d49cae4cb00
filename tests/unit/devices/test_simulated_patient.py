"""The simulated patient answers drug, arousal and events; its numbers are out of reach."""

import json
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import grimp
import pytest

from leeward.cli.main import main
from leeward.exchange.devices.simulated import responses
from leeward.exchange.devices.simulated.patient import UNITS, SimulatedPatient
from leeward.exchange.devices.simulated.scenario import (
    BadScenario,
    find_file,
    read_scenario,
    shipped,
)
from leeward.records.treatments.channels import CHANNELS

PACKAGE = "leeward.exchange.devices.simulated"
# Who may know the simulation: what runs it, and what shows it as such.
MAY_IMPORT = (PACKAGE, "leeward.jobs.simulators", "leeward.cli.replay", "leeward.demo",
              "leeward.web.views.training")  # fmt: skip
FULL = Decimal(6)


def run(name, minutes, driven=None):
    """A list of {channel: (value, quality)}, one each second."""
    patient = SimulatedPatient(shipped()[name])
    return [
        {r.channel: (r.value, r.quality) for r in patient.second(driven)}
        for _ in range(int(minutes * 60))
    ]


def mean(rows, channel, start_min, end_min):
    part = [row[channel][0] for row in rows[int(start_min * 60) : int(end_min * 60)]
            if channel in row]  # fmt: skip
    values = [float(value) for value in part if value is not None]
    return sum(values) / len(values)


def test_every_scenario_that_was_asked_for_is_there_and_says_that_it_is_a_simulation():
    assert {"desaturation", "hypertensive_rise", "vomiting", "pump_occlusion", "cuff_failure",
            "panic", "unplugged", "over_rate", "calm"} == set(shipped())  # fmt: skip
    assert responses.SIMULATION_ONLY
    assert all(scenario.simulation for scenario in shipped().values())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_same_scenario_gives_the_same_numbers(name):
    assert run(name, 12) == run(name, 12)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_reading_is_one_that_a_monitor_could_send(name):
    patient = SimulatedPatient(shipped()[name])
    for _ in range(20 * 60):
        for reading in patient.second():
            assert reading.unit == CHANNELS[reading.channel].unit == UNITS[reading.channel]


def test_vital_signs_answer_the_drug_and_come_back():
    without, given = run("calm", 40, [(0, Decimal(0))]), run("calm", 60)
    assert mean(given, "nibp_sys", 20, 40) > mean(without, "nibp_sys", 20, 40) + 8
    assert mean(given, "hr", 30, 39) > mean(without, "hr", 30, 39) + 4
    assert mean(given, "hr", 55, 60) < mean(given, "hr", 30, 39)


def test_a_cuff_that_inflates_wakes_a_little():
    rows = run("calm", 20, [(0, Decimal(0))])
    inflated = sum(mean(rows, "hr", m, m + 0.6) for m in (5, 10, 15)) / 3
    at_rest = sum(mean(rows, "hr", m + 3, m + 5) for m in (5, 10)) / 2
    assert inflated > at_rest + 1


def test_saturation_falls_and_comes_back_when_the_infusion_is_paused():
    untreated = run("desaturation", 16)
    paused = run("desaturation", 16, [(0, FULL), (8 * 60, Decimal(0))])
    assert mean(untreated, "spo2", 0, 5) > 96
    assert mean(untreated, "spo2", 12, 15) < 88
    assert mean(paused, "spo2", 12, 15) > 96


def test_a_pressure_rise_is_settled_by_a_slower_rate():
    untreated = run("hypertensive_rise", 30)
    slower = run("hypertensive_rise", 30, [(0, FULL), (12 * 60, Decimal(3))])
    assert mean(untreated, "nibp_sys", 19, 29) > 180
    assert mean(slower, "nibp_sys", 19, 29) < 150


def test_panic_raises_heart_rate_breathing_and_doubt():
    rows = run("panic", 15)
    assert mean(rows, "hr", 11, 14) > mean(rows, "hr", 6, 8) + 20
    assert mean(rows, "rr", 11, 14) > 20
    assert rows[12 * 60]["spo2"][1] == "questionable"


def test_what_happens_waits_for_the_infusion_to_begin():
    rows = run("desaturation", 16, [(8 * 60, FULL)])
    assert mean(rows, "spo2", 8, 13) > 96
    assert mean(rows, "spo2", 15.5, 16) < 92


@pytest.mark.hazard("H15")
def test_an_occluded_pump_says_that_it_stopped_and_gives_nothing():
    rows = run("pump_occlusion", 12)
    assert rows[8 * 60]["pump_state"] == ("stopped", "valid")
    assert rows[8 * 60]["pump_rate_ml_h"] == ("0.0", "valid")
    assert rows[8 * 60]["pump_vol_ml"] == rows[11 * 60]["pump_vol_ml"]


@pytest.mark.hazard("H16")
def test_a_pump_that_runs_away_says_so():
    assert run("over_rate", 9)[8 * 60]["pump_rate_ml_h"] == ("18.0", "valid")


@pytest.mark.hazard("H21")
def test_a_failed_cuff_an_unplugged_monitor_and_a_lost_probe_are_no_value():
    cuff = [row["nibp_sys"] for row in run("cuff_failure", 12)[5 * 60 :] if "nibp_sys" in row]
    assert cuff == [(None, "invalid")] * 2
    silent = run("unplugged", 20)
    assert "hr" not in silent[9 * 60] and "pump_rate_ml_h" in silent[9 * 60]
    assert silent[19 * 60]["spo2"] == (None, "sensor_off")


@pytest.mark.parametrize("broken", [
    {}, {"simulation": False}, {"seed": -1}, {"happenings": [{"what": "earthquake"}]},
    {"extra": 1}, {"minutes": 0},
])  # fmt: skip
def test_a_file_that_is_no_scenario_is_refused_with_the_place(broken):
    good = shipped()["calm"].model_dump(mode="json")
    text = json.dumps(good | broken if broken else {})
    with pytest.raises(BadScenario, match=":"):
        read_scenario(text)


def test_a_clinics_own_scenario_goes_before_the_shipped_one(tmp_path):
    own = tmp_path / "calm.json"
    own.write_text(shipped()["calm"].model_dump_json())
    assert find_file("calm", [tmp_path]) == own
    assert find_file("calm").parent != tmp_path
    assert find_file("../../etc/passwd") is None and find_file("") is None


def test_replay_runs_a_scenario_through_and_two_runs_agree(capsys):
    file = Path(str(files(PACKAGE))) / "scenarios" / "desaturation.json"
    said = []
    for _ in range(2):
        assert main(["replay", str(file), "--format", "json"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    run_of = json.loads(said[0])
    raised = [a for a in run_of["alarms"] if a["what"] == "raised" and a["channel"] == "spo2"]
    assert run_of["simulation"] and {a["priority"] for a in raised} == {"medium", "high"}
    assert all(a["at_s"] >= 360 for a in raised)


def test_replay_in_words_says_first_that_it_is_a_simulation(capsys):
    assert main(["replay", "calm"]) == 0
    assert capsys.readouterr().out.startswith("SIMULATION:")


@pytest.mark.hazard("H18")
def test_nothing_that_advises_can_reach_the_simulation():
    graph = grimp.build_graph("leeward", cache_dir=None)
    inside = {PACKAGE, *graph.find_descendants(PACKAGE)}
    importers = {one for module in inside
                 for one in graph.find_modules_that_directly_import(module)} - inside  # fmt: skip
    assert importers, "the check must see the importers there are"
    assert [one for one in importers if not one.startswith(MAY_IMPORT)] == []
