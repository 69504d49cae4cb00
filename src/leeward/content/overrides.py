"""What a location may change in its clinic's limits: it may tighten them and nothing else."""

from collections.abc import Mapping
from decimal import Decimal

from leeward.core.protocols.limits import LimitParameter, Side
from leeward.core.quantities import Refusal

Values = Mapping[str, Decimal]


def tighten(
    clinic: Values, location: Values, parameters: Mapping[str, LimitParameter]
) -> dict[str, Decimal] | tuple[Refusal, ...]:
    """Limits in force at a location.

    Parameters
    ----------
    clinic : mapping of str to Decimal
        Approved values of the clinic, by limit id [each in its parameter's unit].
    location : mapping of str to Decimal
        What the location wants instead [same units].
    parameters : mapping of str to LimitParameter
        What the limits are; from content.

    Returns
    -------
    dict of str to Decimal, or tuple of Refusal
        The clinic's values with the location's in their place; or why it may not be so: an
        unknown limit, a value that is no number, a limit that the clinic has not set, or one
        that would be wider. Nothing is ever clamped.
    """
    refusals = [
        refusal
        for name, value in sorted(location.items())
        if (refusal := _refuse(name, value, clinic, parameters)) is not None
    ]
    return tuple(refusals) if refusals else {**clinic, **location}


def _refuse(
    name: str, value: Decimal, clinic: Values, parameters: Mapping[str, LimitParameter]
) -> Refusal | None:
    parameter, standing = parameters.get(name), clinic.get(name)
    if parameter is None:
        return Refusal("override.unknown", f"There is no limit called {name}.", field=name)
    label = parameter.label
    if not value.is_finite() or value <= 0:
        because = f"{label}: write a number above zero in {parameter.unit}."
        return Refusal("override.not_a_number", because, field=name)
    if standing is None:
        because = (
            f"{label}: the clinic has not set this limit, so a location has nothing to tighten."
        )
        return Refusal("override.not_set", because, source=name, field=name)
    if not parameter.tightens(standing, value):
        edge = "at most" if parameter.side is Side.AT_MOST else "at least"
        because = (
            f"{label}: the clinic allows {edge} {standing} {parameter.unit}, and {value}"
            f" {parameter.unit} would widen that. A location may only tighten a limit."
        )
        return Refusal("override.would_widen", because, source=name, field=name)
    return None
