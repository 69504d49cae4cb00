"""Checks the home named by LEEWARD_HOME against the manifest on stdin; prints what it found.

`leeward restore` runs it as a process of its own, since settings are loaded for one home only.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from .main import start_django


def main() -> int:
    manifest = json.load(sys.stdin)
    start_django()
    said: list[str] = []
    faults = [*_counts(manifest, said), *_chains(said), *_projections(said), *_content(manifest)]
    print(json.dumps({"said": said, "faults": faults}))
    return 0


def _counts(manifest: dict[str, Any], said: list[str]) -> Iterator[str]:
    from django.db import connection

    from leeward.exchange.archive.manifest import contents_of

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)

        def ask(query: str) -> Any:
            cursor.execute(query)
            return cursor.fetchall()

        held = contents_of(tables, ask)
    said.append(f"{sum(held.tables.values())} rows in {len(held.tables)} tables counted")
    for name in sorted(manifest["tables"].keys() | held.tables.keys()):
        was, is_ = manifest["tables"].get(name), held.tables.get(name)
        if was != is_:
            yield f"table {name}: {is_} rows, the backup counted {was}"
    for name in sorted(manifest["chains"].keys() | held.chains.keys()):
        if manifest["chains"].get(name) != held.chains.get(name):
            yield f"{name}: its newest link is not the one that was backed up"


def _chains(said: list[str]) -> Iterator[str]:
    from leeward.usecases.verify_records import verify_records

    checked, faults = verify_records()
    said.append(f"{checked} chains walked")
    yield from (f"{fault.chain}: {fault.because}" for fault in faults)


def _projections(said: list[str]) -> Iterator[str]:
    from leeward.usecases.verify_records import verify_projections

    checked, faults = verify_projections()
    said.append(f"{checked} sessions folded afresh and compared with their rows")
    yield from (f"{fault.chain}: {fault.because}" for fault in faults)


def _content(manifest: dict[str, Any]) -> Iterator[str]:
    from leeward import content

    if content.load().digest != manifest["content_digest"]:
        print("the clinical content has changed since this backup was made", file=sys.stderr)
    yield from ()


if __name__ == "__main__":
    sys.exit(main())
