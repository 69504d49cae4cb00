"""Every table as CSV, without what opens a door."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

CHUNK = 500
# Whole tables of sign-ins under way and second factors; elsewhere, columns by their name.
SECRET_TABLES = ("django_session", "mfa_authenticator", "usersessions_usersession")
SECRET_WORDS = ("password", "secret", "token", "private_key", "passphrase")


def write_tables(folder: Path) -> tuple[dict[str, int], list[str]]:
    """Write `<table>.csv` for each table; rows by table, and what was left out."""
    counts, left_out = {}, []
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    for name in sorted(names):
        if name in SECRET_TABLES:
            left_out.append(f"table {name}")
            continue
        columns, secret = _columns(name)
        left_out += [f"column {name}.{column}" for column in secret]
        counts[name] = _write(folder / f"{name}.csv", name, columns)
    return counts, left_out


def _columns(table: str) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    names = [column.name for column in described]
    secret = [name for name in names if any(word in name.lower() for word in SECRET_WORDS)]
    return [name for name in names if name not in secret], secret


def _write(file: Path, table: str, columns: list[str]) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        for row in _rows(table, columns):
            writer.writerow([_cell(value) for value in row])
            count += 1
    return count


def _rows(table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    quote = connection.ops.quote_name
    wanted = ", ".join(quote(column) for column in columns)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {quote(table)}")  # noqa: S608 - names of our own
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
