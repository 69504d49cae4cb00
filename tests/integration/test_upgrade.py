"""A migration that is killed goes on whole; a session under way holds a new version back."""

import os
import random
import signal
import subprocess
import sys
import threading

import pytest
from django.db import connection

from leeward.cli import run as run_command
from leeward.cli.main import main
from leeward.cli.upgrade import remember_version
from leeward.records.audit.models import AuditEntry
from tests.faults.clinic import environment
from tests.integration.runtime.treating import opened

COMMAND = [sys.executable, "-m", "leeward.cli.main"]
LOOK = """
import django; django.setup()
from leeward.cli.database import pending_migrations
from leeward.usecases.verify_records import unguarded, verify_records
print(pending_migrations(), unguarded(), verify_records())
"""


@pytest.fixture
def database():
    """The address of an empty database: none for SQLite, which lies in the home."""
    if "LEEWARD_TEST_ON_PG" not in os.environ:
        yield ""
        return
    import psycopg

    server = os.environ["LEEWARD_DATABASE_URL"].rsplit("/", 1)[0]
    name = f"leeward_upgrade_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield f"{server}/{name}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.hazard("H29", "H31")
def test_a_migration_that_is_killed_again_and_again_ends_whole(tmp_path, database):
    dice = random.Random(20260101)
    env = environment(tmp_path) | {"LEEWARD_DATABASE_URL": database}
    killed = 0
    for _ in range(4):
        working = subprocess.Popen([*COMMAND, "migrate"], env=env, stdout=subprocess.DEVNULL)
        threading.Event().wait(dice.uniform(0.5, 4.0))
        working.send_signal(signal.SIGKILL)
        killed += working.wait() == -signal.SIGKILL
    assert killed > 0
    done = subprocess.run(
        [*COMMAND, "migrate"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    looked = subprocess.run(
        [sys.executable, "-c", LOOK], env=env, capture_output=True, text=True, check=True
    )
    assert looked.stdout.strip() == "0 [] (0, [])"


@pytest.mark.hazard("H31")
def test_a_clinic_whose_guards_were_not_made_is_not_served(real_db, capsys, monkeypatch):
    with connection.cursor() as cursor:
        on = " ON audit_auditentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_auditentry_no_delete{on}")
    monkeypatch.setattr(run_command, "become_supervisor", lambda *_: pytest.fail("it served"))
    assert main(["run"]) == 1
    assert "audit_auditentry can be changed" in capsys.readouterr().err


@pytest.fixture
def old_version(tmp_path, settings, monkeypatch):
    """A home that another version served last; serving itself is left out."""
    settings.LEEWARD_HOME = tmp_path
    settings.STATIC_ROOT = str(tmp_path / "static")
    (tmp_path / "version").write_text("0.0.9\n")
    monkeypatch.setattr(run_command, "become_supervisor", lambda *_: 0)
    return tmp_path


@pytest.mark.hazard("H29")
def test_a_new_version_waits_for_the_session_and_says_which_chair(real_cast, old_version, capsys):
    opened(real_cast)
    assert main(["run"]) == 1
    said = capsys.readouterr().err
    assert "Harbor Street" in said
    assert real_cast.chair.label in said
    assert (old_version / "version").read_text() == "0.0.9\n"
    assert main(["run", "--even-if-a-session-runs", "the alarm fix of today"]) == 0
    told = AuditEntry.objects.get(action="data.upgraded")
    assert told.detail["reason"] == "the alarm fix of today"
    assert real_cast.chair.label in told.detail["chairs"][0]


def test_the_same_version_starts_again_in_the_middle_of_a_session(real_cast, old_version):
    opened(real_cast)
    remember_version(old_version)
    assert main(["run"]) == 0


@pytest.mark.hazard("H29")
def test_the_database_is_not_changed_under_a_session(real_cast, capsys, monkeypatch):
    opened(real_cast)
    monkeypatch.setattr("leeward.cli.database.pending_migrations", lambda: 3)
    assert main(["migrate"]) == 1
    assert real_cast.chair.label in capsys.readouterr().err
    assert main(["migrate", "--even-if-a-session-runs", "can't wait"]) == 0
    assert AuditEntry.objects.filter(action="data.upgraded").count() == 1
    monkeypatch.undo()
    assert main(["migrate"]) == 0
