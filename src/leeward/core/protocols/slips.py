"""Slips of the hand that move a decimal point."""

from decimal import Decimal
from typing import Final

from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.formatting import show

# A slip multiplies by ten or divides by it. The band around both catches a slip in an entry that
# was itself up to a fifth away from the typical figure.
TEN: Final = Decimal(10)
BAND: Final = Decimal("0.2")


def tenfold(entry: Decimal, typical: Decimal, *, band: Decimal = BAND) -> str | None:
    """Whether an entry looks like a typical figure with its decimal point moved.

    Parameters
    ----------
    entry : Decimal
        What was entered [unit], > 0.
    typical : Decimal
        What it is compared with [same unit], > 0.
    band : Decimal
        Relative width of the band about ten times and a tenth [1].

    Returns
    -------
    str or None
        ``"ten_times"``, ``"a_tenth"``, or None. Anything beyond ten times counts as ten times,
        and below a tenth as a tenth.

    Raises
    ------
    OutOfDomain
        If a figure is not positive.
    """
    if entry <= 0 or typical <= 0:
        raise OutOfDomain("a ten-fold slip is looked for between positive figures only")
    if entry >= typical * TEN * (1 - band):
        return "ten_times"
    if entry * TEN <= typical * (1 + band):
        return "a_tenth"
    return None


def refuse_tenfold(
    entry: Decimal, typical: Decimal, *, unit: str, what: str, against: str, field: str
) -> Refusal | None:
    """Stop an entry that looks like a ten-fold slip.

    Parameters
    ----------
    entry, typical : Decimal
        What was entered and what it is compared with [`unit`], > 0.
    unit : str
        UCUM unit of both.
    what : str
        The figure in plain words, such as ``"The dose"``.
    against : str
        What `typical` is, such as ``"the protocol's 0.5 mg/kg"``.
    field : str
        Input that the refusal belongs beside.

    Returns
    -------
    Refusal or None
    """
    slip = tenfold(entry, typical)
    if slip is None:
        return None
    size = "ten times" if slip == "ten_times" else "a tenth of"
    because = (
        f"{what}, {show(entry, unit)}, is about {size} {against} or further away. "
        "Look for a slipped decimal point and enter it again."
    )
    return Refusal(f"slip.{slip}", because, field=field)


def refuse_slip_out_of(
    entry: Decimal, low: Decimal, high: Decimal, *, unit: str, what: str, field: str
) -> Refusal | None:
    """Stop an entry outside a published range that a moved decimal point would explain.

    Parameters
    ----------
    entry : Decimal
        What was entered [`unit`], > 0.
    low, high : Decimal
        Lowest and highest published figure [`unit`], > 0.
    unit : str
        UCUM unit of all three.
    what : str
        The figure in plain words, such as ``"The dose"``.
    field : str
        Input that the refusal belongs beside.

    Returns
    -------
    Refusal or None
        Anything further away than ten times is a slip as well.
    """
    if low <= entry <= high:
        return None
    if entry >= low * TEN * (1 - BAND) and entry > high:
        meant = entry / TEN
    elif entry * TEN <= high * (1 + BAND) and entry < low:
        meant = entry * TEN
    else:
        return None
    because = (
        f"{what}, {show(entry, unit)}, looks like {show(meant, unit)} with its point moved "
        f"(published: {show(low, unit)} to {show(high, unit)}). Enter it again."
    )
    return Refusal("slip.out_of_range", because, field=field)
