"""`leeward replay` folds a file of events without any database."""

import gzip
import json

import pytest

from leeward.cli.main import main
from leeward.core.treatment import commands as c
from leeward.core.treatment.payload import recorded_to_payload
from tests.unit.treatment.walk import ENGINE, recovering


@pytest.fixture
def events():
    walk = recovering()
    walk.do(c.StartEffect("nausea", "mild"), at=60)
    walk.do(c.WithdrawEntry(walk.log[-1].envelope.seq, "wrong chair"), at=61)
    walk.do(c.RaiseAlarm("a1", "spo2_low", "spo2", "high", None, None, "%"), actor=ENGINE, at=62)
    return [recorded_to_payload(recorded) for recorded in walk.log]


@pytest.fixture
def scenario(tmp_path, events):
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(events))
    return file


def test_prints_state_alarms_and_the_numbered_timeline(scenario, capsys):
    assert main(["replay", str(scenario)]) == 0
    said = capsys.readouterr().out
    assert "stage recovery" in said
    assert "Given: 35.15 mg in 35.15 mL" in said
    assert "high    spo2 low: present, not answered" in said
    assert "Infusion started at 52.7 mL/h, lot LOT7  [Bea]" in said


def test_marks_what_was_withdrawn(scenario, capsys):
    main(["replay", str(scenario), "--format", "json"])
    timeline = json.loads(capsys.readouterr().out)["timeline"]
    withdrawn = [line["words"] for line in timeline if line["withdrawn"]]
    assert withdrawn == ["Nausea, mild"]


def test_reads_a_gzipped_record_that_holds_events(tmp_path, events, capsys):
    file = tmp_path / "record.json.gz"
    file.write_bytes(gzip.compress(json.dumps({"kind": "record", "events": events}).encode()))
    assert main(["replay", str(file), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["given_mg"] == "35.15"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda events: events[1:], "replay.not_whole"),
        (lambda events: [*events[:3], *events[4:]], "replay.not_whole"),
        (lambda events: [], "replay.not_whole"),
        (lambda events: [{**events[0], "type": "treatment.unheard_of.v1"}], "replay.not_events"),
        (lambda events: {"resourceType": "Bundle"}, "replay.not_events"),
    ],
)
def test_refuses_what_is_not_a_whole_session(tmp_path, events, capsys, spoil, code):
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(spoil(events)))
    assert main(["replay", str(file), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == code


def test_refuses_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["replay", str(tmp_path / "none.json")]) == 1
    assert "can't be read" in capsys.readouterr().err


def test_a_session_of_another_clinic_is_not_here(db, capsys):
    assert main(["replay", "11111111-1111-4111-8111-111111111111"]) == 1
    assert "There is no session" in capsys.readouterr().err
