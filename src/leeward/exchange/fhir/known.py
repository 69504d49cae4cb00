"""Remembers what resources come to apart from their person, dates and measured values.

A record says the same few hundred things again and again: this code, this status, this unit. Each
is read once, by the one reader, with stand-ins where its own dates and values go; the next that is
written alike only gets its own. Whatever is not plainly of that form is not for here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from leeward.core.candidacy import Fact, When
from leeward.core.quantities import OutOfDomain

from .amount import plain_value, unit_of
from .datatypes import LONGEST_DATE, Json, Unreadable
from .elements import ELEMENTS, WITHOUT_FACTS
from .facts import PROVENANCE
from .observation import known_observation
from .one_resource import Told, read_facts
from .reader import Found, parse
from .references import References
from .subject import patient_of

EMPTY: Final = msgspec.Raw(b"")
SEEN_SHAPES: Final = 20_000
LONGEST_ID: Final = 64
NOBODY: Final = {"reference": "Patient/nobody"}
# Stand in for the dates that each resource has of its own; no record is that old.
STAND_INS: Final = tuple(f"{number + 1:04d}-01-01" for number in range(8))
_NUMBER: Final = frozenset(b"-0123456789")
_PEOPLE: Final = ("subject", "patient")
_PERIODS: Final = ("effectivePeriod", "performedPeriod")
_VALUES: Final = ("valueQuantity", "component")
_DATES: Final = (
    "onsetDateTime",
    "abatementDateTime",
    "recordedDate",
    "authoredOn",
    "effectiveDateTime",
    "issued",
    "performedDateTime",
    "dateAsserted",
    "date",
)


class _Period(msgspec.Struct, forbid_unknown_fields=True):
    start: msgspec.Raw = EMPTY
    end: msgspec.Raw = EMPTY


class _Quantity(msgspec.Struct, forbid_unknown_fields=True):
    value: msgspec.Raw
    unit: str = ""
    system: str = ""
    code: str = ""

    def apart_from_value(self) -> tuple[str, str, str]:
        return (self.unit, self.system, self.code)


class _Component(msgspec.Struct, forbid_unknown_fields=True):
    code: msgspec.Raw
    valueQuantity: _Quantity


_NO_PERIOD: Final = _Period()
_read_period = msgspec.json.Decoder(_Period).decode
_read_quantity = msgspec.json.Decoder(_Quantity).decode
_read_components = msgspec.json.Decoder(list[_Component]).decode


class _Unusual(Exception):
    """Not plainly of a form that is remembered."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where the parts of a kind of resource stand."""

    person: str
    fixed: tuple[str, ...]
    fixed_of: Callable[[Any], tuple[msgspec.Raw, ...]]
    dates: tuple[str, ...]
    periods: tuple[str, ...]


def _kind(names: tuple[str, ...]) -> _Kind:
    own = (*_PEOPLE, *_DATES, *_PERIODS, *_VALUES)
    fixed = tuple(name for name in names if name not in own)
    return _Kind(
        next(name for name in _PEOPLE if name in names),
        fixed,
        # Two names at least, so that a tuple comes back whatever the kind.
        attrgetter(*fixed, "resourceType", "resourceType"),
        tuple(name for name in names if name in _DATES),
        tuple(name for name in names if name in _PERIODS),
    )


_KINDS: Final = {
    kind: _kind(names)
    for kind, names in ELEMENTS.items()
    if kind != "Patient" and kind not in WITHOUT_FACTS
}


@dataclass(slots=True)
class Parts:
    """A resource taken apart: what it says, and what is its own."""

    key: tuple[object, ...]
    name: str
    person: str
    dates: list[When | None]
    values: list[Decimal]


@dataclass(frozen=True, slots=True)
class _Template:
    """One fact without its dates and value: slots say which of the resource's own it takes."""

    fact: Fact
    slots: tuple[int | None, int | None, int | None]
    value: int | None = None
    units: tuple[str, str | None] = ("", None)


