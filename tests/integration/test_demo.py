"""The demo, made by its command in a home of its own, and what stands in it."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.demo.people import IN_COURSE, PASSPHRASE, STAFF, STRANGER


class DemoHome:
    def __init__(self, home: Path):
        self.home = home

    def leeward(self, *arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "leeward.cli.main", *arguments], check=False,
            capture_output=True, text=True,
            env=os.environ | {"LEEWARD_HOME": str(self.home), "LEEWARD_DATABASE_URL": ""}
            | environment,
        )  # fmt: skip

    def query(self, statement):
        with sqlite3.connect(self.home / "leeward.sqlite3") as database:
            return database.execute(statement).fetchall()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    home = DemoHome(tmp_path_factory.mktemp("demo"))
    # A clinic's own PostgreSQL must be out of the demo's reach.
    made = home.leeward("demo", "--no-serve", LEEWARD_DATABASE_URL="postgresql://nowhere/none")
    assert made.returncode == 0, made.stderr
    home.said = made.stdout
    return home


def test_every_login_is_printed_and_opens(demo):
    from django.contrib.auth.hashers import check_password

    assert PASSPHRASE in demo.said
    logins = {person.login for person in (*STAFF, STRANGER)} | {"rosa"}
    accounts = dict(demo.query("SELECT login, password FROM accounts_user"))
    assert set(accounts) == logins
    assert all(f"  {login}" in demo.said for login in logins)
    assert check_password(PASSPHRASE, accounts["adams"])


def test_sessions_stand_where_the_board_needs_them(demo):
    stages = demo.query("SELECT stage, count(*) FROM treatments_treatmentsession GROUP BY stage")
    assert dict(stages) == {"infusing": 1, "recovery": 1, "signed": 4}
    assert demo.query("SELECT count(*) FROM scheduling_appointment WHERE status='booked'") == [
        (1,)
    ]


def test_the_running_session_has_a_monitor_that_has_already_spoken(demo):
    [(label, settings)] = demo.query("SELECT label, settings FROM treatments_devicebinding")
    assert "1.5 times life" in label
    assert json.loads(settings)["speed"] == "1.5"
    [(count,)] = demo.query("SELECT count(*) FROM treatments_sampletail")
    assert count > 0


def test_imported_people_wait_undecided(demo):
    decided = demo.query(
        "SELECT p.family FROM charts_candidacydecision d "
        "JOIN people_patient p ON p.id = d.patient_id"
    )
    everybody = {
        family.rstrip("0123456789")
        for (family,) in demo.query("SELECT family FROM people_patient")
    }
    assert everybody - {family for (family,) in decided} == {"Beatty", "Mercado", "Maggio"}


def test_scores_fall_over_the_course_and_one_question_is_open(demo):
    rows = demo.query(
        "SELECT status, total FROM charts_questionnaireresponse WHERE instrument='phq-9' "
        "ORDER BY requested_at"
    )
    assert [total for status, total in rows if status == "completed"] == [20, 17, 14, 12, 9]
    assert rows[-1] == ("requested", None)


def test_limits_say_that_they_are_invented(demo):
    [(statement,)] = demo.query("SELECT statement FROM organizations_cliniclimits")
    assert "Invented for the demo" in statement


def test_nothing_in_it_lies_in_the_future(demo):
    assert demo.query(
        "SELECT count(*) FROM treatments_treatmentevent WHERE recorded_at > datetime('now','+5 s')"
    ) == [(0,)]


def test_its_chains_are_whole(demo):
    checked = demo.leeward("verify-chain")
    assert checked.returncode == 0, checked.stdout


def test_the_doctor_finds_it_well(demo):
    found = json.loads(demo.leeward("doctor", "--format", "json").stdout)
    stopped = [one for one in found if one["state"] == "broken" and one["name"] != "packages"]
    assert stopped == []
    assert {"name": "limits", "state": "ok", "remedy": "",
            "said": "Harbor Street, racemic ketamine iv: approved"} in found  # fmt: skip


def test_the_records_it_imported_can_be_imported_again_without_change(demo):
    file = demo.home / "records" / f"{IN_COURSE.key}.json"
    again = demo.leeward("import", str(file), "--location", "Harbor Street", "--format", "json")
    report = json.loads(again.stdout)
    assert (report["created"], report["updated"]) == ({}, {})
    assert sum(report["unchanged"].values()) > 5


def test_without_pango_everything_starts_and_the_package_is_named(demo, tmp_path):
    """As on a machine that lacks it: importing WeasyPrint fails to find the library."""
    fake = tmp_path / "weasyprint"
    fake.mkdir()
    (fake / "__init__.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0': not found\")\n"
    )
    found = json.loads(demo.leeward("doctor", "--format", "json", PYTHONPATH=str(tmp_path)).stdout)
    [pango] = [one for one in found if one["name"] == "pango"]
    assert pango["state"] == "attention"
    assert "libpango" in pango["remedy"]
    started = subprocess.run(
        [sys.executable, "-c", "import leeward.config.asgi as a; print(a.application)"],
        check=False, capture_output=True, text=True,
        env=os.environ | {"LEEWARD_HOME": str(demo.home), "PYTHONPATH": str(tmp_path),
                          "LEEWARD_DATABASE_URL": ""},
    )  # fmt: skip
    assert started.returncode == 0, started.stderr


def test_a_database_without_its_tables_is_told_in_one_line(tmp_path):
    empty = DemoHome(tmp_path).leeward("verify-chain", LEEWARD_DATABASE_URL="")
    assert empty.returncode == 1
    assert empty.stderr.strip().endswith("Run: leeward migrate")
    assert "Traceback" not in empty.stderr


def test_a_database_out_of_reach_is_told_in_one_line(tmp_path):
    away = DemoHome(tmp_path).leeward(
        "verify-chain", LEEWARD_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )
    assert away.returncode == 1
    assert "can't be reached" in away.stderr
    assert "Traceback" not in away.stderr
