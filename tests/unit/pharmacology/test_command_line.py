"""The pharmacology commands: stable output, refusals with a reason, no database."""

import csv
import gzip
import io
import json

import numpy as np
import pytest

from leeward.cli.main import main
from leeward.core.pharmacology import Infusion, Patient, Regimen, simulate
from leeward.core.pharmacology.regimen import Bolus
from tests.oracle.published_sets import published

PERSON = ["--model", "domino", "--weight", "70", "--age", "40"]
DOSE = ["--regimen", "0.5 mg/kg over 40 min"]


def _run(capsys, *words):
    code = main(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_simulate_prints_a_table_with_full_precision(capsys):
    code, out, err = _run(capsys, "simulate", *PERSON, *DOSE, "--times", "0:60:20")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["t_min", "analyte", "site", "value", "unit"]
    exact = simulate(published("domino"), Patient(70.0, 40.0),
                     Regimen((Infusion(0.0, 40.0, 0.875),)), [0.0, 20.0, 40.0, 60.0])  # fmt: skip
    plasma = [float(row["value"]) for row in rows if row["site"] == "arterial"]
    np.testing.assert_array_equal(plasma, exact.curve())
    assert {row["site"] for row in rows} == {"arterial", "effect"}
    assert {row["unit"] for row in rows} == {"ng/mL"}
    assert "note:" in err


def test_simulate_value_at_a_bolus_is_the_one_just_after_it(capsys):
    _, out, _ = _run(
        capsys, "simulate", *PERSON, "--regimen", "10 mg bolus at 5", "--times", "4,5"
    )
    values = [float(r["value"]) for r in csv.DictReader(io.StringIO(out)) if r["site"] != "effect"]
    assert values == [0.0, pytest.approx(10.0 / (0.063 * 70.0) * 1000.0)]


def test_simulate_json_holds_summary_provenance_and_findings(capsys):
    code, out, _ = _run(capsys, "simulate", *PERSON, *DOSE, "--times", "0,40", "--format", "json",
                        "--threshold", "100", "--threshold", "50")  # fmt: skip
    answer = json.loads(out)
    assert code == 0
    assert set(answer["summary"]) == {"ketamine", "effect"}
    summary = answer["summary"]["ketamine"]
    assert summary["tmax_min"] == pytest.approx(40.0)
    assert set(summary["time_above_min"]) == {"100", "50"}
    assert {"cmax", "auc_0_t", "auc_0_inf"} <= set(summary)
    assert answer["grade"] == "Vs"
    assert answer["model"]["source"]["id"]
    assert answer["findings"]
    assert answer["other_copy"] is None


def test_simulate_shows_both_copies_where_they_disagree(capsys):
    _, out, _ = _run(capsys, "simulate", "--model", "kamp2020", "--weight", "100", *DOSE,
                     "--times", "40", "--format", "json")  # fmt: skip
    answer = json.loads(out)
    here, other = (part["curves"][0]["value"][0] for part in (answer, answer["other_copy"]))
    assert here != other


def test_simulate_population_prints_a_band_and_where_it_was_borrowed(capsys):
    words = [
        "simulate",
        *PERSON,
        *DOSE,
        "--times",
        "0:40:20",
        "--population",
        "200",
        "--seed",
        "3",
    ]
    code, out, err = _run(capsys, *words)
    assert code == 1
    assert "borrow" in err
    code, out, _ = _run(capsys, *words, "--iiv", "otto2021")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["t_min", "analyte", "site", "median", "p05", "p95", "unit"]
    last = rows[2]
    assert float(last["p05"]) < float(last["median"]) < float(last["p95"])
    code, out, _ = _run(capsys, *words, "--iiv", "otto2021", "--format", "json", "--threads", "2")
    answer = json.loads(out)
    assert answer["population"]["borrowed_from"] == "otto2021"
    assert answer["curves"][0]["median"][2] == float(last["median"])


def test_simulate_reads_a_regimen_file_even_gzipped(capsys, tmp_path):
    data = {"drug": "racemic_ketamine", "events": [
        {"type": "bolus", "t_min": 0, "dose_mg": 10, "route": "iv"}]}  # fmt: skip
    file = tmp_path / "regimen.json.gz"
    file.write_bytes(gzip.compress(json.dumps(data).encode()))
    code, out, _ = _run(capsys, "simulate", *PERSON, "--regimen", str(file), "--times", "10")
    exact = simulate(published("domino"), Patient(70.0), Regimen((Bolus(0.0, 10.0),)), [10.0])
    assert code == 0
    assert float(out.splitlines()[1].split(",")[3]) == exact.curve()[0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--model", "domino", "--weight", "70", "--age", "12", *DOSE], "patient.under_18"),
        (["--model", "domino", "--weight", "1e308", *DOSE], "patient.weight"),
        (["--model", "domino", "--weight", "nan", "--regimen", "5 mg bolus"],
         "patient.weight"),
        (["--model", "nobody", "--weight", "70", *DOSE], "model.unknown"),
        (["--model", "domino", "--weight", "70", "--regimen", "28 mg nasal at 0"],
         "model.route_not_supported"),
        (["--model", "domino", "--weight", "70", "--regimen", "much"], "regimen.unreadable"),
        (["--model", "domino", "--weight", "70", *DOSE, "--eta", "cl"], "eta.unreadable"),
        (["--model", "domino", "--weight", "70", *DOSE, "--threshold", "0"],
         "threshold.not_positive"),
        (["--model", "simons2022", "--weight", "150", "--regimen", "50 mg film"],
         "patient.out_of_range"),
        (["--model", "domino", "--weight", "70", *DOSE, "--eta", "cl=9e9"], "eta.too_large"),
        (["--model", "domino", "--weight", "70", *DOSE, "--population", "0"],
         "population.population"),
        (["--model", "domino", "--weight", "70", *DOSE, "--population", "3", "--seed", "-1"],
         "population.seed"),
        (["--model", "domino", "--weight", "70", *DOSE, "--population", "3", "--threads", "0"],
         "population.threads"),
    ],
)  # fmt: skip
def test_simulate_refuses_with_a_reason(capsys, words, code):
    exit_code, out, err = _run(capsys, "simulate", *words, "--times", "0:10:1", "--format", "json")
    assert exit_code == 1
    assert json.loads(out)["refused"]["code"] == code
    assert code in err


