"""Observation: vital signs, scores, and the results that candidacy rules read."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from leeward.core.candidacy import Coding, systems
from leeward.usecases.imported import Concept, ImportedObservation, Measurement, Origin

from .amount import read_amount, read_score
from .datatypes import (
    Json,
    Unreadable,
    concept,
    first_category,
    first_code,
    member,
    members,
    moment_or_period,
    required_concept,
    string,
    when,
)
from .observation_codes import KNOWN, SCORE, KnownObservation
from .references import References
from .subject import patient_of


def read_observation(
    resource: Json, origin: Origin, references: References
) -> ImportedObservation:
    """Read an Observation whose code, or one of whose components, is among the known ones."""
    named = required_concept(resource, "code", "what was observed")
    known = known_observation(named.codings)
    components = members(resource, "component")
    names = [required_concept(each, "code", "what a component is") for each in components]
    leading = known or next(
        (found for name in names if (found := known_observation(name.codings))), None
    )
    if leading is None:
        raise Unreadable(not_among_kept(named))
    patient = patient_of(resource, references)
    measured, note = _measured(resource, named, known)
    parts = [
        _measured(each, name, known_observation(name.codings))
        for each, name in zip(components, names, strict=True)
    ]
    if not any(_says_something(each) for each in (measured, *(part for part, _ in parts))):
        raise Unreadable(_empty(resource, measured, parts))
    return ImportedObservation(
        origin=origin,
        patient=patient,
        measured=measured,
        category=first_category(resource) or leading.category,
        status=string(resource, "status"),
        effective=moment_or_period(resource, "effective")[0] or when(resource, "issued"),
        components=tuple(part for part, _ in parts),
        notes=tuple(n for n in (note, *(part_note for _, part_note in parts)) if n),
    )


def not_among_kept(named: Concept) -> str:
    """Say that a measurement of this name is not kept."""
    return f'"{named.label[:100]}" is not among the observations Leeward keeps'


def known_observation(codings: Iterable[Coding]) -> KnownObservation | None:
    """The known code among several (2708-6 stands as parent beside 59408-5)."""
    codes = (each.code for each in codings if each.system == systems.LOINC)
    return next((KNOWN[code] for code in codes if code in KNOWN), None)


def _measured(
    holder: Json, named: Concept, known: KnownObservation | None
) -> tuple[Measurement, str]:
    absent = first_code(holder, "dataAbsentReason")
    quantity = member(holder, "valueQuantity")
    if quantity is not None:
        amount, note = read_amount(quantity, known.unit if known else None)
        return Measurement(named, amount, None, absent), note if known else ""
    answer = concept(holder, "valueCodeableConcept")
    if answer is not None:
        return Measurement(named, None, answer, absent), ""
    words = _words(holder)
    if words and known and known.category == SCORE and not known.answer:
        return Measurement(named, read_score(words), None, absent), ""
    return Measurement(named, None, Concept((), words) if words else None, absent), ""


def _words(holder: Json) -> str:
    """A plain value in words: text, whole number, true or false, date."""
    for name in ("valueString", "valueInteger", "valueBoolean", "valueDateTime", "valueTime"):
        value: Any = holder.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | Decimal):
            return str(value).strip()
        if value is not None:
            raise Unreadable(f"its {name} is not written as FHIR writes it")
    return ""


def _says_something(measured: Measurement) -> bool:
    return bool(measured.answer or (measured.amount and measured.amount.original))


def _empty(resource: Json, measured: Measurement, parts: list[tuple[Measurement, str]]) -> str:
    if resource.get("hasMember"):
        return "it is a panel without a value of its own; its members are read one by one"
    reasons = [each.absent_because for each in (measured, *(p for p, _ in parts))]
    reason = next((each for each in reasons if each), "")
    return f"it carries no value{f' (the record says: {reason})' if reason else ''}"
