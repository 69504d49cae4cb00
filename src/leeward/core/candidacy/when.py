"""Dates as records give them: a year, a month, a day or an instant."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from leeward.core.quantities import OutOfDomain

_FHIR_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?")


@dataclass(frozen=True, slots=True)
class When:
    """A point in time with the precision its record gave it.

    ``2019`` is the whole of that year: a rule that asks "could it have ended less than a month
    ago?" reads `last`, one that asks "had it begun?" reads `first`. So a vague date never
    clears anyone.

    Attributes
    ----------
    first, last : datetime.date
        First and last day that the record can mean; equal for a full date.
    text : str
        The date as it was written, for display.
    instant : datetime.datetime or None
        The instant, UTC-aware, when the record gave a time of day with its offset.
    """

    first: date
    last: date
    text: str
    instant: datetime | None = None

    @classmethod
    def on(cls, day: date) -> "When":
        """Make a `When` of a full calendar date."""
        return cls(day, day, day.isoformat())

    @classmethod
    def at(cls, moment: datetime) -> "When":
        """Make a `When` of an aware datetime; the day is the one of its own offset."""
        if moment.tzinfo is None:
            raise OutOfDomain(f"a datetime without offset has no place in a record: {moment}")
        day = moment.date()
        return cls(day, day, moment.isoformat(), moment.astimezone(UTC))

    @classmethod
    def parse(cls, text: str) -> "When":
        """Read a FHIR `date`, `dateTime` or `instant`.

        Parameters
        ----------
        text : str
            ``2019``, ``2019-05``, ``2019-05-02`` or ``2019-05-02T10:20:30Z`` (any offset).

        Returns
        -------
        When
            The span of days the text can mean.

        Raises
        ------
        OutOfDomain
            If the text is not a FHIR date or names a day that does not exist.
        """
        match = _FHIR_DATE.fullmatch(text.strip())
        if match is None:
            raise OutOfDomain(f"not a FHIR date: {text!r}")
        year, month, day, time = match.groups()
        try:
            if time is not None:
                return cls._of_instant(text.strip())
            first = date(int(year), int(month or 1), int(day or 1))
            if day is not None:
                return cls(first, first, text.strip())
            last_month = int(month or 12)
            last = date(int(year), last_month, calendar.monthrange(int(year), last_month)[1])
        except ValueError as reason:
            raise OutOfDomain(f"not a date that exists: {text!r} ({reason})") from reason
        return cls(first, last, text.strip())

    @classmethod
    def _of_instant(cls, text: str) -> "When":
        moment = datetime.fromisoformat(text)
        day = moment.date()
        return cls(day, day, text, moment.astimezone(UTC) if moment.tzinfo else None)

    def order(self) -> tuple[date, datetime]:
        """Key that sorts records oldest first; a record without a time sorts as its midnight."""
        midnight = datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC)
        return (self.last, self.instant or midnight)

    def __str__(self) -> str:
        return self.text[:10]
