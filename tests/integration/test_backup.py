"""What is kept can be brought back, whole or not at all."""

import io
import os
import tarfile
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.conf import settings

from leeward.core.quantities import Refusal
from leeward.exchange.archive.backup import make_backup
from leeward.exchange.archive.restore import restore_backup
from leeward.exchange.archive.sealing import (
    CONTENT,
    KEY,
    Lock,
    Unreadable,
    identities_of,
    opened,
    sealed,
)
from tests.faults.clinic import Clinic, charting, free_port

PASSPHRASE = "correct horse battery"
KEY_PAIR = pyrage.x25519.Identity.generate()
FOR_ONE = Lock(recipients=(str(KEY_PAIR.to_public()),))

on_postgres = pytest.mark.skipif(
    "LEEWARD_TEST_ON_PG" not in os.environ, reason="needs PostgreSQL (--pg)"
)
on_sqlite = pytest.mark.skipif(
    "LEEWARD_TEST_ON_PG" in os.environ,
    reason="needs the embedded database, which is one file (run without --pg)",
)


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    (home / "run").mkdir()
    (home / "secret.key").write_text("secret of the clinic")
    (home / "keys" / "record.key").write_text("ab" * 32)
    (home / "run" / "status.json").write_text("{}")
    (home / "leeward.toml").write_text('database_url = "postgresql://live/clinic"\nhosts = "a"\n')
    return home


@pytest.fixture
def backup(real_cast, home, now, tmp_path):
    made = make_backup(home, tmp_path / "clinic.leeward", FOR_ONE, now=now)
    assert not isinstance(made, Refusal), made
    return made.file


def nothing_left(folder: Path) -> bool:
    return not [p for p in folder.iterdir() if p.name.startswith(".")]


@on_sqlite
@pytest.mark.hazard("H29")
def test_a_backup_brings_back_the_database_the_keys_and_the_settings(backup, tmp_path, real_cast):
    restored = restore_backup(backup, [KEY_PAIR], tmp_path / "restored")
    assert not isinstance(restored, Refusal), restored
    assert restored.manifest.tables["people_patient"] == 1
    assert restored.manifest.chains[f"audit:{real_cast.organization.id}"][0] > 3
    assert (restored.folder / "secret.key").read_text() == "secret of the clinic"
    assert (restored.folder / "keys" / "record.key").stat().st_mode & 0o077 == 0
    assert not (restored.folder / "run").exists()
    assert nothing_left(tmp_path)


@on_sqlite
def test_a_restored_home_does_not_write_into_the_database_it_was_copied_from(backup, tmp_path):
    restored = restore_backup(backup, [KEY_PAIR], tmp_path / "restored")
    lines = (restored.folder / "leeward.toml").read_text().splitlines()
    assert lines[0].startswith("#")
    assert lines[1] == 'hosts = "a"'


def test_a_place_that_holds_something_is_left_alone(backup, tmp_path):
    place = tmp_path / "taken"
    place.mkdir()
    (place / "thesis.txt").write_text("mine")
    assert restore_backup(backup, [KEY_PAIR], place).code == "restore.not_empty"
    assert [p.name for p in place.iterdir()] == ["thesis.txt"]


def test_another_key_opens_nothing_and_leaves_nothing(backup, tmp_path):
    other = pyrage.x25519.Identity.generate()
    refusal = restore_backup(backup, [other], tmp_path / "restored")
    assert refusal.code == "restore.unreadable"
    assert "key does not open it" in refusal.because
    assert not (tmp_path / "restored").exists()
    assert nothing_left(tmp_path)


def test_a_file_cut_anywhere_restores_nothing(backup, tmp_path):
    whole = backup.read_bytes()
    for share in (0.0, 0.001, 0.2, 0.5, 0.9, 0.98):
        backup.write_bytes(whole[: int(len(whole) * share)])
        refusal = restore_backup(backup, [KEY_PAIR], tmp_path / "restored")
        assert isinstance(refusal, Refusal), share
        assert not (tmp_path / "restored").exists()
    assert nothing_left(tmp_path)


def test_a_file_altered_anywhere_restores_nothing(backup, tmp_path):
    whole = backup.read_bytes()
    size = len(whole) - 2 * 512  # what stands after the content is the filling of the outer tar
    for share in (0.0005, 0.01, 0.3, 0.6, 0.98):
        place = int(size * share)
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refusal = restore_backup(backup, [KEY_PAIR], tmp_path / "restored")
        assert isinstance(refusal, Refusal), (share, place)
        assert not (tmp_path / "restored").exists()
    assert nothing_left(tmp_path)


