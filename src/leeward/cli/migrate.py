"""`leeward migrate`: bring the database up to date."""

import argparse


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    subparsers.add_parser("migrate", help="bring the database up to date")


def run(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    print("The database is up to date.")
    return 0
