"""A ward for measurements: the demo's running session, copied to as many chairs as wanted.

The copies are rows of a throw-away home and of nothing else: their chains are not made anew, and
no clinic's home is ever touched. What then runs on them is the product as it is.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

DATABASE = "leeward.sqlite3"
# The eight channels of a chair, and the period each declares [s].
CHANNELS = {
    "spo2": "%", "hr": "/min", "pr": "/min", "rr": "/min", "etco2": "mm[Hg]", "temp": "Cel",
    "pump_rate_ml_h": "mL/h", "pump_vol_ml": "mL",
}  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bed:
    """One chair of the ward: its session and the device on it."""

    chair_id: str
    session_id: str
    binding_id: str


@dataclass(frozen=True, slots=True)
class Ward:
    """A home with a location full of patients."""

    home: Path
    location_id: str
    beds: tuple[Bed, ...]


def make_ward(home: Path, chairs: int) -> Ward:
    """Turn a fresh demo home into a ward of this many chairs, each with a running infusion."""
    connection = sqlite3.connect(home / DATABASE, timeout=30)
    connection.row_factory = sqlite3.Row
    with connection:
        session = _first(connection, "treatments_treatmentsession", "stage = 'infusing'")
        _clear_the_floor(connection, session)
        beds = tuple(_bed(connection, session, number) for number in range(1, chairs + 1))
    location_id = str(session["location_id"])
    connection.close()
    return Ward(home, _dashed(location_id), beds)


def _clear_the_floor(connection: sqlite3.Connection, session: Row) -> None:
    """Only copies are watched: the demo's own chairs and monitors are put away."""
    connection.execute(
        "UPDATE organizations_chair SET active = 0, label = 'old ' || label WHERE location_id = ?",
        (session["location_id"],),
    )
    connection.execute("UPDATE treatments_devicebinding SET ended_at = bound_at")
    connection.execute("UPDATE treatments_treatmentsession SET stage = 'departed'")


def _bed(connection: sqlite3.Connection, source: Row, number: int) -> Bed:
    chair, patient, session = uuid4().hex, uuid4().hex, uuid4().hex
    _copy(connection, "organizations_chair", source["chair_id"], {
        "id": chair, "label": str(number), "position": 1000 + number, "active": 1,
    })  # fmt: skip
    _copy(connection, "people_patient", source["patient_id"], {
        "id": patient, "given": f"Bed{number}", "family": "Ward", "user_id": None,
        "source_id": f"bed-{number}",
    })  # fmt: skip
    _copy(connection, "treatments_treatmentsession", source["id"], {
        "id": session, "chair_id": chair, "patient_id": patient, "appointment_id": None,
        "stage": "infusing",
    })  # fmt: skip
    binding = _binding(connection, session)
    names = {
        source["chair_id"]: chair, source["patient_id"]: patient, source["id"]: session,
    }  # fmt: skip
    _copy_log(connection, source["id"], session, names)
    return Bed(_dashed(chair), _dashed(session), binding)


def _binding(connection: sqlite3.Connection, session: str) -> str:
    row = _first(connection, "treatments_devicebinding", "1 = 1")
    binding = uuid4().hex
    settings = {"period_s": dict.fromkeys(CHANNELS, "1")}
    row |= {
        "id": binding, "session_id": session, "kind": "measured", "label": "Measured monitor",
        "settings": json.dumps(settings), "ended_at": None,
        "bound_at": datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" "),
    }  # fmt: skip
    _insert(connection, "treatments_devicebinding", row)
    return _dashed(binding)


def _copy_log(
    connection: sqlite3.Connection, source: str, session: str, names: dict[str, str]
) -> None:
    rows = connection.execute(
        "SELECT * FROM treatments_treatmentevent WHERE session_id = ? ORDER BY seq", (source,)
    ).fetchall()
    for found in rows:
        row = dict(found)
        del row["id"]
        for before, after in names.items():
            row["payload"] = row["payload"].replace(_dashed(before), _dashed(after))
        row |= {"session_id": session, "event_id": uuid4().hex, "command_id": uuid4().hex}
        _insert(connection, "treatments_treatmentevent", row)


def _copy(connection: sqlite3.Connection, table: str, id_: str, changes: Row) -> None:
    found = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (id_,)).fetchone()  # noqa: S608
    _insert(connection, table, dict(found) | changes)


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
        tuple(row.values()),
    )


def _first(connection: sqlite3.Connection, table: str, where: str) -> Row:
    found = connection.execute(f"SELECT * FROM {table} WHERE {where} LIMIT 1").fetchone()  # noqa: S608
    if found is None:
        raise SystemExit(f"The demo has no row in {table} where {where}.")
    return dict(found)


def _dashed(hexadecimal: str) -> str:
    h = hexadecimal.replace("-", "")
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
