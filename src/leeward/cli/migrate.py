"""`leeward migrate`: bring the database up to date, wholly or not at all."""

import argparse


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    from .upgrade import add_flag

    parser = subparsers.add_parser(
        "migrate",
        help="bring the database up to date",
        description="All steps are one transaction, so a run that was killed has changed nothing "
        "and is simply repeated. Refused while a session is under way, if anything is to change.",
    )
    add_flag(parser)


def run(args: argparse.Namespace) -> int:
    from .database import pending_migrations
    from .upgrade import chairs_in_use, note_override, refused, session_in_the_way

    waiting = pending_migrations()
    refusal = session_in_the_way(args.reason, what="the change of the database")
    if waiting and refusal is not None:
        return refused(refusal)
    chairs = chairs_in_use() if waiting else []
    migrate_whole()
    if chairs:
        note_override("migrate", args.reason, chairs)
    print("The database is up to date.")
    return 0


def migrate_whole() -> None:
    """Every pending step in one transaction.

    By itself Django records some steps only after their tables are committed: a process that is
    killed in between leaves tables that the next run would make again.
    """
    from django.core.management import call_command
    from django.db import connection, transaction

    # SQLite changes tables only with these checks off, and they can't be turned off later.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.enable_constraint_checking()
