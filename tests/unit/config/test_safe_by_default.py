"""Settings that nobody has touched must already be safe."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

from leeward.config.databases import database
from leeward.config.home import secret_key


def test_debug_is_off_and_hosts_are_restricted():
    assert settings.DEBUG is False
    assert set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}


def test_the_secret_is_made_on_first_run_and_read_by_its_owner_only(tmp_path):
    first = secret_key(tmp_path)
    assert len(first) > 60
    assert secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_cookies_are_secure_under_tls(tmp_path):
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    env = os.environ | {
        "LEEWARD_TLS": "1", "LEEWARD_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "leeward.config.settings",
    }  # fmt: skip
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True,
                         check=True)  # fmt: skip
    assert out.stdout.split() == ["True", "True", "True"]


def test_sqlite_keeps_what_it_acknowledged():
    options = database("", settings.LEEWARD_HOME)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "journal_mode=WAL" in options["init_command"]


def test_a_database_address_that_is_not_understood_says_what_to_write():
    with pytest.raises(ValueError, match="postgresql://"):
        database("mysql://somewhere/x", settings.LEEWARD_HOME)


def test_only_the_clinics_own_files_run_in_its_pages():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]


def test_what_a_clinic_writes_is_for_its_owner_even_in_an_open_folder(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    code = (
        "import leeward.config.settings as s\n"
        "(s.LEEWARD_HOME / 'leeward.sqlite3').touch()\n"
        "print(oct((s.LEEWARD_HOME / 'leeward.sqlite3').stat().st_mode & 0o777))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "LEEWARD_HOME": str(home)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "0o600"
