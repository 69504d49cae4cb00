"""The SQL that DuckDB runs over a Bulk Data export: project, date and dictionary-encode.

Every element stays the JSON text that the file holds.  What a resource says apart from its own
id, its person and its dates is its *shape*: shapes repeat, so each is read once, by the reader
that reads single records.  A date of the usual form becomes a number of days; any other stays
part of the shape, as it was written.
"""

from typing import Final

from .elements import BOUNDS, ELEMENTS, SUBSTANCE, WITHOUT_FACTS
from .observation_codes import KNOWN
from .patient import BIRTH_SEX

MARK: Final = "\x1e"
LINE_BYTES: Final = 16 * 1024 * 1024
DATE: Final = (
    r"[12][0-9]{3}-[01][0-9]-[0-3][0-9](T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9]))?"
)
# The dates of each resource by slot; `x.start` is the start of a Period x.
SLOTS: Final = {
    "Patient": ("birthDate", "deceasedDateTime"),
    "Condition": ("onsetDateTime", "abatementDateTime", "recordedDate"),
    "MedicationRequest": ("authoredOn",),
    "MedicationStatement": (
        "effectiveDateTime",
        "effectivePeriod.start",
        "effectivePeriod.end",
        "dateAsserted",
    ),
    "MedicationAdministration": (
        "effectiveDateTime",
        "effectivePeriod.start",
        "effectivePeriod.end",
    ),
    "AllergyIntolerance": ("onsetDateTime", "recordedDate"),
    "Observation": ("effectiveDateTime", "effectiveInstant", "issued", "effectivePeriod.start"),
    "Procedure": ("performedDateTime", "performedPeriod.start", "performedPeriod.end"),
    "FamilyMemberHistory": ("date",),
}
SLOT_COUNT: Final = max(len(slots) for slots in SLOTS.values())
_PERIODS = ("effectivePeriod", "performedPeriod")
ID: Final = "[A-Za-z0-9.-]{1,64}"
PERSON: Final = rf'^\{{"reference":"(Patient/{ID})"(,"display":"[^"\\]*")?\}}$'
_LISTED = {"extension": BIRTH_SEX, "dosageInstruction": BOUNDS, "reaction": SUBSTANCE}
KINDS: Final = (*ELEMENTS, "Medication", "Bundle")
COLUMNS: Final = (
    "id",
    *dict.fromkeys(name for names in ELEMENTS.values() for name in names),
    "entry",
    "identifier",
)


def read_statement(insert: bool) -> str:
    """Give the statement that reads files ($files, compressed as $compression) into `line`."""
    columns = ", ".join(f"{name}: 'JSON'" for name in COLUMNS)
    source = (
        f"read_ndjson($files, columns={{resourceType: 'VARCHAR', {columns}}}, ignore_errors=true,"
        f" compression=$compression, filename=true, maximum_object_size={LINE_BYTES})"
    )
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    head = "INSERT INTO line" if insert else "CREATE TABLE line AS"
    return f"""
        {head}
        SELECT kind, id, file, person, CASE WHEN person IS NULL THEN who END AS who, measured,
            CASE WHEN kind = 'Patient' THEN identifier::VARCHAR END AS identifier,
            {_each("day")}, {_each("at")},
            {_shape()} AS shape
        FROM (SELECT *, {_person()} AS person, {_each_day()} FROM (
            SELECT *, resourceType AS kind, filename AS file, {_who()} AS who,
                {_simple_periods()},
                CASE WHEN resourceType = 'Observation' THEN concat_ws('{MARK}', code,
                    CAST(json_extract(component, '$[*].code') AS VARCHAR), status) END AS measured,
                {_each_text()}
            FROM {source}
            WHERE resourceType IS NULL OR resourceType IN ({kinds})
        ))
        WHERE kind IS NULL OR kind <> 'Observation' OR {_measured()}
    """


def needed_statement() -> str:
    """Give the statement that names those files of $files that hold a line to be read in full."""
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    # DuckDB 2.0 reads one column alone twenty times slower than two: the id is asked for, too.
    return (
        "SELECT DISTINCT filename FROM read_ndjson($files, columns={resourceType: 'VARCHAR', "
        "id: 'JSON'}, ignore_errors=true, compression=$compression, filename=true, "
        f"maximum_object_size={LINE_BYTES}) "
        f"WHERE resourceType IS NULL OR resourceType IN ({kinds}) OR id = '\"\"'"
    )


def _who() -> str:
    return (
        "CASE resourceType WHEN 'Patient' THEN id::VARCHAR WHEN 'Medication' THEN NULL "
        "WHEN 'AllergyIntolerance' THEN patient::VARCHAR "
        "WHEN 'FamilyMemberHistory' THEN patient::VARCHAR ELSE subject::VARCHAR END"
    )


def _person() -> str:
    """Name the person of a line, where that needs no reading."""
    return (
        f"CASE kind WHEN 'Patient' THEN 'Patient/' || "
        f"nullif(regexp_extract(who, '^\"({ID})\"$', 1), '')"
        f" ELSE nullif(regexp_extract(who, '{PERSON}', 1), '') END"
    )


def _measured() -> str:
    """Leave measurements behind whose codes the reader does not keep."""
    codes = "|".join(KNOWN)
    return f"regexp_matches(code, '\"({codes})\"') OR regexp_matches(component, '\"({codes})\"')"


