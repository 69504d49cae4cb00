"""A Bulk Data export (a folder of NDJSON) as columns of facts, through DuckDB.

DuckDB reads, dates and groups; what the resources mean is read by the same functions as for one
person (`shapes`).  Beyond a limit DuckDB spills lines to a temporary folder, so memory stays
bounded; `people` are handed out some at a time.  What DuckDB cannot read is read line by line.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from leeward.core.candidacy import Recogniser
from leeward.core.candidacy.population import EPOCH, NO_DAY, NO_INSTANT, FactColumns
from leeward.usecases.imported import Skipped

from . import bulk_sql as sql
from .bulk_lines import Lines, Tell, export_files
from .datatypes import Unreadable
from .mapping import skipped
from .one_resource import known_references, person_of, read_facts
from .reader import Found, parse, unpack
from .references import References, resource_name
from .shapes import Shapes, Template, measures_wanted
from .subject import patient_of

PEOPLE_AT_ONCE: Final = 100_000
# A line whose person could not be named without reading, and what was found out about it.
_SAME: Final = (
    "line.person IS NULL AND line.who IS NOT DISTINCT FROM w.who "
    "AND (line.kind = 'Patient') = w.is_patient"
)


@dataclass(frozen=True, slots=True)
class People:
    """Some people of an export, in order of their ids, with their facts."""

    names: Sequence[str]
    has_record: Sequence[bool]
    columns: FactColumns
    records: Sequence[str]


class Export(Lines):
    """An export that has been read."""

    def __init__(
        self, folder: Path, recogniser: Recogniser, wanted: Collection[str], as_of: date
    ) -> None:
        super().__init__(folder)
        self.not_recognised: Counter[tuple[str, str]] = Counter()
        self.kinds: dict[str, int] = {}
        self._as_of = as_of
        self._shapes = Shapes(recogniser, wanted, References())
        self._births: dict[int, int] = {}
        self._aside_facts: list[dict[str, Any]] = []
        self._aside_people: list[dict[str, Any]] = []

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


__all__ = ["Export", "People", "export_files"]
