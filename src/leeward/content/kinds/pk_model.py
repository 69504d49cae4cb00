"""Published PK parameter sets: what a file looks like and how it becomes a `Model`.

Numbers stay as printed in the file; `build` turns them into the engine's units, once. The fields
here and the shapes in `leeward.content.shipped_sets` say the same, which a test holds.
"""

from typing import Literal

from leeward.content.document import (
    Amount,
    ContentDoc,
    FigureDoc,
    GradeMark,
    Id,
    Part,
    RangeDoc,
    Real,
    SourceDoc,
    Text,
)

from ._pk_building import build

__all__ = ["ATTRIBUTE", "FOLDER", "Doc", "build"]

FOLDER = "pk_models"
ATTRIBUTE = "pk_models"

Symbol = str


class WeightDoc(Part):
    """How a parameter scales with body weight.

    `alternative_exponent` is what another copy of the set says.
    """

    exponent: Real
    reference_kg: Real
    alternative_exponent: Real | None = None


class ParameterDoc(FigureDoc):
    """A typical value; a unit per kg scales with weight to the power of one."""

    weight: WeightDoc | None = None


class RaceFactorDoc(Part):
    """A factor for some races."""

    parameter: Symbol
    races: tuple[Literal["asian", "japanese"], ...]
    factor: FigureDoc


class AgeSlopeDoc(Part):
    """A change per year above an age."""

    parameter: Symbol
    above: FigureDoc
    per_year: FigureDoc


class EffectDoc(Part):
    """Link to an effect site, of this set and one endpoint."""

    endpoint: Text
    estimated: bool
    ke0: FigureDoc
    ke0_per_log_kg: FigureDoc | None = None
    ci95: RangeDoc | None = None


class VariabilityDoc(Part):
    """Random effects of one block: covariances, or coefficients of variation [%]."""

    names: tuple[Symbol, ...]
    scale: Literal["log", "logit"] = "log"
    occasion: bool = False
    covariance: tuple[tuple[Real, ...], ...] | None = None
    cv_pct: tuple[Real, ...] | None = None
    sd: tuple[Real, ...] | None = None
    source: SourceDoc
    grade: GradeMark
    note: Text | None = None


class ResidualDoc(Part):
    """Residual error of one analyte."""

    analyte: Id
    scale: Literal["linear", "log"] = "linear"
    proportional: FigureDoc
    additive: FigureDoc | None = None


class NoteDoc(Part):
    """A warning that goes with results; with `outside_kg`, only beyond those weights."""

    code: Id
    text: Text
    outside_kg: tuple[Real, Real] | None = None


class SiteDoc(Part):
    """Where the concentrations hold, and how that is known."""

    value: Literal["arterial", "venous"]
    basis: Text


class RangesDoc(Part):
    """Spans of the people the set was fitted to; absent where none was published."""

    weight: RangeDoc | None = None
    age: RangeDoc | None = None


class DerivedDoc(Part):
    """A quantity that follows from the numbers above, recomputed by a test."""

    value: Amount
    unit: str


class Doc(ContentDoc):
    """A published PK set."""

    title: Text
    structure: Literal["mammillary", "parent_metabolite", "nasal_oral_liver", "film_chain"]
    drug: Literal["racemic_ketamine", "esketamine"]
    site: SiteDoc
    analytes: tuple[Id, ...]
    routes: tuple[Literal["iv", "nasal", "oral", "film"], ...]
    source: SourceDoc
    population: Text
    ranges: RangesDoc
    parameters: dict[Symbol, ParameterDoc]
    race_factors: tuple[RaceFactorDoc, ...] = ()
    age_slopes: tuple[AgeSlopeDoc, ...] = ()
    effect_site: EffectDoc | None = None
    variability: tuple[VariabilityDoc, ...] = ()
    residual: tuple[ResidualDoc, ...] = ()
    unknown: tuple[Text, ...]
    notes: tuple[NoteDoc, ...] = ()
    derived: dict[Symbol, DerivedDoc] = {}
