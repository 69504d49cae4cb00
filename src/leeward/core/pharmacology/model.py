"""A published parameter set, as a value: what it says, for whom, and what it leaves unsaid."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from leeward.core.quantities.published import Citation, Grade, weakest

from .provenance import Finding

Drug = Literal["racemic_ketamine", "esketamine"]
Site = Literal["arterial", "venous"]
Structure = Literal["mammillary", "parent_metabolite", "nasal_oral_liver", "film_chain"]
Distribution = Literal["log", "logit"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One typical value, converted to the engine's units (L, L/min, 1/min, min, 1).

    Attributes
    ----------
    name : str
        Symbol, lower case, such as ``cl`` or ``v1``.
    value : float
        Typical value in engine units, at `reference_weight_kg` when it scales with weight.
    printed : str
        Value and unit as the file gives them, for people.
    weight_exponent : float
        Exponent of body weight; 0 when it does not scale.
    reference_weight_kg : float
        Weight [kg] at which `value` holds.
    alternative_exponent : float or None
        What another copy of the set says; see `Model.alternative`.
    grade : Grade
        Grade of the value.
    source : Citation
        Where it was read.
    """

    name: str
    value: float
    printed: str
    grade: Grade
    source: Citation
    weight_exponent: float = 0.0
    reference_weight_kg: float = 70.0
    alternative_exponent: float | None = None


@dataclass(frozen=True, slots=True)
class RaceFactor:
    """A parameter multiplied for some races.

    Attributes
    ----------
    parameter : str
        Name of the parameter.
    races : tuple of str
        Races it applies to.
    factor : float
        Multiplier [1].
    """

    parameter: str
    races: tuple[str, ...]
    factor: float
    grade: Grade
    source: Citation


@dataclass(frozen=True, slots=True)
class AgeSlope:
    """A parameter that changes linearly above an age.

    Attributes
    ----------
    parameter : str
        Name of the parameter.
    above_y : float
        Age [a] from which the slope applies.
    per_year : float
        Change per year, in the parameter's engine unit.
    """

    parameter: str
    above_y: float
    per_year: float
    grade: Grade
    source: Citation


@dataclass(frozen=True, slots=True)
class EffectLink:
    """First-order link to an effect site; it belongs to one PK set and one endpoint.

    Attributes
    ----------
    ke0_per_min : float
        Equilibration rate constant [1/min], or the intercept when `per_log_kg` is not 0.
    per_log_kg : float
        Slope on the natural logarithm of body weight in kg [1/min].
    endpoint : str
        What was measured.
    estimated : bool
        False for a value that was matched to a peak time rather than estimated.
    """

    ke0_per_min: float
    endpoint: str
    estimated: bool
    grade: Grade
    source: Citation
    per_log_kg: float = 0.0
    ci95_per_min: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class OmegaBlock:
    """Correlated random effects that were estimated together.

    Attributes
    ----------
    names : tuple of str
        Parameters, in the order of the matrix.
    matrix : tuple of tuple of float
        Variances and covariances [1] on the scale of `distribution`.
    distribution : {"log", "logit"}
        P = theta exp(eta), or logit(P) = logit(theta) + eta.
    occasion : bool
        True for variability between sessions of one person, False between persons.
    """

    names: tuple[str, ...]
    matrix: tuple[tuple[float, ...], ...]
    grade: Grade
    source: Citation
    distribution: Distribution = "log"
    occasion: bool = False


@dataclass(frozen=True, slots=True)
class Residual:
    """Residual error of one analyte: variance (proportional f)^2 + additive^2.

    Attributes
    ----------
    analyte : str
        Analyte it belongs to.
    proportional : float
        Standard deviation relative to the prediction [1].
    additive_ng_per_ml : float
        Standard deviation [ng/mL].
    scale : {"linear", "log"}
        ``log`` when the published fit worked on log concentrations.
    """

    analyte: str
    proportional: float
    grade: Grade
    source: Citation
    additive_ng_per_ml: float = 0.0
    scale: Literal["linear", "log"] = "linear"


@dataclass(frozen=True, slots=True)
class Note:
    """A warning that goes with results of a set.

    Attributes
    ----------
    finding : Finding
        The warning.
    outside_kg : tuple of float or None
        Shown only for weights outside this span [kg]; always if None.
    """

    finding: Finding
    outside_kg: tuple[float, float] | None = None

    def applies(self, weight_kg: float) -> bool:
        """Whether it goes with a result for this weight.

        Parameters
        ----------
        weight_kg : float
            Body weight [kg].

        Returns
        -------
        bool
            Whether it applies.
        """
        return self.outside_kg is None or not (
            self.outside_kg[0] <= weight_kg <= self.outside_kg[1]
        )


@dataclass(frozen=True, slots=True)
class StudiedRange:
    """Span of a covariate in the people a set was fitted to.

    Attributes
    ----------
    low, high : float
        Span, in `unit`.
    unit : str
        ``kg`` or ``a``.
    basis : str
        How the span was obtained.
    """

    low: float
    high: float
    unit: str
    basis: str


@dataclass(frozen=True, slots=True)
class Model:
    """A published PK set.

    Attributes
    ----------
    id : str
        Stable id.
    structure : str
        Which equations the parameters belong to (`leeward.core.pharmacology.structures`).
    drug : str
        The drug whose dose drives the set.
    site : {"arterial", "venous"}
        Where the concentrations were measured, or what they stand for (`site_basis`).
    analytes : tuple of str
        What it predicts, parent first.
    routes : tuple of str
        Routes with a published input model.
    parameters : mapping of str to Parameter
        Typical values.
    unknown : tuple of str
        What the publication does not give, or what copies disagree on.
    notes : tuple of Note
        Warnings that belong to results of the set.
    derived, derived_units : mapping
        Quantities that follow from the parameters, as published or as derived in the file, with
        their units; a test recomputes them.
    """

    id: str
    title: str
    structure: Structure
    drug: Drug
    site: Site
    site_basis: str
    analytes: tuple[str, ...]
    routes: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    source: Citation
    population: str
    unknown: tuple[str, ...]
    race_factors: tuple[RaceFactor, ...] = ()
    age_slopes: tuple[AgeSlope, ...] = ()
    effect: EffectLink | None = None
    omega: tuple[OmegaBlock, ...] = ()
    residual: tuple[Residual, ...] = ()
    weight_range: StudiedRange | None = None
    age_range: StudiedRange | None = None
    notes: tuple[Note, ...] = ()
    derived: Mapping[str, float] = field(default_factory=dict)
    derived_units: Mapping[str, str] = field(default_factory=dict)

    @property
    def grade(self) -> Grade:
        """Weakest grade among the numbers that drive a typical prediction."""
        grades = [
            *(p.grade for p in self.parameters.values()),
            *(c.grade for c in self.race_factors),
            *(c.grade for c in self.age_slopes),
        ]
        return weakest(grades) or Grade.KNOWN

    @property
    def parent(self) -> str:
        """The analyte that is dosed."""
        return self.analytes[0]

    def alternative(self) -> "Model | None":
        """Return the set as the other copy has it, where copies disagree on weight scaling."""
        changed = {
            name: replace(p, weight_exponent=p.alternative_exponent, alternative_exponent=None)
            for name, p in self.parameters.items()
            if p.alternative_exponent is not None
        }
        if not changed:
            return None
        return replace(self, parameters={**self.parameters, **changed})


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """A set as a key of a cache: the very object, since its mappings cannot be hashed.

    Attributes
    ----------
    model : Model
        The set; the key keeps it alive, so no other object takes its place.
    """

    model: Model

    def __hash__(self) -> int:
        return id(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.model is self.model
