"""Which published sets may be asked about a plan, and what each of them measures."""

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from leeward import content
from leeward.core.pharmacology import (
    Comparison,
    Model,
    Patient,
    Population,
    Regimen,
    Simulation,
    compare,
    population,
)
from leeward.core.quantities import Refusal

from .preview_levels_values import LINE, SetOption

FloatArray = npt.NDArray[np.float64]
# The one set with verified variability that other sets share parameters with.
LENDER = "otto2021"
PEOPLE, SEED, SHARE = 400, 1, 0.9
EDGES = ((1 - SHARE) / 2, (1 + SHARE) / 2)
_MEASURED = {"racemic_ketamine": "ketamine, R + S", "esketamine": "S-ketamine only"}
OTHER_COPY = "'s other copy"


def known_sets() -> dict[str, Model]:
    """Sets with an input for a vein, the line's first."""
    models = content.load().pk_models
    found = {m.id: m for m in models.values() if "iv" in m.routes}
    return {LINE: found.pop(LINE), **found} if LINE in found else found


def measured(model: Model) -> str:
    """What a set's level is of, after racemate."""
    return _MEASURED[model.drug]


def set_choices() -> list[tuple[str, str]]:
    """The sets with their words for a list to choose from."""
    return [(m.id, f"{m.id}: {m.site}, {measured(m)}") for m in known_sets().values()]


def ask(line: str, person: Patient, regimen: Regimen, times: FloatArray) -> Comparison:
    """The sets that measure what the line's set measures, the line's first.

    Where copies of the line's set disagree at this weight, the other copy is asked as well.
    """
    known = known_sets()
    chosen = known[line]
    group = [chosen, *(m for m in known.values() if m.drug == chosen.drug and m is not chosen)]
    found = compare(group, person, regimen, times)
    other = _other_copy(line)
    if other is not None and line in found.simulations and _matters(found.simulations[line]):
        extra = compare([other], person, regimen, times)
        return replace(found, simulations={**found.simulations, **extra.simulations})
    return found


def _matters(run: Simulation) -> bool:
    return any(f.code.endswith("clearance_exponent") for f in run.findings)


@cache
def _other_copy(line: str) -> Model | None:
    other = content.load().pk_models[line].alternative()
    return None if other is None else replace(other, id=f"{line}{OTHER_COPY}")


def options(person: Patient, regimen: Regimen) -> tuple[SetOption, ...]:
    """Every set that may be chosen for the line, with its refusal if it refuses."""
    known = known_sets()
    found = compare(list(known.values()), person, regimen, [0.0])
    return tuple(
        SetOption(m.id, m.title, m.site, measured(m), found.refusals.get(m.id))
        for m in known.values()
    )


def people_band(run: Simulation, times: FloatArray) -> Population | None:
    """Virtual people around a run; None where no variability may be used.

    Small enough to need no compiled loop, so that no request waits for a compiler.
    """
    lender = None if run.model.omega else content.load().pk_models[LENDER]
    if not run.regimen.dose_mg > 0:
        return None
    found = population(
        run.model, run.patient, run.regimen, times, n=PEOPLE, seed=SEED, iiv=lender,
        quantiles=EDGES, landmarks=False, compiled=False,
    )  # fmt: skip
    return None if isinstance(found, Refusal) else found


def people_words(found: Population) -> str:
    """What the band between people is, its loan named."""
    whose = f", variability borrowed from {found.borrowed_from}" if found.borrowed_from else ""
    return f"9 of 10 people{whose}"


def sets_words(found: Comparison) -> str:
    """What the spread over sets spans, arterial and venous told apart."""
    many = len(found.simulations)
    return f"{many} published sets, {' and '.join(found.sites)}"


def cautions(found: Comparison) -> tuple[str, ...]:
    """What a reader must know, each once: of the line's set first, refusals last."""
    words = [f.because for run in found.simulations.values() for f in run.findings]
    words += [f"{name}: {refusal.because}" for name, refusal in found.refusals.items()]
    if len(found.sites) > 1:
        words.append(
            "Arterial and venous sets are drawn together and never averaged: during an infusion "
            "an arterial level exceeds a venous one, afterwards it is the other way round."
        )
    words.append(
        "Tolerance and the effects of opioids, benzodiazepines and other medicines are not "
        "in any of these sets."
    )
    return tuple(dict.fromkeys(words))
