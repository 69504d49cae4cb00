"""What holds a new version back: a session under way, which must not change software halfway."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from leeward import __version__
from leeward.core.quantities import Refusal

FLAG = "--even-if-a-session-runs"
VERSION_FILE = "version"
# By plain SQL: the tables may be those of an older version, which today's models don't fit.
_UNDER_WAY = (
    "SELECT l.name, c.label FROM treatments_treatmentsession s "
    "JOIN organizations_chair c ON c.id = s.chair_id "
    "JOIN organizations_location l ON l.id = s.location_id "
    "WHERE s.stage NOT IN ('departed', 'signed') ORDER BY 1, 2"
)
_TABLES = {"treatments_treatmentsession", "organizations_chair", "organizations_location"}


def add_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        FLAG, metavar="REASON", default="", dest="reason",
        help="go on although a session is under way; the reason is kept in the audit trail",
    )  # fmt: skip


def session_in_the_way(reason: str, *, what: str) -> Refusal | None:
    """A refusal naming the chairs, unless a reason to go on was given."""
    chairs = chairs_in_use()
    if not chairs or reason.strip():
        return None
    return Refusal(
        "upgrade.session_runs",
        f"A session is under way ({'; '.join(chairs)}), so {what} waits until the patient has "
        f'left. If it can\'t wait: {FLAG} "the reason".',
    )


def chairs_in_use() -> list[str]:
    """Where a session is under way, as `Harbor Street, Chair 1`."""
    from django.db import connection

    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= _TABLES:
            return []
        cursor.execute(_UNDER_WAY)
        return [f"{place}, {chair}" for place, chair in cursor.fetchall()]


def note_override(action: str, reason: str, chairs: list[str]) -> None:
    """Keep the reason in the trail, once the database can take it."""
    from leeward.records.accounts.actor import system_actor
    from leeward.usecases.keep_data import note_keeping

    note_keeping(
        actor=system_actor(f"leeward {action}"), now=datetime.now(UTC), action="upgraded",
        version=__version__, during_session=bool(chairs), chairs=chairs, reason=reason,
    )  # fmt: skip


def is_new_version(home: Path) -> bool:
    """Whether this home was last served by another version."""
    file = home / VERSION_FILE
    return file.exists() and file.read_text().strip() != __version__


def remember_version(home: Path) -> None:
    (home / VERSION_FILE).write_text(__version__ + "\n")


def refused(refusal: Refusal) -> int:
    print(refusal, file=sys.stderr)
    return 1
