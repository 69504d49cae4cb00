"""What a command says, without a traceback, when the database is not what it needs."""

import sys


def pending_migrations() -> int:
    """How many migrations this database lacks; raises a database error if it can't be reached."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    return waiting


def plain_words(fault: BaseException) -> str | None:
    """One sentence with the next step, if the fault is that of a database; else None."""
    if "django" not in sys.modules:
        return None
    from django.db.utils import DatabaseError, InterfaceError, OperationalError

    if not isinstance(fault, DatabaseError | InterfaceError):
        return None
    try:
        waiting = pending_migrations()
    except (DatabaseError, InterfaceError) as unreachable:
        because = str(unreachable).splitlines()[0]
        return f"The database can't be reached: {because}. `leeward doctor` says more."
    if waiting:
        because = str(fault).splitlines()[0]
        return f"The database lacks {waiting} changes ({because}). Run: leeward migrate"
    if isinstance(fault, OperationalError):
        return f"The database refused: {fault}. Try again; `leeward doctor` says more."
    return None
