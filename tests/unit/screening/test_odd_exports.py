"""Damaged and unusual exports: nothing is lost silently, and nothing stops the rest."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from leeward.cli.main import main
from leeward.exchange.fhir.bulk import export_files
from leeward.exchange.fhir.one_person import read_people

from .comparison import said_by_assess, said_by_screen, screened

ODD = Path(__file__).parents[2] / "data" / "screening" / "odd-lines.ndjson"
ASK = ["--drug", "racemic_ketamine", "--route", "iv", "--as-of", "2026-11-22"]
LONE_SURROGATE = (
    b'{"resourceType":"Condition","subject":{"reference":"Patient/a"},'
    b'"code":{"text":"\\ud800 mania"}}\n'
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "odd.ndjson").write_bytes(ODD.read_bytes())
    return tmp_path


def assert_same_as_assess(folder):
    lines, summary = screened(folder)
    people, _ = read_people([str(file) for file in export_files(folder)])
    named = {name for name in people if "sha256-" not in name}
    assert named <= set(lines)
    for person, line in lines.items():
        assert said_by_screen(line) == said_by_assess(people[person]), person
    return lines, summary


@pytest.mark.hazard("H27")
def test_everybody_has_a_line_with_the_findings_of_assess(folder):
    lines, summary = assert_same_as_assess(folder)
    assert {name.removeprefix("Patient/") for name in lines} == {
        "a", "bun", "ghost", "ident", "odd birth", "only-encounter", "tel", "twice",
    }  # fmt: skip
    assert not lines["Patient/ghost"]["patient_record"]
    assert summary["without_patient_record"] == 2


def test_damaged_lines_are_counted_and_located(folder):
    _, summary = screened(folder)
    assert summary["damaged_lines"] == 2
    damaged = [each for each in summary["located"] if not each["resource"]]
    assert [(each["file"], each["where"]) for each in damaged] == [
        ("odd.ndjson", "line 2"), ("odd.ndjson", "line 3"),
    ]  # fmt: skip


def test_resources_that_could_not_be_read_are_named_with_the_reason(folder):
    _, summary = screened(folder)
    unread = {each["resource"]: each["because"] for each in summary["located"] if each["resource"]}
    assert set(unread) == {
        "Patient", "Patient/odd birth", "Condition/1", "Condition/3", "Condition/5",
        "Condition/8", "Condition/9",
    }  # fmt: skip
    assert "1950-13-01" in unread["Patient/odd birth"]


def test_a_line_that_only_one_reader_refuses_is_left_to_the_careful_one(folder):
    (folder / "more.ndjson").write_bytes(LONE_SURROGATE + ODD.read_bytes().splitlines()[0] + b"\n")
    _, summary = assert_same_as_assess(folder)
    assert any("not text" in each["because"] for each in summary["located"])


def test_a_compressed_file_that_ends_too_early_gives_what_came_before(folder):
    whole = gzip.compress(ODD.read_bytes())
    (folder / "cut.ndjson.gz").write_bytes(whole[: len(whole) * 2 // 3])
    _, summary = assert_same_as_assess(folder)
    assert any("ends too early" in each["because"] for each in summary["located"])


def test_a_gzipped_file_is_known_by_its_content(tmp_path):
    (tmp_path / "plain-name.ndjson").write_bytes(gzip.compress(ODD.read_bytes()))
    lines, _ = assert_same_as_assess(tmp_path)
    assert len(lines) == 8


def test_a_person_behind_lines_that_say_nothing_is_found(tmp_path):
    claim = b'{"resourceType":"Claim","id":"c","patient":{"reference":"Patient/a"}}\n'
    mixed = claim * 3 + ODD.read_bytes().splitlines()[0] + b"\n" + b'{"resourceType":\n'
    (tmp_path / "mixed.ndjson").write_bytes(mixed)
    (tmp_path / "Claim.ndjson").write_bytes(claim)
    lines, summary = assert_same_as_assess(tmp_path)
    assert set(lines) == {"Patient/a"}
    assert [each["where"] for each in summary["located"]] == ["line 5"]


def test_the_people_of_an_empty_export_are_none(tmp_path):
    (tmp_path / "Patient.ndjson").touch()
    lines, summary = screened(tmp_path)
    assert (lines, summary["people"]) == ({}, 0)


def test_csv_has_a_row_for_each_person_and_the_summary_is_printed(folder, tmp_path, capsys):
    out = tmp_path / "people.csv"
    assert main(["screen", str(folder), *ASK, "--format", "csv", "--out", str(out)]) == 0
    with out.open(newline="") as opened:
        rows = {row["patient"]: row for row in csv.DictReader(opened)}
    assert rows["Patient/ghost"]["block"] == "primary_psychosis"
    assert rows["Patient/ghost"]["outcome"] == "stopped"
    assert "8 people in 1 files" in capsys.readouterr().out


def test_the_file_of_json_ends_with_the_summary(folder, tmp_path, capsys):
    out = tmp_path / "people.jsonl"
    assert main(["screen", str(folder), *ASK, "--out", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [list(line) for line in lines][-1] == ["summary"]
    said = capsys.readouterr()
    assert "8 people" in said.out
    assert "8 of 8 people screened" in said.err


def test_refuses_what_is_no_export(tmp_path, capsys):
    assert main(["screen", str(tmp_path / "nowhere"), *ASK]) == 1
    assert main(["screen", str(tmp_path), *ASK]) == 1
    assert "holds no NDJSON file" in capsys.readouterr().out
    (tmp_path / "Patient.ndjson").touch()
    assert main(["screen", str(tmp_path), *ASK[:-1], "yesterday"]) == 1
    esketamine = ["--drug", "esketamine", "--route", "iv"]
    assert main(["screen", str(tmp_path), *esketamine]) == 1
    with pytest.raises(SystemExit) as stopped:
        main(["screen", str(tmp_path), "--drug", "aspirin", "--route", "iv"])
    assert stopped.value.code == 2
