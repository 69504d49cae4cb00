"""Doses given at once: injections, and devices that are counted and never given in part."""

from dataclasses import dataclass
from decimal import Decimal

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import show
from leeward.core.quantities.published import PublishedFigure

INJECTED = ("im", "sc")


@dataclass(frozen=True, slots=True)
class Device:
    """A nasal device that holds one dose.

    Attributes
    ----------
    dose_mg : PublishedFigure
        Drug in one device [mg].
    sprays : PublishedFigure
        Sprays in one device [1].
    apart_min : PublishedFigure
        Rest between two devices [min].
    """

    dose_mg: PublishedFigure
    sprays: PublishedFigure
    apart_min: PublishedFigure


def devices_for(dose_mg: Decimal, device: Device) -> int | Refusal:
    """Count the devices of a dose.

    Parameters
    ----------
    dose_mg : Decimal
        Dose [mg].
    device : Device
        What one holds.

    Returns
    -------
    int or Refusal
        A whole number of devices, at least one; a device is never given in part.
    """
    one_mg = device.dose_mg.value
    count, rest_mg = divmod(dose_mg, one_mg)
    if dose_mg <= 0 or rest_mg:
        because = (
            f"{show(dose_mg, 'mg')} is not a whole number of devices of {show(one_mg, 'mg')}. "
            "A device is never given in part."
        )
        source = device.dose_mg.citation.source
        return Refusal("device.not_whole", because, source=source, field="dose")
    return int(count)


def device_times_min(count: int, device: Device) -> tuple[Decimal, ...]:
    """Give the earliest time of each device after the first [min]."""
    return tuple(device.apart_min.value * number for number in range(count))
