"""A Bulk Data export (a folder of NDJSON) as columns of facts, through DuckDB.

DuckDB reads, dates and groups; what the resources mean is read by the same functions as for one
person (`shapes`).  Beyond a limit DuckDB spills lines to a temporary folder, so memory stays
bounded; `people` are handed out some at a time.  What DuckDB cannot read is read line by line.
"""

import gzip
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from leeward.core.candidacy import Recogniser
from leeward.core.candidacy.population import EPOCH, NO_DAY, NO_INSTANT, FactColumns
from leeward.usecases.imported import Skipped

from . import bulk_sql as sql
from .datatypes import Unreadable
from .mapping import skipped
from .one_person import known_references, person_of, read_facts
from .reader import GZIP_MAGIC, NDJSON_ENDINGS, Found, parse, read_groups, unpack
from .references import References, resource_name
from .shapes import Shapes, Template, measures_wanted
from .subject import patient_of

PEOPLE_AT_ONCE: Final = 100_000
MOST_LOCATED: Final = 10_000
MEMORY: Final = "2GB"
HEAD_BYTES: Final = 4096
_KIND = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')
Tell = Callable[[str], None]
# A line whose person could not be named without reading, and what was found out about it.
_SAME: Final = (
    "line.person IS NULL AND line.who IS NOT DISTINCT FROM w.who "
    "AND (line.kind = 'Patient') = w.is_patient"
)


@dataclass(slots=True)
class Left:
    """What could not be used: counted by reason, and located."""

    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    located: list[Skipped] = field(default_factory=list)
    bad_lines: int = 0

    def add(self, each: Skipped, times: int = 1) -> None:
        """Note something that was left."""
        kind = each.resource.partition("/")[0] or "(no resource)"
        self.reasons[kind, each.because] += times
        self.bad_lines += not each.resource
        if len(self.located) < MOST_LOCATED:
            self.located.append(each)


@dataclass(frozen=True, slots=True)
class People:
    """Some people of an export, in order of their ids, with their facts."""

    names: Sequence[str]
    has_record: Sequence[bool]
    columns: FactColumns
    records: Sequence[str]


