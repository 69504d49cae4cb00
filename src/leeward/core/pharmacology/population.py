"""Virtual populations: bands, landmarks and shares, without holding people times times."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import OutOfDomain, Refusal

from .admission import admit
from .model import Model
from .parameters import individual_parameters
from .patient import Patient
from .provenance import Finding
from .regimen import Regimen
from .sketch import WIDTH, quantiles_of_counts
from .variability import Variability, blocks_of, variability_of

if TYPE_CHECKING:
    from .population_work import Blocks, Portion, Task

FloatArray = npt.NDArray[np.float64]
MapBlocks = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""How blocks are worked on: `map`, or the `map` of a pool of threads."""

_EXACT_VALUES = 4_000_000


@dataclass(frozen=True, slots=True)
class Population:
    """What a virtual population shows.

    Attributes
    ----------
    model : Model
        The set.
    t_min : float array, shape (k,)
        Times [min].
    analyte : str
        What the curves are of.
    quantiles : mapping of float to float array, shape (k,)
        Probability [1] to concentration [ng/mL] at each time.
    cmax_ng_per_ml : float array, shape (n,)
        Cmax of each person [ng/mL], exact.
    auc_0_inf : float array, shape (n,)
        Area to infinity of each person [ng min/mL]; empty where it was not worked out.
    share_above : mapping of float to float array, shape (k,)
        Level [ng/mL] to the share of people above it at each time [1].
    matrix : float array, shape (n, k), or None
        Every curve [ng/mL], if asked for.
    n, seed : int
        Size and seed.
    with_residual : bool
        True: a prediction interval for an observation. False: people, without residual error.
    borrowed_from : str or None
        Where variability was borrowed from.
    quantile_error : float
        Largest relative error of a quantile that comes from counting [1]; 0 if exact.
    findings : tuple of Finding
        What a reader must know.
    """

    model: Model
    t_min: FloatArray
    analyte: str
    quantiles: Mapping[float, FloatArray]
    cmax_ng_per_ml: FloatArray
    auc_0_inf: FloatArray
    share_above: Mapping[float, FloatArray]
    matrix: FloatArray | None
    n: int
    seed: int
    with_residual: bool
    borrowed_from: str | None
    quantile_error: float
    findings: tuple[Finding, ...]

    @property
    def label(self) -> str:
        """What the band is, in words."""
        kind = "observations" if self.with_residual else "people"
        whose = f", variability borrowed from {self.borrowed_from}" if self.borrowed_from else ""
        return f"{self.n} virtual {kind}{whose}"


def population(
    model: Model,
    patient: Patient,
    regimen: Regimen,
    t_min: FloatArray | Sequence[float],
    *,
    n: int,
    seed: int,
    iiv: Model | Variability | None = None,
    analyte: str | None = None,
    quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    thresholds: Sequence[float] = (),
    matrix: bool = False,
    out: FloatArray | None = None,
    landmarks: bool = True,
    residual: bool = False,
    weight_kg: Callable[[FloatArray], FloatArray] | None = None,
    compiled: bool | None = None,
    map_blocks: MapBlocks = map,
    progress: Callable[[int, int], None] | None = None,
) -> Population | Refusal:
    """Simulate many people.

    Parameters
    ----------
    model : Model
        The set.
    patient : Patient
        Covariates everybody shares.
    regimen : Regimen
        Doses [mg], times [min].
    t_min : float array, shape (k,)
        Times [min].
    n : int
        Number of people.
    seed : int
        Seed; the same seed gives the same people, whatever `map_blocks` does.
    iiv : Model or Variability, optional
        Where to borrow variability from, for a set that has none.
    analyte : str, optional
        Analyte or ``effect``; the parent by default.
    quantiles : sequence of float
        Probabilities [1]; empty to skip.
    thresholds : sequence of float
        Levels [ng/mL] for shares above.
    matrix : bool
        Keep every curve.
    out : float array, shape (n, k), optional
        Buffer for every curve [ng/mL]; implies `matrix`.
    landmarks : bool
        Work out Cmax and area of each person.
    residual : bool
        Add residual error; the result is then a prediction interval for an observation.
    weight_kg : callable, optional
        Turns standard uniform numbers [1] into body weights [kg], one for each person.
    compiled : bool, optional
        Use compiled loops; by default only for large work on a set they cover.
    map_blocks : callable
        `map`, or that of a pool of threads.
    progress : callable, optional
        Called with people done and people in all.

    Returns
    -------
    Population or Refusal
        Bands and landmarks, or why the set must not be asked.

    Raises
    ------
    OutOfDomain
        If `n` is below 1, `seed` below 0, or `out` has another shape or layout.
    """
    if seed < 0:
        raise OutOfDomain(f"a seed is a whole number from 0 on, not {seed}")
    findings = admit(model, patient, regimen)
    if isinstance(findings, Refusal):
        return findings
    effects = variability_of(model, iiv)
    if isinstance(effects, Refusal):
        return effects
    times = np.asarray(t_min, dtype=float)
    from .population_work import Blocks, Task  # one person's first curve does not wait for it

    task = Task.of(
        model, patient, regimen, times, n, seed, effects,
        analyte=analyte or model.parent, thresholds=tuple(thresholds), residual=residual,
        landmarks=landmarks, weight_kg=weight_kg, compiled=compiled,
    )  # fmt: skip
    if isinstance(task, Refusal):
        return task
    buffer = _buffer(out, n, times.size) if matrix or out is not None else None
    exact = bool(quantiles) and n * times.size <= _EXACT_VALUES
    store = buffer if buffer is not None or not exact else np.empty((n, times.size))
    parts = Blocks(task, store, counting=bool(quantiles) and not exact)
    total = _gather(task, parts, map_blocks, progress)
    bands = _bands(task, quantiles, store, total, exact)
    share = {x: total.above[i] / n for i, x in enumerate(task.thresholds)}
    return Population(
        model, times, task.analyte, bands, total.cmax, total.auc, share, buffer, n, seed,
        residual, effects.borrowed_from, 0.0 if exact else WIDTH,
        (*findings, *task.findings),
    )  # fmt: skip


