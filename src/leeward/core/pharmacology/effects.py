"""Effect with restraint: an index with its assumptions, and lines others have published.

No scale score, no blood pressure and no antidepressant response is predicted: no verified
relation exists.  A dissociation index is shown so that it can be kept low; nothing here is ever
titrated towards it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities.published import Citation, Grade

from .provenance import Finding
from .simulate import EFFECT, Simulation
from .solution import Solution
from .structures import build_system

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """How an effect index follows from S-ketamine.

    Attributes
    ----------
    c50_ng_per_ml : float
        Concentration of half effect [ng/mL] of S-ketamine at the effect site.
    c50_low_ng_per_ml, c50_high_ng_per_ml : float
        Its published interval [ng/mL].
    ke0_per_min : float
        Equilibration rate constant [1/min].
    gamma : float
        Steepness [1]; an assumption.
    assumptions : tuple of str
        What is assumed rather than published.
    """

    id: str
    name: str
    c50_ng_per_ml: float
    c50_low_ng_per_ml: float
    c50_high_ng_per_ml: float
    ke0_per_min: float
    gamma: float
    assumptions: tuple[str, ...]
    grade: Grade
    source: Citation


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A concentration range at which something was seen, to be drawn beside a curve.

    Attributes
    ----------
    low_ng_per_ml : float
        Lower end [ng/mL].
    high_ng_per_ml : float or None
        Upper end [ng/mL]; None for a single level.
    label : dict of str to str
        Words by language.
    analyte, site : str or None
        What and where it was measured, if that was said.
    """

    id: str
    low_ng_per_ml: float
    high_ng_per_ml: float | None
    label: dict[str, str]
    analyte: str | None
    site: str | None
    grade: Grade
    source: Citation


@dataclass(frozen=True, slots=True)
class IndexCurve:
    """An index over time; 0 none, 1 full.

    Attributes
    ----------
    t_min : float array, shape (k,)
        Times [min].
    index : float array, shape (k,)
        Index at the published C50 [1].
    low, high : float array, shape (k,)
        Index over the published interval of C50 [1].
    effect_site_ng_per_ml : float array, shape (k,)
        S-ketamine at the effect site [ng/mL].
    findings : tuple of Finding
        Assumptions, to be shown with it.
    """

    t_min: FloatArray
    index: FloatArray
    low: FloatArray
    high: FloatArray
    effect_site_ng_per_ml: FloatArray
    findings: tuple[Finding, ...]


def index_curve(run: Simulation, definition: IndexDefinition) -> IndexCurve:
    """Follow an index through a simulation.

    Parameters
    ----------
    run : Simulation
        Any set's simulation of the parent; of a racemate the S half drives the index.
    definition : IndexDefinition
        The index.

    Returns
    -------
    IndexCurve
        Index [1] at the simulation's times.
    """
    ke0 = definition.ke0_per_min
    solution = Solution(build_system(run.model, run.parameters, run.regimen, ke0))
    share = 0.5 if run.model.drug == "racemic_ketamine" else 1.0
    ce = share * solution.concentration(EFFECT, run.t_min)
    said = [Finding("index.assumption", text) for text in definition.assumptions]
    if run.model.drug == "racemic_ketamine":
        said.append(
            Finding("index.s_half", "Half of the racemate's concentration is taken as S-ketamine.")
        )
    said.append(
        Finding(
            "index.ke0_of_another_set",
            "Its equilibration rate was estimated with another set than the one drawn.",
        )
    )
    return IndexCurve(
        run.t_min,
        _sigmoid(ce, definition.c50_ng_per_ml, definition.gamma),
        _sigmoid(ce, definition.c50_high_ng_per_ml, definition.gamma),
        _sigmoid(ce, definition.c50_low_ng_per_ml, definition.gamma),
        ce,
        tuple(said),
    )


def _sigmoid(ce: FloatArray, c50: float, gamma: float) -> FloatArray:
    powered = np.power(ce, gamma)
    return np.asarray(powered / (c50**gamma + powered))
