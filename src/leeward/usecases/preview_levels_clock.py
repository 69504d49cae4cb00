"""A session's pump log on a clock of minutes from its first drop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from leeward.core.treatment import SessionState

from .preview_levels_values import MINUTE


@dataclass(frozen=True, slots=True)
class PumpClock:
    """What ran when, in minutes; `stop_min` is None while nothing runs.

    `segments` are (from, rate [mg/min]) as the engine takes them, a stop being a rate of 0.
    `ran` are the stretches in which drug ran, `last_min` the end of the newest one.
    """

    zero: datetime
    now_min: float
    segments: tuple[tuple[float, float], ...]
    ran: tuple[tuple[float, float], ...]
    stop_min: float | None
    stopped: bool
    concentration_mg_per_ml: Decimal
    left_ml: Decimal

    @classmethod
    def of(cls, state: SessionState, now: datetime) -> "PumpClock":
        """Read the log of a session that has started."""
        log = state.pump_log
        zero = log[0].from_at
        rates: dict[float, float] = {}
        for segment in log:
            rates[_minutes(segment.from_at, zero)] = float(segment.rate_mg_per_h) / MINUTE
            if segment.to_at is not None:
                rates[_minutes(segment.to_at, zero)] = 0.0
        end = state.expected_end_at
        ran = tuple(
            (_minutes(s.from_at, zero), _minutes(s.to_at or now, zero))
            for s in log
            if s.rate_ml_per_h > 0
        )
        return cls(
            zero=zero,
            now_min=_minutes(now, zero),
            segments=tuple(sorted(rates.items())),
            ran=ran,
            stop_min=None if end is None else _minutes(end, zero),
            stopped=state.stopped is not None,
            concentration_mg_per_ml=log[-1].concentration_mg_per_ml,
            left_ml=max(state.allowed_volume_ml - state.given_ml_at(now), Decimal(0)),
        )

    @property
    def last_min(self) -> float:
        """When drug last ran [min]."""
        return max((b for _, b in self.ran), default=0.0)

    @property
    def rate_mg_per_min(self) -> float:
        """Rate now [mg/min]; 0 while paused or stopped."""
        return self.segments[-1][1]

    def mg_per_min(self, rate_ml_per_h: Decimal) -> float:
        """A rate the pump would show [mL/h], as drug [mg/min]."""
        return float(rate_ml_per_h * self.concentration_mg_per_ml) / MINUTE

    def stop_at(self, rate_ml_per_h: Decimal) -> float | None:
        """When the rest of the planned volume would have run at a rate [mL/h] from now on."""
        if rate_ml_per_h <= 0 or self.left_ml <= 0:
            return None
        return self.now_min + float(self.left_ml / rate_ml_per_h) * MINUTE

    def at(self, t_min: float) -> datetime:
        """The moment of a time [min]."""
        return self.zero + timedelta(minutes=t_min)


def _minutes(at: datetime, zero: datetime) -> float:
    return (at - zero).total_seconds() / MINUTE
