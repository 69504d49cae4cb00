"""From a checked document of a PK set to the engine's `Model`, in L, L/min, 1/min and min.

Apart from the document's own module so that a command can read a shipped set without loading the
checking library.
"""

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from leeward.content.errors import Mistake
from leeward.core.pharmacology.model import (
    AgeSlope,
    EffectLink,
    Model,
    Note,
    OmegaBlock,
    Parameter,
    RaceFactor,
    Residual,
    StudiedRange,
)
from leeward.core.pharmacology.provenance import Finding
from leeward.core.quantities.ucum import conversion_factor, parse_unit

if TYPE_CHECKING:
    from leeward.content.document import RangeDoc

    from .pk_model import (
        AgeSlopeDoc,
        Doc,
        EffectDoc,
        ParameterDoc,
        RaceFactorDoc,
        ResidualDoc,
        VariabilityDoc,
    )

_ENGINE_UNITS = ("L", "L/min", "/min", "min", "1", "L/min/a", "/min/a")


def build(doc: "Doc") -> Model:
    """Turn a checked document into the core's value, in the engine's units.

    Raises
    ------
    Mistake
        If a unit is none the engine works in, or a matrix does not fit its names.
    """
    return Model(
        id=doc.id,
        title=doc.title,
        structure=doc.structure,
        drug=doc.drug,
        site=doc.site.value,
        site_basis=doc.site.basis,
        analytes=doc.analytes,
        routes=doc.routes,
        parameters={name: _parameter(name, part) for name, part in doc.parameters.items()},
        source=doc.source.cited(),
        population=doc.population,
        unknown=doc.unknown,
        race_factors=tuple(_race_factor(part) for part in doc.race_factors),
        age_slopes=tuple(_age_slope(part) for part in doc.age_slopes),
        effect=_effect(doc.effect_site) if doc.effect_site else None,
        omega=tuple(_block(part) for part in doc.variability),
        residual=tuple(_residual(part) for part in doc.residual),
        weight_range=_range(doc.ranges.weight),
        age_range=_range(doc.ranges.age),
        notes=tuple(Note(Finding(n.code, n.text), n.outside_kg) for n in doc.notes),
        derived={name: float(part.value) for name, part in doc.derived.items()},
        derived_units={name: part.unit for name, part in doc.derived.items()},
    )


def _engine(value: float, unit: str) -> float:
    """Convert to whichever engine unit has the dimension of `unit`."""
    for like in _ENGINE_UNITS:
        if parse_unit(unit).dimension == parse_unit(like).dimension:
            return float(Fraction(str(value)) * conversion_factor(unit, like))
    raise Mistake(f"The engine has no unit like {unit!r}; it knows {', '.join(_ENGINE_UNITS)}.")


def _parameter(name: str, part: "ParameterDoc") -> Parameter:
    printed = f"{part.value} {part.unit}"
    per_kg = part.unit.endswith("/kg")
    if per_kg and part.weight:
        raise Mistake(f"{name} is given per kg and scaled with weight as well; give one of them.")
    if per_kg:
        value = float(part.value) * 70.0
        value = _engine(value, part.unit.removesuffix("/kg"))
        return Parameter(name, value, printed, part.grade, part.source.cited(), 1.0, 70.0)
    return Parameter(
        name,
        _engine(float(part.value), part.unit),
        printed,
        part.grade,
        part.source.cited(),
        part.weight.exponent if part.weight else 0.0,
        part.weight.reference_kg if part.weight else 70.0,
        part.weight.alternative_exponent if part.weight else None,
    )


def _race_factor(part: "RaceFactorDoc") -> RaceFactor:
    figure = part.factor
    value = _engine(float(figure.value), figure.unit)
    return RaceFactor(part.parameter, part.races, value, figure.grade, figure.source.cited())


def _age_slope(part: "AgeSlopeDoc") -> AgeSlope:
    figure = part.per_year
    return AgeSlope(
        part.parameter,
        float(part.above.value),
        _engine(float(figure.value), figure.unit),
        figure.grade,
        figure.source.cited(),
    )


def _effect(part: "EffectDoc") -> EffectLink:
    slope = part.ke0_per_log_kg
    return EffectLink(
        ke0_per_min=_engine(float(part.ke0.value), part.ke0.unit),
        endpoint=part.endpoint,
        estimated=part.estimated,
        grade=part.ke0.grade,
        source=part.ke0.source.cited(),
        per_log_kg=_engine(float(slope.value), slope.unit) if slope else 0.0,
        ci95_per_min=(float(part.ci95.low), float(part.ci95.high)) if part.ci95 else None,
    )


def _block(part: "VariabilityDoc") -> OmegaBlock:
    n = len(part.names)
    given = [x for x in (part.covariance, part.cv_pct, part.sd) if x is not None]
    if len(given) != 1 or len(given[0]) != n:
        raise Mistake(f"Give one covariance, cv_pct or sd with {n} entries for {part.names}.")
    if part.covariance is not None:
        matrix = part.covariance
        if any(len(row) != n for row in matrix):
            raise Mistake(f"The covariance of {part.names} is not square.")
    elif part.cv_pct is not None:
        matrix = _diagonal([math.log1p((cv / 100.0) ** 2) for cv in part.cv_pct])
    else:
        matrix = _diagonal([sd * sd for sd in part.sd or ()])
    return OmegaBlock(
        part.names, matrix, part.grade, part.source.cited(), part.scale, part.occasion
    )


def _diagonal(values: list[float]) -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(value if i == j else 0.0 for j in range(len(values)))
        for i, value in enumerate(values)
    )


def _residual(part: "ResidualDoc") -> Residual:
    figure, additive = part.proportional, part.additive
    return Residual(
        part.analyte,
        float(figure.value),
        figure.grade,
        figure.source.cited(),
        float(additive.value) if additive else 0.0,
        part.scale,
    )


def _range(part: "RangeDoc | None") -> StudiedRange | None:
    if part is None:
        return None
    basis = part.note or f"{part.source.id}, {part.source.at}"
    return StudiedRange(float(part.low), float(part.high), part.unit, basis)
