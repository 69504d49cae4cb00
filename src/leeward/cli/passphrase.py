"""Asks for the passphrase of a backup: the environment, or a person at a terminal."""

import getpass
import os
import sys

from leeward.core.quantities import Refusal

VARIABLE = "LEEWARD_BACKUP_PASSPHRASE"
SHORTEST = 12


def ask_passphrase(*, new: bool) -> str | Refusal:
    """The passphrase; a new one is typed twice and may not be short."""
    given = os.environ.get(VARIABLE, "")
    if not given:
        if not sys.stdin.isatty():
            return Refusal(
                "backup.no_passphrase",
                f"Set {VARIABLE}, run this at a terminal, or seal with --recipient.",
            )
        given = getpass.getpass("Passphrase of the backup: ")
        if new and given != getpass.getpass("The same once more: "):
            return Refusal("backup.passphrase", "The two are not the same. Begin again.")
    if new and len(given) < SHORTEST:
        because = f"The passphrase needs at least {SHORTEST} characters; a few words are best."
        return Refusal("backup.passphrase", because)
    return given
