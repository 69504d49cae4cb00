"""The database itself refuses to change what is append-only."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from leeward.records.audit import append_only


@contextmanager
def refused():
    """A cursor whose statement the database must refuse."""
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        yield cursor


@pytest.mark.hazard("H31")
def test_every_append_only_table_is_guarded(db):
    wanted = {"update", "delete"} | ({"truncate"} if connection.vendor == "postgresql" else set())
    assert append_only.installed() == dict.fromkeys(append_only.TABLES, wanted)


@pytest.mark.hazard("H31")
@pytest.mark.parametrize("statement", [
    "UPDATE audit_auditentry SET action = 'nothing.happened'",
    "DELETE FROM audit_auditentry",
])  # fmt: skip
def test_an_audit_entry_can_be_neither_changed_nor_removed(cast, statement):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry")
        assert cursor.fetchone()[0] > 0
    with refused() as cursor:
        cursor.execute(statement)


def test_replacing_a_row_on_sqlite_is_a_deletion_and_refused(cast):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE exists on SQLite only")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_auditentry'")
        cursor.execute("PRAGMA recursive_triggers")
        assert cursor.fetchone()[0] == 1
    with refused() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO audit_auditentry SELECT * FROM audit_auditentry LIMIT 1"
        )


def test_guards_come_back_after_a_migration_rebuilt_a_table(db):
    with connection.cursor() as cursor:
        name = f"{append_only.TABLES[0]}_no_update"
        on = f" ON {append_only.TABLES[0]}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert "update" not in append_only.installed()[append_only.TABLES[0]]
    append_only.install()
    assert "update" in append_only.installed()[append_only.TABLES[0]]
