"""Faults of the house that no sample shows: a clock that was set, a full disk, a late engine.

How long is late for a machine, or how little room is little, is no clinician's to dispute; which
alarm follows from it, and how urgent it is, is content.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CLOCK, DISK, LATE, NOT_RECORDING = "clock", "disk", "late", "not_recording"
# A step of the clock is over in an instant; it stays in sight for a minute.
SHOWN_S = 60.0
# Late once, the engine must have been in time for this long to be called so again.
IN_TIME_S = 10.0
DISK_EVERY_S = 10.0
# An eight-channel chair writes some tens of MB a day; below this a clinic has hours, not weeks.
LEAST_FREE_BYTES = 1_000_000_000


def free_bytes(home: Path) -> int:
    """Room left where this home is kept."""
    return shutil.disk_usage(home).free


@dataclass(slots=True)
class HouseFaults:
    """Which faults stand, on the engine's monotonic time [s]."""

    room: Callable[[], int] | None = None
    _until_s: dict[str, float] = field(default_factory=dict)
    _standing: set[str] = field(default_factory=set)
    _looked_at_disk_s: float | None = None

    def happened(self, fault: str, now_s: float) -> None:
        """Something that is over already, and stays in sight for a time."""
        lasts_s = SHOWN_S if fault == CLOCK else IN_TIME_S
        self._until_s[fault] = now_s + lasts_s

    def set(self, fault: str, *, stands: bool) -> None:
        """Something that stands until it does not."""
        (self._standing.add if stands else self._standing.discard)(fault)

    def look(self, now_s: float) -> Mapping[str, bool]:
        """Every fault, and whether it stands now."""
        self._look_at_disk(now_s)
        lasting = {fault: now_s < until_s for fault, until_s in self._until_s.items()}
        known = dict.fromkeys((CLOCK, DISK, LATE, NOT_RECORDING), False)
        return known | lasting | dict.fromkeys(self._standing, True)

    def _look_at_disk(self, now_s: float) -> None:
        before_s = self._looked_at_disk_s
        if self.room is None or (before_s is not None and now_s - before_s < DISK_EVERY_S):
            return
        self._looked_at_disk_s = now_s
        self.set(DISK, stands=self.room() < LEAST_FREE_BYTES)
