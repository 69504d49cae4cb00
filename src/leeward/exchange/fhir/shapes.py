"""Reads the shapes of an export, each once, with the reader that reads single records."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from leeward.core.candidacy import Fact, FactKind, Recogniser, When
from leeward.core.candidacy.population import EPOCH, NO_DAY
from leeward.usecases.imported import Skipped

from .bulk_sql import MARK, SLOT_COUNT
from .datatypes import Json, Unreadable
from .one_resource import read_facts
from .reader import Found, parse
from .references import References

# Stand in a shape for the dates that each line has of its own; no record is that old.
STAND_INS: Final = tuple(f"{slot + 1:04d}-01-01" for slot in range(SLOT_COUNT))
NOBODY: Final = {"reference": "Patient/nobody"}
_REVIEWED = (FactKind.CONDITION, FactKind.MEDICATION, FactKind.ALLERGY, FactKind.FAMILY_HISTORY)
Days = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Template:
    """One fact of a shape: what it says, its fixed days, and the slots of the days it lacks."""

    number: int
    first: Days
    last: Days
    slots: tuple[int | None, int | None, int | None]
    birth_slot: int | None = None
    instant: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a shape comes to: its facts that some rule reads, or why it says nothing."""

    templates: tuple[Template, ...] = ()
    because: str = ""
    is_plain_measurement: bool = False
    not_recognised: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Shapes:
    """Reads shapes and keeps what they say."""

    recogniser: Recogniser
    wanted: Collection[str]
    references: References
    facts: list[Fact] = field(default_factory=list)
    _births: dict[tuple[int, int], int] = field(default_factory=dict)
    _measurements: dict[str, Shape] = field(default_factory=dict)

    def read_measurement(self, shape: str) -> Shape:
        """Read the shape of an Observation, and remember it: it is asked for twice."""
        if shape not in self._measurements:
            self._measurements[shape] = self.read("Observation", shape)
        return self._measurements[shape]

    def read(self, kind: str, shape: str) -> Shape:
        """Read one shape."""
        try:
            resource = _rebuilt(kind, shape)
            told = read_facts(Found("", "", resource), self.references)
        except (Unreadable, ValueError) as reason:
            return Shape(because=str(reason))
        if isinstance(told, Skipped):
            return Shape(because=told.because)
        templates = [self.template(fact) for fact in told.facts if self.is_wanted(fact)]
        return Shape(
            tuple(templates),
            is_plain_measurement=_is_plain(told.facts, resource),
            not_recognised=tuple(self.unknown(told.facts)),
        )

    def is_wanted(self, fact: Fact) -> bool:
        """Say whether any rule can read a fact."""
        if fact.kind is FactKind.DEMOGRAPHIC:
            return True
        return any(match.concept in self.wanted for match in self.recogniser.recognise(fact))

    def unknown(self, facts: Iterable[Fact]) -> Iterable[tuple[str, str]]:
        """Name diagnoses, medicines and allergies that no code list knows."""
        for fact in facts:
            if fact.kind in _REVIEWED and not self.recogniser.recognise(fact):
                yield fact.kind.value, fact.label()

    def template(self, fact: Fact) -> Template:
        """Keep a fact without its dates."""
        ends = [_days(each) for each in (fact.onset, fact.abatement, fact.recorded)]
        birth = STAND_INS.index(fact.value) if _is_stand_in(fact.value) else None
        self.facts.append(
            replace(fact, onset=None, abatement=None, recorded=None, resource="", dose_text="")
        )
        return Template(
            len(self.facts) - 1,
            (ends[0][0], ends[1][0], ends[2][0]),
            (ends[0][1], ends[1][1], ends[2][1]),
            (_slot(fact.onset), _slot(fact.abatement), _slot(fact.recorded)),
            birth,
            _instant(fact.onset),
        )

    def born(self, number: int, day: int) -> int:
        """Give the template of a birth date."""
        if (number, day) not in self._births:
            text = (EPOCH.fromordinal(EPOCH.toordinal() + day)).isoformat()
            self.facts.append(replace(self.facts[number], value=text))
            self._births[number, day] = len(self.facts) - 1
        return self._births[number, day]


def measures_wanted(shapes: Shapes, measured: str) -> bool:
    """Say whether a rule reads what a measurement's code, or a component's, names."""
    for part in measured.split(MARK):
        value = parse(part.encode())
        for named in value if isinstance(value, list) else [value]:
            if not isinstance(named, dict):
                continue
            resource = {
                "resourceType": "Observation",
                "subject": NOBODY,
                "code": named,
                "valueString": "x",
            }
            try:
                told = read_facts(Found("", "", resource), shapes.references)
            except Unreadable:
                continue
            if not isinstance(told, Skipped) and any(map(shapes.is_wanted, told.facts)):
                return True
    return False


def _rebuilt(kind: str, shape: str) -> Json:
    resource: Json = {"resourceType": kind, "id": "x", "subject": NOBODY, "patient": NOBODY}
    for part in filter(None, shape.split(MARK)):
        name, sign, rest = _parted(part)
        value = STAND_INS[int(rest)] if sign == "#" else parse(rest.encode())
        element, _, end = name.partition(".")
        if end:
            resource.setdefault(element, {})[end] = value
        else:
            resource[element] = value
    return resource


def _parted(part: str) -> tuple[str, str, str]:
    at = min(place for sign in "#=" if (place := part.find(sign)) >= 0)
    return part[:at], part[at], part[at + 1 :]


def _is_stand_in(value: object) -> bool:
    return isinstance(value, str) and value in STAND_INS


def _slot(when: When | None) -> int | None:
    return STAND_INS.index(when.text) if when is not None and _is_stand_in(when.text) else None


def _days(when: When | None) -> tuple[int, int]:
    if when is None or _is_stand_in(when.text):
        return NO_DAY, NO_DAY
    return (when.first - EPOCH).days, (when.last - EPOCH).days


def _instant(when: When | None) -> int | None:
    """Microseconds since 1970, where a fixed date names an instant."""
    if when is None or when.instant is None:
        return None
    since = when.instant - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds


def _is_plain(facts: tuple[Fact, ...], resource: Json) -> bool:
    """Whether every part of a measurement has a value that any rule would take."""
    expected = len(resource.get("component") or ()) or 1
    return len(facts) == expected and all(
        isinstance(fact.value, Decimal) and fact.value > 0 and bool(fact.unit) for fact in facts
    )