def last_times_above(
    model: Model,
    patient: Patient,
    regimen: Regimen,
    level_ng_per_ml: float,
    *,
    n: int,
    seed: int,
    iiv: Model | Variability | None = None,
) -> FloatArray | Refusal:
    """Time at which each of `n` people falls below a level [ng/mL] of the parent for good [min].

    Parameters
    ----------
    model : Model
        A mammillary set.
    patient : Patient
        The person the others resemble.
    regimen : Regimen
        Doses.
    level_ng_per_ml : float
        Level [ng/mL], > 0.
    n, seed : int
        Number of people and seed.
    iiv : Model or Variability, optional
        Where to borrow variability from.

    Returns
    -------
    float array, shape (n,), or Refusal
        Times [min]; minus infinity for people who never exceed the level.
    """
    effects = variability_of(model, iiv)
    if isinstance(effects, Refusal):
        return effects
    if model.structure not in ("mammillary", "parent_metabolite"):
        return Refusal("population.no_band", f"{model.id} has no band for this question.")
    from .core_population import last_time_above_of_cores

    result = np.empty(n)
    for block, first, count in blocks_of(n):
        values = individual_parameters(model, patient, effects.draw(seed, block, count))
        result[first : first + count] = last_time_above_of_cores(
            values, count, regimen, level_ng_per_ml
        )
    return result


def _gather(
    task: "Task",
    blocks: "Blocks",
    map_blocks: MapBlocks,
    progress: Callable[[int, int], None] | None,
) -> "Portion":
    """Work on every block and add up in the order of the blocks."""
    from .population_work import Portion, work_on

    total = Portion.empty(task, counting=blocks.counting)
    done = 0
    for portion in map_blocks(lambda block: work_on(blocks, block), blocks.list()):
        total.add(portion)
        done += portion.count
        if progress is not None:
            progress(done, task.n)
    return total


def _bands(
    task: "Task",
    quantiles: Sequence[float],
    store: FloatArray | None,
    total: "Portion",
    exact: bool,
) -> dict[float, FloatArray]:
    if not quantiles:
        return {}
    if exact and store is not None:
        values = np.quantile(store, list(quantiles), axis=0)
    else:
        values = quantiles_of_counts(total.counts, quantiles)[:, task.runs_place]
    return dict(zip(quantiles, values, strict=True))


def _buffer(out: FloatArray | None, n: int, k: int) -> FloatArray:
    if out is None:
        return np.empty((n, k))
    if out.shape != (n, k) or out.dtype != np.float64 or not out.flags.c_contiguous:
        raise OutOfDomain(f"out must be a C-ordered float64 array of shape {(n, k)}")
    return out
