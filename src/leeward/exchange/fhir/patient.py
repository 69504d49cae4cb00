"""Patient: who, born when, reached how."""

from leeward.usecases.imported import ImportedPatient, Origin

from .datatypes import (
    Json,
    Unreadable,
    flag,
    member,
    members,
    read_concept,
    string,
    strings,
    when,
)
from .references import References

BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
# Social security, driver's licence and passport numbers have no use in the clinic.
LEFT_BEHIND = frozenset({"SS", "DL", "PPN"})


def read_patient(resource: Json, origin: Origin, references: References) -> ImportedPatient:
    """Read a Patient; race and ethnicity extensions are not taken."""
    family, given = _name(resource)
    if not family and not given:
        raise Unreadable("it gives no name")
    deceased_when = when(resource, "deceasedDateTime")
    born = when(resource, "birthDate")
    vague = born is not None and born.first != born.last
    return ImportedPatient(
        origin=origin,
        family=family or given,
        given=given if family else "",
        birth_date=born,
        sex=string(resource, "gender") or "unknown",
        birth_sex=_birth_sex(resource),
        deceased=bool(flag(resource, "deceasedBoolean")) or deceased_when is not None,
        deceased_when=deceased_when,
        language=_language(resource),
        phone=_contact(resource, "phone"),
        email=_contact(resource, "email"),
        address=_address(resource),
        identifiers=_identifiers(resource),
        active=flag(resource, "active") is not False,
        notes=("a birth date that is not a full date is kept as not known",) if vague else (),
    )


def _name(resource: Json) -> tuple[str, str]:
    """The name in use: the official or usual one, else any that is not an old one."""
    names = members(resource, "name")
    for use in ("official", "usual", "", None):
        for name in names:
            written = string(name, "use")
            if written == use or (use is None and written not in ("old", "maiden")):
                return _parts(name)
    return _parts(names[0]) if names else ("", "")


def _parts(name: Json) -> tuple[str, str]:
    family, given = string(name, "family"), " ".join(strings(name, "given"))
    return (family, given) if family or given else (string(name, "text"), "")


def _birth_sex(resource: Json) -> str:
    for extension in members(resource, "extension"):
        if string(extension, "url") == BIRTH_SEX:
            return string(extension, "valueCode")
    return ""


def _language(resource: Json) -> str:
    spoken = members(resource, "communication")
    preferred = sorted(spoken, key=lambda each: flag(each, "preferred") is not True)
    for each in preferred:
        language = member(each, "language")
        concept = read_concept(language) if language else None
        if concept and concept.codings:
            return concept.codings[0].code
    return ""


def _contact(resource: Json, system: str) -> str:
    contacts = [
        contact
        for contact in members(resource, "telecom")
        if string(contact, "system") == system and string(contact, "use") != "old"
    ]
    mobile_first = sorted(contacts, key=lambda each: string(each, "use") != "mobile")
    return string(mobile_first[0], "value") if mobile_first else ""


def _address(resource: Json) -> str:
    """The address in use, on one line: the home's first, never an old one."""
    current = [a for a in members(resource, "address") if string(a, "use") != "old"]
    for each in sorted(current, key=lambda a: string(a, "use") != "home"):
        town = " ".join(filter(None, (string(each, "state"), string(each, "postalCode"))))
        parts = [*strings(each, "line"), string(each, "city"), town, string(each, "country")]
        if line := string(each, "text") or ", ".join(part for part in parts if part):
            return line
    return ""


def _identifiers(resource: Json) -> tuple[tuple[str, str], ...]:
    kept = []
    for identifier in members(resource, "identifier"):
        kind = member(identifier, "type")
        codes = {coding.code for coding in read_concept(kind).codings} if kind else set()
        value = string(identifier, "value")
        if value and not codes & LEFT_BEHIND and string(identifier, "use") != "old":
            kept.append((string(identifier, "system"), value))
    return tuple(kept)
