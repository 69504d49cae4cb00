"""Values of derived channels; the same for every order in which samples arrive."""

from collections.abc import Iterator
from decimal import Decimal

from .state import AlarmState
from .technical import Derived, Reckoning
from .track import TimedValue, to_ms

ZERO = Decimal(0)
PAIRED = (Reckoning.JUMP, Reckoning.DIFFERENCE)


def derive(state: AlarmState, derived: Derived, taken_ms: int) -> Iterator[TimedValue]:
    """Values of a derived channel that follow from a new reading.

    Parameters
    ----------
    state : AlarmState
        State with the reading in its histories.
    derived : Derived
        The channel to work out.
    taken_ms : int
        When the reading was taken [ms].

    Yields
    ------
    (int, Decimal)
        A time [ms] and the value at it; it takes the place of an earlier one at that time.
    """
    if derived.how not in PAIRED:
        value = _read_at(state.histories.get(derived.of[0], ()), taken_ms)
        if value is not None:
            yield taken_ms, compared(derived, value, stated_at(state, derived.against, taken_ms))
        return
    within_ms = to_ms(derived.within_s)
    times = {
        at_ms
        for name in derived.of
        for at_ms, _ in state.histories.get(name, ())
        if taken_ms <= at_ms <= taken_ms + within_ms
    }
    for at_ms in sorted(times):
        yield at_ms, _paired(state, derived, at_ms, within_ms)


def compared(derived: Derived, value: Decimal, stated: Decimal | None) -> Decimal:
    """Value of a derived channel for one reading and what was stated [units of the channel].

    Parameters
    ----------
    derived : Derived
        The channel.
    value : Decimal
        The reading [unit of its source].
    stated : Decimal or None
        What people have stated [unit of its source]; None if nothing.

    Returns
    -------
    Decimal
        0 where there is nothing to compare [unit of the derived channel].
    """
    if derived.how is Reckoning.UNSTATED:
        return Decimal(value > 0 and not stated)
    if stated is None:
        return ZERO
    if derived.how is Reckoning.RISE:
        return value - stated
    if derived.how is Reckoning.STOPPED:
        return Decimal(stated > 0 and value <= 0)
    if stated <= 0:
        return ZERO
    share_pct = 100 * (value - stated) / stated
    return share_pct if derived.how is Reckoning.EXCESS_PCT else -share_pct


def stated_at(state: AlarmState, what: str, at_ms: int) -> Decimal | None:
    """What was stated as of a time [ms]; None if nothing [unit of what was stated]."""
    value = None
    for since_ms, stated in state.stated.get(what, ()):
        if since_ms <= at_ms:
            value = stated
    return value


def _paired(state: AlarmState, derived: Derived, at_ms: int, within_ms: int) -> Decimal:
    near = [
        [pair for pair in state.histories.get(name, ()) if at_ms - within_ms <= pair[0] <= at_ms]
        for name in derived.of
    ]
    if not all(near):
        return ZERO
    if derived.how is Reckoning.DIFFERENCE:
        one, other = near
        return abs(one[-1][1] - other[-1][1])
    # Two readings of one moment are two devices, which is not a jump of one.
    here = [value for taken_ms, value in near[0] if taken_ms == at_ms]
    before = [value for taken_ms, value in near[0] if taken_ms < at_ms]
    if not here or not before:
        return ZERO
    return max(max(here) - min(before), max(before) - min(here))


def _read_at(history: tuple[TimedValue, ...], at_ms: int) -> Decimal | None:
    found = [value for taken_ms, value in history if taken_ms == at_ms]
    return found[-1] if found else None
