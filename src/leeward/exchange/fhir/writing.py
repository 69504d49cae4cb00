"""Writes FHIR: data types, addresses inside a Bundle, and JSON with exact decimals."""

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from leeward.core.candidacy import systems

from .datatypes import Json

# Names of our own, for what no terminology covers; never a similar code of somebody else.
CODES = "urn:leeward:fhir:codes"
DOSE_PER_KG = "urn:leeward:fhir:dose-per-body-weight"
EFFECT_ENDED = "urn:leeward:fhir:effect-ended"
CONTEXT = "urn:leeward:fhir:measured-during"
DIGEST = "urn:leeward:fhir:record-sha256"

_MARKED = re.compile(r'"\\u0000(-?[0-9]+(?:\.[0-9]+)?)"')


def to_json(resource: Json) -> str:
    """JSON text with every Decimal as the number it is, digit for digit."""
    return _MARKED.sub(r"\1", json.dumps(resource, indent=1, default=_mark))


def _mark(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"\x00{value:f}"
    raise TypeError(f"{type(value).__name__} in a FHIR resource")


def address(session_id: UUID, name: str) -> str:
    """The fullUrl of one resource of a session; the same each time it is written."""
    return f"urn:uuid:{uuid5(session_id, name)}"


def reference(url: str, display: str = "") -> Json:
    """A Reference to a resource of the same Bundle."""
    return {"reference": url, "display": display} if display else {"reference": url}


def entry(url: str, resource: Json) -> Json:
    """A Bundle entry; the id is that of its address."""
    kind = resource["resourceType"]
    rest = {name: value for name, value in resource.items() if value not in (None, [], {}, "")}
    return {
        "fullUrl": url,
        "resource": {"resourceType": kind, "id": url.rpartition(":")[2], **rest},
    }


def quantity(value: Decimal | int, unit: str, shown: str = "") -> Json:
    """A Quantity in UCUM."""
    return {"value": value, "unit": shown or unit, "system": systems.UCUM, "code": unit}


def coded(system: str, code: str, display: str) -> Json:
    """A CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def own_code(code: str, display: str) -> Json:
    """A CodeableConcept of a code of our own."""
    return coded(CODES, code, display)


def moment(at: datetime) -> str:
    """A FHIR instant."""
    return at.isoformat()


def period(start: datetime | None, end: datetime | None) -> Json:
    """A Period, open where an end is missing."""
    ends = {"start": start, "end": end}
    return {name: moment(at) for name, at in ends.items() if at}


def in_words(identifier: str) -> str:
    """An id such as ``blurred_vision`` as words."""
    return identifier.replace("_", " ").replace(".", " ")
