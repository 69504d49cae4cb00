"""What the pump has done, as segments of constant rate, and the volume that follows exactly."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from leeward.core.quantities.doses import SYRINGE_STEP_ML, to_step

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_H = 3_600_000_000


@dataclass(frozen=True, slots=True)
class RateSegment:
    """A time in which the pump ran at one rate.

    Attributes
    ----------
    from_at : datetime
        Begin.
    to_at : datetime or None
        End; None while it runs.
    rate_ml_per_h : Decimal
        Pump rate [mL/h].
    concentration_mg_per_ml : Decimal
        Concentration in the syringe [mg/mL].
    syringe_id : str
        The syringe it ran from.
    """

    from_at: datetime
    to_at: datetime | None
    rate_ml_per_h: Decimal
    concentration_mg_per_ml: Decimal
    syringe_id: str = "1"

    @property
    def rate_mg_per_h(self) -> Decimal:
        """Rate of drug [mg/h]."""
        return self.rate_ml_per_h * self.concentration_mg_per_ml

    def given_ml(self, at: datetime) -> Fraction:
        """Volume given in this segment until a moment [mL], exact."""
        end = at if self.to_at is None else min(self.to_at, at)
        if end <= self.from_at:
            return Fraction(0)
        microseconds = (end - self.from_at) // _MICROSECOND
        return Fraction(self.rate_ml_per_h) * microseconds / _MICROSECONDS_PER_H


PumpLog = tuple[RateSegment, ...]


def given_ml_exact(log: PumpLog, at: datetime) -> Fraction:
    """Volume given until a moment [mL], exact."""
    return sum((segment.given_ml(at) for segment in log), Fraction(0))


def given_ml(log: PumpLog, at: datetime) -> Decimal:
    """Volume given until a moment [mL], to the syringe's step."""
    return to_step(given_ml_exact(log, at), SYRINGE_STEP_ML)


def begin(
    log: PumpLog,
    at: datetime,
    rate_ml_per_h: Decimal,
    concentration: Decimal,
    syringe_id: str = "1",
) -> PumpLog:
    """The log with a segment [mL/h, mg/mL] begun, a running one ended at that moment."""
    return (*end(log, at), RateSegment(at, None, rate_ml_per_h, concentration, syringe_id))


def of_syringe(log: PumpLog, syringe_id: str) -> PumpLog:
    """The part of the log that ran from one syringe."""
    return tuple(segment for segment in log if segment.syringe_id == syringe_id)


def trimmed_to(log: PumpLog, syringe_id: str, volume_ml: Decimal) -> PumpLog:
    """The ended log, that syringe's part cut where it had given a volume [mL]."""
    rest = tuple(segment for segment in log if segment.syringe_id != syringe_id)
    return (*rest, *trimmed(of_syringe(log, syringe_id), volume_ml))


def end(log: PumpLog, at: datetime) -> PumpLog:
    """The log with its running segment ended at a moment."""
    if not log or log[-1].to_at is not None:
        return log
    return (*log[:-1], replace(log[-1], to_at=at))


def reached_at(log: PumpLog, volume_ml: Decimal) -> datetime | None:
    """When a volume [mL] was or will be reached, None if at the present course it will not be."""
    left = Fraction(volume_ml)
    for segment in log:
        span = segment.given_ml(segment.to_at) if segment.to_at is not None else None
        if span is None or span >= left:
            if segment.rate_ml_per_h == 0:
                return None
            hours = left / Fraction(segment.rate_ml_per_h)
            return segment.from_at + timedelta(microseconds=round(hours * _MICROSECONDS_PER_H))
        left -= span
    return None


def trimmed(log: PumpLog, volume_ml: Decimal) -> PumpLog:
    """The ended log cut where a volume [mL] was reached.

    It is unchanged if the volume was never reached, or is what the rates give to the syringe's
    step.
    """
    whole = sum((s.given_ml(s.to_at) for s in log if s.to_at is not None), Fraction(0))
    cut_at = reached_at(log, volume_ml)
    if cut_at is None or to_step(whole, SYRINGE_STEP_ML) <= volume_ml:
        return log
    return tuple(
        replace(s, to_at=cut_at) if s.to_at is None or s.to_at > cut_at else s
        for s in log
        if s.from_at < cut_at
    )
