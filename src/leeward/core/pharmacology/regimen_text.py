"""Regimens as people type them and as files hold them.

Text: parts joined by ``;``, each ``DOSE mg`` or ``DOSE mg/kg`` and then ``over N min``, ``bolus``,
``im``, ``sc``, ``sublingual``, ``oral``, ``film`` or ``nasal at T,T,...`` (the dose is that of
each device); ``at T`` gives the start in minutes, 0 if it is left out.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from leeward.core.quantities import Refusal

from .model import Drug
from .regimen import (
    Bolus,
    DoseEvent,
    Extravascular,
    ExtravascularRoute,
    Film,
    Infusion,
    NasalDevice,
    Regimen,
    check_regimen,
)

DRUGS: tuple[Drug, ...] = ("racemic_ketamine", "esketamine")
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_PART = re.compile(
    rf"(?P<dose>{_NUMBER})\s*(?P<unit>mg/kg|mg)\s+"
    rf"(?P<how>over\s+(?P<minutes>{_NUMBER})\s*min|bolus|im|sc|sublingual|oral|film|nasal)"
    rf"(?:\s+at\s+(?P<at>{_NUMBER}(?:\s*,\s*{_NUMBER})*)(?:\s*min)?)?",
    re.IGNORECASE,
)


def parse_regimen_text(text: str, weight_kg: float, drug: Drug | None = None) -> Regimen | Refusal:
    """Read a regimen such as ``"0.1 mg/kg bolus; 0.5 mg/kg over 40 min at 2"``.

    Parameters
    ----------
    text : str
        The regimen.
    weight_kg : float
        Body weight [kg] that doses per kg are multiplied by.
    drug : str, optional
        Drug the doses are of.

    Returns
    -------
    Regimen or Refusal
        The regimen, or which part could not be read.
    """
    events: list[DoseEvent] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = _PART.fullmatch(part)
        if match is None:
            return Refusal(
                "regimen.unreadable",
                f"'{part}' is not a dose. Write for example '0.5 mg/kg over 40 min', "
                "'10 mg bolus at 5' or '28 mg nasal at 0,5'.",
                field="regimen",
            )
        dose = float(match["dose"]) * (weight_kg if match["unit"].lower() == "mg/kg" else 1.0)
        starts = [float(t) for t in (match["at"] or "0").split(",")]
        for start in starts:
            event = _event(match["how"].lower(), dose, start, match["minutes"])
            if isinstance(event, Refusal):
                return event
            events.append(event)
    return _checked(events, drug)


def _event(how: str, dose_mg: float, t_min: float, minutes: str | None) -> DoseEvent | Refusal:
    if minutes is not None:
        duration = float(minutes)
        if duration <= 0:
            return Refusal("regimen.infusion", "An infusion takes some minutes.", field="regimen")
        return Infusion(t_min, duration, dose_mg / duration)
    makers: dict[str, Callable[[float, float], DoseEvent]] = {
        "bolus": Bolus,
        "film": Film,
        "nasal": NasalDevice,
    }
    if how in makers:
        return makers[how](t_min, dose_mg)
    return Extravascular(t_min, dose_mg, cast(ExtravascularRoute, how))


def parse_regimen_data(data: Mapping[str, Any]) -> Regimen | Refusal:
    """Read a regimen from parsed JSON: ``{"drug": ..., "events": [{"type": ...}, ...]}``.

    Parameters
    ----------
    data : mapping
        The file's content; times in minutes [min] from the first event, mg of base.

    Returns
    -------
    Regimen or Refusal
        The regimen, or what is wrong with which event.
    """
    drug = data.get("drug")
    if drug is not None and drug not in DRUGS:
        return Refusal("regimen.drug", f"{drug!r} is none of {', '.join(DRUGS)}.", field="drug")
    raw = data.get("events")
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return Refusal("regimen.events", "A regimen file needs a list of events.", field="events")
    events: list[DoseEvent] = []
    for index, entry in enumerate(raw):
        event = _event_of(entry, index)
        if isinstance(event, Refusal):
            return event
        events.append(event)
    return _checked(events, cast(Drug | None, drug))


_EVENT_KEYS = {
    "bolus": {"t_min", "dose_mg"},
    "infusion": {"t_min", "duration_min"},
    "nasal_device": {"t_min", "dose_mg"},
    "film": {"t_min", "dose_mg"},
    "oral": {"t_min", "dose_mg"},
    "im": {"t_min", "dose_mg"},
    "sc": {"t_min", "dose_mg"},
    "sublingual": {"t_min", "dose_mg"},
}


def _event_of(entry: object, index: int) -> DoseEvent | Refusal:
    kind = entry.get("type") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or kind not in _EVENT_KEYS:
        return _unreadable(index, f"its type is none of {', '.join(_EVENT_KEYS)}")
    optional = {"type", "route", "rate_mg_per_min", "dose_mg"}
    unknown = set(entry) - _EVENT_KEYS[kind] - optional
    if unknown:
        return _unreadable(index, f"it has the unknown field {', '.join(sorted(unknown))}")
    numbers: dict[str, float] = {}
    for key in (_EVENT_KEYS[kind] | {"rate_mg_per_min", "dose_mg"}) & set(entry):
        value = entry[key]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            return _unreadable(index, f"{key} is not a number")
        numbers[key] = float(value)
    missing = _EVENT_KEYS[kind] - set(numbers)
    if missing:
        return _unreadable(index, f"it lacks {', '.join(sorted(missing))}")
    return _made(kind, entry, numbers, index)


def _made(
    kind: str, entry: Mapping[str, Any], numbers: Mapping[str, float], index: int
) -> DoseEvent | Refusal:
    t_min = numbers["t_min"]
    if kind in ("bolus", "infusion") and entry.get("route", "iv") != "iv":
        return _unreadable(index, "a bolus and an infusion are intravenous (route iv)")
    if kind == "infusion":
        duration = numbers["duration_min"]
        given = {"rate_mg_per_min", "dose_mg"} & set(numbers)
        if len(given) != 1 or duration <= 0:
            return _unreadable(
                index, "it needs a duration above 0 and one of rate_mg_per_min, dose_mg"
            )
        rate = numbers.get("rate_mg_per_min", numbers.get("dose_mg", 0.0) / duration)
        return Infusion(t_min, duration, rate)
    if kind in ("oral", "im", "sc", "sublingual"):
        return Extravascular(t_min, numbers["dose_mg"], cast(ExtravascularRoute, kind))
    makers: dict[str, Callable[[float, float], DoseEvent]] = {
        "bolus": Bolus,
        "nasal_device": NasalDevice,
        "film": Film,
    }
    return makers[kind](t_min, numbers["dose_mg"])


def _unreadable(index: int, why: str) -> Refusal:
    return Refusal(
        "regimen.unreadable", f"Event {index + 1} cannot be used: {why}.", field="regimen"
    )


def _checked(events: list[DoseEvent], drug: Drug | None) -> Regimen | Refusal:
    regimen = Regimen(tuple(sorted(events, key=lambda event: event.t_min)), drug)
    return check_regimen(regimen) or regimen
