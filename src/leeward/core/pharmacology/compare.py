"""The same doses through several sets, and several regimens through one: side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import Refusal

from .model import Model
from .patient import Patient
from .regimen import Regimen
from .simulate import Simulation, simulate

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Curves of the parent from every set that answers, and the refusals of the others.

    Attributes
    ----------
    t_min : float array, shape (k,)
        Times [min].
    simulations : mapping of str to Simulation
        By model id.
    refusals : mapping of str to Refusal
        By model id.
    """

    t_min: FloatArray
    simulations: Mapping[str, Simulation]
    refusals: Mapping[str, Refusal]

    def spread(self, site: str | None = None) -> tuple[FloatArray, FloatArray] | None:
        """Lowest and highest curve among the sets.

        Parameters
        ----------
        site : str, optional
            ``arterial`` or ``venous``; sets of the other site are left out. Sites are never
            averaged; without a site the spread spans both and must be labelled so.

        Returns
        -------
        low, high : float array, shape (k,)
            Concentration [ng/mL]; None if no set is left.
        """
        curves = [
            run.curve() for run in self.simulations.values() if site in (None, run.model.site)
        ]
        if not curves:
            return None
        stacked = np.array(curves)
        return stacked.min(axis=0), stacked.max(axis=0)

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites among the sets; more than one must be said beside a spread."""
        return tuple(sorted({run.model.site for run in self.simulations.values()}))


def compare(
    models: Sequence[Model],
    patient: Patient,
    regimen: Regimen,
    t_min: FloatArray | Sequence[float],
) -> Comparison:
    """Run one regimen through several sets.

    Parameters
    ----------
    models : sequence of Model
        Sets.
    patient : Patient
        The person.
    regimen : Regimen
        Doses.
    t_min : float array, shape (k,)
        Times [min].

    Returns
    -------
    Comparison
        Every set's curve or refusal.
    """
    times = np.asarray(t_min, dtype=float)
    runs: dict[str, Simulation] = {}
    refusals: dict[str, Refusal] = {}
    for model in models:
        answer = simulate(model, patient, regimen, times)
        if isinstance(answer, Refusal):
            refusals[model.id] = answer
        else:
            runs[model.id] = answer
    return Comparison(times, runs, refusals)
