"""When something happened, as a person at the chair says it: a time of day, or nothing for now."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from leeward.core.quantities import Refusal

FIELD = "when"
# A time of day this much ahead of the clock is yesterday's.
AHEAD = timedelta(minutes=1)


def when_of(
    data: Mapping[str, str], *, now: datetime, zone: str, opened_at: datetime
) -> datetime | Refusal | None:
    """The moment meant by the field ``when``; None when it is empty, which means now.

    A time of day is the latest one that is not in the future: shortly after midnight 23:55 is
    yesterday's. A time before the visit was opened is refused here, where the field is.
    """
    text = data.get(FIELD, "").strip()
    if not text:
        return None
    try:
        told = time.fromisoformat(text)
    except ValueError:
        return Refusal("time.unreadable", "Enter the time as hours:minutes.", field=FIELD)
    local = now.astimezone(ZoneInfo(zone))
    meant = datetime.combine(local.date(), told, tzinfo=local.tzinfo)
    if meant > local + AHEAD:
        meant -= timedelta(days=1)
    if (meant.hour, meant.minute) == (local.hour, local.minute) and not told.second:
        return None
    # A visit opened in the midst of a minute began within that minute.
    if meant < opened_at.replace(second=0, microsecond=0):
        because = (
            f"{text} lies before this visit was opened, or in the future. Enter the time at which "
            "it happened."
        )
        return Refusal("time.outside_visit", because, field=FIELD)
    return min(max(meant, opened_at), now)
