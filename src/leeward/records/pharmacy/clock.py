"""When a discrepancy must have been explained or reported."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def one_business_day_after(found_at: datetime, timezone: str) -> datetime:
    """The end of the next weekday at the clinic.

    Public holidays are not counted as days off: a clock that ends too early harms nobody.
    """
    zone = ZoneInfo(timezone)
    day = _next_weekday(found_at.astimezone(zone).date())
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(found_at.tzinfo)


def _next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
