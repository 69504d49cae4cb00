"""Filters and tags that every template may use."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from leeward.core.quantities.formatting import show

register = template.Library()
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@register.simple_tag
def command_id() -> SafeString:
    """A hidden field with a new id for this act: the same form sent twice acts once."""
    # Without autocomplete="off" a browser that reloads the page puts the spent id back.
    return format_html(
        '<input type="hidden" name="command_id" value="{}" autocomplete="off">', uuid4()
    )


@register.filter
def number(value: Decimal | None) -> str:
    """A number without trailing zeros, thousands apart: 0.5, 1,250."""
    return "" if value is None else show(Decimal(value))


@register.filter
def tenth(value: Decimal | None) -> str:
    """A weight to the tenth a scale shows; records from elsewhere carry six decimals."""
    if value is None:
        return ""
    return show(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP))


@register.filter
def amount(value: Decimal | None, unit: str) -> str:
    """A number with its unit: `0.5 mg/kg`."""
    return "" if value is None else show(Decimal(value), unit)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day with the month in letters, never 11/12/26."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    months = MONTHS_ES if (get_language() or "en").startswith("es") else MONTHS
    return f"{value.day} {months[value.month - 1]} {value.year}"


@register.filter
def clock(value: datetime | None, zone: str = "") -> str:
    """The time of day, 24 hours, in the zone named or the current one."""
    if value is None:
        return ""
    return timezone.localtime(value, ZoneInfo(zone) if zone else None).strftime("%H:%M")


@register.filter
def clock_seconds(value: datetime | None) -> str:
    return "" if value is None else timezone.localtime(value).strftime("%H:%M:%S")


@register.filter
def words(value: str) -> str:
    """An id in words: `racemic_ketamine` as `racemic ketamine`."""
    return str(value).replace("_", " ").replace("-", " ")


VITALS = {"spo2_pct": "SpO2", "hr_per_min": "HR", "sbp_mmhg": "systolic", "dbp_mmhg": "diastolic",
          "rr_per_min": "RR", "temp_cel": "temperature"}  # fmt: skip


@register.filter
def vital(name: str) -> str:
    """A vital sign as staff call it."""
    return VITALS.get(name, words(name))


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """What a mapping holds under a key, or nothing."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def svg(value: str) -> SafeString:
    """A drawing made by `leeward.figures`, which escapes every text it is given."""
    return mark_safe(value)  # noqa: S308


@register.filter
def long_date(value: date | datetime | None) -> str:
    """A day for patients: `Tuesday, November 24` or `martes 24 de noviembre`."""
    if value is None:
        return ""
    spanish = (get_language() or "en").startswith("es")
    return date_format(value, r"l j \d\e F" if spanish else "l, F j")


@register.filter
def wordlist(text: str) -> list[str]:
    """The words of a text, for a loop over a few fixed choices."""
    return text.split()


UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "{score}": "points", "1": "", "ug": "mcg"}


@register.filter
def by_condition(alarms: Iterable[Any]) -> list[list[Any]]:
    """Alarms of one condition together, in the order they come: worst first, as they were."""
    groups: dict[str, list[Any]] = {}
    for alarm in alarms:
        groups.setdefault(alarm.condition.partition(":")[0], []).append(alarm)
    return list(groups.values())


@register.filter
def unit(ucum: str) -> str:
    """A UCUM unit as staff write it."""
    return UNITS.get(ucum, ucum)


@register.filter
def as_json(value: Any) -> str:
    """Plain content for a script, to stand in an attribute (where it is escaped)."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def signed(value: Decimal | None) -> str:
    """A change with its sign, a true minus: +0.20, −1.00."""
    if value is None:
        return ""
    return f"+{value}" if value > 0 else str(value).replace("-", "−")


@register.filter
def absolute(value: Decimal) -> Decimal:
    return abs(value)


@register.filter
def in_fours(text: str) -> str:
    """A long hexadecimal number in groups that a person can compare: `1d62 afad`."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