def test_the_passphrase_and_only_it_opens_a_backup(tmp_path):
    file = tmp_path / "sealed"
    with sealed(file, Lock(PASSPHRASE)) as (tar, _):
        info = tarfile.TarInfo("a")
        info.size = 3
        tar.addfile(info, io.BytesIO(b"abc"))
    with pytest.raises(Unreadable, match="passphrase does not open it"):
        identities_of(file, passphrase="correct horse batterx")
    with opened(file, identities_of(file, passphrase=PASSPHRASE)) as tar:
        assert [(m.name, tar.extractfile(m).read()) for m in tar] == [("a", b"abc")]


def test_an_ordinary_tar_and_age_open_a_backup_without_leeward(tmp_path):
    file = tmp_path / "sealed"
    with sealed(file, Lock(PASSPHRASE)) as (tar, _):
        tar.addfile(tarfile.TarInfo("a"))
    with tarfile.open(file) as outer:
        assert outer.getnames() == [KEY, CONTENT]
        key = pyrage.passphrase.decrypt(outer.extractfile(KEY).read(), PASSPHRASE).decode().strip()
        inner = pyrage.decrypt(
            outer.extractfile(CONTENT).read(), [pyrage.x25519.Identity.from_str(key)]
        )
    with tarfile.open(fileobj=io.BytesIO(inner)) as held:
        assert held.getnames() == ["a"]


def test_no_key_that_opens_a_backup_stays_on_the_clinics_machine(backup, home):
    kept = b"".join(f.read_bytes() for f in home.rglob("*") if f.is_file()) + backup.read_bytes()
    assert b"AGE-SECRET-KEY" not in kept
    assert sorted(p.name for p in home.iterdir()) == [
        "keys", "leeward.toml", "run", "secret.key"
    ]  # fmt: skip


def test_a_backup_never_replaces_a_file(backup, home, now):
    before = backup.read_bytes()
    again = make_backup(home, backup, FOR_ONE, now=now + timedelta(days=1))
    assert again.code == "backup.exists"
    assert backup.read_bytes() == before


def test_a_path_that_leads_out_of_the_home_is_refused(tmp_path):
    file = tmp_path / "evil"
    with sealed(file, FOR_ONE) as (tar, _):
        tar.addfile(tarfile.TarInfo("home/../../out"))
    assert "no backup of Leeward" in restore_backup(file, [KEY_PAIR], tmp_path / "r").because
    assert not (tmp_path / "out").exists()


@pytest.fixture
def databases():
    """Two databases of this test's own, gone afterwards: one to work in, one to restore into."""
    if "LEEWARD_TEST_ON_PG" not in os.environ:
        yield "", ""
        return
    import psycopg

    server = os.environ["LEEWARD_DATABASE_URL"].rsplit("/", 1)[0]
    names = [f"leeward_drill_{os.getpid()}_{part}" for part in ("live", "restored")]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        for name in names:
            admin.execute(f'CREATE DATABASE "{name}"')
        yield tuple(f"{server}/{name}" for name in names)
        for name in names:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.hazard("H29", "H31")
def test_the_drill_backs_up_under_writes_restores_and_opens_a_chart(tmp_path, databases):
    live_url, restored_url = databases
    secret = {"LEEWARD_BACKUP_PASSPHRASE": PASSPHRASE}
    clinic = Clinic.found(tmp_path / "live", LEEWARD_DATABASE_URL=live_url, **secret)
    file, into = tmp_path / "clinic.leeward", tmp_path / "restored"
    try:
        clinic.start("web")
        clinic.wait_for_web()
        stop, nurses, threads = charting(clinic, 2)
        made = clinic.leeward("backup", str(file))
        stop.set()
        for thread in threads:
            thread.join()
        assert made.returncode == 0, made.stderr
        assert sum(len(nurse.acknowledged) for nurse in nurses) > 0
    finally:
        clinic.stop()
    place = ["--database-url", restored_url] if restored_url else []
    restored = clinic.leeward("restore", str(file), "--into", str(into), *place)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "Everything is as it was." in restored.stdout
    again = Clinic(into, free_port(), clinic.session, clinic.cookie,
                   settings={"LEEWARD_DATABASE_URL": restored_url})  # fmt: skip
    try:
        again.start("web")
        again.wait_for_web()
        with again.browser() as browser:
            chart = browser.get(f"/patients/{clinic.patient}/")
        assert chart.status_code == 200
        assert "Castle" in chart.text
    finally:
        again.stop()


def test_a_terminal_without_a_passphrase_is_told_how_to_give_one(real_db, tmp_path, capsys):
    from leeward.cli.main import main

    assert main(["backup", str(tmp_path / "b")]) == 1
    assert "LEEWARD_BACKUP_PASSPHRASE" in capsys.readouterr().err
    assert settings.LEEWARD_HOME.exists()
    assert not (tmp_path / "b").exists()
