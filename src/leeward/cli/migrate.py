"""`leeward migrate`: bring the database up to date. Killed halfway, it goes on when run again."""

import argparse


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    from .upgrade import add_flag

    parser = subparsers.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Each step is one transaction, so a run that was killed is simply repeated. "
        "Refused while a session is under way, if there is anything to change.",
    )
    add_flag(parser)


def run(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    from .database import pending_migrations
    from .upgrade import chairs_in_use, note_override, refused, session_in_the_way

    waiting = pending_migrations()
    refusal = session_in_the_way(args.reason, what="the change of the database")
    if waiting and refusal is not None:
        return refused(refusal)
    chairs = chairs_in_use() if waiting else []
    call_command("migrate", interactive=False, verbosity=0)
    if chairs:
        note_override("migrate", args.reason, chairs)
    print("The database is up to date.")
    return 0