class Export:
    """An export that has been read; use it as a context, its temporary folder goes with it."""

    def __init__(
        self, folder: Path, recogniser: Recogniser, wanted: Collection[str], as_of: date
    ) -> None:
        self.files = export_files(folder)
        self.left = Left()
        self.not_recognised: Counter[tuple[str, str]] = Counter()
        self.kinds: dict[str, int] = {}
        self._folder, self._as_of = folder, as_of
        self._shapes = Shapes(recogniser, wanted, References())
        self._aside: list[Found] = []
        self._stack = ExitStack()
        self._births: dict[int, int] = {}
        self._fixed: list[Template] = []
        self._names = count()
        self._aside_facts: list[dict[str, Any]] = []
        self._aside_people: list[dict[str, Any]] = []

    def __enter__(self) -> "Export":
        home = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="leeward-screen-"))
        self._home = Path(home)
        self._db = self._stack.enter_context(duckdb.connect())
        self._db.execute(f"SET memory_limit='{MEMORY}'; SET temp_directory='{home}/spilt'")
        self._db.execute("SET TimeZone='UTC'")
        self._db.execute("SET enable_progress_bar=false")
        return self

    def __exit__(self, *trouble: object) -> None:
        self._stack.close()

    def read(self, tell: Tell = lambda _: None) -> None:
        """Read every file, and tell how far it has come."""
        self._scan(tell)
        tell("lines read; looking for damaged ones")
        self._locate_damage()
        self._kinds()
        self._refer()
        tell("finding out who is who")
        self._name_people()
        tell("reading what the records say")
        self._read_shapes()
        self._read_measurements()
        self._read_aside()
        self._settle()

    def people(self, at_once: int = PEOPLE_AT_ONCE) -> Iterator[People]:
        """Give all people, some at a time, in the order of their ids."""
        total = self.count_people()
        for first in range(0, total, at_once):
            yield self._some(first, min(total, first + at_once))

    def count_people(self) -> int:
        """How many people the export speaks of."""
        return int(self._value("SELECT count(*) FROM person"))

    def _value(self, statement: str) -> Any:
        row = self._db.execute(statement).fetchone()
        return row[0] if row else None

    def _scan(self, tell: Tell) -> None:
        packed = [str(file) for file in self.files if _is_gzip(file)]
        plain = [str(file) for file in self.files if str(file) not in set(packed)]
        made = False
        for files, compression in ((plain, "none"), (packed, "gzip")):
            needed = self._needed(files, compression)
            if needed:
                tell(f"reading {len(needed)} of {len(files)} files ({compression})")
                made = self._scan_files(needed, compression, made, tell)
        if not made:
            none = self._home / "none.ndjson"
            none.touch()
            self._load([str(none)], "none", insert=False)

    def _needed(self, files: list[str], compression: str) -> list[str]:
        """Leave out files that hold nothing to be read; an export has a file for each kind."""
        other = [file for file in files if _first_kind(Path(file)) not in sql.KINDS]
        if not other:
            return files
        try:
            asked = {"files": other, "compression": compression}
            found = self._db.execute(sql.needed_statement(), asked).fetchall()
        except duckdb.Error:
            return files
        unread = set(other) - {file for (file,) in found}
        return [file for file in files if file not in unread]

    def _scan_files(self, files: list[str], compression: str, made: bool, tell: Tell) -> bool:
        """Read files together, or where one of them stops DuckDB one by one."""
        try:
            self._load(files, compression, insert=made)
        except duckdb.Error as reason:
            if len(files) == 1:
                why = str(reason).splitlines()[0]
                tell(f"{self._shown(files[0])}: read line by line, for DuckDB stopped: {why}")
                self._set_aside(files[0])
                return made
            for file in files:
                made = self._scan_files([file], compression, made, tell)
            return made
        return True

    def _load(self, files: list[str], compression: str, *, insert: bool) -> None:
        self._db.execute(sql.read_statement(insert), {"files": files, "compression": compression})

    def _set_aside(self, file: str) -> None:
        """Read a whole file line by line, as single records are read."""
        for group in read_groups(file, name=self._shown(file)):
            self._aside += group.found
            for each in group.skipped:
                self.left.add(each)

    def _shown(self, file: str) -> str:
        return str(Path(file).relative_to(self._folder))

    def _locate_damage(self) -> None:
        damaged = self._db.execute(
            "SELECT file, count(*) FROM line WHERE kind IS NULL GROUP BY file ORDER BY file"
        ).fetchall()
        for file, lines in damaged:
            lost = [
                each
                for group in read_groups(file, name=self._shown(file))
                for each in group.skipped
                if not each.resource and each.where.startswith("line ") and "," not in each.where
            ]
            if len(lost) == lines:
                for each in lost:
                    self.left.add(each)
            else:
                # Some lines are damaged for one reader only: the careful one decides.
                self._db.execute("DELETE FROM line WHERE file = $file", {"file": file})
                self._set_aside(file)
        self._db.execute("DELETE FROM line WHERE kind IS NULL")

    def _kinds(self) -> None:
        rows = self._db.execute("SELECT kind, count(*) FROM line GROUP BY kind").fetchall()
        self.kinds = dict(sorted(rows))

    def _refer(self) -> None:
        """Note what others may point at: medicines, Bundles' entries, people by identifier."""
        for name, file, entries in self._db.execute(
            "SELECT id, file, shape FROM line WHERE kind = 'Bundle'"
        ).fetchall():
            bundle = {"entry": parse((entries or "[]").encode())}
            group = unpack(self._shown(file), f"Bundle {name or ''}".strip(), bundle)
            for each in group.skipped:
                self.left.add(each)
            # Each Bundle has addresses of its own; what it says is settled within it.
            self._take(group.found, known_references(group.found))
        medicines = self._db.execute(
            "SELECT id, shape FROM line WHERE kind = 'Medication' AND shape IS NOT NULL"
        ).fetchall()
        found = [
            Found("", "", {"resourceType": "Medication", "id": _text(name), "code": _json(code)})
            for name, code in medicines
        ]
        self._db.execute("DELETE FROM line WHERE kind IN ('Medication', 'Bundle')")
        self._shapes.references = known_references([*found, *self._aside, *self._identified()])

    def _identified(self) -> Iterator[Found]:
        """People by their identifiers, if anything points at them so."""
        pointed = self._value(
            "SELECT count(*) FROM line WHERE kind <> 'Patient' "
            "AND (contains(who, 'identifier') OR contains(who, '?'))"
        )
        if not pointed:
            return
        for name, identifiers in self._db.execute(
            "SELECT id, identifier FROM line WHERE kind = 'Patient'"
        ).fetchall():
            if identifiers is not None:
                resource = {
                    "resourceType": "Patient",
                    "id": _text(name),
                    "identifier": _json(identifiers),
                }
                yield Found("", "", resource)

    def _name_people(self) -> None:
        unnamed = self._db.execute(
            "SELECT DISTINCT who, kind = 'Patient' FROM line WHERE person IS NULL"
        ).fetchall()
        named, reasons = [], []
        for who, is_patient in unnamed:
            row = {"who": who, "is_patient": is_patient}
            try:
                named.append(row | {"person": self._person(who, is_patient)})
            except (Unreadable, ValueError) as reason:
                reasons.append(row | {"because": str(reason)})
        if named:
            self._table("by_hand", "who VARCHAR, is_patient BOOLEAN, person VARCHAR", named)
            self._db.execute(f"UPDATE line SET person = w.person FROM by_hand AS w WHERE {_SAME}")
        if reasons:
            self._table("nobody", "who VARCHAR, is_patient BOOLEAN, because VARCHAR", reasons)
            self._tell_nobody()
        self._db.execute("CREATE VIEW told AS SELECT * FROM line WHERE person IS NOT NULL")

    def _tell_nobody(self) -> None:
        for kind, name, file, because in self._db.execute(
            f"SELECT kind, id, file, because FROM line JOIN nobody AS w ON {_SAME}"
        ).fetchall():
            self.left.add(Skipped(self._shown(file), "", _reference(kind, name), because))

    def _person(self, who: str | None, is_patient: bool) -> str:
        value = None if who is None else _json(who)
        if not is_patient:
            resource = {} if value is None else {"subject": value}
            return patient_of(resource, self._shapes.references)
        name = resource_name({"resourceType": "Patient", "id": value})
        if name is None:
            raise Unreadable("it has no id")
        return name

    def _table(self, name: str, columns: str, rows: Iterable[dict[str, Any]]) -> None:
        """Make a table of rows that Python worked out."""
        file = self._home / f"{next(self._names)}.ndjson"
        with file.open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row) + "\n")
        listed = ", ".join(
            f"{word}: '{kind}'" for word, kind in (each.split() for each in columns.split(", "))
        )
        self._db.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM read_ndjson("
            f"'{file}', columns={{{listed}}}, maximum_object_size={sql.LINE_BYTES})"
        )
        file.unlink()

    def _read_shapes(self) -> None:
        self._db.execute(f"CREATE TABLE fact ({sql.FACT_COLUMNS})")
        self._join(
            "SELECT kind, shape, count(*) FROM told WHERE kind <> 'Observation' GROUP BY ALL",
            "told",
            "kind <> 'Observation'",
        )

    def _read_measurements(self) -> None:
        measured = self._db.execute(
            "SELECT DISTINCT measured FROM told WHERE kind = 'Observation'"
        ).fetchall()
        wanted = [
            {"measured": each} for (each,) in measured if measures_wanted(self._shapes, each)
        ]
        self._table("wanted", "measured VARCHAR", wanted)
        today = (self._as_of - EPOCH).days
        self._db.execute(sql.newest_statement(), {"as_of": today})
        self._keep_unplain()
        self._join(
            "SELECT kind, shape, count(*) FROM ranked WHERE place <= 1 GROUP BY ALL",
            "ranked",
            "place <= 1",
        )

    def _keep_unplain(self) -> None:
        """Where the newest measurement has no plain value, an older one may count: keep all."""
        newest = self._db.execute("SELECT DISTINCT shape FROM ranked WHERE place = 1").fetchall()
        odd = [
            {"shape": shape}
            for (shape,) in newest
            if not self._shapes.read_measurement(shape).is_plain_measurement
        ]
        self._table("odd", "shape VARCHAR", odd)
        self._db.execute(
            "UPDATE ranked SET place = 0 WHERE (person, measured) IN ("
            "SELECT (person, measured) FROM ranked JOIN odd USING (shape) WHERE place = 1)"
        )

    def _join(self, distinct: str, table: str, chosen: str) -> None:
        """Read each shape of a table once, and make the facts of all its lines."""
        listed, reasons = [], []
        for kind, shape, times in self._db.execute(distinct).fetchall():
            if kind == "Observation":
                read = self._shapes.read_measurement(shape)
            else:
                read = self._shapes.read(kind, shape)
            for named in read.not_recognised:
                self.not_recognised[named] += times
            if read.because:
                reasons.append({"kind": kind, "shape": shape, "because": read.because})
            listed += [self._listed(kind, shape, each) for each in read.templates]
        self._tell_unread(reasons, table, chosen)
        slots = ", ".join(f"slot{n} BIGINT, from{n} BIGINT, to{n} BIGINT" for n in range(3))
        self._table(
            "saying",
            f"kind VARCHAR, shape VARCHAR, template BIGINT, fixed BIGINT, {slots}",
            listed,
        )
        self._db.execute(f"""
            INSERT INTO fact
            SELECT person, template, {_ends("from")}, {_ends("to")},
                coalesce({_chosen("slot0", "at")}, fixed),
                kind || '/' || json_extract_string(id, '$')
            FROM {table} JOIN saying USING (kind, shape) WHERE {chosen}
        """)

    def _listed(self, kind: str, shape: str, each: Template) -> dict[str, Any]:
        row: dict[str, Any] = {
            "kind": kind,
            "shape": shape,
            "template": each.number,
            "fixed": each.instant,
        }
        slots = each.slots
        if each.birth_slot is not None:
            # The day travels as an onset; `_some` turns it into the birth date it is.
            slots = (each.birth_slot, None, None)
            self._births[each.number] = each.number
        for n in range(3):
            row |= {f"slot{n}": slots[n], f"from{n}": each.first[n], f"to{n}": each.last[n]}
        return row

    def _tell_unread(self, reasons: list[dict[str, str]], table: str, chosen: str) -> None:
        if not reasons:
            return
        self._table("unread", "kind VARCHAR, shape VARCHAR, because VARCHAR", reasons)
        for kind, name, file, because in self._db.execute(
            f"SELECT kind, id, file, because FROM {table} JOIN unread USING (kind, shape) "
            f"WHERE {chosen}"
        ).fetchall():
            self.left.add(Skipped(self._shown(file), "", _reference(kind, name), because))

    def _read_aside(self) -> None:
        self._take(self._aside, self._shapes.references)
        self._table("aside_fact", sql.FACT_COLUMNS, self._aside_facts)
        self._table("aside_person", "person VARCHAR, is_patient BOOLEAN", self._aside_people)
        self._aside, self._aside_facts, self._aside_people = [], [], []

    def _take(self, found: Iterable[Found], references: References) -> None:
        """Take resources that were read singly."""
        for each in found:
            person = person_of(each, references)
            if person is not None:
                is_patient = each.resource["resourceType"] == "Patient"
                self._aside_people.append({"person": person, "is_patient": is_patient})
            try:
                told = read_facts(each, references)
            except Unreadable as reason:
                told = skipped(each, str(reason))
            if isinstance(told, Skipped):
                if _matters(told):
                    self.left.add(told)
                continue
            if told.person != person:
                # A person without an id is known by what is said of them.
                self._aside_people.append({"person": told.person, "is_patient": True})
            for fact in told.facts:
                if self._shapes.is_wanted(fact):
                    template = self._shapes.template(fact)
                    self._aside_facts.append(_row(told.person, template, fact.resource))
            for named in self._shapes.unknown(told.facts):
                self.not_recognised[named] += 1

    def _settle(self) -> None:
        """Number the people and lay their facts side by side."""
        self._db.execute("""
            INSERT INTO fact SELECT * FROM aside_fact;
            CREATE TABLE person AS
            SELECT row_number() OVER (ORDER BY person) - 1 AS number, person, has_record
            FROM (SELECT person, bool_or(is_patient) AS has_record FROM (
                SELECT DISTINCT person, kind = 'Patient' AS is_patient FROM told
                UNION ALL SELECT DISTINCT person, is_patient FROM aside_person
            ) GROUP BY person);
            CREATE TABLE held AS
            SELECT number, fact.* EXCLUDE (person) FROM fact JOIN person USING (person)
            ORDER BY number, fact.rowid;
        """)

    def _some(self, first: int, end: int) -> People:
        names = self._db.execute(
            "SELECT person, has_record FROM person WHERE number >= $first AND number < $end "
            "ORDER BY number",
            {"first": first, "end": end},
        ).fetchall()
        held = self._db.execute(
            "SELECT * FROM held WHERE number >= $first AND number < $end",
            {"first": first, "end": end},
        ).fetchnumpy()
        numbers = {name: _whole(held[name]) for name in held if name != "record"}
        columns = FactColumns(
            len(names),
            numbers["number"] - first,
            numbers["template"],
            np.stack([numbers[f"first{n}"] for n in range(3)], axis=1),
            np.stack([numbers[f"last{n}"] for n in range(3)], axis=1),
            np.where(numbers["instant"] == NO_DAY, NO_INSTANT, numbers["instant"]),
            (),
        )
        self._set_births(columns)
        whole = FactColumns(
            columns.people,
            columns.person,
            columns.template,
            columns.first,
            columns.last,
            columns.instant,
            tuple(self._shapes.facts),
        )
        records = [name or "" for name in held["record"].tolist()]
        return People([name for name, _ in names], [bool(has) for _, has in names], whole, records)

    def _set_births(self, columns: FactColumns) -> None:
        if not self._births:
            return
        for row in np.flatnonzero(np.isin(columns.template, list(self._births))).tolist():
            day = int(columns.first[row, 0])
            columns.template[row] = self._shapes.born(int(columns.template[row]), day)
            columns.first[row, 0] = columns.last[row, 0] = NO_DAY
            columns.instant[row] = NO_INSTANT


