"""One unit of population work: draw people, run them, reduce."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal

from .chain_population import curves_of_chains
from .core_curve import changes_of_input
from .core_population import curves_of_cores, landmarks_of_cores
from .model import Model, Residual
from .parameters import Number, effect_rate, individual_parameters
from .patient import Patient
from .provenance import Finding
from .regimen import Regimen
from .sketch import BINS, bin_of
from .steps import Runs, runs_of
from .variability import BLOCK, Variability

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_LARGE = 6_000_000
_BLOCKS_IN_COUNTING_UNIT = 16
_RESIDUAL_STREAM, _WEIGHT_STREAM = 1, 2


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that defines a population, checked.

    Attributes
    ----------
    runs : Runs or None
        Steps of a mammillary core.
    t_min : float array, shape (k,)
        Times [min].
    thresholds : tuple of float
        Levels [ng/mL].
    ke0_per_min : float or None
        Rate of the effect site [1/min], if that is the curve.
    """

    model: Model
    patient: Patient
    regimen: Regimen
    t_min: FloatArray
    n: int
    seed: int
    effects: Variability
    analyte: str
    thresholds: tuple[float, ...]
    residual: Residual | None
    landmarks: bool
    weight_kg: Callable[[FloatArray], FloatArray] | None
    compiled: bool
    runs: Runs | None
    ke0_per_min: float | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(
        cls,
        model: Model,
        patient: Patient,
        regimen: Regimen,
        t_min: FloatArray,
        n: int,
        seed: int,
        effects: Variability,
        *,
        analyte: str,
        thresholds: tuple[float, ...],
        residual: bool,
        landmarks: bool,
        weight_kg: Callable[[FloatArray], FloatArray] | None,
        compiled: bool | None,
    ) -> "Task | Refusal":
        """Choose the way to work and check that the set can answer.

        Parameters
        ----------
        t_min : float array, shape (k,)
            Times [min].
        thresholds : tuple of float
            Levels [ng/mL].

        Returns
        -------
        Task or Refusal
            The work, or why it cannot be done.
        """
        ke0 = effect_rate(model, patient) if analyte == "effect" else None
        if analyte not in model.analytes and ke0 is None:
            return Refusal("model.no_such_curve", f"{model.id} has no curve {analyte}.")
        error = next((r for r in model.residual if r.analyte == analyte), None)
        if residual and error is None:
            return Refusal(
                "population.no_residual",
                f"No residual error was published for {analyte} with {model.id}.",
                source=model.source.source,
                field="residual",
            )
        core = model.structure == "mammillary" and ke0 is None
        large = n * max(t_min.size, 1) > _LARGE
        fast = core and not residual and (large if compiled is None else compiled)
        return cls(
            model, patient, regimen, t_min, n, seed, effects, analyte, thresholds,
            error if residual else None, landmarks, weight_kg, fast,
            runs_of(regimen, t_min) if core else None, ke0,
            _occasions(effects, regimen, anew=not core),
        )  # fmt: skip

    @property
    def runs_place(self) -> IntArray:
        """Place of each time in what is counted."""
        return self.runs.place if self.runs is not None else np.arange(self.t_min.size)

    @property
    def width(self) -> int:
        """Times that are counted."""
        return self.runs.grid_min.size if self.runs is not None else int(self.t_min.size)


