"""Times and amounts of a record as the note prints them: the clinic's own clock, exact figures."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leeward.core.quantities.formatting import show
from leeward.core.treatment.gates import VITAL_NAMES

Json = dict[str, Any]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Cell = str | SafeString


class Clock:
    """Reads the record's UTC times in the clinic's zone."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def local(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self.zone)

    def time(self, text: str | None) -> str:
        return f"{self.local(text):%H:%M}" if text else ""

    def seconds(self, text: str | None) -> str:
        return f"{self.local(text):%H:%M:%S}" if text else ""

    def day(self, text: str | None) -> str:
        if not text:
            return "not recorded"
        at = self.local(text) if "T" in text else datetime.fromisoformat(text)
        return f"{at.day} {MONTHS[at.month - 1]} {at.year}"

    def both(self, text: str | None) -> str:
        return f"{self.day(text)} {self.time(text)}" if text else "not recorded"


def figure(text: str | None, unit: str = "") -> str:
    """An amount of the record with its unit; a missing one in words."""
    return "no value" if text is None else show(Decimal(text), unit)


def words(identifier: str) -> str:
    """An id in words."""
    return identifier.replace("_", " ").replace("-", " ").replace(".", " ")


def vital_words(values: Json) -> list[str]:
    """A typed set of vital signs, one cell each in the order of the house."""
    return [figure(values[name]) if name in values else "–" for name in VITAL_NAMES]


def vital_heads() -> list[str]:
    shown = {"mm[Hg]": "mmHg", "Cel": "°C"}
    return [f"{label}, {shown.get(unit, unit)}" for label, unit in VITAL_NAMES.values()]


def table(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, none: str, wide: bool = False
) -> SafeString:
    """A table, or the sentence that says there is nothing."""
    lines = [list(row) for row in rows]
    if not lines:
        return format_html('<p class="doc__none">{}</p>', none)
    head = format_html_join("", '<th scope="col">{}</th>', ((h,) for h in heads))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in line)),) for line in lines),
    )
    return format_html(
        '<div class="doc__scroll" tabindex="0" role="region" aria-label="{}">'
        '<table class="doc__table{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        ", ".join(heads), " doc__table--wide" if wide else "", head, body,
    )  # fmt: skip


def facts(pairs: Iterable[tuple[str, Cell]]) -> SafeString:
    """Names and what they are."""
    return format_html(
        '<dl class="doc__facts">{}</dl>',
        format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", pairs),
    )


def section(title: str, *parts: SafeString) -> SafeString:
    return format_html(
        '<section class="doc__part"><h2>{}</h2>{}</section>',
        title,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def paragraph(text: str, kind: str = "") -> SafeString:
    return format_html('<p class="{}">{}</p>', kind or "doc__p", text)
