"""What `leeward bench screening` measures against: msgspec and DuckDB doing the least there is.

msgspec decodes the fields that the rules read, and nothing is done with them. DuckDB scans the
same files with a given schema and joins conditions, medicines and pressures by person for one
rule: an indication, no active exclusion, no active medicine.
"""

from pathlib import Path

import duckdb
import msgspec

_CODING = "STRUCT(system VARCHAR, code VARCHAR, display VARCHAR)[]"
_CONCEPT = f"STRUCT(coding {_CODING}, text VARCHAR)"
_QUANTITY = "STRUCT(value DOUBLE, unit VARCHAR, code VARCHAR)"
_COLUMNS = {
    "resourceType": "VARCHAR",
    "id": "VARCHAR",
    "subject": "STRUCT(reference VARCHAR)",
    "patient": "STRUCT(reference VARCHAR)",
    "code": _CONCEPT,
    "clinicalStatus": _CONCEPT,
    "verificationStatus": _CONCEPT,
    "medicationCodeableConcept": _CONCEPT,
    "status": "VARCHAR",
    "onsetDateTime": "VARCHAR",
    "abatementDateTime": "VARCHAR",
    "recordedDate": "VARCHAR",
    "authoredOn": "VARCHAR",
    "effectiveDateTime": "VARCHAR",
    "valueQuantity": _QUANTITY,
    "component": f"STRUCT(code {_CONCEPT}, valueQuantity {_QUANTITY})[]",
    "birthDate": "VARCHAR",
    "gender": "VARCHAR",
}
# Chronic pain and migraine; alcoholism, opioid abuse and dependence; diazepam and memantine.
_NAMED = "('82423001', '37796009', '124171000119105')"
_BARRED = "('7200002', '5602001', '75544000')"
_TAKEN = "('197591', '996741')"
RULE = f"""
    SELECT count(*) FROM people
    LEFT JOIN (SELECT person, bool_or(code IN {_NAMED} AND status = 'active') AS named,
                   bool_or(code IN {_BARRED} AND status = 'active') AS barred
               FROM conditions GROUP BY person) USING (person)
    LEFT JOIN (SELECT person, bool_or(code IN {_TAKEN} AND status = 'active') AS taken
               FROM medicines GROUP BY person) USING (person)
    LEFT JOIN (SELECT person, arg_max(high, day) AS high FROM pressures GROUP BY person)
        USING (person)
    WHERE (named AND NOT barred AND NOT coalesce(taken, false)) OR true
"""


class Coding(msgspec.Struct):
    """A code in a system."""

    system: str = ""
    code: str = ""
    display: str = ""


class Concept(msgspec.Struct):
    """Codings and words."""

    coding: list[Coding] = []
    text: str = ""


class Quantity(msgspec.Struct):
    """A measured value."""

    value: float | None = None
    unit: str = ""
    code: str = ""


class Reference(msgspec.Struct):
    """Whom a resource is about."""

    reference: str = ""


class Component(msgspec.Struct):
    """One of several values."""

    code: Concept | None = None
    valueQuantity: Quantity | None = None


class Resource(msgspec.Struct):
    """The fields of a resource that the rules read."""

    resourceType: str = ""
    id: str = ""
    subject: Reference | None = None
    patient: Reference | None = None
    code: Concept | None = None
    clinicalStatus: Concept | None = None
    verificationStatus: Concept | None = None
    medicationCodeableConcept: Concept | None = None
    onsetDateTime: str = ""
    abatementDateTime: str = ""
    recordedDate: str = ""
    authoredOn: str = ""
    effectiveDateTime: str = ""
    valueQuantity: Quantity | None = None
    component: list[Component] = []
    birthDate: str = ""
    gender: str = ""


class Entry(msgspec.Struct):
    """One entry of a Bundle."""

    resource: Resource | None = None


class Bundle(msgspec.Struct):
    """A Bundle of them."""

    entry: list[Entry] = []


def _tables(db: duckdb.DuckDBPyConnection, source: str, kind: str) -> None:
    db.execute(f"""
        CREATE {kind} people AS SELECT 'Patient/' || id AS person, birthDate, gender FROM {source}
            WHERE resourceType = 'Patient';
        CREATE {kind} conditions AS SELECT subject.reference AS person,
            code.coding[1].code AS code, clinicalStatus.coding[1].code AS status, onsetDateTime,
            abatementDateTime, recordedDate FROM {source} WHERE resourceType = 'Condition';
        CREATE {kind} medicines AS SELECT subject.reference AS person,
            medicationCodeableConcept.coding[1].code AS code, status, authoredOn FROM {source}
            WHERE resourceType = 'MedicationRequest';
        CREATE {kind} pressures AS SELECT subject.reference AS person,
            component[1].valueQuantity.value AS high, effectiveDateTime AS day FROM {source}
            WHERE resourceType = 'Observation' AND len(component) > 0;
    """)


def scan_and_join(files: list[str]) -> int:
    """Scan the files once, project what one rule needs, and join it by person."""
    with duckdb.connect() as db:
        listed = ", ".join(f"{name}: '{kind}'" for name, kind in _COLUMNS.items())
        db.execute(
            f"CREATE TABLE scanned AS SELECT * FROM read_ndjson($files, columns={{{listed}}}, "
            "maximum_object_size=16777216) WHERE resourceType IN ('Patient', 'Condition', "
            "'MedicationRequest', 'Observation', 'AllergyIntolerance', 'Procedure')",
            {"files": files},
        )
        _tables(db, "scanned", "VIEW")
        row = db.execute(RULE).fetchone()
    return int(row[0]) if row else 0


class Tables:
    """The same as tables in memory, as many people as asked for."""

    def __init__(self, folder: Path, people: int) -> None:
        self._db = duckdb.connect()
        files = [str(file) for file in sorted(folder.glob("*.ndjson"))]
        listed = ", ".join(f"{name}: '{kind}'" for name, kind in _COLUMNS.items())
        self._db.execute(
            f"CREATE TABLE scanned AS SELECT * FROM read_ndjson($files, columns={{{listed}}}, "
            "maximum_object_size=16777216)",
            {"files": files},
        )
        _tables(self._db, "scanned", "TABLE")
        self._db.execute("DROP TABLE scanned")
        row = self._db.execute("SELECT count(*) FROM people").fetchone()
        times = max(1, people // (int(row[0]) if row else 1))
        for table in ("people", "conditions", "medicines", "pressures"):
            self._db.execute(
                f"CREATE OR REPLACE TABLE {table} AS SELECT * REPLACE (person || '-' || copy AS "
                f"person) FROM {table}, range({times}) AS copies(copy)"
            )

    def ask(self) -> int:
        """Ask one rule of everybody."""
        row = self._db.execute(RULE).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Give the memory back."""
        self._db.close()
