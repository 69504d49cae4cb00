"""Dose arithmetic without a hidden rounding: mg/kg to mg to mL to mL/h, and back.

Products are exact decimals and quotients exact fractions. A figure is rounded only where a
syringe or a pump can't be set finer, and then the rounding error stands beside it.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Final

from .errors import OutOfDomain

SYRINGE_STEP_ML: Final = Decimal("0.01")
PUMP_STEP_ML_PER_H: Final = Decimal("0.1")

_EXACT: Final = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Rounded:
    """A figure as it can be set, and what rounding did to it.

    Attributes
    ----------
    value : Decimal
        The figure as it is set [same unit as `exact`].
    exact : Fraction
        The figure before rounding.
    step : Decimal
        Finest step of the syringe or pump [same unit].
    """

    value: Decimal
    exact: Fraction
    step: Decimal

    @property
    def error(self) -> Fraction:
        """`value` less `exact` [same unit]."""
        return Fraction(self.value) - self.exact

    @property
    def error_pct(self) -> Decimal:
        """Rounding error relative to the exact figure [%], to two places."""
        if self.exact == 0:
            return Decimal(0)
        return to_step(self.error / self.exact * 100, Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class InfusionFigures:
    """All figures of one infusion, each derived from the ordered dose.

    Attributes
    ----------
    weight_kg : Decimal
        Dosing weight [kg].
    dose_mg_per_kg : Decimal
        Ordered dose [mg/kg].
    dose_mg : Decimal
        Dose [mg], exact.
    concentration_mg_per_ml : Decimal
        Concentration in the syringe [mg/mL].
    volume_ml : Rounded
        Volume [mL], to the syringe's step.
    duration_min : Decimal
        Ordered duration [min].
    rate_ml_per_h : Rounded
        Pump rate [mL/h] that gives the set volume in the ordered duration, to the pump's step.
    """

    weight_kg: Decimal
    dose_mg_per_kg: Decimal
    dose_mg: Decimal
    concentration_mg_per_ml: Decimal
    volume_ml: Rounded
    duration_min: Decimal
    rate_ml_per_h: Rounded

    @property
    def dose_as_set_mg(self) -> Decimal:
        """Dose in the volume as it is set [mg]."""
        return mg_in(
            volume_ml=self.volume_ml.value, concentration_mg_per_ml=self.concentration_mg_per_ml
        )

    @property
    def dose_error_mg(self) -> Decimal:
        """What rounding the volume adds to the dose [mg]."""
        return _EXACT.subtract(self.dose_as_set_mg, self.dose_mg)

    @property
    def rate_mg_per_h(self) -> Decimal:
        """Rate as set [mg/h]."""
        return _EXACT.multiply(self.rate_ml_per_h.value, self.concentration_mg_per_ml)

    @property
    def duration_as_set_min(self) -> Fraction:
        """Time in which the set rate delivers the set volume [min]."""
        return Fraction(self.volume_ml.value) * 60 / Fraction(self.rate_ml_per_h.value)


def mg_for(*, weight_kg: Decimal, dose_mg_per_kg: Decimal) -> Decimal:
    """Dose for a weight, exact.

    Parameters
    ----------
    weight_kg : Decimal
        Dosing weight [kg], > 0.
    dose_mg_per_kg : Decimal
        Dose [mg/kg], > 0.

    Returns
    -------
    Decimal
        Dose [mg].

    Raises
    ------
    OutOfDomain
        If either is not positive.
    """
    _positive(weight_kg=weight_kg, dose_mg_per_kg=dose_mg_per_kg)
    return _EXACT.multiply(weight_kg, dose_mg_per_kg)


def ml_for(
    *, dose_mg: Decimal, concentration_mg_per_ml: Decimal, step_ml: Decimal = SYRINGE_STEP_ML
) -> Rounded:
    """Volume that holds a dose.

    Parameters
    ----------
    dose_mg : Decimal
        Dose [mg], > 0.
    concentration_mg_per_ml : Decimal
        Concentration [mg/mL], > 0.
    step_ml : Decimal
        Finest step of the syringe [mL].

    Returns
    -------
    Rounded
        Volume [mL].

    Raises
    ------
    OutOfDomain
        If a figure is not positive.
    """
    _positive(dose_mg=dose_mg, concentration_mg_per_ml=concentration_mg_per_ml, step_ml=step_ml)
    exact = Fraction(dose_mg) / Fraction(concentration_mg_per_ml)
    return Rounded(to_step(exact, step_ml), exact, step_ml)


def mg_in(*, volume_ml: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """Drug in a volume, exact.

    Parameters
    ----------
    volume_ml : Decimal
        Volume [mL], >= 0.
    concentration_mg_per_ml : Decimal
        Concentration [mg/mL], > 0.

    Returns
    -------
    Decimal
        Drug [mg].

    Raises
    ------
    OutOfDomain
        If the volume is negative or the concentration not positive.
    """
    _positive(concentration_mg_per_ml=concentration_mg_per_ml)
    if volume_ml < 0:
        raise OutOfDomain(f"volume_ml is {volume_ml}; it can't be negative")
    return _EXACT.multiply(volume_ml, concentration_mg_per_ml)


def ml_per_h_for(
    *, volume_ml: Decimal, duration_min: Decimal, step_ml_per_h: Decimal = PUMP_STEP_ML_PER_H
) -> Rounded:
    """Pump rate that delivers a volume in a time.

    Parameters
    ----------
    volume_ml : Decimal
        Volume [mL], > 0.
    duration_min : Decimal
        Time [min], > 0.
    step_ml_per_h : Decimal
        Finest step of the pump [mL/h].

    Returns
    -------
    Rounded
        Rate [mL/h].

    Raises
    ------
    OutOfDomain
        If a figure is not positive.
    """
    _positive(volume_ml=volume_ml, duration_min=duration_min, step_ml_per_h=step_ml_per_h)
    exact = Fraction(volume_ml) * 60 / Fraction(duration_min)
    return Rounded(to_step(exact, step_ml_per_h), exact, step_ml_per_h)


def derive_infusion(
    *,
    weight_kg: Decimal,
    dose_mg_per_kg: Decimal,
    concentration_mg_per_ml: Decimal,
    duration_min: Decimal,
    step_ml: Decimal = SYRINGE_STEP_ML,
    step_ml_per_h: Decimal = PUMP_STEP_ML_PER_H,
) -> InfusionFigures:
    """Every figure of an infusion from the four that are chosen.

    Parameters
    ----------
    weight_kg : Decimal
        Dosing weight [kg].
    dose_mg_per_kg : Decimal
        Ordered dose [mg/kg].
    concentration_mg_per_ml : Decimal
        Concentration in the syringe [mg/mL].
    duration_min : Decimal
        Ordered duration [min].
    step_ml : Decimal
        Finest step of the syringe [mL].
    step_ml_per_h : Decimal
        Finest step of the pump [mL/h].

    Returns
    -------
    InfusionFigures

    Raises
    ------
    OutOfDomain
        If a figure is not positive, or so small that the syringe or pump can't be set to it.
    """
    dose_mg = mg_for(weight_kg=weight_kg, dose_mg_per_kg=dose_mg_per_kg)
    volume_ml = ml_for(
        dose_mg=dose_mg, concentration_mg_per_ml=concentration_mg_per_ml, step_ml=step_ml
    )
    if volume_ml.value == 0:
        raise OutOfDomain(f"{dose_mg} mg is less than a syringe with steps of {step_ml} mL shows")
    rate_ml_per_h = ml_per_h_for(
        volume_ml=volume_ml.value, duration_min=duration_min, step_ml_per_h=step_ml_per_h
    )
    if rate_ml_per_h.value == 0:
        raise OutOfDomain(f"the rate is below the pump's step of {step_ml_per_h} mL/h")
    return InfusionFigures(
        weight_kg=weight_kg,
        dose_mg_per_kg=dose_mg_per_kg,
        dose_mg=dose_mg,
        concentration_mg_per_ml=concentration_mg_per_ml,
        volume_ml=volume_ml,
        duration_min=duration_min,
        rate_ml_per_h=rate_ml_per_h,
    )


def to_step(exact: Fraction, step: Decimal) -> Decimal:
    """Nearest multiple of a step; a tie goes to the even multiple.

    Parameters
    ----------
    exact : Fraction
        Any figure [unit].
    step : Decimal
        Distance between neighbouring settings [same unit], > 0.

    Returns
    -------
    Decimal
        A multiple of `step` [same unit].
    """
    _positive(step=step)
    with localcontext(_EXACT) as context:
        context.rounding = ROUND_HALF_EVEN
        return step * round(exact / Fraction(step))


def _positive(**figures: Decimal) -> None:
    for name, figure in figures.items():
        if not figure.is_finite() or figure <= 0:
            raise OutOfDomain(f"{name} is {figure}; it must be a positive number")