def _simple_periods() -> str:
    form = f'^\\{{("start":"({DATE})")?,?("end":"({DATE})")?\\}}$'
    return ", ".join(f"regexp_full_match({name}, '{form}') AS simple_{name}" for name in _PERIODS)


def _each_text() -> str:
    """Name the text of each slot's date by kind of resource."""
    texts = []
    for slot in range(SLOT_COUNT):
        cases = " ".join(
            f"WHEN '{kind}' THEN {_date_text(slots[slot])}"
            for kind, slots in SLOTS.items()
            if slot < len(slots)
        )
        texts.append(f"CASE resourceType {cases} END AS text{slot}")
    return ", ".join(texts)


def _date_text(name: str) -> str:
    element, _, end = name.partition(".")
    if not end:
        return f"{element}::VARCHAR"
    return f'regexp_extract({element}::VARCHAR, \'"{end}":("[^"]*")\', 1)'


def _each_day() -> str:
    parts = []
    for slot in range(SLOT_COUNT):
        usual = f"regexp_full_match(text{slot}, '\"{DATE}\"')"
        parts.append(
            f"CASE WHEN {usual} THEN epoch(try_cast(text{slot}[2:11] AS DATE)) // 86400 END "
            f"AS day{slot}"
        )
        parts.append(
            f"CASE WHEN {usual} AND length(text{slot}) > 12 "
            f"THEN epoch_us(try_cast(text{slot}[2:-2] AS TIMESTAMPTZ)) END AS at{slot}"
        )
    return ", ".join(parts)


def _each(name: str) -> str:
    return ", ".join(f"CAST({name}{slot} AS BIGINT) AS {name}{slot}" for slot in range(SLOT_COUNT))


def _shape() -> str:
    cases = " ".join(f"WHEN '{kind}' THEN {_shape_of(kind)}" for kind in ELEMENTS)
    # Bundles and medicines are read whole, people by their identifiers where these are pointed at.
    return (
        f"CASE kind {cases} WHEN 'Medication' THEN code::VARCHAR "
        "WHEN 'Bundle' THEN entry::VARCHAR END"
    )


def _shape_of(kind: str) -> str:
    if kind in WITHOUT_FACTS:
        return "''"
    slots = SLOTS[kind]
    parts = []
    for name in ELEMENTS[kind]:
        if name in ("subject", "patient"):
            continue
        if name in slots:
            parts.append(_dated(name, slots.index(name)))
        elif name in _PERIODS and f"{name}.start" in slots:
            parts += _period(name, slots)
        elif name in _LISTED:
            parts.append(f"CASE WHEN contains({name}, '{_LISTED[name]}') THEN '{name}=' || "
                         f"{_only(name)} END")  # fmt: skip
        else:
            parts.append(f"'{name}=' || {name}")
    return f"concat_ws('{MARK}', {', '.join(parts)})"


def _only(name: str) -> str:
    if name != "extension":
        return name
    return (
        "CASE WHEN json_type(extension) = 'ARRAY' THEN to_json(list_filter("
        f"json_extract(extension, '$[*]'), lambda x: contains(x, '{BIRTH_SEX}')))"
        " ELSE extension END"
    )


def _dated(name: str, slot: int) -> str:
    return (
        f"CASE WHEN day{slot} IS NOT NULL THEN '{name}#{slot}' "
        f"WHEN text{slot} IS NOT NULL THEN '{name}=' || text{slot} END"
    )


def _period(name: str, slots: tuple[str, ...]) -> list[str]:
    """A period of two usual dates goes into slots; any other stays as it was written."""
    parts = [f"CASE WHEN NOT simple_{name} THEN '{name}=' || {name} END"]
    for end in ("start", "end"):
        full = f"{name}.{end}"
        if full not in slots:
            continue
        slot = slots.index(full)
        parts.append(
            f"CASE WHEN simple_{name} AND day{slot} IS NOT NULL THEN '{full}#{slot}' "
            f"WHEN simple_{name} AND text{slot} <> '' THEN '{full}=' || text{slot} END"
        )
    return parts


FACT_COLUMNS: Final = (
    "person VARCHAR, template BIGINT, first0 BIGINT, first1 BIGINT, first2 BIGINT, last0 BIGINT,"
    " last1 BIGINT, last2 BIGINT, instant BIGINT, record VARCHAR"
)
# The day that a measurement was made on, and its order in time.
MEASURED_DAY: Final = "coalesce(day0, day1, day3, day2)"
MEASURED_AT: Final = f"coalesce(at0, at1, at3, at2, {MEASURED_DAY} * 86400000000)"


def newest_statement() -> str:
    """Give the statement that ranks the measurements of each person, the newest first.

    Those dated after $as_of are left out: no rule may see them.
    """
    unusual = " OR ".join(
        f"contains(shape, '{name}=')" for name in ("effectiveDateTime", "effectiveInstant",
                                                    "effectivePeriod", "issued")
    )  # fmt: skip
    return f"""
        CREATE TABLE ranked AS
        SELECT *, CASE WHEN unusual OR day IS NULL THEN 0 ELSE rank() OVER (
            PARTITION BY person, measured, unusual OR day IS NULL ORDER BY day DESC, moment DESC
        ) END AS place
        FROM (SELECT line.*, {MEASURED_DAY} AS day, {MEASURED_AT} AS moment,
                  ({unusual}) AS unusual
              FROM told AS line JOIN wanted USING (measured) WHERE kind = 'Observation')
        WHERE unusual OR day IS NULL OR day <= $as_of
    """
