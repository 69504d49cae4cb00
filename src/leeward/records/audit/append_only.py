"""Database triggers that refuse to change or remove what is append-only.

The one module of vendor SQL for this purpose. Re-made after every migration, so that no migration
can leave a table unguarded.
"""

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate

TABLES = (
    "audit_auditentry",
    "treatments_treatmentevent",
    "treatments_sampleblock",
    "pharmacy_ledgerentry",
    "pharmacy_ledgerline",
)

_MESSAGE = "append-only: write a new entry that corrects the old one"


def connect() -> None:
    post_migrate.connect(_after_migrate, dispatch_uid="leeward.append_only")


def _after_migrate(using: str, **_: Any) -> None:
    install(using)


def install(using: str = "default") -> None:
    """Guard every append-only table that exists in this database."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    statements = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table in TABLES:
            if table in existing:
                for statement in statements(table):
                    cursor.execute(statement)


def wanted(using: str = "default") -> frozenset[str]:
    """The operations that every table must refuse on this database."""
    own = {"truncate"} if connections[using].vendor == "postgresql" else set()
    return frozenset({"update", "delete"} | own)


def installed(using: str = "default") -> dict[str, set[str]]:
    """The operations each table refuses, as the database itself reports its triggers."""
    connection = connections[using]
    query = _POSTGRES_LIST if connection.vendor == "postgresql" else _SQLITE_LIST
    found: dict[str, set[str]] = {table: set() for table in TABLES}
    with connection.cursor() as cursor:
        cursor.execute(query)
        for table, name in cursor.fetchall():
            if table in found and name.startswith(f"{table}_no_"):
                found[table].add(name.removeprefix(f"{table}_no_"))
    return found


def _sqlite(table: str) -> list[str]:
    made = []
    for operation in ("update", "delete"):
        name = f"{table}_no_{operation}"
        made.append(f"DROP TRIGGER IF EXISTS {name}")
        made.append(
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is {_MESSAGE}'); END"
        )
    return made


def _postgres(table: str) -> list[str]:
    function = "leeward_append_only"
    made = [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '% is {_MESSAGE}', TG_TABLE_NAME; END $$"
    ]
    for operation, level in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        name = f"{table}_no_{operation}"
        made.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        made.append(
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} "
            f"FOR EACH {level} EXECUTE FUNCTION {function}()"
        )
    return made


_SQLITE_LIST = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES_LIST = (
    "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
)
