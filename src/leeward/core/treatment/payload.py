"""Events to canonical JSON-able dictionaries and back.

Amounts travel as decimal strings and times as ISO 8601 in UTC, so that a hash over the payload
does not depend on how a number was typed by a machine.
"""

import re
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from leeward.core.quantities import LeewardError

from .events import Actor, Envelope, Event, Recorded
from .plan import DosePlan, InfusionPlan

Json = dict[str, Any]


class UnreadablePayload(LeewardError):
    """A stored payload does not fit the event type it claims to be."""


def _type_name(cls: type) -> str:
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
    return f"treatment.{snake}.v1"


EVENT_TYPES: dict[str, type] = {_type_name(cls): cls for cls in get_args(Event)}
_NAME_OF: dict[type, str] = {cls: name for name, cls in EVENT_TYPES.items()}


def type_name(event: Event) -> str:
    """Name of an event's type on disk, such as ``treatment.infusion_started.v1``."""
    return _NAME_OF[type(event)]


def to_payload(event: Event) -> Json:
    """Canonical, JSON-able content of an event.

    Raises
    ------
    UnreadablePayload
        If a value can't be written exactly: a float, a decimal that is not finite, a time
        without a zone.
    """
    return cast(Json, _plain(event, type(event).__name__))


def from_payload(name: str, payload: Json) -> Event:
    """The event that `to_payload` wrote.

    Raises
    ------
    UnreadablePayload
        If the type is unknown, a key is unknown or missing, or a value has the wrong shape.
    """
    try:
        cls = EVENT_TYPES[name]
    except KeyError:
        raise UnreadablePayload(f"unknown event type {name!r}") from None
    return cast(Event, _build(cls, payload, name))


def recorded_to_payload(recorded: Recorded) -> Json:
    """A recorded event with its envelope and its type, as one JSON-able dictionary."""
    envelope = cast(Json, _plain(recorded.envelope, "envelope"))
    return {**envelope, "type": type_name(recorded.event), "payload": to_payload(recorded.event)}


def recorded_from_payload(row: Json) -> Recorded:
    """The recorded event that `recorded_to_payload` wrote."""
    rest = {key: value for key, value in row.items() if key not in ("type", "payload")}
    envelope = cast(Envelope, _build(Envelope, rest, "envelope"))
    return Recorded(envelope, from_payload(row["type"], row["payload"]))


def actor_to_payload(actor: Actor) -> Json:
    """An actor as a JSON-able dictionary."""
    return cast(Json, _plain(actor, "actor"))


def actor_from_payload(payload: Json) -> Actor:
    """The actor that `actor_to_payload` wrote."""
    return cast(Actor, _build(Actor, payload, "actor"))


def _plain(value: object, where: str) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value, where)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), f"{where}.{f.name}") for f in fields(value)}
    raise UnreadablePayload(f"{where}: {type(value).__name__} can't be written into an event")


def _decimal_text(value: Decimal, where: str) -> str:
    if not value.is_finite():
        raise UnreadablePayload(f"{where}: {value} is not a finite number")
    return format(value, "f")


def _instant_text(value: datetime, where: str) -> str:
    if value.tzinfo is None:
        raise UnreadablePayload(f"{where}: a time needs its zone")
    return value.astimezone(UTC).isoformat()


def _list(value: tuple[object, ...], where: str) -> list[object]:
    return [_plain(part, where) for part in value]


# A datetime is a date, so it comes first.
_WRITERS: tuple[tuple[type, Callable[[Any, str], object]], ...] = (
    (str, lambda value, where: str(value)),
    (Decimal, _decimal_text),
    (datetime, _instant_text),
    (date, lambda value, where: value.isoformat()),
    (tuple, _list),
)


def _build(cls: type, payload: object, where: str) -> object:
    if not isinstance(payload, dict):
        raise UnreadablePayload(f"{where}: expected an object, found {type(payload).__name__}")
    hints = _hints(cls)
    if unknown := sorted(set(payload) - set(hints)):
        raise UnreadablePayload(f"{where}: unknown {', '.join(unknown)}")
    values = {}
    for f in fields(cls):
        if f.name in payload:
            values[f.name] = _read(hints[f.name], payload[f.name], f"{where}.{f.name}")
        elif f.default is MISSING:
            raise UnreadablePayload(f"{where}: {f.name} is missing")
    return cls(**values)


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(cls: type) -> dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = get_type_hints(cls)
    return _HINTS[cls]


def _read(hint: Any, value: object, where: str) -> object:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _read(_chosen(hint, value, where), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise UnreadablePayload(f"{where}: expected a list")
        return tuple(_read(get_args(hint)[0], part, where) for part in value)
    if is_dataclass(hint):
        return _build(cast(type, hint), value, where)
    return _scalar(hint, value, where)


def _chosen(union: Any, value: object, where: str) -> Any:
    """The member of a union that a value was written from: known by its fields, never guessed."""
    members = [arg for arg in get_args(union) if arg is not type(None)]
    if len(members) == 1:
        return members[0]
    fitting = [m for m in members if isinstance(value, dict) and _fits(m, value)]
    if len(fitting) != 1:
        raise UnreadablePayload(f"{where}: fits {len(fitting)} of the kinds it may be")
    return fitting[0]


def _fits(cls: type, value: Json) -> bool:
    required = {f.name for f in fields(cls) if f.default is MISSING}
    return required <= set(value) <= set(_hints(cls))


def _scalar(hint: type, value: object, where: str) -> object:
    if hint in (bool, int) and type(value) is hint:
        return value
    if not isinstance(value, str):
        raise UnreadablePayload(f"{where}: expected {hint.__name__}, found {value!r}")
    if hint is str:
        return value
    try:
        if hint is Decimal:
            return _finite(value)
        if hint is datetime:
            return datetime.fromisoformat(value)
        if hint is date:
            return date.fromisoformat(value)
        if issubclass(hint, StrEnum):
            return hint(value)
    except (ValueError, InvalidOperation):
        pass
    raise UnreadablePayload(f"{where}: {value!r} is not a {hint.__name__}")


def _finite(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


def plan_to_payload(plan: DosePlan) -> Json:
    """A dose plan as a JSON-able dictionary, amounts as decimal strings."""
    return cast(Json, _plain(plan, "plan"))


def plan_from_payload(payload: Json) -> DosePlan:
    """The dose plan that `plan_to_payload` wrote, of whatever route."""
    return cast(DosePlan, _read(DosePlan, payload, "plan"))


def infusion_from_payload(payload: Json) -> InfusionPlan:
    """The infusion plan that `plan_to_payload` wrote."""
    return cast(InfusionPlan, _build(InfusionPlan, payload, "plan"))
