"""Recordings that can stand in for a monitor, played faster than life and saying so."""

from dataclasses import dataclass
from decimal import Decimal

SPEED = Decimal(30)


@dataclass(frozen=True, slots=True)
class Replay:
    """One recording: its file, one reading a minute, and what it is called on the screen."""

    id: str
    file: str
    label: str
    channels: tuple[str, ...]
    period_s: Decimal


RECORDINGS = {
    replay.id: replay
    for replay in (
        Replay(
            "bedside", "s25047-2704-05-04-10-44n.csv", "Recorded bedside monitor, 30 times life",
            ("hr", "pr", "rr", "spo2"), Decimal(60),
        ),
    )
}  # fmt: skip


def settings_of(replay: Replay) -> dict[str, object]:
    """What the gateway needs to know; the declared period is the one at this speed."""
    period = format((replay.period_s / SPEED).normalize(), "f")
    return {
        "file": replay.file,
        "speed": format(SPEED, "f"),
        "period_s": dict.fromkeys(replay.channels, period),
    }
