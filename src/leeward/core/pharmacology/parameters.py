"""From typical values to the parameters of one person, or of many at once."""

import math
from collections.abc import Mapping
from typing import cast

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal

from .model import Model
from .patient import Patient

Number = float | npt.NDArray[np.float64]
"""A number, or one number per subject."""
LARGEST_ETA = 20.0
"""Largest deviation [1], a factor of half a billion: a guard of arithmetic, not a range."""


def individual_parameters(
    model: Model,
    patient: Patient,
    eta: Mapping[str, Number] | None = None,
    weight_kg: Number | None = None,
) -> dict[str, Number]:
    """Apply covariates and individual deviations to the typical values.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        Covariates; the checks of `leeward.core.pharmacology.admission` come first.
    eta : mapping, optional
        Deviation by parameter name [1], on the scale of its random effect (logarithmic when the
        set has none for it); arrays give one value per subject.
    weight_kg : float or float array, optional
        Weights in place of the patient's [kg].

    Returns
    -------
    dict of str to float or float array
        Parameters in engine units: volumes [L], clearances [L/min], rates [1/min], times [min],
        fractions [1].
    """
    eta = eta or {}
    weight = patient.weight_kg if weight_kg is None else weight_kg
    values = _typical(model, patient, weight)
    if model.structure in ("mammillary", "parent_metabolite") and "k10" in values:
        values = _clearance_form(values)
    logit = {n for block in model.omega if block.distribution == "logit" for n in block.names}
    for name, deviation in eta.items():
        values[name] = (
            _logit_shift(values[name], deviation)
            if name in logit
            else values[name] * _exp(deviation)
        )
    for factor in model.race_factors:
        if patient.race in factor.races:
            values[factor.parameter] = values[factor.parameter] * factor.factor
    for name in logit:
        values[name] = _capped_at_one(values[name])
    if model.structure == "film_chain" and "vk1" in eta:
        values["vn1"] = values["vn1"] * _exp(eta["vk1"])
    return values


def _typical(model: Model, patient: Patient, weight: Number) -> dict[str, Number]:
    """Typical values for a weight [kg] and an age."""
    values: dict[str, Number] = {}
    for name, parameter in model.parameters.items():
        value: Number = parameter.value
        if parameter.weight_exponent:
            relative = weight / parameter.reference_weight_kg
            value = value * relative**parameter.weight_exponent
        values[name] = value
    for slope in model.age_slopes:
        if patient.age_y is not None and patient.age_y > slope.above_y:
            values[slope.parameter] += slope.per_year * (patient.age_y - slope.above_y)
    return values


def check_eta(model: Model, eta: Mapping[str, float] | None) -> Refusal | None:
    """Refuse a deviation of a parameter the set does not have."""
    known = eta_names(model)
    for name, value in (eta or {}).items():
        if name not in known:
            return Refusal(
                "eta.unknown_parameter",
                f"{model.id} has no parameter {name}; it has {', '.join(sorted(known))}.",
                field="eta",
            )
        if not math.isfinite(value):
            return Refusal(
                "eta.not_a_number", f"The deviation of {name} is not a number.", field="eta"
            )
        if abs(value) > LARGEST_ETA:
            return Refusal(
                "eta.too_large",
                f"A deviation of {name} by {value:g} lies beyond {LARGEST_ETA:g}: no person "
                "differs so much, and the numbers would overflow.",
                field="eta",
            )
    return None


def eta_names(model: Model) -> frozenset[str]:
    """Names that an individual deviation may have in a set."""
    names = set(model.parameters)
    if "k10" in names:
        names -= {"k10", "k12", "k13", "k21", "k31"}
        names |= {"cl", "q2", "v2"} | ({"q3", "v3"} if "k13" in model.parameters else set())
    return frozenset(names)


def effect_rate(model: Model, patient: Patient) -> float | None:
    """Return ke0 of the set's own effect link [1/min], or None if it has none."""
    if model.effect is None:
        return None
    return model.effect.ke0_per_min + model.effect.per_log_kg * math.log(patient.weight_kg)


def _clearance_form(values: dict[str, Number]) -> dict[str, Number]:
    """Turn micro-constants into clearances and volumes, so every core has one language."""
    form = {k: v for k, v in values.items() if k not in ("k10", "k12", "k21", "k13", "k31")}
    v1 = values["v1"]
    form["cl"] = values["k10"] * v1
    form["q2"] = values["k12"] * v1
    form["v2"] = form["q2"] / values["k21"]
    if "k13" in values:
        form["q3"] = values["k13"] * v1
        form["v3"] = form["q3"] / values["k31"]
    return form


def _exp(value: Number) -> Number:
    return cast(Number, np.exp(value)) if isinstance(value, np.ndarray) else math.exp(value)


def _logit_shift(fraction: Number, by: Number) -> Number:
    odds = fraction / (1.0 - fraction) * _exp(by)
    return odds / (1.0 + odds)


def _capped_at_one(fraction: Number) -> Number:
    if isinstance(fraction, np.ndarray):
        return np.minimum(fraction, 1.0)
    return min(fraction, 1.0)
