"""Weights that a dose may be reckoned by, side by side; the prescriber chooses one.

Each basis stands on a published formula or is missing with the reason: nothing is guessed.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from leeward.core.quantities.doses import mg_for
from leeward.core.quantities.published import PublishedFigure

ACTUAL: Final = "actual"
IDEAL: Final = "ideal"
ADJUSTED: Final = "adjusted"
CAPPED: Final = "capped"
BASES: Final = (ACTUAL, IDEAL, ADJUSTED, CAPPED)

STEP_KG: Final = Decimal("0.1")
_CM_PER_INCH: Final = Fraction(254, 100)


@dataclass(frozen=True, slots=True)
class WeightFormula:
    """Published figures of ideal and adjusted weight.

    Attributes
    ----------
    base_male_kg, base_female_kg : PublishedFigure
        Ideal weight at the height from which the formula counts [kg].
    per_inch_kg : PublishedFigure
        Ideal weight added for each inch above that height [kg].
    from_in : PublishedFigure
        That height [in]; below it the formula says nothing.
    share : PublishedFigure
        Share of the weight above the ideal that the adjusted weight takes in [1].
    """

    base_male_kg: PublishedFigure
    base_female_kg: PublishedFigure
    per_inch_kg: PublishedFigure
    from_in: PublishedFigure
    share: PublishedFigure


@dataclass(frozen=True, slots=True)
class DosingWeight:
    """One basis and the weight it gives.

    Attributes
    ----------
    basis : str
        One of `BASES`.
    weight_kg : Decimal or None
        Weight to dose by [kg], to a tenth; None if it can't be known.
    because : str
        How it was found, or why it was not.
    """

    basis: str
    weight_kg: Decimal | None
    because: str


@dataclass(frozen=True, slots=True)
class BasisDose:
    """What a dose comes to by one basis.

    Attributes
    ----------
    basis : str
        One of `BASES`.
    weight_kg, dose_mg : Decimal or None
        Weight [kg] and dose [mg]; None if the weight can't be known.
    because : str
        How the weight was found, or why it was not.
    """

    basis: str
    weight_kg: Decimal | None
    dose_mg: Decimal | None
    because: str


def dosing_weights(
    *,
    measured_kg: Decimal,
    height_cm: Decimal | None,
    sex: str,
    cap_kg: Decimal | None,
    formula: WeightFormula,
) -> tuple[DosingWeight, ...]:
    """Give the weight on every basis.

    Parameters
    ----------
    measured_kg : Decimal
        Weight on the scales [kg], > 0.
    height_cm : Decimal or None
        Height [cm]; None if it is not on record.
    sex : str
        ``"male"`` or ``"female"``; the formula knows no other.
    cap_kg : Decimal or None
        The clinic's highest dosing weight [kg]; None while it has set none.
    formula : WeightFormula
        Published figures.

    Returns
    -------
    tuple of DosingWeight
        One for each of `BASES`, in that order.
    """
    ideal, why = _ideal(height_cm, sex, formula)
    return (
        DosingWeight(ACTUAL, measured_kg, "as measured"),
        DosingWeight(IDEAL, _tenth(ideal), why),
        _adjusted(measured_kg, ideal, why, formula),
        _capped(measured_kg, cap_kg),
    )


def doses_by_basis(
    weights: tuple[DosingWeight, ...], *, dose_mg_per_kg: Decimal
) -> tuple[BasisDose, ...]:
    """Give the dose on every basis, so that the choice of one is seen in milligrams.

    Parameters
    ----------
    weights : tuple of DosingWeight
        From `dosing_weights`.
    dose_mg_per_kg : Decimal
        Ordered dose [mg/kg], > 0.

    Returns
    -------
    tuple of BasisDose
    """
    return tuple(
        BasisDose(
            w.basis,
            w.weight_kg,
            mg_for(weight_kg=w.weight_kg, dose_mg_per_kg=dose_mg_per_kg) if w.weight_kg else None,
            w.because,
        )
        for w in weights
    )


def _ideal(
    height_cm: Decimal | None, sex: str, formula: WeightFormula
) -> tuple[Fraction | None, str]:
    if height_cm is None:
        return None, "needs the height, which is not on record"
    if sex not in ("male", "female"):
        return None, "the formula knows male and female only"
    above_in = Fraction(height_cm) / _CM_PER_INCH - Fraction(formula.from_in.value)
    if above_in < 0:
        return None, f"the formula begins at {formula.from_in.value} in of height"
    base = formula.base_male_kg if sex == "male" else formula.base_female_kg
    ideal = Fraction(base.value) + Fraction(formula.per_inch_kg.value) * above_in
    return ideal, f"from {height_cm} cm, {sex}"


def _adjusted(
    measured_kg: Decimal, ideal: Fraction | None, why: str, formula: WeightFormula
) -> DosingWeight:
    if ideal is None:
        return DosingWeight(ADJUSTED, None, why)
    over = Fraction(measured_kg) - ideal
    if over <= 0:
        return DosingWeight(ADJUSTED, measured_kg, "not above the ideal weight: as measured")
    because = f"ideal weight and {formula.share.value} of the rest"
    return DosingWeight(ADJUSTED, _tenth(ideal + Fraction(formula.share.value) * over), because)


def _capped(measured_kg: Decimal, cap_kg: Decimal | None) -> DosingWeight:
    if cap_kg is None:
        return DosingWeight(CAPPED, None, "the clinic has set no highest dosing weight")
    if measured_kg <= cap_kg:
        return DosingWeight(CAPPED, measured_kg, "below the clinic's highest: as measured")
    return DosingWeight(CAPPED, cap_kg, "the clinic's highest dosing weight")


def _tenth(weight_kg: Fraction | None) -> Decimal | None:
    if weight_kg is None:
        return None
    tenths = round(weight_kg * 10)
    return (Decimal(tenths) / 10).quantize(STEP_KG, ROUND_HALF_EVEN)