@dataclass(frozen=True, slots=True)
class Blocks:
    """How a task is cut, and where its curves go.

    Attributes
    ----------
    store : float array, shape (n, k), or None
        Every curve [ng/mL].
    counting : bool
        Whether values are counted for quantiles.
    """

    task: Task
    store: FloatArray | None
    counting: bool

    def list(self) -> list[tuple[int, int]]:
        """Units of work as (first block, blocks); fixed by the task, not by the machine."""
        blocks = -(-self.task.n // BLOCK)
        unit = _BLOCKS_IN_COUNTING_UNIT if self.counting else 1
        return [(first, min(unit, blocks - first)) for first in range(0, blocks, unit)]


@dataclass(slots=True)
class Portion:
    """Reduced results of some people.

    Attributes
    ----------
    counts : int array, shape (k, BINS), or empty
        For quantiles.
    above : int array, shape (m, k)
        People above each level.
    cmax : float array
        Cmax [ng/mL].
    auc : float array
        Area to infinity [ng min/mL].
    """

    first: int
    count: int
    counts: IntArray
    above: IntArray
    cmax: FloatArray
    auc: FloatArray

    @classmethod
    def empty(cls, task: Task, *, counting: bool) -> "Portion":
        """Nothing yet, for everybody."""
        size = task.n if task.landmarks else 0
        return cls(
            0,
            task.n,
            np.zeros((task.width if counting else 0, BINS), dtype=np.int64),
            np.zeros((len(task.thresholds), task.t_min.size), dtype=np.int64),
            np.full(size, np.nan),
            np.full(size if task.runs is not None else 0, np.nan),
        )

    def add(self, part: "Portion") -> None:
        """Take in what some of the people gave."""
        if self.counts.size:
            self.counts += part.counts
        self.above += part.above
        here = slice(part.first, part.first + part.count)
        if self.cmax.size:
            self.cmax[here] = part.cmax
        if self.auc.size:
            self.auc[here] = part.auc


def work_on(blocks: Blocks, unit: tuple[int, int]) -> Portion:
    """Run one unit of work.

    Parameters
    ----------
    blocks : Blocks
        The task and where curves go.
    unit : tuple of int
        First block and number of blocks.

    Returns
    -------
    Portion
        Reduced results.
    """
    task = blocks.task
    first_block, many = unit
    first = first_block * BLOCK
    count = min(many * BLOCK, task.n - first)
    portion = Portion(
        first,
        count,
        np.zeros((task.width if blocks.counting else 0, BINS), dtype=np.int64),
        np.zeros((len(task.thresholds), task.t_min.size), dtype=np.int64),
        np.empty(count if task.landmarks else 0),
        np.empty(count if task.landmarks and task.runs is not None else 0),
    )
    if task.compiled:
        _compiled(blocks, portion, first_block, many)
        return portion
    for block in range(first_block, first_block + many):
        _block(blocks, portion, block)
    return portion


def _block(blocks: Blocks, portion: Portion, block: int) -> None:
    task = blocks.task
    start = block * BLOCK
    count = min(BLOCK, task.n - start)
    here = slice(start - portion.first, start - portion.first + count)
    if task.runs is not None:
        values = people(task, block, count)
        curves = curves_of_cores(values, count, task.runs)
        if task.landmarks:
            portion.cmax[here], portion.auc[here] = landmarks_of_cores(values, count, task.regimen)
    else:
        sessions = people_by_session(task, block, count)
        curves, cmax = curves_of_chains(task.model, sessions, count, task.t_min,
                                        task.analyte, task.ke0_per_min)  # fmt: skip
        if task.landmarks:
            portion.cmax[here] = cmax
    if task.residual is not None:
        curves = _observed(curves, task.residual, _stream(task.seed, block, _RESIDUAL_STREAM))
    if blocks.counting:
        for row, line in enumerate(curves):
            portion.counts[row] += np.bincount(bin_of(np.ascontiguousarray(line)), minlength=BINS)
    wanted = curves if task.runs is None or task.runs.in_order else curves[task.runs.place]
    for i, level in enumerate(task.thresholds):
        portion.above[i] += (wanted > level).sum(axis=1)
    if blocks.store is not None:
        blocks.store[start : start + count] = wanted.T


def _compiled(blocks: Blocks, portion: Portion, first_block: int, many: int) -> None:
    """Hand people to the compiled loops; numba is imported only here."""
    from . import kernels

    task, runs = blocks.task, blocks.task.runs
    assert runs is not None
    people_of = [
        people(task, b, min(BLOCK, task.n - b * BLOCK))
        for b in range(first_block, first_block + many)
    ]
    core = kernels.stack(people_of, [min(BLOCK, task.n - b * BLOCK)
                                     for b in range(first_block, first_block + many)])  # fmt: skip
    changes = tuple(np.array(part) for part in changes_of_input(task.regimen))
    levels = np.array(task.thresholds)
    above = np.zeros((levels.size, task.width), dtype=np.int64)
    direct = blocks.store is not None and runs.in_order
    target = None
    if blocks.store is not None:
        here = slice(portion.first, portion.first + portion.count)
        target = blocks.store[here] if direct else np.empty((portion.count, task.width))
    kernels.run(core, runs, changes, target, portion.counts, levels, above,
                portion.cmax, portion.auc)  # fmt: skip
    if blocks.store is not None and target is not None and not direct:
        blocks.store[portion.first : portion.first + portion.count] = target[:, runs.place]
    portion.above += above[:, runs.place]


def people(task: Task, block: int, count: int) -> Mapping[str, Number]:
    """Parameters of one block of people."""
    eta = task.effects.draw(task.seed, block, count)
    return individual_parameters(task.model, task.patient, eta, _weights(task, block, count))


def people_by_session(
    task: Task, block: int, count: int
) -> list[tuple[Regimen, Mapping[str, Number]]]:
    """Doses and parameters of one block of people, session by session where they vary so."""
    doses = task.regimen.sessions() if task.effects.by_session else (task.regimen,)
    weights = _weights(task, block, count)
    draws = task.effects.draw_sessions(task.seed, block, count, len(doses))
    return [
        (part, individual_parameters(task.model, task.patient, eta, weights))
        for part, eta in zip(doses, draws, strict=True)
    ]


def _weights(task: Task, block: int, count: int) -> FloatArray | None:
    """Body weights [kg], if they vary."""
    if task.weight_kg is None:
        return None
    uniform = _stream(task.seed, block, _WEIGHT_STREAM).random(count)
    return np.asarray(task.weight_kg(uniform), dtype=float)


def _stream(seed: int, block: int, use: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, use, block]))


def _observed(curves: FloatArray, residual: Residual, normal: np.random.Generator) -> FloatArray:
    """Add residual error; an observation below zero is reported as zero."""
    noise = normal.standard_normal(curves.shape)
    if residual.scale == "log":
        return np.asarray(curves * np.exp(residual.proportional * noise))
    deviation = np.hypot(residual.proportional * curves, residual.additive_ng_per_ml)
    return np.maximum(curves + deviation * noise, 0.0)


def _occasions(effects: Variability, regimen: Regimen, *, anew: bool) -> tuple[Finding, ...]:
    """Say how variability between sessions was treated, where a regimen has several."""
    sessions = len(regimen.sessions())
    if not effects.by_session or sessions < 2:
        return ()
    if anew:
        text = f"Variability between sessions was drawn anew for each of the {sessions} sessions."
        return (Finding("population.drawn_by_session", text, "regimen"),)
    return (
        Finding(
            "population.one_occasion",
            "Variability between sessions was drawn once for each person, although the regimen "
            "holds more than one session.",
            "regimen",
        ),
    )
