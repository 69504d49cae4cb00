"""HL7 time stamps. A time without an offset stays without one: whose noon it is, nobody said."""

import re
from datetime import UTC, datetime, timedelta, timezone

_STAMP = re.compile(
    r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})"
    r"(?:(?P<h>\d{2})(?P<mi>\d{2})(?:(?P<s>\d{2})(?:\.(?P<f>\d{1,4}))?)?)?"
    r"(?P<zone>[+-]\d{4})?"
)


def read_time(text: str) -> datetime | None:
    """The moment of an HL7 DTM that is exact to the minute at least; None if it is not one."""
    found = _STAMP.fullmatch(text.strip())
    if found is None or found["h"] is None:
        return None
    try:
        return datetime(
            int(found["y"]), int(found["mo"]), int(found["d"]), int(found["h"]), int(found["mi"]),
            int(found["s"] or 0), int((found["f"] or "0").ljust(6, "0")), _zone(found["zone"]),
        )  # fmt: skip
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return timezone(-offset if text[0] == "-" else offset)


def write_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}+0000"