def export_files(folder: Path) -> list[Path]:
    """List the NDJSON files of a folder and of those in it."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and file.name.lower().endswith(NDJSON_ENDINGS)
    )


def _first_kind(file: Path) -> str:
    """The kind that the first line of a file seems to hold."""
    try:
        opened = gzip.open(file) if _is_gzip(file) else file.open("rb")  # noqa: SIM115
        with opened as stream:
            kind = _KIND.search(stream.read(HEAD_BYTES))
    except (OSError, EOFError, zlib.error):
        return ""
    return kind[1].decode() if kind else ""


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(GZIP_MAGIC)) == GZIP_MAGIC


def _ends(fixed: str) -> str:
    return ", ".join(
        f"coalesce({_chosen(f'slot{n}', 'day')}, nullif({fixed}{n}, {NO_DAY}))" for n in range(3)
    )


def _chosen(slot: str, name: str) -> str:
    cases = " ".join(f"WHEN {n} THEN {name}{n}" for n in range(sql.SLOT_COUNT))
    return f"CASE {slot} {cases} END"


def _whole(column: Any) -> Any:
    filled = np.ma.filled(column, NO_DAY)
    return filled.astype(np.int64)


def _json(text: str) -> Any:
    return parse(text.encode())


def _text(text: str | None) -> str:
    value = None if text is None else _json(text)
    return value if isinstance(value, str) else ""


def _reference(kind: str, name: str | None) -> str:
    return f"{kind}/{_text(name)}" if _text(name) else kind


def _matters(left: Skipped) -> bool:
    """Whether a resource that carries no fact is one that could have carried one."""
    kind = left.resource.partition("/")[0]
    return kind in sql.SLOTS and not (
        kind == "Observation" and "not among the observations" in left.because
    )


def _row(person: str, template: Template, record: str) -> dict[str, Any]:
    row: dict[str, Any] = {"person": person, "template": template.number, "record": record}
    row["instant"] = template.instant
    for n in range(3):
        row[f"first{n}"] = None if template.first[n] == NO_DAY else template.first[n]
        row[f"last{n}"] = None if template.last[n] == NO_DAY else template.last[n]
    return row
