"""What a record of one session shows: readings, doses and words, in times of the clinic's zone."""

from dataclasses import dataclass
from datetime import datetime

Readings = tuple[tuple[datetime, float | None], ...]

# The scale a limit belongs to, by the channel it is for.
PRESSURES = frozenset({"bp", "sbp", "dbp", "map", "nibp", "nibp_sys", "nibp_dia", "nibp_map"})
RATES = frozenset({"hr", "pr"})
SATURATION = "spo2"


@dataclass(frozen=True, slots=True)
class RecordChart:
    """One record. Times arrive in the zone they are to be read in.

    Attributes
    ----------
    zero : datetime or None
        Start of the infusion; the minutes under the plot count from it.
    hr, spo2, rr : tuple of (datetime, float or None)
        Heart rate [/min], saturation [%], respiration [/min]; None breaks the line.
    pressures : tuple of (datetime, float, float)
        Systolic and diastolic of each cuff reading [mmHg].
    infusion : tuple of (datetime, datetime or None, float)
        From, to (None while it runs) and rate [mL/h].
    planned_end : datetime or None
        When the infusion ends if nothing changes.
    events : tuple of (int, datetime, str)
        Number of the disc, time, words (for the list beside the drawing).
    observations : tuple of (datetime, str)
        Short marks for the row under the plot, such as a sedation score.
    limits : tuple of (str, str, float)
        Channel, label and value in the channel's unit.
    now : datetime or None
        The present; right of it is the future. None for an ended session.
    """

    title: str
    start: datetime
    end: datetime
    zero: datetime | None = None
    hr: Readings = ()
    spo2: Readings = ()
    rr: Readings = ()
    pressures: tuple[tuple[datetime, float, float], ...] = ()
    infusion: tuple[tuple[datetime, datetime | None, float], ...] = ()
    planned_end: datetime | None = None
    events: tuple[tuple[int, datetime, str], ...] = ()
    observations: tuple[tuple[datetime, str], ...] = ()
    limits: tuple[tuple[str, str, float], ...] = ()
    now: datetime | None = None

    def times(self) -> list[datetime]:
        """Every moment the drawing must hold."""
        found = [self.start, self.end]
        found += [at for series in (self.hr, self.spo2, self.rr) for at, _ in series]
        found += [at for at, _, _ in self.pressures] + [at for _, at, _ in self.events]
        found += [at for at, _ in self.observations]
        found += [at for bar in self.infusion for at in bar[:2] if at is not None]
        return found + [at for at in (self.zero, self.planned_end, self.now) if at is not None]
