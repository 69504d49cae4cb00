"""`leeward doctor`: what it says about a home, and how it says it."""

import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from leeward.cli import doctor, doctor_clinic, doctor_machine
from leeward.cli.checkup import ATTENTION, BROKEN, OK
from leeward.cli.processes import read_status
from tests.cast import cid


@pytest.fixture
def home(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("LEEWARD_HOME", str(tmp_path))
    return tmp_path


def states(found):
    return {(one.name, one.state) for one in found}


def test_a_closed_home_with_space_is_well(home):
    assert states(doctor_clinic.look_at_home()) == {("home", OK), ("disk", OK)}


def test_a_secret_that_others_can_read_is_named_with_its_remedy(home):
    secret = home / "secret.key"
    secret.write_text("secret")
    secret.chmod(0o644)
    [found, _] = doctor_clinic.look_at_home()
    assert found.state == ATTENTION
    assert found.remedy == f"chmod go-rwx {secret}"


def test_a_home_under_a_file_can_not_be_used(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEEWARD_HOME", str(tmp_path / "file" / "home"))
    assert states(doctor_clinic.look_at_home()) == {("home", BROKEN)}


def test_a_full_disk_stops_work(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * 1024 * 1024))
    assert ("disk", BROKEN) in states(doctor_clinic.look_at_home())


def test_another_python_stops_work(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 12, 1, "final", 0))
    assert doctor_machine._python().state == BROKEN


def test_a_missing_package_stops_work_and_another_version_asks_to_look(tmp_path, monkeypatch):
    (tmp_path / "requirements.lock").write_text(
        "django==0.1 \\\n    --hash=sha256:00\nnot-there==1.0 \\\n"
        "only-elsewhere==1.0 ; sys_platform == 'nowhere' \\\n"
    )
    monkeypatch.setattr(doctor_machine, "REPOSITORY", tmp_path)
    found = list(doctor_machine._packages())
    assert [one.state for one in found] == [BROKEN, ATTENTION]
    assert found[0].said == "Not installed: not-there."
    assert "locked 0.1" in found[1].said


def test_compiled_texts_that_do_not_match_are_named(tmp_path, monkeypatch):
    import polib

    folder = tmp_path / "web" / "locale" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    texts = polib.POFile()
    texts.append(polib.POEntry(msgid="Board", msgstr="Tablero"))
    texts.save(folder / "django.po")
    texts.save_as_mofile(folder / "django.mo")
    monkeypatch.setattr(doctor_machine, "PACKAGE", tmp_path)
    assert [one.state for one in doctor_machine._catalogues()] == [OK]
    texts[0].msgstr = "Pizarra"
    texts.save(folder / "django.po")
    assert [one.state for one in doctor_machine._catalogues()] == [ATTENTION]


def test_approved_limits_are_well_and_missing_ones_are_told_in_short(cast):
    by_place = {one.said.split(",")[0]: one for one in doctor_clinic._limits()}
    assert by_place["Harbor Street"].state == OK
    assert by_place["Elsewhere Street"].state == ATTENTION


def test_a_clock_behind_the_newest_entry_stops_work(cast):
    from leeward.records.accounts.actor import system_actor
    from leeward.usecases.set_up_clinic import create_organization

    create_organization(
        actor=system_actor("test"), now=datetime.now(UTC) + timedelta(hours=1),
        command_id=cid("future"), name="Future", slug="future", timezone="UTC",
    )  # fmt: skip
    assert ("clock", BROKEN) in states(doctor_clinic._clinic())


def test_a_table_that_lost_its_guard_stops_work(db, monkeypatch):
    from leeward.usecases import verify_records

    assert [one.state for one in doctor_clinic._guards()] == [OK]
    monkeypatch.setattr(verify_records, "unguarded", lambda: ["audit_auditentry"])
    assert [one.state for one in doctor_clinic._guards()] == [BROKEN]


def test_a_status_left_by_a_process_that_is_gone_does_not_count(tmp_path):
    (tmp_path / "run").mkdir()
    status = tmp_path / "run" / "status.json"
    status.write_text(json.dumps({"pid": os.getpid()}))
    assert read_status(tmp_path) == {"pid": os.getpid()}
    status.write_text(json.dumps({"pid": 2**22 + 1}))
    assert read_status(tmp_path) is None
    status.write_text("half a fil")
    assert read_status(tmp_path) is None


@pytest.mark.parametrize(("state", "code"), [(OK, 0), (ATTENTION, 0), (BROKEN, 1)])
def test_the_exit_code_is_1_only_when_work_is_prevented(monkeypatch, capsys, state, code):
    found = doctor.Checkup("disk", state, "said", "remedy")
    monkeypatch.setattr(doctor, "examine", lambda: iter([found]))
    assert doctor.run(SimpleNamespace(format="text")) == code
    assert "remedy" in capsys.readouterr().out
    assert doctor.run(SimpleNamespace(format="json")) == code
    assert json.loads(capsys.readouterr().out)[0]["state"] == state