Held = tuple[_Template, ...] | None


class Whose:
    """Whom references of one Bundle mean, each worked out once."""

    __slots__ = ("_held", "references")

    def __init__(self, references: References) -> None:
        self.references = references
        self._held: dict[bytes, str] = {}

    def person(self, raw: msgspec.Raw) -> str:
        """Name the person that a reference means."""
        text = bytes(raw)
        if text not in self._held:
            try:
                self._held[text] = patient_of({"subject": parse(text)}, self.references)
            except Unreadable as reason:
                raise _Unusual from reason
        return self._held[text]


class KnownResources:
    """What was read before; one for a process."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[tuple[object, ...], Held] = {}

    def tell(self, resource: Any, whose: Whose) -> Told | None:
        """Give what a resource says; None if it has to be read the careful way."""
        kind = resource.resourceType
        try:
            if kind in WITHOUT_FACTS:
                return Told(whose.person(resource.subject), ())
            shape = _KINDS.get(kind)
            if shape is None:
                return None
            parts = _taken_apart(resource, shape, whose)
            held = self._held.get(parts.key)
            if held is None and parts.key not in self._held:
                held = self._learn(parts.key, resource, shape)
            if held is None:
                return None
            return Told(parts.person, tuple([_filled(each, parts) for each in held]))
        except (_Unusual, msgspec.ValidationError):
            return None

    def _learn(self, key: tuple[object, ...], resource: Any, shape: _Kind) -> "Held":
        if len(self._held) >= SEEN_SHAPES:
            self._held.clear()
        made, quantities = _with_stand_ins(resource, shape)
        try:
            told = read_facts(Found("", "", made), References(complete=True), stored=False)
            held = _templates(told.facts, quantities) if isinstance(told, Told) else None
        except Unreadable:
            held = None
        self._held[key] = held
        return held


def _taken_apart(resource: Any, shape: _Kind, whose: Whose) -> Parts:
    identity = resource.id
    if not identity or len(identity) > LONGEST_ID or identity != identity.strip():
        raise _Unusual
    *raws, kind, _ = shape.fixed_of(resource)
    fixed = tuple([None if raw is EMPTY else bytes(raw) for raw in raws])
    dates, given = _dates(resource, shape)
    key: tuple[object, ...] = (kind, fixed, given)
    values: list[Decimal] = []
    if kind == "Observation":
        key += _values(resource, values)
    elif "medicationReference" in shape.fixed and resource.medicationReference is not EMPTY:
        raise _Unusual  # another resource says what it is
    person = whose.person(getattr(resource, shape.person))
    return Parts(key, f"{kind}/{identity}", person, dates, values)


def _dates(resource: Any, shape: _Kind) -> tuple[list[When | None], tuple[bool, ...]]:
    dates: list[When | None] = []
    for name in shape.dates:
        raw = getattr(resource, name)
        # When it was issued is only looked at where nothing says when it was measured.
        unread = raw is EMPTY or (name == "issued" and dates[0] is not None)
        dates.append(None if unread else _day(bytes(raw)))
    for name in shape.periods:
        raw = getattr(resource, name)
        period = _NO_PERIOD if raw is EMPTY else _read_period(raw)
        for end in (period.start, period.end):
            dates.append(None if end is EMPTY else _day(bytes(end)))
    return dates, tuple([date is not None for date in dates])


def _day(raw: bytes) -> When:
    found = _parsed(raw)
    if found is None:
        raise _Unusual
    return found


@lru_cache(maxsize=20_000)
def _parsed(raw: bytes) -> When | None:
    if raw[:1] != b'"' or b"\\" in raw or not 0 < len(raw) - 2 <= LONGEST_DATE:
        return None
    try:
        return When.parse(raw[1:-1].decode())
    except (OutOfDomain, OverflowError):
        return None


def _values(resource: Any, values: list[Decimal]) -> tuple[object, ...]:
    own, parts = resource.valueQuantity, resource.component
    key: tuple[object, ...] = ()
    if own is not EMPTY:
        quantity = _read_quantity(own)
        values.append(_number(quantity.value))
        key = quantity.apart_from_value()
    if parts is not EMPTY:
        components = _read_components(parts)
        values += [_number(each.valueQuantity.value) for each in components]
        key += tuple(
            [(bytes(each.code), *each.valueQuantity.apart_from_value()) for each in components]
        )
    return key


def _number(raw: msgspec.Raw) -> Decimal:
    text = bytes(raw)
    if text[0] not in _NUMBER:
        raise _Unusual
    try:
        return Decimal(text.decode())
    except InvalidOperation as reason:
        raise _Unusual from reason


def _with_stand_ins(resource: Any, shape: _Kind) -> tuple[Json, list[Json]]:
    kind = resource.resourceType
    made: Json = {"resourceType": kind, "id": "x", shape.person: NOBODY}
    for name in shape.fixed:
        if (raw := getattr(resource, name)) is not EMPTY:
            made[name] = parse(bytes(raw))
    stand_ins = iter(STAND_INS)
    for name in shape.dates:
        stand_in = next(stand_ins)
        if getattr(resource, name) is not EMPTY:
            made[name] = stand_in
    for name in shape.periods:
        ends = {"start": next(stand_ins), "end": next(stand_ins)}
        if (raw := getattr(resource, name)) is not EMPTY:
            given = _read_period(raw)
            made[name] = {end: ends[end] for end in ends if getattr(given, end) is not EMPTY}
    return made, _quantities(resource, made) if kind == "Observation" else []


def _quantities(resource: Any, made: Json) -> list[Json]:
    """Add the measured values, each with 1 for its number."""
    quantities: list[Json] = []
    if resource.valueQuantity is not EMPTY:
        made["valueQuantity"] = parse(bytes(resource.valueQuantity))
        quantities.append(made["valueQuantity"])
    if resource.component is not EMPTY:
        made["component"] = parse(bytes(resource.component))
        quantities += [each["valueQuantity"] for each in made["component"]]
    for quantity in quantities:
        quantity["value"] = Decimal(1)
    return quantities


def _templates(facts: tuple[Fact, ...], quantities: list[Json]) -> tuple[_Template, ...] | None:
    measured = [fact for fact in facts if isinstance(fact.value, Decimal)] if quantities else []
    if len(measured) != len(quantities):
        return None
    places = {id(fact): number for number, fact in enumerate(measured)}
    made = []
    for fact in facts:
        place = places.get(id(fact))
        slots = (_slot(fact.onset), _slot(fact.abatement), _slot(fact.recorded))
        if place is None:
            made.append(_Template(fact, slots))
            continue
        known = known_observation(fact.codings)
        wanted = known.unit if known else None
        unit = unit_of(quantities[place], wanted)
        if unit is None:
            return None
        made.append(_Template(fact, slots, place, (unit, wanted)))
    return tuple(made)


def _slot(when: When | None) -> int | None:
    return STAND_INS.index(when.text) if when is not None and when.text in STAND_INS else None


def _filled(template: _Template, parts: Parts) -> Fact:
    fact, dates = template.fact, parts.dates
    onset, abatement, recorded = template.slots
    value = fact.value
    if template.value is not None:
        value = plain_value(parts.values[template.value], *template.units)
        if value is None:
            raise _Unusual
    return Fact(
        fact.kind,
        fact.codings,
        fact.text,
        "",
        fact.clinical_status,
        fact.verification,
        fact.criticality,
        fact.relation,
        fact.onset if onset is None else dates[onset],
        fact.abatement if abatement is None else dates[abatement],
        fact.recorded if recorded is None else dates[recorded],
        value,
        fact.unit,
        fact.value_codings,
        parts.name,
        PROVENANCE,
        fact.dose_text,
    )
