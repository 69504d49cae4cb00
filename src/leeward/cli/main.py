"""The `leeward` command: finds the module of a subcommand and runs it."""

import argparse
import importlib
import os
import sys
from typing import NamedTuple

from leeward import __version__

from .database import plain_words


class Command(NamedTuple):
    """Where a subcommand lives, what it does, and whether it needs the clinic's database."""

    module: str
    help: str
    django: bool


COMMANDS = {
    "demo": Command("demo", "a fresh demo clinic with invented people", False),
    "run": Command("run", "serve this clinic", True),
    "doctor": Command("doctor", "check this installation and say what to do", False),
    "migrate": Command("migrate", "bring the database up to date", True),
    "import": Command("import_", "take in FHIR R4 Bundles or NDJSON", True),
    "assess": Command("assess", "candidacy findings for one record, no database needed", False),
    "screen": Command("screen", "candidacy findings for every patient of an export", False),
    "simulate": Command("simulate", "pharmacokinetics of a regimen, no database needed", False),
    "target": Command("target", "the schedule that would hold a target level", False),
    "individualise": Command("individualise", "fit a model to one person's levels", False),
    "models": Command("models", "the pharmacokinetic sets and their sources", False),
    "score": Command("score", "score a rating scale", False),
    "ask": Command("ask", "passages of the library that answer a question", False),
    "content": Command("content", "check the clinical content", False),
    "decode": Command("decode", "device messages as observations, no database needed", False),
    "replay": Command("replay", "fold a session's events and print what they say", False),
    "verify-chain": Command("verify_chain", "look for any altered record", True),
    "backup": Command("backup", "the whole clinic in one sealed file", True),
    "anchor": Command("anchor", "sign what every chain has come to", True),
    "export": Command("export", "everything written out, to take away", True),
    "restore": Command("restore", "a backup into a fresh home, and check it", False),
    "bench": Command("bench", "benchmarks beside their limits", False),
}


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    parser = _parser(arguments)
    args = parser.parse_args(arguments)
    try:
        if COMMANDS[args.command].django:
            start_django()
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as fault:
        said = plain_words(fault)
        if said is None:
            raise
        print(said, file=sys.stderr)
        return 1


def start_django() -> None:
    """Load the settings by name and the apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")
    import django

    django.setup()


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="leeward",
        description="Runs ketamine therapy. Advises and records; never decides.",
    )
    parser.add_argument("--version", action="version", version=f"leeward {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = next((word for word in arguments if word in COMMANDS), None)
    for name, command in COMMANDS.items():
        if name != wanted:
            subparsers.add_parser(name, help=command.help, add_help=False)
            continue
        # Only the wanted command is imported: `leeward models` must not load a web framework.
        module = importlib.import_module(f"leeward.cli.{command.module}")
        module.add_parser(subparsers)
        subparsers.choices[name].set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
