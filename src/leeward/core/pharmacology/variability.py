"""Draws of individual deviations: correlated, seeded, and the same however work is divided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.published import Citation, Grade

from .model import Model, OmegaBlock
from .parameters import eta_names

FloatArray = npt.NDArray[np.float64]
BLOCK = 4096
"""Subjects drawn together; a constant, so that a seed means one population."""


@dataclass(frozen=True, slots=True)
class Variability:
    """Random effects to draw, and where they come from.

    Attributes
    ----------
    blocks : tuple of OmegaBlock
        Independent blocks.
    borrowed_from : str or None
        Set they were borrowed from, if not the model's own.
    """

    blocks: tuple[OmegaBlock, ...]
    borrowed_from: str | None = None

    def draw(self, seed: int, block: int, count: int) -> dict[str, FloatArray]:
        """Draw the deviations of one block of subjects.

        Parameters
        ----------
        seed : int
            Seed of the population.
        block : int
            Number of the block.
        count : int
            Subjects in it, at most `BLOCK`.

        Returns
        -------
        dict of str to float array, shape (count,)
            Deviations by parameter [1]; effects of one parameter in several blocks add.
        """
        between, session = self._drawn(seed, block, count, 0)
        return _sum(between, session)

    def draw_sessions(
        self, seed: int, block: int, count: int, sessions: int
    ) -> tuple[dict[str, FloatArray], ...]:
        """Draw deviations for each session: the person's own stay, the session's are drawn anew.

        Parameters
        ----------
        seed : int
            Seed of the population.
        block : int
            Number of the block.
        count : int
            Subjects in it, at most `BLOCK`.
        sessions : int
            Number of sessions, >= 1; the first is what `draw` gives.

        Returns
        -------
        tuple of dict of str to float array, shape (count,)
            Deviations by parameter [1].
        """
        between, first = self._drawn(seed, block, count, 0)
        later = (self._drawn(seed, block, count, k)[1] for k in range(1, sessions))
        return tuple(_sum(between, session) for session in (first, *later))

    def _drawn(
        self, seed: int, block: int, count: int, session: int
    ) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
        """Deviations between people and those between sessions, from a session's own counter."""
        bits = np.random.Philox(key=seed, counter=[0, session, 0, block])
        normal = np.random.Generator(bits)
        between: dict[str, FloatArray] = {}
        within: dict[str, FloatArray] = {}
        for omega in self.blocks:
            root = np.linalg.cholesky(np.array(omega.matrix))
            deviations = normal.standard_normal((count, len(omega.names))) @ root.T
            target = within if omega.occasion else between
            for column, name in enumerate(omega.names):
                extra = deviations[:, column]
                target[name] = target[name] + extra if name in target else extra.copy()
        return between, within

    @property
    def by_session(self) -> bool:
        """Whether anything varies between the sessions of one person."""
        return any(block.occasion for block in self.blocks)


def _sum(
    between: Mapping[str, FloatArray], session: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    """Add what varies between people and between sessions, by parameter."""
    result = dict(between)
    for name, extra in session.items():
        result[name] = result[name] + extra if name in result else extra
    return result


def lognormal(cv: Mapping[str, float]) -> Variability:
    """Return independent log-normal variability chosen by the caller.

    Parameters
    ----------
    cv : mapping of str to float
        Parameter to coefficient of variation [1].

    Returns
    -------
    Variability
        Marked as assumed, not published.
    """
    source = Citation("assumed", "chosen by the caller")
    blocks = tuple(
        OmegaBlock((name,), ((float(np.log1p(value * value)),),), Grade.KNOWN, source)
        for name, value in cv.items()
    )
    return Variability(blocks, "assumed by the caller")


def variability_of(model: Model, iiv: Model | Variability | None = None) -> Variability | Refusal:
    """Choose the random effects of a population: the set's own, or borrowed ones.

    Parameters
    ----------
    model : Model
        The set that is simulated.
    iiv : Model or Variability, optional
        Where to borrow from; only effects on parameters both sets have are taken.

    Returns
    -------
    Variability or Refusal
        The effects, or why there are none.
    """
    if isinstance(iiv, Variability):
        return _known(model, iiv)
    if iiv is None:
        if not model.omega:
            return Refusal(
                "population.no_variability",
                f"No variability between people was published with {model.id}. Name the set to "
                "borrow it from (for example otto2021); the result will say so.",
                source=model.source.source,
                field="iiv",
            )
        return Variability(model.omega)
    if iiv is model:
        return variability_of(model)
    shared = [_part(block, eta_names(model)) for block in iiv.omega if not block.occasion]
    blocks = tuple(block for block in shared if block is not None)
    if not blocks:
        return Refusal(
            "population.nothing_to_borrow",
            f"{iiv.id} has no published variability on a parameter of {model.id}.",
            source=iiv.source.source,
            field="iiv",
        )
    return Variability(blocks, iiv.id)


def _known(model: Model, chosen: Variability) -> Variability | Refusal:
    for block in chosen.blocks:
        for name in block.names:
            if name not in eta_names(model):
                return Refusal(
                    "population.unknown_parameter",
                    f"{model.id} has no parameter {name}.",
                    field="iiv",
                )
    return chosen


def _part(block: OmegaBlock, names: frozenset[str]) -> OmegaBlock | None:
    """Keep the rows and columns of the parameters that are named."""
    kept = [i for i, name in enumerate(block.names) if name in names]
    if not kept:
        return None
    matrix = tuple(tuple(block.matrix[i][j] for j in kept) for i in kept)
    return OmegaBlock(
        tuple(block.names[i] for i in kept),
        matrix,
        block.grade,
        block.source,
        block.distribution,
        block.occasion,
    )


def blocks_of(n: int) -> Sequence[tuple[int, int, int]]:
    """Cut `n` subjects into (block, first, count)."""
    if n < 1:
        raise OutOfDomain(f"a population needs at least one subject, not {n}")
    return [(k, k * BLOCK, min(BLOCK, n - k * BLOCK)) for k in range(-(-n // BLOCK))]
