"""Reads FHIR data types out of parsed JSON, and says in plain words what is wrong with them.

Every accessor returns None (or an empty tuple) for an absent element and raises `Unreadable` for
one of the wrong shape, so that a resource is either read as it stands or not taken at all.
"""

from decimal import Decimal
from typing import Any

from leeward.core.candidacy import Coding, When
from leeward.core.quantities import OutOfDomain
from leeward.usecases.imported import Concept

Json = dict[str, Any]
LARGEST_EXPONENT = 12
LONGEST_NUMBER = 30
LONGEST_DATE = 40


class Unreadable(ValueError):
    """A resource that cannot be taken as it is; the message is the reason, for people."""


class Unresolved(Unreadable):
    """A resource that leans on another one which has not been seen yet."""


def member(resource: Json, name: str) -> Json | None:
    """The element as an object."""
    value = resource.get(name)
    if value is not None and not isinstance(value, dict):
        raise Unreadable(f"its {name} is not written as FHIR writes it (an object was expected)")
    return value


def members(resource: Json, name: str) -> tuple[Json, ...]:
    """The element as a list of objects."""
    value = resource.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Unreadable(f"its {name} is not written as FHIR writes it (a list was expected)")
    return tuple(value)


def string(resource: Json, name: str) -> str:
    """The element as text without outer white space; empty if absent."""
    value = resource.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"its {name} is not text")
    return value.strip()


def strings(resource: Json, name: str) -> tuple[str, ...]:
    """The element as a list of texts; nulls, which stand for extensions only, are passed over."""
    value = resource.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str | None) for v in value):
        raise Unreadable(f"its {name} is not a list of texts")
    return tuple(each.strip() for each in value if each)


def flag(resource: Json, name: str) -> bool | None:
    """The element as true or false."""
    value = resource.get(name)
    if value is not None and not isinstance(value, bool):
        raise Unreadable(f"its {name} is neither true nor false")
    return value


def number(resource: Json, name: str) -> Decimal | None:
    """The element as an exact decimal number of a size that means something."""
    value = resource.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unreadable(f"its {name} is not a number")
    exact = Decimal(value)
    if not is_believable(exact):
        raise Unreadable(f"its {name} is not a number of a believable size")
    return exact


def is_believable(exact: Decimal) -> bool:
    """Say whether a number is of a size that means something."""
    if abs(exact.adjusted()) > LARGEST_EXPONENT:
        return False
    # Counting digits is slow, and few characters cannot hold many.
    return len(str(exact)) <= LONGEST_NUMBER or len(exact.as_tuple().digits) <= LONGEST_NUMBER


def coding(value: Json) -> Coding | None:
    """A Coding that carries a code."""
    code = string(value, "code")
    return Coding(string(value, "system"), code, string(value, "display")) if code else None


def read_concept(value: Json) -> Concept:
    """A CodeableConcept; a display without a code stands in for missing words."""
    entries = members(value, "coding")
    codings = tuple(read for each in entries if (read := coding(each)))
    words = string(value, "text") or next(
        (string(each, "display") for each in entries if string(each, "display")), ""
    )
    return Concept(codings, words)


def concept(resource: Json, name: str) -> Concept | None:
    """The element as a CodeableConcept; None if absent or empty."""
    value = member(resource, name)
    if value is None:
        return None
    read = read_concept(value)
    return read if read.codings or read.text else None


def concepts(resource: Json, name: str) -> tuple[Concept, ...]:
    """The element as a list of CodeableConcepts."""
    return tuple(read_concept(each) for each in members(resource, name))


def first_code(resource: Json, name: str) -> str:
    """The code of a status given as CodeableConcept (clinicalStatus, verificationStatus)."""
    found = concept(resource, name)
    if found is None:
        return ""
    return found.codings[0].code if found.codings else found.text


def first_category(resource: Json) -> str:
    """The code (or words) of the first category; plain codes are read as well."""
    value = resource.get("category")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value[0] if value else ""
    if isinstance(value, dict):
        return first_code(resource, "category")
    for each in concepts(resource, "category"):
        return each.codings[0].code if each.codings else each.text
    return ""


def when(resource: Json, name: str) -> When | None:
    """The element as a date with the precision that it has."""
    text = string(resource, name)
    if not text:
        return None
    try:
        if len(text) > LONGEST_DATE:
            raise OutOfDomain("too long for a date")
        return When.parse(text)
    except (OutOfDomain, OverflowError) as reason:
        raise Unreadable(f"its {name} is not a date that can be read ({text[:40]})") from reason


def period(resource: Json, name: str) -> tuple[When | None, When | None]:
    """Start and end of a Period."""
    value = member(resource, name)
    return (when(value, "start"), when(value, "end")) if value else (None, None)


def moment_or_period(resource: Json, stem: str) -> tuple[When | None, When | None]:
    """`stemDateTime`, `stemInstant` or `stemPeriod`: a moment is its own start, with no end."""
    moment = when(resource, f"{stem}DateTime") or when(resource, f"{stem}Instant")
    return (moment, None) if moment else period(resource, f"{stem}Period")


def required_concept(resource: Json, name: str, what: str) -> Concept:
    """The CodeableConcept without which the resource says nothing."""
    found = concept(resource, name)
    if found is None:
        raise Unreadable(f"it does not say {what}")
    return found
