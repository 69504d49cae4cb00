"""Fixtures every test may use: the cast, and a database that is really committed to."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _light_passwords():
    """The same password hash at its lowest cost: the cast signs up in every test."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
    Argon2PasswordHasher.parallelism = 1


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def cast(db):
    """The cast of `tests/cast.py`, stored; rolled back after the test."""
    from tests.cast import make_cast

    return make_cast(NOW)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The test database, made also when only `real_db` asks for it.

    The plugin's own fixture makes the databases of tests marked for it, and would leave the
    others with the database of the home.
    """
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _template(django_db_setup, django_db_blocker):
    """A migrated, empty database to start each committing test from.

    The append-only triggers refuse Django's flush, so the database is replaced, not emptied.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        connection = connections["default"]
        connection.close()
        if connection.vendor == "sqlite":
            template = Path(str(connection.settings_dict["NAME"]) + ".template")
            shutil.copy(connection.settings_dict["NAME"], template)
        else:
            template = f"{connection.settings_dict['NAME']}_template"
            _postgres(f'DROP DATABASE IF EXISTS "{template}"')
            _postgres(f'CREATE DATABASE "{template}" TEMPLATE "{_name(connection)}"')
    yield template
    if isinstance(template, str):
        _postgres(f'DROP DATABASE IF EXISTS "{template}"')


@pytest.fixture
def real_db(_template, django_db_blocker):
    """A database whose commits are real; replaced from the template afterwards."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
        connection = connections["default"]
        if connection.vendor == "sqlite":
            _replace_sqlite(Path(connection.settings_dict["NAME"]), _template)
        else:
            name = _name(connection)
            _postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _postgres(f'CREATE DATABASE "{name}" TEMPLATE "{_template}"')


@pytest.fixture
def real_cast(real_db):
    """The cast, committed: for threads, processes and crashes."""
    from tests.cast import make_cast

    return make_cast(NOW)


def _replace_sqlite(file: Path, template: Path) -> None:
    for leftover in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copy(template, file)


def _name(connection) -> str:
    return str(connection.settings_dict["NAME"])


def _postgres(statement: str) -> None:
    import psycopg

    with psycopg.connect(_server(), autocommit=True) as server:
        server.execute(statement)


def _server() -> str:
    return os.environ["LEEWARD_DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"