def test_simulate_refuses_times_it_cannot_read(capsys):
    for times in ("0:10", "10:0:1", "0:10:0", "a,b", "0:1e12:1e-6", "nan"):
        assert _run(capsys, "simulate", *PERSON, *DOSE, "--times", times)[0] == 1


def test_simulate_draws_svg_and_png(capsys, tmp_path):
    for name, magic in (("a.svg", b"<svg"), ("a.png", b"\x89PNG")):
        file = tmp_path / name
        code, _, _ = _run(capsys, "simulate", *PERSON, *DOSE, "--times", "0:60:1",
                          "--plot", str(file))  # fmt: skip
        assert code == 0
        assert file.read_bytes().startswith(magic)
    assert _run(capsys, "simulate", *PERSON, *DOSE, "--times", "0:9:1", "--plot", "a.bmp")[0] == 1


def test_target_prints_a_schedule_from_the_log(capsys, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("t_min,rate_mg_per_min,bolus_mg\n0,0.5,\n2,,3\n5,0.7,\n")
    code, out, _ = _run(capsys, "target", *PERSON, "--target", "150", "--site", "plasma",
                        "--horizon", "10", "--log", str(log), "--now", "6", "--max-rate", "2",
                        "--resolution", "0.01", "--format", "json")  # fmt: skip
    answer = json.loads(out)
    assert code == 0
    assert answer["advice_only"]
    assert answer["log_heard_min"] == 5.0
    assert all(step["rate_mg_per_min"] <= 2.0 for step in answer["schedule"])
    code, out, _ = _run(capsys, "target", *PERSON, "--target", "150", "--site", "plasma",
                        "--horizon", "10", "--log", str(log), "--now", "60",
                        "--stale-after", "5", "--format", "json")  # fmt: skip
    assert code == 1
    assert json.loads(out)["refused"]["code"] == "target.log_stale"


def test_individualise_prints_eta_uncertainty_and_flags(capsys, tmp_path):
    log, samples = tmp_path / "log.json", tmp_path / "samples.csv"
    log.write_text(json.dumps({"segments": [[0, 0.5], [40, 0]], "boluses": [[0, 2]]}))
    samples.write_text("t_min,value_ng_per_ml,site\n40,110,venous\n120,40,\n")
    words = ["individualise", "--model", "otto2021", "--weight", "70", "--log", str(log),
             "--observations", str(samples)]  # fmt: skip
    code, out, _ = _run(capsys, *words, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer["eta"]) == set(answer["sd"]) == set(answer["shrinkage"])
    assert answer["flags"] == []
    assert len(answer["observations"]) == 2
    assert _run(capsys, *words)[0] == 0
    samples.write_text("t_min,value\n40,110\n")
    assert _run(capsys, *words)[0] == 1


def test_models_lists_sets_and_where_numbers_come_from(capsys):
    code, out, _ = _run(capsys, "models")
    assert code == 0
    assert len(out.splitlines()) == 6
    _, out, _ = _run(capsys, "models", "otto2021", "--format", "json")
    answer = json.loads(out)
    assert all(p["source"]["at"] and p["grade"] for p in answer["parameters"].values())
    assert answer["unknown"]
    assert "not known" in _run(capsys, "models", "perezruixo2021")[1]
    assert _run(capsys, "models", "nobody")[0] == 1


@pytest.mark.parametrize(
    "text",
    ["", "time,rate\n0,0.5\n", "t_min,rate\n0,0.5\n", '{"segment": [[0, 0.5]]}', "{}",
     '{"segments": [[0, 0.5]], "bolus": [[0, 5]]}', "[[0]]", "t_min,rate_mg_per_min\n0,x\n"],
)  # fmt: skip
def test_a_log_that_cannot_be_read_is_never_nothing_delivered(capsys, tmp_path, text):
    log = tmp_path / "log"
    log.write_text(text)
    code, out, _ = _run(capsys, "target", *PERSON, "--target", "150", "--site", "plasma",
                        "--horizon", "1", "--log", str(log), "--format", "json")  # fmt: skip
    assert code == 1
    assert json.loads(out)["refused"]["code"] == "pump_log.unusable"


def test_a_log_with_nothing_delivered_yet_is_one(capsys, tmp_path):
    for text in ("t_min,rate_mg_per_min\n", '{"segments": []}', "[]"):
        (tmp_path / "log").write_text(text)
        assert _run(capsys, "target", *PERSON, "--target", "150", "--site", "plasma", "--horizon",
                    "1", "--log", str(tmp_path / "log"))[0] == 0  # fmt: skip


def test_observations_without_their_columns_are_refused(capsys, tmp_path):
    (tmp_path / "log").write_text("[[0, 0.5], [40, 0]]")
    for text, expected in (("", 1), ("time,value\n1,2\n", 1), ("t_min,value_ng_per_ml\n", 0)):
        (tmp_path / "samples").write_text(text)
        assert _run(capsys, "individualise", "--model", "otto2021", "--weight", "70", "--log",
                    str(tmp_path / "log"), "--observations",
                    str(tmp_path / "samples"))[0] == expected  # fmt: skip


def test_standard_input_holds_a_regimen_gzipped_or_not(capsys, monkeypatch):
    events = [{"type": "bolus", "t_min": 0, "dose_mg": 10}]
    data = json.dumps({"drug": "racemic_ketamine", "events": events}).encode()
    seen = []
    for given in (data, gzip.compress(data)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        seen.append(_run(capsys, "simulate", *PERSON, "--regimen", "-", "--times", "10")[1])
    assert seen[0] == seen[1] != ""
