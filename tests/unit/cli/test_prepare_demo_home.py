"""The demo wipes its own home only."""

import json
import os

from leeward.cli.demo import MARK, local_zone, prepare_home


def test_a_new_home_is_marked_and_closed_to_others(tmp_path):
    home = tmp_path / "var" / "demo"
    assert prepare_home(home) is None
    assert (home / MARK).is_file()
    assert home.stat().st_mode & 0o077 == 0


def test_a_home_that_is_not_a_demo_is_left_alone(tmp_path):
    (tmp_path / "leeward.sqlite3").write_text("a clinic")
    refused = prepare_home(tmp_path)
    assert "was not made by the demo" in refused
    assert (tmp_path / "leeward.sqlite3").read_text() == "a clinic"
    assert not (tmp_path / MARK).exists()


def test_an_earlier_demo_is_wiped(tmp_path):
    prepare_home(tmp_path)
    (tmp_path / "leeward.sqlite3").write_text("old")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "record.pem").write_text("old")
    outside = tmp_path.parent / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (tmp_path / "link").symlink_to(outside)
    assert prepare_home(tmp_path) is None
    assert [entry.name for entry in tmp_path.iterdir()] == [MARK]
    assert (outside / "kept").read_text() == "kept"


def test_a_demo_that_is_running_is_left_running(tmp_path):
    prepare_home(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "status.json").write_text(json.dumps({"pid": os.getpid()}))
    assert "is running" in prepare_home(tmp_path)
    assert (tmp_path / "run" / "status.json").is_file()


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "home").write_text("")
    assert "is a file" in prepare_home(tmp_path / "home")


def test_the_zone_of_the_machine_is_known_by_name(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    assert local_zone() == "America/New_York"
    monkeypatch.setenv("TZ", "no such zone")
    assert local_zone()
