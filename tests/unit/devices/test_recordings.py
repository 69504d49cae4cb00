import shutil
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from leeward.exchange.devices.recordings import read_recording, replay_settings
from leeward.exchange.devices.wfdb import UnreadableRecord, read_record

FOLDER = Path(str(files("leeward.demo"))) / "data" / "vitals" / "mimic3-numerics"
HEADER = FOLDER / "s25047-2704-05-04-10-44n.hea"


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "record")) / HEADER.name


def test_a_record_is_read_with_its_units_and_its_period():
    record = read_record(HEADER)
    assert (record.period_s, record.length) == (Decimal(60), 72)
    heart = record.signals[0]
    assert (heart.name, heart.unit) == ("HR", "bpm")
    assert heart.values[:3] == (Decimal("101.3"), Decimal(103), Decimal("89.5"))


def test_the_two_forms_of_one_recording_agree():
    def numbers(recording):
        return [
            [(r.channel, r.value and Decimal(r.value), r.quality) for r in frame]
            for frame in recording.frames
        ]

    assert numbers(read_recording(HEADER)) == numbers(read_recording(HEADER.with_suffix(".csv")))


@pytest.mark.hazard("H21")
def test_drop_outs_are_no_value_and_keep_what_was_recorded():
    first = {r.channel: r for r in read_recording(HEADER).frames[0]}
    assert first["spo2"].value is None
    assert (first["spo2"].quality, first["spo2"].raw.value) == ("no_value", "0")
    assert first["hr"].value == "101.3"


def test_a_cuff_that_did_not_measure_says_nothing():
    frames = read_recording(HEADER).frames
    assert "nibp_sys" not in {r.channel for r in frames[0]}
    assert {r.channel: r.kind for r in frames[2]}["nibp_sys"] == "intermittent"


def test_the_declared_period_shrinks_with_the_speed():
    settings = replay_settings(HEADER, Decimal(30))
    assert settings["period_s"] == dict.fromkeys(("hr", "pr", "rr", "spo2"), "2")
    assert settings["file"] == HEADER.name
    with pytest.raises(ValueError, match="times life"):
        replay_settings(HEADER, Decimal(0))


def test_a_changed_sample_does_not_pass_its_checksum(copy):
    data = copy.parent / "3234460n.dat"
    damaged = bytearray(data.read_bytes())
    damaged[700] ^= 1
    data.write_bytes(damaged)
    with pytest.raises(UnreadableRecord, match="checksum"):
        read_record(copy)


@pytest.mark.parametrize(("old", "new", "because"), [
    (" 16 10/bpm", " 212 10/bpm", "format 16"),
    (" 72 10:44", " 71 10:44", "samples, not"),
    ("s25047-2704-05-04-10-44n 7", "s25047-2704-05-04-10-44n 8", "promises 8"),
    ("s25047-2704-05-04-10-44n 7", "s25047-2704-05-04-10-44n/2 7", "single-segment"),
    ("3234460n.dat 16 10/bpm", "../x.dat 16 10/bpm", "beside its header"),
    (" 0.0166666666667/125", " 0/125", "sampling frequency"),
])  # fmt: skip
def test_a_header_that_promises_something_else_is_refused(copy, old, new, because):
    copy.write_text(copy.read_text().replace(old, new, 1))
    with pytest.raises(UnreadableRecord, match=because):
        read_record(copy)


@pytest.mark.parametrize(("text", "because"), [
    ("when,HR[bpm]\n1,2\n", "header"),
    ("time,HR[bpm]\n2026-01-01T00:00:00,70\n2026-01-01T00:00:01\n", "cells"),
    ("time,HR[bpm]\n2026-01-01T00:00:00,70\n2026-01-01T00:00:01,71\n2026-01-01T00:00:03,71\n",
     "same time apart"),
    ("time,EEG[uV]\n2026-01-01T00:00:00,70\n2026-01-01T00:00:01,71\n", "no signal"),
])  # fmt: skip
def test_a_table_that_is_no_recording_is_refused(tmp_path, text, because):
    file = tmp_path / "x.csv"
    file.write_text(text)
    with pytest.raises(UnreadableRecord, match=because):
        read_recording(file)


@pytest.mark.hazard("H21")
@pytest.mark.parametrize("cell", ["", "NaN", "X", "0", "-"])
def test_an_empty_cell_is_no_value(tmp_path, cell):
    file = tmp_path / "x.csv"
    file.write_text(f"time,SpO2[%]\n2026-01-01T00:00:00,{cell}\n2026-01-01T00:00:01,97\n")
    frames = read_recording(file).frames
    assert [frame[0].value for frame in frames] == [None, "97"]
